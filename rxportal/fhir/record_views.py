"""Which words belong to which kind of record."""

from __future__ import annotations

from collections.abc import Callable

from rxportal.fhir.care_view import care_plan, care_team, goal
from rxportal.fhir.done_view import imaging, immunization, procedure
from rxportal.fhir.life_view import family, life, questions
from rxportal.fhir.money_view import bill, claim, coverage, eligibility
from rxportal.fhir.person_view import patient, related
from rxportal.fhir.problem_view import allergy, condition
from rxportal.fhir.shapes import Json, text
from rxportal.fhir.thing_view import anything, device, message, order
from rxportal.fhir.told import Reader, Told

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
    "Patient": patient,
    "RelatedPerson": related,
}


def told(resource: Json, read: Reader) -> Told:
    """A record in words, whatever its kind."""
    return VIEWS.get(text(resource.get("resourceType")), anything)(resource, read)
