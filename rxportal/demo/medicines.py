"""Medicines of the demo practice: prescribed, filled, taken by oneself, given at a visit."""

from __future__ import annotations

from rxportal.demo.story import CLINIC, DOCTOR, Story
from rxportal.demo.terms import RXNORM, Resource, concept, reference, words

Amount = tuple[int, str, int]
"""How many of what one fill holds, and for how many days it lasts."""
TABLETS: Amount = (90, "tablets", 90)


def medicine(
    story: Story,
    name: str,
    code: tuple[str, str],
    directions: str,
    *,
    days_ago: int,
    refills: int | None = 3,
    why: str = "",
    status: str = "active",
    because: str = "",
    reported: bool = False,
    fill: Amount = TABLETS,
    prescriber: Resource | None = None,
) -> Resource:
    """A prescription; `refills` None: how it was entered does not say (S21). `reported`: the person told us.

    `because`: why its status is what it is (paused, stopped, cancelled).
    """
    doctor = prescriber or reference("Practitioner", DOCTOR, "Dr. Lee")
    return story.add(
        "MedicationRequest",
        name,
        status=status,
        statusReason=words(because) if because else None,
        intent="order",
        reportedBoolean=True if reported else None,
        medicationCodeableConcept=concept(RXNORM, *code) if code[0] else words(code[1]),
        subject=story.subject,
        authoredOn=story.at(days_ago, "10:15"),
        requester=None if reported else doctor,
        reasonCode=[words(why)] if why else None,
        dosageInstruction=[{"text": directions}],
        dispenseRequest=None if refills is None else supply(story, days_ago, refills, fill),
    )


def supply(story: Story, days_ago: int, refills: int, fill: Amount) -> Resource:
    """What the pharmacy may hand over, how often again, and until when: a prescription is good for a year."""
    count, unit, days = fill
    return {
        "numberOfRepeatsAllowed": refills,
        "quantity": {"value": count, "unit": unit},
        "expectedSupplyDuration": {"value": days, "unit": "days", "code": "d"},
        "validityPeriod": {"start": story.day(days_ago), "end": story.day(days_ago - 365)},
    }


def dispensed(story: Story, name: str, request: Resource, days_ago: int, *, fill: Amount = TABLETS) -> Resource:
    """One fill at the pharmacy."""
    count, unit, days = fill
    return story.add(
        "MedicationDispense",
        name,
        status="completed",
        medicationCodeableConcept=request["medicationCodeableConcept"],
        subject=story.subject,
        performer=[{"actor": {"display": "Invented Pharmacy, Main Street"}}],
        authorizingPrescription=[reference("MedicationRequest", request["id"])],
        quantity={"value": count, "unit": unit},
        daysSupply={"value": days, "unit": "days"},
        whenHandedOver=story.at(days_ago, "17:30"),
    )


def stated(story: Story, name: str, words_of_it: str, directions: str, since_days_ago: int) -> Resource:
    """A medicine that nobody prescribed: the person said at a visit that they take it."""
    return story.add(
        "MedicationStatement",
        name,
        status="active",
        medicationCodeableConcept=words(words_of_it),
        subject=story.subject,
        effectivePeriod={"start": story.day(since_days_ago)},
        dateAsserted=story.at(min(since_days_ago, 60), "09:12"),
        informationSource=story.subject,
        dosage=[{"text": directions}],
    )


def given(story: Story, name: str, code: tuple[str, str], days_ago: int, dose: str) -> Resource:
    """One dose that was given at the clinic."""
    return story.add(
        "MedicationAdministration",
        name,
        status="completed",
        medicationCodeableConcept=concept(RXNORM, *code),
        subject=story.subject,
        effectiveDateTime=story.at(days_ago, "09:20"),
        performer=[{"actor": reference("Organization", CLINIC, "Fairhaven Clinic")}],
        dosage={"text": dose},
    )
