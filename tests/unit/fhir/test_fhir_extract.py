"""What is read out of each resource type, near-valid input and anything at all."""

from __future__ import annotations

import base64
from typing import Any

import pytest
from hypothesis import given, settings

from rxportal.fhir.extract import digest_of, extract, unusable
from rxportal.fhir.links import NAMED, links_of, read_reference
from rxportal.fhir.read import Sent, read_paths
from rxportal.fhir.types import SHAPES
from rxportal.fhir.validate import is_valid
from rxportal.models.records import Section
from tests.samples import ANY_OBJECT, FILES, needs_samples, observation, quantity

S = Section
ME = {"reference": "Patient/p1"}
WORDS = {"text": "Something"}
DOCTOR = {"reference": "Practitioner/d", "display": "Dr. Ada Field"}

VITAL = [{"coding": [{"code": "vital-signs"}]}]
TYPES: list[tuple[dict[str, Any], Section, str, str, str]] = [
    (
        {
            "resourceType": "Patient",
            "name": [{"family": "Doe", "given": ["Jo"], "prefix": ["Ms."]}],
            "birthDate": "1990",
        },
        S.PROFILE,
        "Jo Doe",
        "1990",
        "",
    ),
    ({"resourceType": "RelatedPerson", "patient": ME, "relationship": [WORDS]}, S.PROFILE, "Something", "", ""),
    ({"resourceType": "Practitioner", "name": [{"family": "Field", "prefix": ["Dr."]}]}, S.SHARED, "Dr. Field", "", ""),
    ({"resourceType": "PractitionerRole", "practitioner": DOCTOR}, S.SHARED, "Dr. Ada Field", "", ""),
    ({"resourceType": "Organization", "name": "Clinic"}, S.SHARED, "Clinic", "", ""),
    ({"resourceType": "Location", "name": "Room 1"}, S.SHARED, "Room 1", "", ""),
    ({"resourceType": "Medication", "code": WORDS}, S.SHARED, "Something", "", ""),
    (
        {
            "resourceType": "Encounter",
            "subject": ME,
            "type": [WORDS],
            "period": {"start": "2020-01-02"},
            "participant": [{"individual": DOCTOR}],
        },
        S.VISITS,
        "Something",
        "2020-01-02",
        "Dr. Ada Field",
    ),
    (
        {"resourceType": "Condition", "subject": ME, "code": WORDS, "recordedDate": "2020"},
        S.CONDITIONS,
        "Something",
        "2020",
        "",
    ),
    (
        {"resourceType": "AllergyIntolerance", "patient": ME, "code": WORDS, "onsetDateTime": "2020-02"},
        S.ALLERGIES,
        "Something",
        "2020-02",
        "",
    ),
    (
        {
            "resourceType": "MedicationRequest",
            "subject": ME,
            "medicationCodeableConcept": WORDS,
            "authoredOn": "2020-03-04",
            "requester": DOCTOR,
        },
        S.MEDICINES,
        "Something",
        "2020-03-04",
        "Dr. Ada Field",
    ),
    (
        {
            "resourceType": "MedicationRequest",
            "subject": ME,
            "medicationReference": {"reference": "#m"},
            "contained": [{"resourceType": "Medication", "id": "m", "code": WORDS}],
        },
        S.MEDICINES,
        "Something",
        "",
        "",
    ),
    (
        {
            "resourceType": "MedicationDispense",
            "subject": ME,
            "medicationReference": {"reference": "Medication/7", "display": "Aspirin"},
            "whenHandedOver": "2020",
        },
        S.MEDICINES,
        "Aspirin",
        "2020",
        "",
    ),
    (
        {"resourceType": "Immunization", "patient": ME, "vaccineCode": WORDS, "occurrenceString": "as a child"},
        S.IMMUNIZATIONS,
        "Something",
        "as a child",
        "",
    ),
    (
        {
            "resourceType": "DiagnosticReport",
            "subject": ME,
            "code": WORDS,
            "effectivePeriod": {"start": "2020-01"},
            "performer": [DOCTOR],
        },
        S.RESULTS,
        "Something",
        "2020-01",
        "Dr. Ada Field",
    ),
    (
        {"resourceType": "Specimen", "subject": ME, "type": WORDS, "collection": {"collectedDateTime": "2020"}},
        S.RESULTS,
        "Something",
        "2020",
        "",
    ),
    (
        {
            "resourceType": "Procedure",
            "subject": ME,
            "code": WORDS,
            "performedPeriod": {"start": "2020"},
            "performer": [{"actor": DOCTOR}],
        },
        S.PROCEDURES,
        "Something",
        "2020",
        "Dr. Ada Field",
    ),
    (
        {
            "resourceType": "DocumentReference",
            "subject": ME,
            "type": WORDS,
            "date": "2020-01-01T00:00:00Z",
            "author": [DOCTOR],
        },
        S.DOCUMENTS,
        "Something",
        "2020-01-01T00:00:00Z",
        "Dr. Ada Field",
    ),
    ({"resourceType": "CareTeam", "subject": ME, "name": "My team"}, S.CARE_TEAM, "My team", "", ""),
    (
        {"resourceType": "CarePlan", "subject": ME, "title": "Walk", "period": {"start": "2020"}},
        S.CARE_PLANS,
        "Walk",
        "2020",
        "",
    ),
    (
        {"resourceType": "Goal", "subject": ME, "description": WORDS, "startDate": "2020"},
        S.CARE_PLANS,
        "Something",
        "2020",
        "",
    ),
    (
        {"resourceType": "ServiceRequest", "subject": ME, "code": WORDS, "authoredOn": "2020", "requester": DOCTOR},
        S.OTHER,
        "Something",
        "2020",
        "Dr. Ada Field",
    ),
    (
        {
            "resourceType": "Appointment",
            "participant": [{"actor": DOCTOR}, {"actor": ME}],
            "description": "Check-up",
            "start": "2020-01-01T10:00:00Z",
        },
        S.APPOINTMENTS,
        "Check-up",
        "2020-01-01T10:00:00Z",
        "",
    ),
    (
        {"resourceType": "Communication", "subject": ME, "topic": WORDS, "sent": "2020", "sender": DOCTOR},
        S.MESSAGES,
        "Something",
        "2020",
        "Dr. Ada Field",
    ),
    (
        {"resourceType": "Coverage", "beneficiary": ME, "type": WORDS, "period": {"start": "2020"}},
        S.BILLS,
        "Something",
        "2020",
        "",
    ),
    (
        {"resourceType": "Claim", "patient": ME, "type": WORDS, "billablePeriod": {"start": "2020"}},
        S.BILLS,
        "Something",
        "2020",
        "",
    ),
    (
        {"resourceType": "ExplanationOfBenefit", "patient": ME, "type": WORDS, "created": "2020"},
        S.BILLS,
        "Something",
        "2020",
        "",
    ),
    (
        {
            "resourceType": "Provenance",
            "target": [ME],
            "activity": WORDS,
            "recorded": "2020",
            "agent": [{"who": DOCTOR}],
        },
        S.OTHER,
        "Something",
        "2020",
        "Dr. Ada Field",
    ),
    (
        {"resourceType": "NutritionOrder", "patient": ME, "oralDiet": {"type": [WORDS]}},
        S.OTHER,
        "NutritionOrder",
        "",
        "",
    ),
]


@pytest.mark.parametrize(("resource", "section", "title", "occurred", "author"), TYPES, ids=lambda v: str(v)[:40])
def test_every_type_has_its_place(
    resource: dict[str, Any], section: Section, title: str, occurred: str, author: str
) -> None:
    found = extract(resource)
    assert (found.section, found.title, found.occurred, found.author) == (section, title, occurred, author)
    assert found.patients == (() if section is S.SHARED or found.resource_type == "Patient" else ("Patient/p1",))
    as_list = {key: [value] if isinstance(value, dict) else value for key, value in resource.items()}
    assert extract(as_list).title == title


@pytest.mark.parametrize(
    ("more", "section"),
    [
        ({}, S.RESULTS),
        ({"category": VITAL, "code": {"text": "Body weight"}, "valueQuantity": quantity(70, "kg")}, S.VITALS),
        ({"category": None, "code": {"coding": [{"system": "http://loinc.org", "code": "8867-4"}]}}, S.VITALS),
        (
            {"category": [{"coding": [{"code": "survey"}]}], "code": {"text": "Do you smoke?"}, "valueQuantity": None},
            S.HISTORY,
        ),
        ({"category": [{"coding": [{"code": "survey"}]}], "code": {"text": "HIV 1 Ab in Serum"}}, S.RESULTS),
        ({"category": [{"coding": [{"code": "social-history"}]}], "code": {"text": "Lead"}}, S.RESULTS),
        ({"category": [{"text": "made up"}]}, S.RESULTS),
    ],
)
def test_a_category_alone_never_takes_a_laboratory_test_out_of_the_results(
    more: dict[str, Any], section: Section
) -> None:
    assert extract(observation(valueQuantity=quantity(1)) | more).section is section


def test_clues_come_from_all_over_the_resource() -> None:
    told = base64.b64encode(b"<p>HIV 1 antibody: negative</p>").decode()
    clues = extract(
        observation(
            meta={"security": [{"code": "R"}]},
            note=[{"text": "see the note"}],
            contained=[
                {
                    "resourceType": "Specimen",
                    "id": "s",
                    "type": {"coding": [{"system": "s", "code": "c", "display": "Hair"}]},
                }
            ],
            presentedForm=[{"contentType": "text/html", "data": told}],
            text={"div": "<div>from <b>the</b> narrative</div>"},
        )
    ).clues
    assert clues.labels == ("R",)
    assert ("s", "c", "Hair") in clues.codings
    assert {"see the note", "HIV 1 antibody: negative", "from the narrative"} <= set(clues.texts)
    assert clues.categories == ("laboratory",)


def test_components_are_readings_of_their_own() -> None:
    part = {
        "code": {"coding": [{"system": "http://loinc.org", "code": "8480-6"}]},
        "valueQuantity": quantity(128, "mm[Hg]"),
    }
    found = extract(
        observation("85354-9", "Blood pressure", component=[part, {"valueQuantity": quantity(3, comparator="<")}])
    )
    assert [(each.analyte, each.unit, each.value) for each in found.readings] == [
        ("http://loinc.org|8480-6", "mmHg", 128.0)
    ]


@pytest.mark.parametrize(
    ("written", "found"),
    [
        ("Patient/1", ("Patient", "1")), ("http://x/fhir/Patient/1/_history/3", ("Patient", "1")),
        ("urn:uuid:abc", ("", "abc")), ("Patient?identifier=http://x|7", ("Patient", "7")), ("nonsense", ("", "")),
    ],
)  # fmt: skip
def test_a_reference_is_read_in_every_spelling(written: str, found: tuple[str, str]) -> None:
    assert read_reference(written) == found


def test_what_a_report_carries_comes_first_and_what_it_names_is_marked() -> None:
    found = links_of({
        "resourceType": "DiagnosticReport", "id": "r", "encounter": {"reference": "Encounter/e"}, "subject": ME,
        "result": [{"reference": "Observation/b"}, {"reference": "Observation/a"}, {"reference": "#inside"}],
        "basedOn": [{"reference": "http://x/ServiceRequest/s"}, {"reference": "DiagnosticReport/r"}],
    })  # fmt: skip
    assert [(each.target, each.position) for each in found] == [
        ("Observation/b", 0), ("Observation/a", 1), ("Encounter/e", NAMED), ("ServiceRequest/s", NAMED),
    ]  # fmt: skip


@pytest.mark.parametrize(
    "resource", [{}, {"resourceType": None}, {"resourceType": "observation"}, {"resourceType": "A b"}]
)
def test_what_cannot_be_kept_is_told_why(resource: dict[str, Any]) -> None:
    assert unusable(resource)


@settings(max_examples=300)
@given(ANY_OBJECT)
def test_anything_can_be_extracted(resource: dict[str, Any]) -> None:
    for kind in ("Observation", "DiagnosticReport", "MedicationRequest", "Patient", "Whatever", "Binary"):
        found = extract(resource | {"resourceType": kind})
        for column in (
            found.source_id,
            found.title,
            found.author,
            found.search,
            found.occurred,
            found.status,
            found.code,
        ):
            assert "\x00" not in column
            column.encode()
        assert found.source_id
        assert len(found.title) <= 300


def test_the_order_of_keys_is_no_difference() -> None:
    assert digest_of({"a": 1, "b": 2}) == digest_of({"b": 2, "a": 1})


def test_validation_only_notes() -> None:
    assert is_valid({"resourceType": "Patient", "birthDate": "1990-01"})
    assert not is_valid({"resourceType": "Patient", "birthDate": ["x"]})
    assert is_valid({"resourceType": "NotFhirButKept"})


@needs_samples
def test_every_sample_has_a_title_and_a_place() -> None:
    for each in read_paths(FILES):
        assert isinstance(each, Sent)
        found = extract(each.data, url=each.url)
        assert found.title
        assert (
            found.section is not S.OTHER
            or found.resource_type not in SHAPES
            or SHAPES[found.resource_type].section is S.OTHER
        )
        assert not unusable(each.data)
