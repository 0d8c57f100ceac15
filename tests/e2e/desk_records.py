"""Records for the desk's browser tests: they belong to Ben of the demo practice and wait for a clinician."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from tests.serving import Served

SERVICES = "http://terminology.hl7.org/CodeSystem/v2-0074"
UNITS = "http://unitsofmeasure.org"


def report(title: str, service: str, taken: datetime, values: list[str] | None = None) -> dict[str, Any]:
    """A final report of a service (RAD: imaging, CH: chemistry)."""
    return {
        "resourceType": "DiagnosticReport",
        "id": slug(title),
        "meta": {"versionId": "1"},
        "status": "final",
        "category": [{"coding": [{"system": SERVICES, "code": service}]}],
        "code": {"text": title},
        "subject": {"reference": "Patient/ben-samplewood"},
        "effectiveDateTime": taken.isoformat(),
        "issued": taken.isoformat(),
        "conclusion": "Nothing new since 2021.",
        "result": [{"reference": f"Observation/{value}"} for value in values or []],
    }


def sodium(title: str, taken: datetime, value: float = 140.0) -> dict[str, Any]:
    """One value, in range unless told otherwise."""
    return {
        "resourceType": "Observation",
        "id": slug(title) + "-na",
        "meta": {"versionId": "1"},
        "status": "final",
        "category": [{"coding": [{"code": "laboratory"}]}],
        "code": {"coding": [{"system": "http://loinc.org", "code": "2951-2", "display": "Sodium"}], "text": "Sodium"},
        "subject": {"reference": "Patient/ben-samplewood"},
        "effectiveDateTime": taken.isoformat(),
        "valueQuantity": {"value": value, "unit": "mmol/L", "system": UNITS, "code": "mmol/L"},
        "referenceRange": [{"low": {"value": 135, "unit": "mmol/L"}, "high": {"value": 145, "unit": "mmol/L"}}],
        "interpretation": [{"coding": [{"code": "N" if 135 <= value <= 145 else "H"}]}],
    }


def slug(title: str) -> str:
    """A FHIR id of a title."""
    return title.lower().replace(" ", "-")


def pictures(names: list[str], days_ago: float = 1) -> list[dict[str, Any]]:
    """Imaging reports, one a minute, that need an order."""
    taken = datetime.now(UTC) - timedelta(days=days_ago)
    return [report(name, "RAD", taken + timedelta(minutes=number)) for number, name in enumerate(names)]


def bloods(names: list[str], days_ago: float = 1, value: float = 140.0) -> list[dict[str, Any]]:
    """Chemistry reports with one value each."""
    made = []
    for number, name in enumerate(names):
        taken = datetime.now(UTC) - timedelta(days=days_ago) + timedelta(minutes=number)
        made += [sodium(name, taken, value), report(name, "CH", taken, [slug(name) + "-na"])]
    return made


def bring_in(portal: Served, folder: Path, resources: list[dict[str, Any]]) -> None:
    """Import them as the clinic's own."""
    file = folder / "desk.json"
    entries = [{"resource": resource} for resource in resources]
    file.write_text(json.dumps({"resourceType": "Bundle", "type": "collection", "entry": entries}))
    done = portal.command("import-fhir", str(file), "--organization", "Fairhaven Clinic")
    assert done.returncode == 0, done.stdout + done.stderr
