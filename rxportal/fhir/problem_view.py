"""Conditions and allergies in words (FHIR R4 Condition, AllergyIntolerance)."""

from __future__ import annotations

from rxportal.core.text import _
from rxportal.fhir.shapes import Json, items, path, text
from rxportal.fhir.told import Reader, Told, coded, listed, named, notes_of, onset, pairs, several, spoken, status_of

PAST = {"inactive", "remission", "resolved"}
CLINICAL = {
    "recurrence": _("It came back"), "relapse": _("It came back"), "inactive": _("Not active now"),
    "remission": _("In remission"), "resolved": _("Resolved"),
}  # fmt: skip
VERIFIED = {
    "unconfirmed": _("Not confirmed"), "provisional": _("Being looked into"), "differential": _("Being looked into"),
    "refuted": _("Ruled out"),
}  # fmt: skip
SEVERITY = {"mild": _("mild"), "moderate": _("moderate"), "severe": _("severe")}
CATEGORY = {
    "food": _("Food"), "medication": _("Medicine"), "environment": _("Surroundings"), "biologic": _("Biologic"),
}  # fmt: skip


def condition(resource: Json, read: Reader) -> Told:
    """A health problem: since when, until when, how sure."""
    clinical, sure = status_of(resource, "clinicalStatus"), status_of(resource, "verificationStatus")
    since, until = onset(resource, "onset", read), onset(resource, "abatement", read)
    refuted = sure == "refuted"
    return Told(
        title=named(resource.get("code"), _("Condition")),
        status=VERIFIED.get(sure, "") or CLINICAL.get(clinical, ""),
        tone="wait" if sure in VERIFIED and not refuted else "good",
        current=clinical not in PAST and not refuted and not (until and not clinical),
        when=_since(since, until) or _recorded(resource, read),
        who=read.all_names(resource.get("asserter")) or read.all_names(resource.get("recorder")),
        facts=pairs(
            (_("How severe"), spoken(resource.get("severity"))),
            (_("Where"), several(resource.get("bodySite"))),
            (_("Stage"), several([entry.get("summary") for entry in items(resource.get("stage"))])),
        ),
        notes=notes_of(resource),
    )


def _recorded(resource: Json, read: Reader) -> str:
    """When somebody wrote it down, where nobody says when it began."""
    written = read.day(resource.get("recordedDate"))
    return _("Written down {day}").format(day=written) if written else ""


def _since(since: str, until: str) -> str:
    if since and until:
        return _("From {start} to {end}").format(start=since, end=until)
    if until:
        return _("Until {end}").format(end=until)
    return _("Since {start}").format(start=since) if since else ""


def allergy(resource: Json, read: Reader) -> Told:
    """An allergy or intolerance: what happened, how badly."""
    clinical, sure = status_of(resource, "clinicalStatus"), status_of(resource, "verificationStatus")
    severe = any(text(entry.get("severity")) == "severe" for entry in items(resource.get("reaction")))
    high = severe or text(resource.get("criticality")) == "high"
    since = onset(resource, "onset", read)
    said = VERIFIED.get(sure, "") or CLINICAL.get(clinical, "")
    return Told(
        title=named(resource.get("code") or path(resource, "reaction.substance"), _("Allergy")),
        status=said or (_("Can be severe") if high else ""),
        tone="look" if high and not said else "good",
        current=clinical not in PAST and sure != "refuted",
        when=_since(since, "") or _recorded(resource, read),
        who=read.all_names(resource.get("recorder")) or read.all_names(resource.get("asserter")),
        facts=pairs(
            (_("What happened"), listed(_reaction(entry) for entry in items(resource.get("reaction")))),
            (_("Kind"), _kind(resource)),
            (_("Last time"), read.day(resource.get("lastOccurrence"))),
        ),
        notes=notes_of(resource, "reaction.description"),
    )


def _reaction(entry: Json) -> str:
    shown, severity = several(entry.get("manifestation")), SEVERITY.get(text(entry.get("severity")), "")
    return f"{shown} ({severity})" if shown and severity else shown or severity


def _kind(resource: Json) -> str:
    given = resource.get("category")
    named = given if isinstance(given, list) else [given]
    kinds = [coded(entry, CATEGORY) for entry in named]
    return listed([*kinds, _("Intolerance") if text(resource.get("type")) == "intolerance" else ""])
