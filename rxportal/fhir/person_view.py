"""Who somebody is, as organizations wrote it down (FHIR R4 Patient, RelatedPerson)."""

from __future__ import annotations

from rxportal.core.text import _
from rxportal.fhir.names import person_name
from rxportal.fhir.shapes import Json, items, obj, text
from rxportal.fhir.told import Pair, Reader, Told, coded, listed, pairs, several, spoken

GENDER = {"male": _("Male"), "female": _("Female"), "other": _("Other"), "unknown": _("Not known")}
MARITAL = {
    "A": _("Annulled"), "D": _("Divorced"), "M": _("Married"), "S": _("Never married"), "W": _("Widowed"),
    "L": _("Legally separated"), "T": _("Domestic partner"), "U": _("Not married"),
}  # fmt: skip
TELECOM = {"phone": _("Phone"), "email": _("E-mail"), "sms": _("Text messages"), "fax": _("Fax"), "pager": _("Pager")}
PLACE = {"home": _("home"), "work": _("work"), "mobile": _("mobile")}
KIN = {
    "C": _("Emergency contact"), "E": _("Employer"), "F": _("Federal agency"), "I": _("Insurance company"),
    "N": _("Next of kin"), "S": _("State agency"), "U": _("Contact"),
}  # fmt: skip


def patient(resource: Json, read: Reader) -> Told:
    """The person's own details; nothing that is out of date."""
    languages = [spoken(entry.get("language")) for entry in items(resource.get("communication"))]
    return Told(
        title=person_name(resource.get("name"), titles=False) or _("Personal details"),
        facts=(
            *pairs(
                (_("Date of birth"), read.day(resource.get("birthDate"))),
                (_("Died"), read.day(resource.get("deceasedDateTime"))),
                (_("Sex in this record"), GENDER.get(text(resource.get("gender")), "")),
                (_("Address"), "; ".join(_addresses(resource))),
            ),
            *telecoms(resource),
            *pairs(
                (_("Languages"), listed(languages)),
                (_("Marital status"), coded(resource.get("maritalStatus"), MARITAL)),
                (_("Doctor"), read.all_names(resource.get("generalPractitioner"))),
                (_("Kept by"), read.all_names(resource.get("managingOrganization"))),
            ),
            *(pair for entry in items(resource.get("contact")) for pair in _contact(entry, read)),
        ),
    )


def related(resource: Json, read: Reader) -> Told:
    """Somebody who is tied to the person."""
    kin = several(resource.get("relationship"))
    return Told(
        title=person_name(resource.get("name")) or kin or _("A related person"),
        current=resource.get("active") is not False,
        when=read.span(resource.get("period")),
        facts=(
            *pairs(
                (_("Relation"), kin),
                (_("Date of birth"), read.day(resource.get("birthDate"))),
                (_("Address"), "; ".join(_addresses(resource))),
            ),
            *telecoms(resource),
        ),
    )


def telecoms(resource: Json) -> tuple[Pair, ...]:
    """Phones and addresses to write to, those that still hold."""
    found = []
    for entry in items(resource.get("telecom")):
        name, words = TELECOM.get(text(entry.get("system")), _("Contact")), text(entry.get("value"))
        if words and text(entry.get("use")) != "old" and not obj(entry.get("period")).get("end"):
            place = PLACE.get(text(entry.get("use")), "")
            found.append((f"{name} ({place})" if place else name, words))
    return tuple(dict.fromkeys(found))


def _addresses(resource: Json) -> list[str]:
    holding = [
        entry
        for entry in items(resource.get("address"))
        if text(entry.get("use")) != "old" and not obj(entry.get("period")).get("end")
    ]
    return [words for entry in holding if (words := address(entry))]


def address(entry: Json) -> str:
    """An address on one line: "12 Main St, Fairhaven, CA 94000"."""
    given = entry.get("line")
    street = [text(line) for line in (given if isinstance(given, list) else [given])]
    region = " ".join(word for word in (text(entry.get("state")), text(entry.get("postalCode"))) if word)
    written = ", ".join(word for word in (*street, text(entry.get("city")), region) if word)
    return written or text(entry.get("text"))


def _contact(entry: Json, read: Reader) -> tuple[Pair, ...]:
    part = listed(coded(kind, KIN) for kind in items(entry.get("relationship"))) or _("Contact")
    name = person_name(entry.get("name")) or read.name(entry.get("organization"))
    phones = listed(words for _name, words in telecoms(entry))
    return pairs((part, ", ".join(word for word in (name, phones) if word)))
