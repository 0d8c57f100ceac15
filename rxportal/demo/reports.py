"""Reports that are read rather than measured: cultures, tissue and imaging."""

from __future__ import annotations

from base64 import b64encode

from rxportal.demo.laboratory import report, specimen
from rxportal.demo.pdf import page
from rxportal.demo.story import LABORATORY, Story
from rxportal.demo.terms import (
    DICOM,
    INTERPRETATION,
    LOINC,
    OBSERVATION_CATEGORY,
    SNOMED,
    Resource,
    coding,
    concept,
    reference,
)

SUSCEPTIBLE = {"S": "Susceptible", "I": "Intermediate", "R": "Resistant"}
CULTURE = ("630-4", "Urine culture")
DRUGS = (
    ("18864-9", "Ampicillin"),
    ("18906-8", "Ciprofloxacin"),
    ("18955-5", "Nitrofurantoin"),
    ("18998-5", "Trimethoprim-sulfamethoxazole"),
)


def pdf(title: str, lines: list[str]) -> Resource:
    """A FHIR Attachment holding a one-page PDF."""
    content = page(title, lines)
    return {
        "contentType": "application/pdf",
        "title": f"{title}.pdf",
        "size": len(content),
        "data": b64encode(content).decode(),
    }


def _finding(story: Story, name: str, code: tuple[str, str], days_ago: int, status: str) -> Resource:
    return story.add(
        "Observation",
        name,
        status=status,
        category=[{"coding": [coding(OBSERVATION_CATEGORY, "laboratory", "Laboratory")]}],
        code=concept(LOINC, *code),
        subject=story.subject,
        effectiveDateTime=story.at(days_ago),
        performer=[reference("Organization", LABORATORY)],
    )


def culture(
    story: Story,
    name: str,
    days_ago: int,
    *,
    title: tuple[str, str],
    source: str,
    organism: tuple[str, str],
    tested: str = "",
    status: str = "final",
    conclusion: str = "",
) -> Resource:
    """A culture: the organism (SNOMED code and name), then one line per drug of `tested`, e.g. "RSSR"."""
    found = _finding(story, f"{name}-organism", title, days_ago, status)
    found["valueCodeableConcept"] = concept(SNOMED, *organism)
    found["interpretation"] = [
        {"coding": [coding(INTERPRETATION, *(("A", "Abnormal") if tested else ("N", "Normal")))]}
    ]
    lines = [found]
    for drug, answer in zip(DRUGS, tested, strict=False):
        line = _finding(story, f"{name}-{drug[0]}", (drug[0], f"{drug[1]} [Susceptibility]"), days_ago, status)
        line["valueCodeableConcept"] = concept(INTERPRETATION, answer, SUSCEPTIBLE[answer])
        line["interpretation"] = [{"coding": [coding(INTERPRETATION, answer, SUSCEPTIBLE[answer])]}]
        line["derivedFrom"] = [reference("Observation", found["id"])]
        lines.append(line)
    taken = specimen(story, f"{name}-specimen", source, days_ago)
    return report(
        story,
        name,
        concept(LOINC, *title),
        days_ago,
        results=lines,
        service=("MB", "Microbiology"),
        status=status,
        final_after=2,
        conclusion=conclusion or None,
        specimen=[reference("Specimen", taken["id"], source)],
    )


def tissue(
    story: Story,
    name: str,
    days_ago: int,
    *,
    title: tuple[str, str],
    source: str,
    text: list[str],
    conclusion: str,
    cytology: bool = False,
) -> Resource:
    """A pathology report: its words, its conclusion and the signed page as a PDF."""
    taken = specimen(story, f"{name}-specimen", source, days_ago)
    return report(
        story,
        name,
        concept(LOINC, *title),
        days_ago,
        results=[],
        service=("CP", "Cytopathology") if cytology else ("SP", "Surgical pathology"),
        final_after=3,
        conclusion=conclusion,
        presentedForm=[pdf(title[1], [*text, conclusion])],
        specimen=[reference("Specimen", taken["id"], source)],
    )


def imaging(
    story: Story,
    name: str,
    days_ago: int,
    *,
    title: tuple[str, str],
    modality: tuple[str, str],
    text: list[str],
    conclusion: str,
) -> Resource:
    """An imaging report: findings as a note, the impression as conclusion, the modality by its DICOM code."""
    made = report(
        story,
        name,
        concept(LOINC, *title),
        days_ago,
        results=[],
        service=("RAD", "Radiology"),
        conclusion=conclusion,
        presentedForm=[pdf(title[1], [*text, conclusion])],
    )
    made["category"].append({"coding": [coding(DICOM, *modality)]})
    return made
