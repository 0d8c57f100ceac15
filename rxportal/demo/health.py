"""The rest of a chart: conditions, allergies, shots, procedures, the family's health, devices and cover."""

from __future__ import annotations

from rxportal.demo.story import CLINIC, DOCTOR, Story
from rxportal.demo.terms import CLINICAL, CVX, SNOMED, Resource, concept, reference, words

ROLE = "http://terminology.hl7.org/CodeSystem/v3-RoleCode"
RELATIVES = {"MTH": "Mother", "FTH": "Father", "SIS": "Sister", "BRO": "Brother", "MGRMTH": "Maternal grandmother"}


def _state(system: str, code: str) -> Resource:
    return concept(f"{CLINICAL}/{system}", code, code.capitalize())


def condition(
    story: Story,
    name: str,
    code: tuple[str, str],
    since: str,
    *,
    active: bool = True,
    note: str = "",
    until: str = "",
) -> Resource:
    """A condition; `since` and `until` are FHIR dates and may be partial ("2019", "2019-05")."""
    return story.add(
        "Condition",
        name,
        clinicalStatus=_state("condition-clinical", "active" if active else "resolved"),
        verificationStatus=_state("condition-ver-status", "confirmed"),
        category=[_state("condition-category", "problem-list-item")],
        code=concept(SNOMED, *code),
        subject=story.subject,
        onsetDateTime=since,
        abatementDateTime=until or None,
        recorder=reference("Practitioner", DOCTOR, "Dr. Lee"),
        note=[{"text": note}] if note else None,
    )


def allergy(
    story: Story,
    name: str,
    code: tuple[str, str],
    reaction: str,
    severity: str = "moderate",
    *,
    state: str = "active",
    sure: str = "confirmed",
) -> Resource:
    """An allergy with what happened. `sure`: confirmed, unconfirmed, refuted or entered-in-error."""
    struck = sure == "entered-in-error"
    return story.add(
        "AllergyIntolerance",
        name,
        clinicalStatus=None if struck else _state("allergyintolerance-clinical", state),
        verificationStatus=_state("allergyintolerance-verification", sure),
        code=concept(SNOMED, *code),
        patient=story.subject,
        recordedDate=story.day(1500),
        recorder=reference("Practitioner", DOCTOR, "Dr. Lee"),
        reaction=[{"manifestation": [words(reaction)], "severity": severity}] if reaction else None,
    )


def shot(story: Story, name: str, code: tuple[str, str], days_ago: int, *, refused: str = "") -> Resource:
    """An immunization that was given; `refused`: it was not, and why."""
    return story.add(
        "Immunization",
        name,
        status="not-done" if refused else "completed",
        statusReason=words(refused) if refused else None,
        vaccineCode=concept(CVX, *code),
        patient=story.subject,
        occurrenceDateTime=story.day(days_ago),
        primarySource=True,
        lotNumber=None if refused else f"LOT-{days_ago:04d}",
        performer=[{"actor": reference("Organization", CLINIC, "Fairhaven Clinic")}],
    )


def procedure(
    story: Story,
    name: str,
    code: tuple[str, str],
    when: str,
    *,
    why: str = "",
    status: str = "completed",
    doctor: str = "Dr. Lee",
) -> Resource:
    """Something that was done; `when` is a FHIR date and may be partial."""
    return story.add(
        "Procedure",
        name,
        status=status,
        code=concept(SNOMED, *code),
        subject=story.subject,
        performedDateTime=when,
        performer=[{"actor": {"display": doctor}}],
        reasonCode=[words(why)] if why else None,
    )


def relative(
    story: Story, who: str, conditions: tuple[tuple[str, int | None], ...], *, died_at: int | None = None
) -> Resource:
    """A relative's health: (what, at which age it began); `died_at`: the age at death."""
    return story.add(
        "FamilyMemberHistory",
        f"family-{who.lower()}",
        status="completed",
        patient=story.subject,
        date=story.at(173, "09:15"),
        relationship=concept(ROLE, who, RELATIVES[who]),
        deceasedAge=_years(died_at) if died_at is not None else None,
        condition=[
            {"code": words(what)} | ({"onsetAge": _years(age)} if age is not None else {}) for what, age in conditions
        ],
    )


def _years(count: int) -> Resource:
    return {"value": count, "unit": "years", "system": "http://unitsofmeasure.org", "code": "a"}


def device(story: Story, name: str, kind: tuple[str, str], model: str, made_days_ago: int) -> Resource:
    """A device that the person has, in the body or at home."""
    return story.add(
        "Device",
        name,
        status="active",
        type=concept(SNOMED, *kind),
        deviceName=[{"name": model, "type": "user-friendly-name"}],
        manufacturer="Invented Devices",
        manufactureDate=story.day(made_days_ago),
        patient=story.subject,
        owner=reference("Organization", CLINIC, "Fairhaven Clinic"),
    )


def cover(story: Story, plan: str, insurer: str, since_days_ago: int, *, holder: str = "") -> Resource:
    """A health plan; `holder`: whose plan it is when it is not the person's own."""
    return story.add(
        "Coverage",
        "cover",
        status="active",
        type=words(plan),
        subscriber={"display": holder} if holder else story.subject,
        beneficiary=story.subject,
        relationship={"text": "Child" if holder else "Self"},
        period={"start": story.day(since_days_ago)},
        payor=[{"display": insurer}],
    )
