"""Which kinds of record stand in which part of the record page, in the order of the page."""

from __future__ import annotations

from dataclasses import dataclass

from rxportal.core.text import _
from rxportal.models.records import Section

FEW, MANY = 5, 25
#: Parts that are made of other rows than items.
VITALS, DOCUMENTS = "vitals", "documents"
DETAILS = "details"


@dataclass(frozen=True)
class Place:
    """One part of the page. `kinds`: resource types; `of`: the sections of a grant that open it.

    `at_first`: how many stand there before "Show all"; `together`: the same thing at several times is one item;
    `always`: it stands on the page also when it is empty, because its absence would be read as an answer.
    """

    name: str
    title: str
    kinds: frozenset[str]
    of: frozenset[Section]
    at_first: int = FEW
    together: bool = False
    always: bool = False
    intro: str = ""
    past: str = ""
    href: str = ""
    href_words: str = ""


def _place(name: str, title: str, kinds: str, *sections: Section, **more: object) -> Place:
    return Place(name, title, frozenset(kinds.split()), frozenset(sections), **more)  # type: ignore[arg-type]


S = Section
PLACES: tuple[Place, ...] = (
    _place(
        "allergies", _("Allergies"), "AllergyIntolerance", S.ALLERGIES,
        at_first=MANY, together=True, always=True, past=_("No longer active"),
    ),
    _place(
        "conditions", _("Health conditions"), "Condition", S.CONDITIONS,
        at_first=MANY, together=True, always=True, past=_("In the past"),
    ),
    _place(VITALS, _("Vital signs"), "", S.VITALS),
    _place(
        "shots", _("Shots"), "Immunization ImmunizationEvaluation ImmunizationRecommendation", S.IMMUNIZATIONS, S.OTHER,
        together=True, always=True,
    ),
    _place("procedures", _("Procedures and pictures"), "Procedure ImagingStudy", S.PROCEDURES, S.RESULTS,
           together=True, always=True),
    _place("care-team", _("Care team"), "CareTeam", S.CARE_TEAM, at_first=MANY, past=_("Earlier teams")),
    _place("care-plans", _("Care plans"), "CarePlan", S.CARE_PLANS, past=_("Completed plans")),
    _place("goals", _("Goals"), "Goal", S.CARE_PLANS, past=_("Earlier goals")),
    _place("visits", _("Visits"), "Encounter", S.VISITS, at_first=3, href="/appointments",
           href_words=_("All visits and appointments")),
    _place(DOCUMENTS, _("Notes and documents"), "", S.DOCUMENTS),
    _place("family", _("Family history"), "FamilyMemberHistory", S.HISTORY, at_first=MANY),
    _place(
        "life", _("Daily life and other answers"), "Observation QuestionnaireResponse", S.HISTORY, S.OTHER,
        together=True, intro=_("Answers about smoking, home, work and the like."),
    ),
    _place("devices", _("Devices"), "Device DeviceUseStatement DeviceRequest", S.OTHER, past=_("Not in use")),
    _place("orders", _("Orders and referrals"), "ServiceRequest", S.OTHER, past=_("Done or taken back")),
    _place("messages", _("Messages between organizations"), "Communication CommunicationRequest", S.MESSAGES, S.OTHER),
    _place(
        "insurance", _("Insurance"), "Coverage CoverageEligibilityRequest CoverageEligibilityResponse", S.BILLS,
        past=_("Earlier insurance"),
    ),
    _place(
        "claims", _("Claims and bills"),
        "Claim ClaimResponse ExplanationOfBenefit Account Invoice ChargeItem PaymentNotice PaymentReconciliation",
        S.BILLS, S.OTHER,
        intro=_("What visits cost and what the insurance decided, as it was sent. Nothing here asks you to pay."),
    ),
    _place(DETAILS, _("Personal details"), "Patient RelatedPerson", S.PROFILE, at_first=MANY),
)  # fmt: skip
OTHER = _place("other", _("Other records"), "AppointmentResponse Provenance", S.OTHER, S.APPOINTMENTS)

#: Kinds that stand on a page of their own, or inside what carries them.
ELSEWHERE = frozenset({
    "Appointment", "DiagnosticReport", "Specimen", "Medication", "MedicationRequest",
    "MedicationDispense", "MedicationStatement", "MedicationAdministration", "DocumentReference", "Composition",
    "Consent", "Media", "Binary",
})  # fmt: skip
#: Sections whose records never stand here, but for the kinds named in a place.
OTHER_PAGES = frozenset({S.RESULTS, S.MEDICINES, S.VITALS, S.APPOINTMENTS, S.DOCUMENTS, S.SHARED})
BY_KIND = {kind: place for place in (*PLACES, OTHER) for kind in place.kinds}


def place_of(resource_type: str) -> Place | None:
    """Where a kind of record stands on this page; None for kinds of other pages."""
    if resource_type in ELSEWHERE:
        return None
    return BY_KIND.get(resource_type, OTHER)
