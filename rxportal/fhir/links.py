"""Who a resource is about, and which other records it carries or names."""

from __future__ import annotations

import re
from dataclasses import dataclass

from rxportal.fhir.shapes import Json, items, path, references, text
from rxportal.fhir.types import SHARED, Shape

LOCAL = re.compile(r"(?:.*/)?([A-Z][A-Za-z]+)/([^/?#|]+)(?:/_history/[^/?#]+)?$")
CONDITIONAL = re.compile(r"([A-Z][A-Za-z]+)\?(?:.*&)?(?:_id|identifier)=(?:[^&]*\|)?([^&]+)")
CARRIED = re.compile(r"^(?:result|imagingStudy|media\.link|hasMember|section(?:\.section)*\.entry|context\.related)$")
NAMED = -1
NOT_LINKED = SHARED | {"Patient", "Device", "Group", "RelatedPerson", "Questionnaire", "Schedule", "Slot"}


@dataclass(frozen=True)
class Ref:
    """A reference to another record: `target` in one spelling, type and id where they can be read.

    `position`: its place among what the resource carries (a report's results, a panel's members); NAMED where it is
    only mentioned.
    """

    target: str
    resource_type: str
    source_id: str
    position: int


def read_reference(target: str) -> tuple[str, str]:
    """(type, id) of a reference: relative, absolute, conditional (`Patient?identifier=…|7`), or urn:uuid.

    A urn names no type: ("", id). What cannot be read gives ("", "").
    """
    if target.startswith(("urn:uuid:", "urn:oid:")):
        return "", target.rpartition(":")[2]
    if match := CONDITIONAL.match(target):
        return match[1], match[2]
    match = LOCAL.match(target)
    return (match[1], match[2]) if match else ("", "")


def patient_refs(resource: Json, shape: Shape) -> tuple[str, ...]:
    """The references under the type's patient elements that may be a patient, as written; contained ones left out."""
    found: list[str] = []
    for dotted in shape.patient:
        for part in _at(resource, dotted):
            target = text(part.get("reference"))[:500]
            kind = read_reference(target)[0] or text(part.get("type"))
            if target and not target.startswith("#") and kind in {"Patient", ""}:
                found.append(target)
    return tuple(dict.fromkeys(found))


def _at(resource: Json, dotted: str) -> list[Json]:
    first, _dot, rest = dotted.partition(".")
    value = resource.get(first)
    entries = [{"reference": value}] if isinstance(value, str) else items(value)
    return [inner for entry in entries for inner in items(path(entry, rest))] if rest else entries


def links_of(resource: Json) -> tuple[Ref, ...]:
    """Every record that this one carries or names, once each; what it carries first, in the order it is shown in.

    References to people, places, contained resources and to itself are no links.
    """
    carried: dict[str, tuple[str, str]] = {}
    named: dict[str, tuple[str, str]] = {}
    own = (text(resource.get("resourceType")), text(resource.get("id")))
    for where, reference in references(resource):
        target = text(reference["reference"])[:500]
        pair = read_reference(target)
        if target.startswith("#") or not pair[1] or pair[0] in NOT_LINKED or pair == own:
            continue
        (carried if CARRIED.match(where) else named).setdefault(spelled(target), pair)
    shown = [Ref(target, *pair, position) for position, (target, pair) in enumerate(carried.items())]
    return (*shown, *(Ref(target, *pair, NAMED) for target, pair in named.items() if target not in carried))


def spelled(target: str) -> str:
    """One spelling of a reference: "Type/id" where both can be read, else as written."""
    kind, identity = read_reference(target)
    return f"{kind}/{identity}"[:500] if kind else target
