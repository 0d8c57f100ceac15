"""Which of a resource's dates says when: collected, issued, final. The collection date, never the import's."""

from __future__ import annotations

from datetime import datetime, tzinfo

from rxportal.fhir.dates import SHAPE, starts_at
from rxportal.fhir.shapes import Json, first_text, text

FINAL = {"final", "amended", "corrected", "appended", "cancelled"}
DRAFTS = {"registered", "partial", "preliminary", "draft", "preparation"}
COLLECTED = (
    "effectiveDateTime", "effectiveInstant", "effectivePeriod.start", "effectivePeriod.end",
    "effectiveTiming.event", "started", "collection.collectedDateTime", "collection.collectedPeriod.start",
)  # fmt: skip


def first_date(resource: Json, *paths: str) -> str:
    """The first of `paths` that holds a FHIR date, as it was sent; else the first that holds any text."""
    found = [value for dotted in paths if (value := first_text(resource, dotted))]
    return next((value for value in found if SHAPE.match(value)), found[0][:64] if found else "")


def collected(resource: Json) -> str:
    """When the sample was taken or the patient examined, as sent; the issue date where nothing else was."""
    return first_date(resource, *COLLECTED, "issued")


def issued(resource: Json) -> str:
    """When the sender gave the result out, as sent."""
    return first_date(resource, "issued")


def final_at(resource: Json, occurred: str, zone: tzinfo) -> datetime | None:
    """When the result became final; absent while it is not (registered, partial, preliminary, unknown).

    Records that are no results have no such status: theirs is the date of what they tell, unless they are drafts.
    """
    status = text(resource.get("docStatus")) or text(resource.get("status"))
    if resource.get("resourceType") in {"Observation", "DiagnosticReport"}:
        ready = status in FINAL
    else:
        ready = status not in DRAFTS
    return (starts_at(issued(resource), zone) or starts_at(occurred, zone)) if ready else None
