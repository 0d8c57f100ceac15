"""A patient with as many observations as wanted, as the FHIR Bundle that a laboratory would send. Same every time."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from random import Random
from typing import Any

LOINC = "http://loinc.org"
UNITS = "http://unitsofmeasure.org"
NEWEST_DAYS_AGO = 60  # older than what `import-fhir` counts as seen by a doctor
ANALYTES = (
    ("2345-7", "Glucose", "mg/dL", 70.0, 99.0),
    ("2160-0", "Creatinine", "mg/dL", 0.6, 1.2),
    ("2951-2", "Sodium", "mmol/L", 136.0, 145.0),
    ("2823-3", "Potassium", "mmol/L", 3.5, 5.1),
    ("2093-3", "Cholesterol", "mg/dL", 100.0, 200.0),
    ("718-7", "Hemoglobin", "g/dL", 12.0, 16.0),
    ("4548-4", "Hemoglobin A1c", "%", 4.0, 5.6),
    ("3016-3", "TSH", "mIU/L", 0.4, 4.0),
)
REPORT = ("24323-8", "Comprehensive metabolic panel")


def bundle(name: str, observations: int, today: datetime | None = None) -> dict[str, Any]:
    """A collection: for every three observations one panel that carries two, and one that stands alone.

    So 60 observations make 40 rows of the list, 6,000 make 4,000; either fills its first page.
    """
    chance = Random(observations)
    person = f"bench-{observations}"
    newest = (today or datetime.now(UTC)) - timedelta(days=NEWEST_DAYS_AGO)
    resources = [_patient(person, name)]
    for turn in range(observations // 3):
        day = newest - timedelta(hours=40 * turn)
        made = [_observation(person, f"{turn}-{part}", chance, day - timedelta(hours=part // 2)) for part in range(3)]
        resources += [*made, _report(person, str(turn), day, [one["id"] for one in made[:2]])]
    entries = [
        {"fullUrl": f"https://bench.example/{one['resourceType']}/{one['id']}", "resource": one} for one in resources
    ]
    return {"resourceType": "Bundle", "type": "collection", "entry": entries}


def _patient(person: str, name: str) -> dict[str, Any]:
    given, _, family = name.partition(" ")
    return {
        "resourceType": "Patient",
        "id": person,
        "identifier": [{"system": "urn:bench:mrn", "value": person}],
        "name": [{"use": "official", "family": family, "given": [given]}],
        "gender": "female",
        "birthDate": "1961-04-02",
    }


def _facts(person: str, kind: str, number: str, day: datetime, code: tuple[str, str]) -> dict[str, Any]:
    return {
        "resourceType": kind,
        "id": f"{person}-{'o' if kind == 'Observation' else 'r'}{number}",
        "status": "final",
        "category": [{"coding": [{"code": "laboratory" if kind == "Observation" else "LAB"}]}],
        "code": {"coding": [{"system": LOINC, "code": code[0], "display": code[1]}], "text": code[1]},
        "subject": {"reference": f"Patient/{person}"},
        "effectiveDateTime": day.isoformat(timespec="seconds"),
        "issued": (day + timedelta(hours=5)).isoformat(timespec="seconds"),
        "performer": [{"display": "Bench Laboratory"}],
    }


def _observation(person: str, number: str, chance: Random, day: datetime) -> dict[str, Any]:
    code, name, unit, low, high = chance.choice(ANALYTES)
    value = round(chance.uniform(low * 0.85, high * 1.15), 1)
    quantity = {"unit": unit, "system": UNITS, "code": unit}
    return {
        **_facts(person, "Observation", number, day, (code, name)),
        "valueQuantity": {"value": value, **quantity},
        "referenceRange": [{"low": {"value": low, **quantity}, "high": {"value": high, **quantity}}],
    }


def _report(person: str, number: str, day: datetime, carried: list[str]) -> dict[str, Any]:
    return {
        **_facts(person, "DiagnosticReport", number, day, REPORT),
        "result": [{"reference": f"Observation/{one}"} for one in carried],
    }
