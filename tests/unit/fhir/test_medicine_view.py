"""What prescriptions, fills and statements say in words, near-valid ones too."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given

from rxportal.fhir.medicine_view import medicine_facts
from tests.samples import ANY_OBJECT


def request(**more: Any) -> dict[str, Any]:
    """A prescription with these fields."""
    return {"resourceType": "MedicationRequest", "status": "active", "intent": "order", **more}


def dose(**parts: Any) -> tuple[str, ...]:
    """The directions of one dose."""
    return medicine_facts(request(dosageInstruction=[parts])).directions


@pytest.mark.parametrize(
    ("parts", "expected"),
    [
        ({"text": "Take one tablet."}, ("Take one tablet.",)),
        ({"text": "12.5mg PO BID"}, ("12.5mg PO BID (PO: by mouth; BID: twice a day)",)),
        ({"text": "1 tab", "patientInstruction": "Take one tablet."}, ("Take one tablet.", "1 tab")),
        ({"text": "Port and ADD to POT"}, ("Port and ADD to POT",)),
        ({"timing": {"repeat": {"frequency": 3, "period": 1, "periodUnit": "d"}}}, ("3 times a day",)),
        (
            {
                "timing": {"repeat": {"frequency": 1, "period": 8, "periodUnit": "h"}},
                "doseAndRate": [{"doseQuantity": {"value": 2, "unit": "tablets"}}], "asNeededBoolean": True,
            },
            ("2 tablets at a time, every 8 hours, when needed",),
        ),
        ({"asNeededCodeableConcept": {"text": "Pain"}}, ("When needed for pain",)),
        ({"timing": {"repeat": {"frequency": 2, "period": 1, "periodUnit": "wk"}}}, ("2 times every week",)),
        ({"sequence": 1, "asNeededBoolean": False}, ()),
        ({"timing": {"repeat": {"period": -1, "periodUnit": "d"}}}, ()),
        ({"additionalInstruction": [{"text": "With food"}]}, ("With food",)),
    ],
)  # fmt: skip
def test_directions_in_words(parts: dict[str, Any], expected: tuple[str, ...]) -> None:
    assert dose(**parts) == expected


def test_a_prescription_says_its_supply() -> None:
    facts = medicine_facts(request(
        dispenseRequest={
            "numberOfRepeatsAllowed": 3, "quantity": {"value": 90, "unit": "tablets"},
            "expectedSupplyDuration": {"value": 90, "unit": "days", "code": "d"},
            "validityPeriod": {"end": "2027-03-01"},
        },
        reasonCode=[{"text": "high blood pressure"}], reasonReference=[{"display": "Hypertension"}],
        statusReason={"text": "it made you dizzy."}, medicationCodeableConcept={"coding": [{"code": "314076"}]},
    ))  # fmt: skip
    assert (facts.allowed, facts.days, facts.good_until, facts.coded) == (3, 90, "2027-03-01", True)
    assert (facts.reasons, facts.because) == ("High blood pressure, Hypertension", "It made you dizzy.")


def test_a_fill_says_when_how_much_and_where() -> None:
    facts = medicine_facts({
        "resourceType": "MedicationDispense", "status": "completed", "quantity": {"value": 30, "unit": "g"},
        "daysSupply": {"value": 30, "unit": "days"}, "whenHandedOver": "2026-09-26T17:30:00Z",
        "performer": [{"actor": {"display": "Invented Pharmacy"}}],
    })  # fmt: skip
    assert (facts.amount, facts.days, facts.who) == ("30 g", 30, "Invented Pharmacy")
    assert facts.handed == "2026-09-26T17:30:00Z"


@pytest.mark.parametrize(
    "told",
    [
        request(reportedBoolean=True), request(requester={"reference": "Patient/1"}),
        request(reportedReference={"reference": "RelatedPerson/1"}), {"resourceType": "MedicationStatement"},
    ],
)  # fmt: skip
def test_what_somebody_told_is_no_prescription(told: dict[str, Any]) -> None:
    assert medicine_facts(told).reported
    assert not medicine_facts(request(requester={"reference": "Practitioner/1"})).reported


def test_words_alone_are_no_code() -> None:
    assert not medicine_facts(request(medicationCodeableConcept={"text": "Eye drops"})).coded
    assert medicine_facts(request(medicationReference={"reference": "Medication/1"})).coded


@given(ANY_OBJECT)
def test_nothing_makes_it_fail(anything: dict[str, Any]) -> None:
    facts = medicine_facts(anything)
    assert facts.allowed is None or facts.allowed >= 0
    assert all(isinstance(line, str) and line for line in facts.directions)
