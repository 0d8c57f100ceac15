"""Devices, messages, orders, and every kind of record that has no page of its own (FHIR R4)."""

from __future__ import annotations

from rxportal.core.text import _
from rxportal.fhir.shapes import Json, items, lines, path, text
from rxportal.fhir.told import Reader, Told, listed, named, notes_of, onset, pairs, several, spoken, status_of, written

DEVICE = {"inactive": _("Not in use"), "unknown": ""}
ORDER = {
    "draft": _("Being written"), "active": _("Ordered"), "on-hold": _("On hold"), "revoked": _("Taken back"),
    "completed": _("Done"), "proposed": _("Proposed"), "cancelled": _("Cancelled"), "stopped": _("Stopped"),
}  # fmt: skip
MESSAGE = {
    "preparation": _("Being written"), "in-progress": _("Being sent"), "not-done": _("Not sent"),
    "stopped": _("Not sent"), "on-hold": _("On hold"), "revoked": _("Taken back"), "draft": _("Being written"),
    "active": _("To be sent"),
}  # fmt: skip
ANSWER = {
    "accepted": _("Accepted"), "declined": _("Declined"), "tentative": _("Perhaps"),
    "needs-action": _("To be answered"),
}  # fmt: skip
DATES = (
    "occurrenceDateTime", "occurrencePeriod.start", "period.start", "recorded", "date", "dateTime", "authoredOn",
    "authored", "created", "start", "sent", "issued", "createdDateTime", "receivedTime",
)  # fmt: skip


def device(resource: Json, read: Reader) -> Told:
    """A device in or on the body: what it is, whose make, its numbers."""
    names = [text(entry.get("name")) for entry in items(resource.get("deviceName"))]
    state = status_of(resource)
    made, ends = read.day(resource.get("manufactureDate")), read.day(resource.get("expirationDate"))
    return Told(
        title=spoken(resource.get("type")) or listed(names) or _("Device"),
        status=DEVICE.get(state, ""),
        tone="wait",
        current=state != "inactive",
        when=_("Made {day}").format(day=made) if made else "",
        facts=pairs(
            (_("Name"), listed(names) if spoken(resource.get("type")) else ""),
            (_("Maker"), text(resource.get("manufacturer"))),
            (_("Model"), text(resource.get("modelNumber"))),
            (_("Serial number"), text(resource.get("serialNumber"))),
            (_("Lot number"), text(resource.get("lotNumber"))),
            (_("Use by"), ends),
        ),
        notes=notes_of(resource),
    )


def message(resource: Json, read: Reader) -> Told:
    """A message that an organization sent or received about somebody."""
    sent = read.day(resource.get("sent")) or read.day(resource.get("authoredOn"))
    said = [line for part in items(resource.get("payload")) for line in lines(part.get("contentString"))]
    shown = [read.name(part.get("contentReference")) for part in items(resource.get("payload"))]
    return Told(
        title=spoken(resource.get("topic")) or several(resource.get("category")) or _("Message"),
        status=MESSAGE.get(status_of(resource), ""),
        tone="wait",
        when=_("Sent {day}").format(day=sent) if sent else "",
        who=read.all_names(resource.get("sender")),
        facts=pairs(
            (_("To"), read.all_names(resource.get("recipient"))),
            (_("About"), listed([several(resource.get("reasonCode")), *shown])),
        ),
        notes=(*said, *notes_of(resource)),
    )


def order(resource: Json, read: Reader) -> Told:
    """An order or referral: what, by whom, why."""
    state = status_of(resource)
    day = read.day(resource.get("authoredOn")) or onset(resource, "occurrence", read)
    return Told(
        title=named(resource.get("code"), _("Order")),
        status=ORDER.get(state, ""),
        tone="good" if state == "completed" else "wait",
        current=state not in {"completed", "revoked", "cancelled", "stopped"},
        when=_("Ordered {day}").format(day=day) if day else "",
        who=read.all_names(resource.get("requester")),
        facts=pairs(
            (_("Why"), several(resource.get("reasonCode"))),
            (_("By whom"), read.all_names(resource.get("performer"))),
            (_("When"), onset(resource, "occurrence", read)),
            (_("What to do"), text(resource.get("patientInstruction"))),
        ),
        notes=notes_of(resource),
    )


KINDS = {
    "Provenance": _("Where records come from"), "Consent": _("Agreement"),
    "AppointmentResponse": _("Answer to a visit"),
    "Media": _("Picture or sound"), "Group": _("Group"), "Flag": _("Note for the care team"), "List": _("List"),
    "ClinicalImpression": _("Assessment"), "RiskAssessment": _("Assessment of a risk"), "Task": _("Task"),
    "NutritionOrder": _("Diet"), "DeviceRequest": _("Order of a device"), "DeviceUseStatement": _("Use of a device"),
    "EpisodeOfCare": _("Time of care"), "ImmunizationRecommendation": _("Shots that are due"),
    "VisionPrescription": _("Glasses or lenses"), "BodyStructure": _("Part of the body"), "Specimen": _("Sample"),
    "Composition": _("Document"), "DocumentReference": _("Document"), "Schedule": _("Schedule"), "Slot": _("Open time"),
}  # fmt: skip


def anything(resource: Json, read: Reader) -> Told:
    """Any other record: what it is called, its state, when, by whom, what people wrote on it."""
    kind = KINDS.get(text(resource.get("resourceType")), _("Other record"))
    words = next((found for key in TITLES if (found := spoken(resource.get(key)) or _plain(resource, key))), "")
    day = next((found for key in DATES if (found := read.day(path(resource, key)))), "")
    answer = ANSWER.get(text(resource.get("participantStatus")), "")
    agents = listed(
        name for entry in items(resource.get("agent")) if "://" not in (name := read.name(entry.get("who")))
    )
    return Told(
        title=words or kind,
        when=_("Dated {day}").format(day=day) if day else "",
        who=read.all_names(resource.get("author")) or read.all_names(resource.get("performer")) or agents,
        facts=pairs(
            (_("Kind of record"), kind if words else ""),
            (_("Answer"), answer),
            (_("What was done"), spoken(resource.get("activity"))),
            (_("Why"), several(resource.get("reasonCode")) or several(resource.get("reason"))),
            (_("About"), listed(words for key in ABOUT if (words := read.all_names(resource.get(key))))),
        ),
        notes=(*notes_of(resource, "comment", "summary", "patientInstruction"), *written(resource)),
    )


TITLES = ("title", "code", "type", "serviceType", "description", "category", "scope", "name")
ABOUT = ("appointment", "target", "device", "focus")


def _plain(resource: Json, key: str) -> str:
    value = resource.get(key)
    return " ".join(text(value).split()) if isinstance(value, str) and " " in value else ""
