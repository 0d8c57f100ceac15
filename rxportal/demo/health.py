"""The rest of a chart: conditions, medicines, allergies, shots, visits, documents, care team and appointments."""

from __future__ import annotations

from base64 import b64encode

from rxportal.demo.reports import pdf
from rxportal.demo.story import CLINIC, DOCTOR, Story
from rxportal.demo.terms import CLINICAL, CVX, LOINC, RXNORM, SNOMED, Resource, concept, reference, words

ACT = "http://terminology.hl7.org/CodeSystem/v3-ActCode"


def _state(system: str, code: str) -> Resource:
    return concept(f"{CLINICAL}/{system}", code, code.capitalize())


def condition(
    story: Story, name: str, code: tuple[str, str], since: str, *, active: bool = True, note: str = ""
) -> Resource:
    """A condition; `since` is a FHIR date and may be partial ("2019", "2019-05")."""
    return story.add(
        "Condition",
        name,
        clinicalStatus=_state("condition-clinical", "active" if active else "resolved"),
        verificationStatus=_state("condition-ver-status", "confirmed"),
        category=[_state("condition-category", "problem-list-item")],
        code=concept(SNOMED, *code),
        subject=story.subject,
        onsetDateTime=since,
        note=[{"text": note}] if note else None,
    )


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
    reported: bool = False,
) -> Resource:
    """A prescription; `refills` None: how it was entered does not say (S21). `reported`: the person told us."""
    supply = {
        "numberOfRepeatsAllowed": refills,
        "quantity": {"value": 90, "unit": "tablets"},
        "expectedSupplyDuration": {"value": 90, "unit": "days", "code": "d"},
        "validityPeriod": {"start": story.day(days_ago), "end": story.day(days_ago - 365)},
    }
    return story.add(
        "MedicationRequest",
        name,
        status=status,
        intent="order",
        reportedBoolean=True if reported else None,
        medicationCodeableConcept=concept(RXNORM, *code) if code[0] else words(code[1]),
        subject=story.subject,
        authoredOn=story.at(days_ago, "10:15"),
        requester=None if reported else reference("Practitioner", DOCTOR, "Dr. Lee"),
        reasonCode=[words(why)] if why else None,
        dosageInstruction=[{"text": directions}],
        dispenseRequest=None if refills is None else supply,
    )


def dispensed(story: Story, name: str, request: Resource, days_ago: int) -> Resource:
    """One fill at the pharmacy."""
    return story.add(
        "MedicationDispense",
        name,
        status="completed",
        medicationCodeableConcept=request["medicationCodeableConcept"],
        subject=story.subject,
        authorizingPrescription=[reference("MedicationRequest", request["id"])],
        quantity={"value": 90, "unit": "tablets"},
        daysSupply={"value": 90, "unit": "days"},
        whenHandedOver=story.at(days_ago, "17:30"),
    )


def allergy(story: Story, name: str, code: tuple[str, str], reaction: str, severity: str = "moderate") -> Resource:
    """An allergy with what happened."""
    return story.add(
        "AllergyIntolerance",
        name,
        clinicalStatus=_state("allergyintolerance-clinical", "active"),
        verificationStatus=_state("allergyintolerance-verification", "confirmed"),
        code=concept(SNOMED, *code),
        patient=story.subject,
        recordedDate=story.day(1500),
        reaction=[{"manifestation": [words(reaction)], "severity": severity}],
    )


def shot(story: Story, name: str, code: tuple[str, str], days_ago: int) -> Resource:
    """An immunization that was given."""
    return story.add(
        "Immunization",
        name,
        status="completed",
        vaccineCode=concept(CVX, *code),
        patient=story.subject,
        occurrenceDateTime=story.day(days_ago),
        primarySource=True,
    )


def visit(story: Story, name: str, title: str, days_ago: int, *, why: str, virtual: bool = False) -> Resource:
    """A visit that took place."""
    return story.add(
        "Encounter",
        name,
        status="finished",
        **{"class": {"system": ACT, "code": "VR" if virtual else "AMB", "display": "Video" if virtual else "Office"}},
        type=[words(title)],
        subject=story.subject,
        participant=[{"individual": reference("Practitioner", DOCTOR, "Dr. Lee")}],
        period={"start": story.at(days_ago, "09:00"), "end": story.at(days_ago, "09:25")},
        reasonCode=[words(why)],
        serviceProvider=reference("Organization", CLINIC, "Fairhaven Clinic"),
    )


def note(
    story: Story, name: str, title: tuple[str, str], days_ago: int, text: str, *, as_pdf: bool = False
) -> Resource:
    """A document: a visit note as plain text, or as a PDF."""
    plain = text.encode()
    attached = {
        "contentType": "text/plain; charset=utf-8",
        "title": f"{title[1]}.txt",
        "size": len(plain),
        "data": b64encode(plain).decode(),
    }
    return story.add(
        "DocumentReference",
        name,
        status="current",
        docStatus="final",
        type=concept(LOINC, *title),
        subject=story.subject,
        date=story.at(days_ago, "12:00"),
        author=[reference("Practitioner", DOCTOR, "Dr. Lee")],
        description=title[1],
        content=[{"attachment": pdf(title[1], [text]) if as_pdf else attached}],
    )


def care_team(story: Story, members: list[tuple[str, str, str]]) -> Resource:
    """Who looks after the person: (practitioner id, name, part in the team)."""
    return story.add(
        "CareTeam",
        "care-team",
        status="active",
        name="Your care team",
        subject=story.subject,
        participant=[
            {"role": [words(part)], "member": reference("Practitioner", who, name)} for who, name, part in members
        ],
    )


def appointment(
    story: Story, name: str, title: str, in_days: int, clock: str, *, status: str = "booked", video: bool = False
) -> Resource:
    """An appointment with Dr. Lee, `in_days` from today (negative: it was)."""
    kind = "Video visit" if video else "Office visit"
    return story.add(
        "Appointment",
        name,
        status=status,
        serviceType=[words(title)],
        appointmentType=words(kind),
        description=title,
        start=story.at(-in_days, clock),
        end=story.at(-in_days, f"{clock[:2]}:59"),
        participant=[
            {"actor": story.subject, "status": "accepted"},
            {"actor": reference("Practitioner", DOCTOR, "Dr. Lee"), "status": "accepted"},
            {"actor": reference("Location", CLINIC, "Fairhaven Clinic, floor 2"), "status": "accepted"},
        ],
    )
