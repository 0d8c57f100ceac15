"""What was done to somebody: shots, procedures, pictures taken (FHIR R4 Immunization, Procedure, ImagingStudy)."""

from __future__ import annotations

from rxportal.core.text import _, plural
from rxportal.fhir.shapes import Json, items, obj, text
from rxportal.fhir.told import Reader, Told, coded, listed, named, notes_of, onset, pairs, several, spoken, status_of
from rxportal.fhir.values import quantity

NOT_DONE = {"not-done": _("Not done"), "stopped": _("Stopped before the end")}
PLANNED = {"preparation": _("Planned"), "in-progress": _("Being done"), "on-hold": _("On hold")}


def immunization(resource: Json, read: Reader) -> Told:
    """A shot: when, where, by whom, which dose; one that was not given says why."""
    given = status_of(resource) != "not-done"
    when = read.day(resource.get("occurrenceDateTime")) or text(resource.get("occurrenceString"))
    series = [_dose(entry) for entry in items(resource.get("protocolApplied"))]
    return Told(
        title=named(resource.get("vaccineCode"), _("Shot")),
        status="" if given else _("Not given"),
        tone="good" if given else "wait",
        when=(_("Given {day}") if given else _("Offered {day}")).format(day=when) if when else "",
        who=listed(read.name(entry.get("actor")) for entry in items(resource.get("performer"))),
        facts=pairs(
            (_("Why not"), "" if given else spoken(resource.get("statusReason"))),
            (_("Dose"), listed(series)),
            (_("Amount"), quantity(resource.get("doseQuantity")).text),
            (_("Where on the body"), spoken(resource.get("site"))),
            (_("Given at"), read.all_names(resource.get("location"))),
            (_("Maker"), read.all_names(resource.get("manufacturer"))),
            (_("Lot number"), text(resource.get("lotNumber"))),
            (_("Told by"), "" if resource.get("primarySource") is not False else _source(resource)),
            (_("Reaction"), listed(read.name(entry.get("detail")) for entry in items(resource.get("reaction")))),
        ),
        notes=notes_of(resource),
    )


def _source(resource: Json) -> str:
    return spoken(resource.get("reportOrigin")) or _("Reported by somebody else, not by who gave it")


def _dose(entry: Json) -> str:
    number = text(entry.get("doseNumberPositiveInt")) or text(entry.get("doseNumberString"))
    whole = text(entry.get("seriesDosesPositiveInt")) or text(entry.get("seriesDosesString"))
    if number and whole:
        return _("{number} of {whole}").format(number=number, whole=whole)
    return number


def procedure(resource: Json, read: Reader) -> Told:
    """Something that was done: when, by whom, where on the body, how it went."""
    state = status_of(resource)
    when = onset(resource, "performed", read)
    done = state not in NOT_DONE and state not in PLANNED
    return Told(
        title=named(resource.get("code"), _("Procedure")),
        status=NOT_DONE.get(state, "") or PLANNED.get(state, ""),
        tone="good" if done else "wait",
        when=(_("Done {day}") if done else _("Dated {day}")).format(day=_lower(when)) if when else "",
        who=listed(read.name(entry.get("actor")) for entry in items(resource.get("performer"))),
        facts=pairs(
            (_("Why"), several(resource.get("reasonCode"))),
            (_("Why not"), spoken(resource.get("statusReason"))),
            (_("Where on the body"), several(resource.get("bodySite"))),
            (_("How it went"), spoken(resource.get("outcome"))),
            (_("Complications"), several(resource.get("complication"))),
            (_("Afterwards"), several(resource.get("followUp"))),
            (_("Done at"), read.all_names(resource.get("location"))),
        ),
        notes=notes_of(resource),
    )


def _lower(when: str) -> str:
    return when[:1].lower() + when[1:]


MODALITY = {
    "CT": _("CT scan"), "MR": _("MRI scan"), "US": _("Ultrasound"), "DX": _("X-ray"), "CR": _("X-ray"),
    "MG": _("Mammogram"), "NM": _("Nuclear medicine scan"), "PT": _("PET scan"), "XA": _("X-ray of the vessels"),
}  # fmt: skip


def imaging(resource: Json, read: Reader) -> Told:
    """Pictures that were taken: kind, part of the body, how many."""
    series = items(resource.get("series"))
    kinds = listed(coded(entry.get("modality"), MODALITY) for entry in [*series, resource])
    parts = listed(spoken(entry.get("bodySite")) for entry in series)
    many = text(resource.get("numberOfInstances"))
    when = read.day(resource.get("started"))
    return Told(
        title=text(resource.get("description")) or ": ".join(word for word in (kinds, parts) if word) or _("Pictures"),
        when=_("Taken {day}").format(day=when) if when else "",
        who=read.all_names(resource.get("interpreter")) or read.all_names(resource.get("referrer")),
        facts=pairs(
            (_("Kind"), kinds),
            (_("Part of the body"), parts),
            (_("Pictures"), plural("{count} picture", "{count} pictures", int(many)) if many.isdecimal() else ""),
            (_("Why"), several(resource.get("reasonCode"))),
            (_("Where"), read.name(obj(resource.get("location")))),
        ),
        notes=notes_of(resource),
    )
