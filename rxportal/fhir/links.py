"""Who a resource is about, and which other records it carries or names."""

from __future__ import annotations

import re
from dataclasses import dataclass

from rxportal.fhir.shapes import Json, items, path, references, text
from rxportal.fhir.types import SHARED, Shape

LOCAL = re.compile(r"(?:.*/)?([A-Z][A-Za-z]+)/([^/?#|]+)(?:/_history/[^/?#]+)?$")
CONDITIONAL = re.compile(r"([A-Z][A-Za-z]+)\?(?:.*&)?(?:_id|identifier)=(?:[^&]*\|)?([^&]+)")
NOT_LINKED = SHARED | {"Patient", "Device", "Group", "RelatedPerson", "Questionnaire", "Schedule", "Slot"}


@dataclass(frozen=True)
class Ref:
    """A reference to another record: `target` as written, type and id where they can be read, its place in order."""

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
    entries = items(resource.get(first))
    return [inner for entry in entries for inner in items(path(entry, rest))] if rest else entries


def links_of(resource: Json) -> tuple[Ref, ...]:
    """Every record that this one carries or names, in order, once each; a report's own results first.

    References to people, places and to itself are no links. A report's results and a panel's members come first, in the
    order they are shown in.
    """
    found: dict[str, tuple[str, str]] = {}
    ordered = sorted(references(resource), key=lambda pair: not pair[0].startswith(("result", "hasMember", "section")))
    for _where, reference in ordered:
        target = text(reference["reference"])[:500]
        kind, identity = read_reference(target)
        if target.startswith("#") or not identity or kind in NOT_LINKED:
            continue
        found.setdefault(target, (kind, identity[:200]))
    own = (text(resource.get("resourceType")), text(resource.get("id")))
    return tuple(Ref(target, *pair, position) for position, (target, pair) in enumerate(found.items()) if pair != own)
