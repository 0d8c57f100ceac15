"""The invented practice itself as FHIR: the clinic, its laboratory, its people."""

from __future__ import annotations

from rxportal.demo.story import CLINIC, DOCTOR, LABORATORY, SECOND_DOCTOR
from rxportal.demo.terms import Resource, reference, words

NAME = "Fairhaven Clinic"
OTHER_NAME = "Otherfield Clinic"


def _organization(name: str, title: str, part_of: str = "") -> Resource:
    made: Resource = {
        "resourceType": "Organization",
        "id": name,
        "meta": {"versionId": "1"},
        "active": True,
        "name": title,
        "telecom": [{"system": "phone", "value": "555-0140"}],
    }
    if part_of:
        made["partOf"] = reference("Organization", part_of)
    return made


def _doctor(name: str, family: str, title: str) -> list[Resource]:
    who: Resource = {
        "resourceType": "Practitioner",
        "id": name,
        "meta": {"versionId": "1"},
        "active": True,
        "name": [{"use": "official", "text": f"Dr. {family}", "family": family, "prefix": ["Dr."]}],
    }
    place: Resource = {
        "resourceType": "PractitionerRole",
        "id": f"{name}-role",
        "meta": {"versionId": "1"},
        "active": True,
        "practitioner": reference("Practitioner", name, f"Dr. {family}"),
        "organization": reference("Organization", CLINIC),
        "specialty": [words(title)],
    }
    return [who, place]


def staff() -> list[Resource]:
    """What every bundle of the clinic begins with: organizations, place and doctors."""
    place: Resource = {
        "resourceType": "Location",
        "id": CLINIC,
        "meta": {"versionId": "1"},
        "status": "active",
        "name": "Fairhaven Clinic, floor 2",
        "address": {"line": ["2 Invented Street"], "city": "Fairhaven", "state": "CA"},
        "managingOrganization": reference("Organization", CLINIC),
    }
    return [
        _organization(CLINIC, NAME),
        _organization(LABORATORY, f"{NAME} laboratory", CLINIC),
        place,
        *_doctor(DOCTOR, "Lee", "Family medicine"),
        *_doctor(SECOND_DOCTOR, "Fictionby", "Internal medicine"),
    ]


def bundle(resources: list[Resource]) -> Resource:
    """A FHIR collection Bundle whose entries have the full URLs of the invented practice."""
    base = "https://fhir.fairhaven.example/r4"
    return {
        "resourceType": "Bundle",
        "type": "collection",
        "entry": [{"fullUrl": f"{base}/{one['resourceType']}/{one['id']}", "resource": one} for one in resources],
    }
