"""From one FHIR resource to the facts that the portal's queries, rules and pages need; the resource stays as sent.

`extract` never raises on near-valid input: what cannot be read is left empty. What makes a resource unusable altogether
(no resourceType) is said by `unusable`.
"""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass, field
from datetime import UTC, datetime, tzinfo
from typing import Any

from rxportal.core.text import _
from rxportal.fhir.attachments import SentFile, sent_files
from rxportal.fhir.clues import Clues, clues_of
from rxportal.fhir.dates import starts_at
from rxportal.fhir.links import Ref, links_of, patient_refs
from rxportal.fhir.names import person_name, reference_name, resource_name, test_name, tidy
from rxportal.fhir.readings import Number, flagged, numbers
from rxportal.fhir.results import belongs_to, category_of
from rxportal.fhir.shapes import Json, codings, concept, first_text, items, obj, path, text, words
from rxportal.fhir.timing import COLLECTED, final_at, first_date
from rxportal.fhir.types import EVENT_STRUCK, SHARED, Shape, shape_of
from rxportal.models.records import Section

ID_LIMIT = 200
SEARCH_LIMIT = 4000
SEARCHED = {"text", "display", "conclusion", "description", "title", "valueString"}
RESULTS = {"Observation", "DiagnosticReport", "ImagingStudy"}


@dataclass(frozen=True)
class Extracted:
    """The columns of a `Record`, and what hangs on it. Texts are clean and short, dates as sent."""

    resource_type: str
    source_id: str
    source_url: str
    source_version: str
    updated: datetime | None
    digest: str
    section: Section
    status: str
    struck: bool
    title: str
    code_system: str
    code: str
    category: str
    author: str
    author_ref: str
    named_by: str
    occurred: str
    occurred_at: datetime | None
    ordered: str
    issued: str
    final_at: datetime | None
    search: str
    values: int
    flagged: int
    shared: bool
    clues: Clues
    patients: tuple[str, ...] = ()
    links: tuple[Ref, ...] = ()
    readings: tuple[Number, ...] = ()
    files: tuple[SentFile, ...] = field(default=(), repr=False)


def unusable(resource: Json) -> str:
    """Why a resource cannot be kept at all, in one sentence; "" when it can."""
    kind = resource.get("resourceType")
    if not isinstance(kind, str) or not kind:
        return _("it has no resourceType")
    if not (kind.isascii() and kind.isalnum() and kind[0].isupper() and len(kind) <= 64):
        return _("its resourceType is not one of FHIR’s")
    return ""


def extract(resource: Json, *, url: str = "", zone: tzinfo = UTC) -> Extracted:
    """The facts of one resource. `url` is its Bundle fullUrl, `zone` the practice's, for dates that name none."""
    kind = text(resource.get("resourceType"))
    shape = shape_of(kind)
    digest = digest_of(resource)
    system, code = _code(resource)
    author, author_ref = _author(resource, shape)
    readings = numbers(resource) if kind == "Observation" else ()
    title = _title(resource, kind, shape)
    files = sent_files(resource)
    values, marked = flagged(resource) if kind == "Observation" else (0, 0)
    return Extracted(
        resource_type=kind,
        source_id=_identity(resource, digest),
        source_url=text(url)[:500],
        source_version=text(path(resource, "meta.versionId"))[:64],
        updated=starts_at(path(resource, "meta.lastUpdated"), zone),
        digest=digest,
        section=belongs_to(resource) if kind == "Observation" else shape.section,
        status=_status(resource, shape),
        struck=_struck(resource),
        title=title[:300],
        code_system=system[:200],
        code=code[:100],
        category=category_of(resource)[:100],
        author=author[:200],
        author_ref=author_ref[:500],
        named_by=_named_by(resource, shape),
        **_dates(resource, shape, zone),
        search=_search(resource, title, author),
        values=values,
        flagged=marked,
        shared=kind in SHARED,
        clues=clues_of(resource, files),
        patients=patient_refs(resource, shape),
        links=links_of(resource),
        readings=readings,
        files=tuple(files),
    )


def _dates(resource: Json, shape: Shape, zone: tzinfo) -> dict[str, Any]:
    """The columns that say when: the collection date of a result, never the import's."""
    collection = COLLECTED if text(resource.get("resourceType")) in RESULTS else ()
    occurred = first_date(resource, *collection, *shape.date)
    return {
        "occurred": occurred[:64],
        "occurred_at": starts_at(occurred, zone),
        "ordered": first_date(resource, *shape.ordered)[:64],
        "issued": text(resource.get("issued"))[:64],
        "final_at": final_at(resource, occurred, zone),
    }


def identity_of(resource: Json) -> tuple[tuple[str, str], str]:
    """((type, id), digest): what makes it the same resource, and the same version of it, next time."""
    digest = digest_of(resource)
    return (text(resource.get("resourceType")), _identity(resource, digest)), digest


def digest_of(resource: Json) -> str:
    """SHA-256 of the resource's content: white space and key order do not count, a decimal's digits do."""
    canonical = json.dumps(resource, sort_keys=True, separators=(",", ":"), default=str)
    return hashlib.sha256(canonical.encode()).hexdigest()


def _identity(resource: Json, digest: str) -> str:
    given = resource.get("id")
    written = text(given) if isinstance(given, (str, int)) and not isinstance(given, bool) else ""
    return written if written and len(written) <= ID_LIMIT else digest


def _code(resource: Json) -> tuple[str, str]:
    for key in ("code", "vaccineCode", "medicationCodeableConcept", "type"):
        found = codings(resource.get(key))
        chosen = next((c for c in found if "loinc" in c[0].lower() and c[1]), None) or next(
            (c for c in found if c[1]), None
        )
        if chosen:
            return chosen[0], chosen[1]
    return "", ""


def _title(resource: Json, kind: str, shape: Shape) -> str:
    if kind in {"Patient", "RelatedPerson", "Practitioner"} and (
        name := person_name(resource.get("name"), titles=kind == "Practitioner")
    ):
        return name
    if kind in {"Observation", "DiagnosticReport"}:
        return test_name(resource.get("code"))
    if shape.title[0] == "medicationCodeableConcept" and (contained := _contained_medicine(resource)):
        return contained
    if found := tidy(first_text(resource, *shape.title)):
        return found
    return (
        resource_name(resource) or next((w for value in resource.values() if (w := _concept_words(value))), "") or kind
    )


def _concept_words(value: object) -> str:
    return (
        concept(value)
        if isinstance(value, dict) and ("coding" in value or "text" in value) and "div" not in value
        else ""
    )


def _contained_medicine(resource: Json) -> str:
    wanted = text(path(resource, "medicationReference.reference")).removeprefix("#")
    inside = [part for part in items(resource.get("contained")) if part.get("resourceType") == "Medication"]
    chosen = next((part for part in inside if text(part.get("id")) == wanted), None)
    return concept(chosen.get("code")) if chosen else ""


def _named_by(resource: Json, shape: Shape) -> str:
    """The reference to the Medication record that says which medicine this is; "" where the resource says it itself."""
    if shape.title[0] != "medicationCodeableConcept":
        return ""
    target = text(path(resource, "medicationReference.reference"))[:500]
    return "" if target.startswith("#") else target


def _status(resource: Json, shape: Shape) -> str:
    for key in shape.status:
        found = resource.get(key)
        coded = next((c for _s, c, _d in codings(found) if c), "") if isinstance(found, (dict, list)) else text(found)
        if key != "verificationStatus" and coded:
            return coded[:40]
    return ""


def _struck(resource: Json) -> bool:
    """Entered in error: by status, verification status or document status (FHIR R4 §status)."""
    for key in ("status", "verificationStatus", "docStatus", "lifecycleStatus"):
        found = resource.get(key)
        said = [c for _s, c, _d in codings(found)] if isinstance(found, (dict, list)) else [text(found)]
        if EVENT_STRUCK in said or text(found) == EVENT_STRUCK:
            return True
    return False


def _author(resource: Json, shape: Shape) -> tuple[str, str]:
    """The first author: the name the reference carries, and the reference itself for a later look-up."""
    for dotted in shape.author:
        for reference in items(path(resource, dotted)):
            given = text(reference.get("reference"))
            inside = _contained_name(resource, given) if given.startswith("#") else ""
            if name := reference_name(reference) or inside:
                return name, given
            if given:
                return "", given
    return "", ""


def _contained_name(resource: Json, given: str) -> str:
    part = next((part for part in items(resource.get("contained")) if text(part.get("id")) == given[1:]), {})
    return resource_name(part)


def _search(resource: Json, title: str, author: str) -> str:
    """Lower-case words for search: titles, displays and texts; never ids, links or numbers alone."""
    found = [title, author]
    found += [value for key, value in words(obj(resource)) if key in SEARCHED]
    return " ".join(dict.fromkeys(" ".join(text(part) for part in found if part).lower().split()))[:SEARCH_LIMIT]
