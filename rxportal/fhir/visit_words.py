"""Words for visits: how one meets, what senders' technical titles mean, what part somebody has in it."""

from __future__ import annotations

import re

from rxportal.core.text import _
from rxportal.fhir.shapes import Json, codings, concept, items, text

CLASSES = {
    "VR": "video", "HH": "home", "EMER": "emergency", "AMB": "office", "PRENC": "office", "IMP": "hospital",
    "ACUTE": "hospital", "NONAC": "hospital", "OBSENC": "hospital", "SS": "hospital",
}  # fmt: skip
WAYS = {
    "office": _("Office visit"), "video": _("Video visit"), "phone": _("Phone visit"), "home": _("Visit at home"),
    "hospital": _("Hospital stay"), "emergency": _("Emergency room visit"), "other": _("Visit"),
}  # fmt: skip
VIDEO = re.compile(r"\b(video|tele-?health|tele-?medicine|virtual|online)\b", re.IGNORECASE)
PHONE = re.compile(r"\b(phone|telephone)\b", re.IGNORECASE)
#: SNOMED and Synthea titles, lower case and without their semantic tag, as people say them. "" says nothing.
TITLES = {
    "unknown": "", "encounter": "", "patient encounter procedure": "", "office visit": _("Office visit"),
    "encounter for check up": _("Check-up"), "encounter for 'check-up": _("Check-up"),
    "encounter for check-up": _("Check-up"), "well adult exam": _("Check-up"),
    "encounter for symptom": _("Visit for symptoms"), "encounter for problem": _("Visit for a health problem"),
    "consultation for treatment": _("Visit about treatment"), "follow-up encounter": _("Follow-up visit"),
    "outpatient procedure": _("Outpatient procedure"), "prenatal initial visit": _("First prenatal visit"),
    "emergency room admission": _("Emergency room visit"), "emergency encounter": _("Emergency room visit"),
    "obstetric emergency hospital admission": _("Emergency hospital visit, pregnancy"),
    "encounter inpatient": _("Hospital stay"), "ambulatory": "",
    "domiciliary or rest home patient evaluation and management": _("Visit at home or in a care home"),
    "a follow up visit from a previous appointment": _("Follow-up visit"),
    "a previously unscheduled walk-in visit": _("Walk-in visit"),
}  # fmt: skip
PARTS = {
    "ATND": _("in charge"), "ADM": _("admission"), "DIS": _("discharge"), "REF": _("referral"), "CON": _("advice"),
    "SPRF": _("took part"),
}  # fmt: skip


def way_of(resource: Json) -> str:
    """How one meets: by what the titles say, else by the class; an appointment that says nothing is in the office."""
    said = " ".join(
        concept(entry)
        for key in ("type", "serviceType", "appointmentType", "serviceCategory")
        for entry in items(resource.get(key))
    )
    codes = [code for _system, code, _display in codings(resource.get("class"))]
    if PHONE.search(said):
        return "phone"
    if VIDEO.search(said):
        return "video"
    if resource.get("resourceType") == "Appointment":
        return "office"
    return next((CLASSES[code] for code in codes if code in CLASSES), "") or _spelled(text(resource.get("class")))


def _spelled(given: str) -> str:
    """A class written as a word ("ambulatory"), as DSTU2 did and some still do."""
    words = {"inpatient": "hospital", "outpatient": "office", "ambulatory": "office", "emergency": "emergency"}
    return words.get(given.lower(), "other")


def way_words(way: str) -> str:
    """The way in words: "Video visit"."""
    return WAYS.get(way, WAYS["other"])
