"""Laboratory reports of the demo practice: panels of numbers and words, and single measurements."""

from __future__ import annotations

from collections.abc import Sequence

from rxportal.demo.analytes import Analyte, Panel
from rxportal.demo.story import CLINIC, DOCTOR, LABORATORY, Story
from rxportal.demo.terms import (
    CLINICAL,
    INTERPRETATION,
    LOINC,
    OBSERVATION_CATEGORY,
    SERVICE,
    UCUM,
    Resource,
    coding,
    concept,
    reference,
    words,
)

FLAGS = {"H": "High", "L": "Low", "HH": "Critical high", "LL": "Critical low", "N": "Normal", "A": "Abnormal"}
PRINTED = {"10*3/uL": "K/uL", "10*6/uL": "M/uL", "m[IU]/L": "mIU/L", "mL/min/{1.73_m2}": "mL/min/1.73 m2", "[pH]": "pH"}


def flag(line: Analyte, value: float) -> str:
    """The laboratory's own flag for a number (HL7 v3 ObservationInterpretation)."""
    if line.critical_high is not None and value >= line.critical_high:
        return "HH"
    if line.critical_low is not None and value <= line.critical_low:
        return "LL"
    if line.high is not None and value > line.high:
        return "H"
    return "L" if line.low is not None and value < line.low else "N"


def quantity(value: float, unit: str) -> Resource:
    """A FHIR Quantity with its UCUM code and the unit as laboratories print it."""
    return {"value": value, "unit": PRINTED.get(unit, unit), "system": UCUM, "code": unit or "1"}


def usual(line: Analyte) -> list[Resource]:
    """The usual range as FHIR says it: two sides, one side, or words."""
    if line.words:
        return [{"text": line.words}]
    sides: Resource = {}
    if line.low is not None:
        sides["low"] = quantity(line.low, line.unit)
    if line.high is not None:
        sides["high"] = quantity(line.high, line.unit)
    return [sides] if sides else []


def measured(
    story: Story,
    name: str,
    line: Analyte,
    value: float | str,
    days_ago: int,
    *,
    status: str = "final",
    abnormal: bool = False,
    category: str = "laboratory",
    note: str = "",
    labels: list[Resource] | None = None,
    clock: str = "08:05",
) -> Resource:
    """One Observation: a number with its flag and range, or words with "abnormal" where they are."""
    number = not isinstance(value, str)
    code = flag(line, float(value)) if number else ("A" if abnormal else "N")
    observation = story.add(
        "Observation",
        name,
        status=status,
        category=[{"coding": [coding(OBSERVATION_CATEGORY, category, category.capitalize())]}],
        code=concept(LOINC, line.code, line.name),
        subject=story.subject,
        effectiveDateTime=story.at(days_ago, clock),
        issued=story.at(max(days_ago - 1, 0), "16:20"),
        performer=[reference("Organization", LABORATORY)],
        interpretation=[{"coding": [coding(INTERPRETATION, code, FLAGS[code])]}],
        referenceRange=usual(line),
        note=[{"text": note}] if note else None,
    )
    observation["valueQuantity" if number else "valueString"] = quantity(float(value), line.unit) if number else value
    if labels:
        observation["meta"]["security"] = labels
    return observation


def ordered(story: Story, name: str, title: Resource, days_ago: int) -> Resource:
    """The doctor's order that a report answers."""
    return story.add(
        "ServiceRequest",
        f"{name}-order",
        status="completed",
        intent="order",
        code=title,
        subject=story.subject,
        authoredOn=story.at(days_ago + 2, "11:40"),
        requester=reference("Practitioner", DOCTOR, "Dr. Lee"),
    )


def report(
    story: Story,
    name: str,
    title: Resource,
    days_ago: int,
    *,
    results: list[Resource],
    service: tuple[str, str] = ("LAB", "Laboratory"),
    status: str = "final",
    final_after: int = 1,
    order: bool = True,
    **more: object,
) -> Resource:
    """A DiagnosticReport over `results`, taken `days_ago`, ready `final_after` days later, with its order."""
    request = ordered(story, name, title, days_ago) if order else None
    return story.add(
        "DiagnosticReport",
        name,
        status=status,
        category=[{"coding": [coding(SERVICE, *service)], "text": service[1]}],
        code=title,
        subject=story.subject,
        basedOn=[reference("ServiceRequest", request["id"])] if request else None,
        effectiveDateTime=story.at(days_ago),
        issued=story.at(max(days_ago - final_after, 0), "16:20"),
        performer=[reference("Organization", LABORATORY, "Fairhaven Clinic laboratory")],
        resultsInterpreter=[reference("Practitioner", DOCTOR, "Dr. Lee")],
        result=[reference("Observation", one["id"]) for one in results],
        **more,
    )


def specimen(story: Story, name: str, kind: str, days_ago: int) -> Resource:
    """What was taken, and when."""
    return story.add(
        "Specimen",
        name,
        type=words(kind),
        subject=story.subject,
        collection={"collectedDateTime": story.at(days_ago)},
    )


def panel(
    story: Story,
    name: str,
    offered: Panel,
    days_ago: int,
    values: Sequence[float | str],
    *,
    status: str = "final",
    abnormal: tuple[int, ...] = (),
    conclusion: str = "",
    note: str = "",
    extra: list[Resource] | None = None,
) -> Resource:
    """A report of a panel: `values` in the panel's order; `abnormal` are the places of words out of the ordinary."""
    lines = [
        measured(
            story,
            f"{name}-{place}",
            line,
            value,
            days_ago,
            status=status,
            abnormal=place in abnormal,
            note=note if place == 0 else "",
        )
        for place, (line, value) in enumerate(zip(offered.lines, values, strict=True))
    ]
    taken = specimen(story, f"{name}-specimen", offered.specimen, days_ago)
    return report(
        story,
        name,
        concept(LOINC, offered.code, offered.name),
        days_ago,
        results=lines + (extra or []),
        status=status,
        conclusion=conclusion or None,
        specimen=[reference("Specimen", taken["id"], offered.specimen)],
    )


def pressure(story: Story, name: str, days_ago: int, systolic: int, diastolic: int) -> Resource:
    """A blood pressure: one Observation, two components with two codes."""
    parts = (("8480-6", "Systolic blood pressure", systolic), ("8462-4", "Diastolic blood pressure", diastolic))
    return story.add(
        "Observation",
        name,
        status="final",
        category=[{"coding": [coding(OBSERVATION_CATEGORY, "vital-signs", "Vital signs")]}],
        code=concept(LOINC, "85354-9", "Blood pressure"),
        subject=story.subject,
        effectiveDateTime=story.at(days_ago, "09:10"),
        performer=[reference("Organization", CLINIC)],
        component=[
            {
                "code": concept(LOINC, code, title),
                "valueQuantity": {"value": value, "unit": "mmHg", "system": UCUM, "code": "mm[Hg]"},
            }
            for code, title, value in parts
        ],
    )


def absent(story: Story, name: str, line: Analyte, days_ago: int, reason: tuple[str, str]) -> Resource:
    """A measurement that has no value, and why."""
    return story.add(
        "Observation",
        name,
        status="final",
        category=[{"coding": [coding(OBSERVATION_CATEGORY, "laboratory", "Laboratory")]}],
        code=concept(LOINC, line.code, line.name),
        subject=story.subject,
        effectiveDateTime=story.at(days_ago),
        dataAbsentReason=concept(f"{CLINICAL}/data-absent-reason", *reason),
    )
