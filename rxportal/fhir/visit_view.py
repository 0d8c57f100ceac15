"""What a visit says of itself, out of the original JSON of an Encounter or an Appointment.

Pure: dictionaries in, one frozen dataclass of plain words out. Sources: HL7 FHIR R4, Encounter and Appointment; the
codes of v3-ActCode (class) and v3-ParticipationType.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, tzinfo

from rxportal.core.text import _
from rxportal.fhir.dates import period_words
from rxportal.fhir.names import reference_name, tidy
from rxportal.fhir.shapes import Json, codings, concept, items, lines, obj, path, text
from rxportal.fhir.visit_words import PARTS, TITLES, way_of, way_words

Names = Callable[[str], str]


@dataclass(frozen=True)
class VisitFacts:
    """One visit or appointment in words; "" and [] mean: not sent.

    `way`: office, video, phone, home, hospital, emergency or other. `status` is FHIR's own code, `start` and `end` are
    FHIR dates as sent. `people` are the staff, each with their part in it; nobody's patient is among them.
    """

    title: str
    way: str
    way_words: str
    status: str
    start: str
    end: str
    asked_for: str
    people: list[str]
    place: str
    provider: str
    reasons: list[str]
    about: str
    instructions: list[str]
    cancelled_because: str
    went: str


def visit_facts(resource: Json, *, zone: tzinfo = UTC, names: Names = lambda _reference: "") -> VisitFacts:
    """The facts of an Encounter or Appointment. `names` resolves a reference that carries no name itself."""
    way = way_of(resource)
    title = title_of(resource, way)
    period = obj(resource.get("period"))
    reasons = list(dict.fromkeys(words for words in _reasons(resource) if words and words.lower() != title.lower()))
    about = text(resource.get("description"))
    return VisitFacts(
        title=title,
        way=way,
        way_words=way_words(way),
        status=text(resource.get("status")),
        start=text(period.get("start")) or text(resource.get("start")),
        end=text(period.get("end")) or text(resource.get("end")),
        asked_for="" if resource.get("start") else period_words(resource.get("requestedPeriod"), zone),
        people=list(dict.fromkeys(_people(resource, names))),
        place=", ".join(dict.fromkeys(_places(resource, names))),
        provider=_called(obj(resource.get("serviceProvider")), names),
        reasons=reasons,
        about="" if about.lower() in {title.lower(), *(reason.lower() for reason in reasons)} else about,
        instructions=lines(resource.get("patientInstruction")),
        cancelled_because=tidy(concept(resource.get("cancelationReason"))),
        went=tidy(concept(path(resource, "hospitalization.dischargeDisposition"))),
    )


def title_of(resource: Json, way: str = "") -> str:
    """What people call this visit: "Check-up" rather than "Encounter for check up (procedure)"."""
    kinds = ("type",) if resource.get("resourceType") == "Encounter" else ("serviceType", "description")
    found = [_plain(resource.get(key)) for key in kinds]
    found += [_plain(resource.get("appointmentType")), _plain(resource.get("serviceCategory"))]
    return next((words for words in found if words), "") or way_words(way or way_of(resource))


def _plain(value: object) -> str:
    """A concept as people say it; "" where it says that it says nothing."""
    called = tidy(concept(value))
    return TITLES.get(called.lower().strip("'\""), called)


def _reasons(resource: Json) -> Iterator[str]:
    for reason in items(resource.get("reasonCode")):
        yield tidy(concept(reason))
    for key in ("reasonReference", "diagnosis"):
        for reference in items(resource.get(key)):
            yield tidy(reference_name(reference.get("condition") or reference))


def _people(resource: Json, names: Names) -> Iterator[str]:
    """Who was there or will be: practitioners by name, with their part where it says something."""
    for participant in items(resource.get("participant")):
        who = obj(participant.get("individual") or participant.get("actor"))
        if _kind(who) in {"Patient", "RelatedPerson", "Location", "HealthcareService", "Device", "Group"}:
            continue
        called = _called(who, names)
        if not called or (resource.get("resourceType") == "Appointment" and not who.get("reference")):
            continue
        parts = [PARTS[code] for _s, code, _d in codings(participant.get("type")) if code in PARTS]
        yield _("{name} ({part})").format(name=called, part=parts[0]) if parts else called


def _places(resource: Json, names: Names) -> Iterator[str]:
    for entry in items(resource.get("location")):
        if called := _called(obj(entry.get("location")), names):
            yield called
    for participant in items(resource.get("participant")):
        where = obj(participant.get("actor"))
        if _kind(where) == "Location" and (called := _called(where, names)):
            yield called


def _kind(reference: Json) -> str:
    """The type that a reference names, "" for one that names none."""
    target = text(reference.get("reference"))
    before = target.rpartition("/")[0].rpartition("/")[2]
    return before if before[:1].isupper() else text(reference.get("type"))


def _called(reference: Json, names: Names) -> str:
    given = text(reference.get("reference"))
    return reference_name(reference) or (names(given) if given else "")
