"""Which words belong to which kind of record."""

from __future__ import annotations

from collections.abc import Callable

from rxportal.core.text import _
from rxportal.fhir.care_view import care_plan, care_team, goal
from rxportal.fhir.done_view import imaging, immunization, procedure
from rxportal.fhir.life_view import family, life, questions
from rxportal.fhir.money_view import bill, claim, coverage, eligibility
from rxportal.fhir.person_view import patient, related
from rxportal.fhir.problem_view import allergy, condition
from rxportal.fhir.shapes import Json, text
from rxportal.fhir.thing_view import anything, device, message, order
from rxportal.fhir.told import Reader, Told, listed, pairs
from rxportal.fhir.visit_view import visit_facts


def visit(resource: Json, read: Reader) -> Told:
    """A visit, as short as a line of the record needs it; the rest stands on the visit's own page."""
    facts = visit_facts(resource, zone=read.zone, names=read.names)
    return Told(
        title=facts.title,
        when=read.day(facts.start),
        who=listed(facts.people) or facts.provider,
        facts=pairs((_("Why"), listed(facts.reasons))),
    )


VIEWS: dict[str, Callable[[Json, Reader], Told]] = {
    "AllergyIntolerance": allergy,
    "Condition": condition,
    "Immunization": immunization,
    "Procedure": procedure,
    "ImagingStudy": imaging,
    "CareTeam": care_team,
    "CarePlan": care_plan,
    "Goal": goal,
    "FamilyMemberHistory": family,
    "Observation": life,
    "QuestionnaireResponse": questions,
    "Device": device,
    "Communication": message,
    "CommunicationRequest": message,
    "ServiceRequest": order,
    "Coverage": coverage,
    "CoverageEligibilityRequest": eligibility,
    "CoverageEligibilityResponse": eligibility,
    "Claim": claim,
    "ClaimResponse": claim,
    "ExplanationOfBenefit": claim,
    "Account": bill,
    "Invoice": bill,
    "ChargeItem": bill,
    "PaymentNotice": bill,
    "PaymentReconciliation": bill,
    "Encounter": visit,
    "Patient": patient,
    "RelatedPerson": related,
}


def told(resource: Json, read: Reader) -> Told:
    """A record in words, whatever its kind."""
    return VIEWS.get(text(resource.get("resourceType")), anything)(resource, read)
