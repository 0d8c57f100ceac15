"""What was found, measured, done and ordered at a visit, each under its heading, in words."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from rxportal.core.scopes import Chart
from rxportal.core.text import _
from rxportal.fhir.display import date_words
from rxportal.fhir.record_views import told
from rxportal.fhir.shapes import Json, items, text
from rxportal.fhir.told import Reader, Told, begun
from rxportal.fhir.views import ValueView, value_lines
from rxportal.models.records import Section
from rxportal.services.naming import Names, names_for
from rxportal.services.record_rows import bodies
from rxportal.services.trends import flag_words
from rxportal.services.visits_views import VisitItem, VisitPart

S = Section
#: Bills and messages have pages of their own; what is nobody's stands beside its name.
HIDDEN_HERE = frozenset({S.BILLS.value, S.MESSAGES.value, S.SHARED.value, S.PROFILE.value})
VALUES = frozenset({S.VITALS.value, S.HISTORY.value})
#: Heading → the resource types under it, in the order of the page.
HEADINGS: tuple[tuple[str, frozenset[str]], ...] = (
    (_("What it was about"), frozenset({"Condition", "AllergyIntolerance", "ClinicalImpression"})),
    (_("Measured and asked"), frozenset({"Observation"})),
    (_("Test results"), frozenset({"DiagnosticReport"})),
    (_("Done at this visit"), frozenset({"Procedure", "Immunization", "ImagingStudy", "Media"})),
    (_("Medicines"), frozenset({
        "MedicationRequest", "MedicationDispense", "MedicationStatement", "MedicationAdministration",
    })),
    (_("Ordered"), frozenset({"ServiceRequest", "DeviceRequest", "NutritionOrder", "VisionPrescription"})),
    (_("Plans and goals"), frozenset({"CarePlan", "Goal", "CareTeam"})),
    (_("Booked as"), frozenset({"Appointment"})),
    (_("What took place"), frozenset({"Encounter"})),
)  # fmt: skip
MEASURED, TESTS, MEDICINES = HEADINGS[1][0], HEADINGS[2][0], HEADINGS[4][0]
PLACE_OF = {kind: name for name, kinds in HEADINGS for kind in kinds}


def parts_of(chart: Chart, things: Sequence[Any], zone: ZoneInfo) -> list[VisitPart]:
    """These rows of `visits.HEAD` under their headings; kinds that say nothing to a reader are left out.

    Parts of a report are read on its own page, so that only what stands alone is listed here.
    """
    shown = [thing for thing in things if thing[1] in PLACE_OF and (thing[6] or thing[2] != S.RESULTS.value)]
    read = bodies(chart, [thing[0] for thing in shown if not thing[6]])
    names = names_for(chart, [(thing[7], read[thing[0]]) for thing in shown if thing[0] in read])
    found: dict[str, list[VisitItem]] = {name: [] for name, _kinds in HEADINGS}
    for thing in shown:
        place = TESTS if thing[6] else PLACE_OF[thing[1]]
        found[place] += _items(thing, read, names, zone)
    return [_part(name, rows) for name, rows in found.items() if rows]


def _part(name: str, rows: list[VisitItem]) -> VisitPart:
    """The things of one heading; what is true of all of them is said once."""
    same = rows[0].detail if len({row.detail for row in rows}) == 1 else ""
    if same:
        rows = [replace(row, detail="") for row in rows]
    return VisitPart(name, same, name == MEASURED, sorted(rows, key=lambda row: row.title.lower()))


def _items(thing: Any, read: Mapping[UUID, Json], names: Names, zone: ZoneInfo) -> list[VisitItem]:
    key, kind, section, title, _occurred, _author, listed, organization, _source = thing
    detail = origin(thing, zone)
    if listed:
        return [VisitItem(str(key), title, detail=detail, href=f"/results/{key}")]
    body = read.get(key, {})
    if kind == "Observation" and section in VALUES:
        return [_value(f"{key}-{place}", view, detail) for place, view in enumerate(value_lines(body, zone=zone))]
    if PLACE_OF[kind] == MEDICINES:
        return [VisitItem(str(key), title, _directions(body), detail, "/medicines")]
    if kind in {"Appointment", "Encounter"}:
        return [VisitItem(str(key), title, detail=detail, href=f"/visits/{key}")]
    said = told(body | {"resourceType": kind}, Reader(zone, names.within(organization)))
    return [VisitItem(str(key), begun(said.title or title), _said(said), detail, tag=said.status, tone=said.tone)]


def origin(thing: Any, zone: ZoneInfo) -> str:
    """Who, when, from where: "Dr. Lee · 18 Nov 2026 · Fairhaven Clinic"."""
    author = "" if thing[5] == thing[8] else thing[5]
    return " · ".join(part for part in (author, date_words(thing[4], zone), thing[8]) if part)


def _value(key: str, view: ValueView, detail: str) -> VisitItem:
    flag = "" if view.tone == "good" else flag_words(view.flag)
    return VisitItem(key, view.name, view.text or _("No value was sent"), detail, tag=flag, tone=view.tone or "good")


def _said(said: Told) -> str:
    """The first notes, or the facts in a line."""
    facts = [_("{name}: {words}").format(name=name, words=words) for name, words in said.facts]
    return "; ".join(facts) or " ".join(said.notes[:2])


def _directions(body: Json) -> str:
    doses = items(body.get("dosageInstruction") or body.get("dosage"))
    return " ".join(text(dose.get("text")) or text(dose.get("patientInstruction")) for dose in doses).strip()
