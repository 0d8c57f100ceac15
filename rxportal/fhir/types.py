"""What of each resource type goes where: one line per type, near-valid input allowed for by the readers of these paths.

Types that are not listed are kept whole as JSON in the section OTHER, with what `DEFAULT` finds in them.
Source: HL7 FHIR R4 (4.0.1), the element tables of each resource.
"""

from __future__ import annotations

from dataclasses import dataclass

from rxportal.models.records import Section

S = Section
PEOPLE = ("performer", "recorder", "requester", "author", "participant.individual", "provider", "sender", "asserter")
ANY_TITLE = ("code", "type", "title", "name", "description", "category", "serviceType")
ANY_DATE = (
    "occurrenceDateTime",
    "period.start",
    "date",
    "authoredOn",
    "created",
    "recorded",
    "start",
    "sent",
    "issued",
)
ANY_PATIENT = ("subject", "patient", "beneficiary", "individual", "for")


@dataclass(frozen=True)
class Shape:
    """Where to find a type's title, date, patient and author; dotted paths, the first that holds something wins."""

    section: Section
    title: tuple[str, ...] = ANY_TITLE
    date: tuple[str, ...] = ANY_DATE
    patient: tuple[str, ...] = ANY_PATIENT
    author: tuple[str, ...] = PEOPLE
    status: tuple[str, ...] = ("status",)
    category: tuple[str, ...] = ("category",)
    ordered: tuple[str, ...] = ("authoredOn",)


DEFAULT = Shape(S.OTHER)
VERIFIED = ("verificationStatus", "clinicalStatus", "status")
MEDICINE = ("medicationCodeableConcept", "medicationReference.display", "medication", "code")
BILL_DATE = ("billablePeriod.start", "created")

SHAPES: dict[str, Shape] = {
    # people and places
    "Patient": Shape(S.PROFILE, title=("name",), date=("birthDate",), patient=(), author=("generalPractitioner",)),
    "RelatedPerson": Shape(S.PROFILE, title=("name", "relationship"), date=("period.start",)),
    "Practitioner": Shape(S.SHARED, title=("name",), patient=()),
    "PractitionerRole": Shape(S.SHARED, title=("practitioner.display", "code", "specialty"), patient=()),
    "Organization": Shape(S.SHARED, title=("name", "type"), patient=()),
    "Location": Shape(S.SHARED, title=("name", "description", "type"), patient=()),
    "HealthcareService": Shape(S.SHARED, title=("name", "type"), patient=()),
    "Medication": Shape(S.SHARED, title=("code", "ingredient.itemCodeableConcept"), patient=()),
    "Substance": Shape(S.SHARED, patient=()),
    # results
    "Observation": Shape(S.RESULTS, title=("code",), date=("effectiveDateTime", "issued")),
    "DiagnosticReport": Shape(S.RESULTS, title=("code",), date=("effectiveDateTime", "issued")),
    "ImagingStudy": Shape(S.RESULTS, title=("description", "procedureCode", "series.bodySite"), date=("started",)),
    "Specimen": Shape(S.RESULTS, title=("type",), date=("collection.collectedDateTime", "receivedTime")),
    "Media": Shape(
        S.RESULTS, title=("content.title", "type"), date=("createdDateTime", "createdPeriod.start", "issued")
    ),
    # history
    "Condition": Shape(
        S.CONDITIONS,
        title=("code",),
        date=("onsetDateTime", "onsetPeriod.start", "recordedDate", "onsetString"),
        status=VERIFIED,
        author=("asserter", "recorder"),
    ),
    "AllergyIntolerance": Shape(
        S.ALLERGIES,
        title=("code", "reaction.substance"),
        date=("onsetDateTime", "recordedDate"),
        status=VERIFIED,
        author=("recorder", "asserter"),
    ),
    "FamilyMemberHistory": Shape(S.HISTORY, title=("condition.code", "relationship"), date=("date",)),
    "Procedure": Shape(
        S.PROCEDURES,
        title=("code",),
        date=("performedDateTime", "performedPeriod.start", "performedString"),
        author=("performer.actor", "recorder"),
    ),
    "Immunization": Shape(
        S.IMMUNIZATIONS,
        title=("vaccineCode",),
        date=("occurrenceDateTime", "occurrenceString", "recorded"),
        author=("performer.actor", "location"),
    ),
    # medicines
    "MedicationRequest": Shape(S.MEDICINES, title=MEDICINE, date=("authoredOn",), author=("requester", "recorder")),
    "MedicationDispense": Shape(
        S.MEDICINES, title=MEDICINE, date=("whenHandedOver", "whenPrepared"), author=("performer.actor",)
    ),
    "MedicationStatement": Shape(
        S.MEDICINES, title=MEDICINE, date=("effectiveDateTime", "effectivePeriod.start", "dateAsserted")
    ),
    "MedicationAdministration": Shape(
        S.MEDICINES, title=MEDICINE, date=("effectiveDateTime", "effectivePeriod.start"), author=("performer.actor",)
    ),
    # visits, plans, people around
    "Encounter": Shape(
        S.VISITS, title=("type", "reasonCode", "class"), date=("period.start",), author=("participant.individual",)
    ),
    "CareTeam": Shape(
        S.CARE_TEAM, title=("name", "category"), date=("period.start",), author=("managingOrganization",)
    ),
    "CarePlan": Shape(
        S.CARE_PLANS, title=("title", "category", "description"), date=("period.start", "created"), author=("author",)
    ),
    "Goal": Shape(
        S.CARE_PLANS,
        title=("description",),
        date=("startDate", "statusDate", "target.dueDate"),
        status=("lifecycleStatus", "status"),
        author=("expressedBy",),
    ),
    "ServiceRequest": Shape(
        S.OTHER, title=("code", "orderDetail"), date=("authoredOn", "occurrenceDateTime"), author=("requester",)
    ),
    "Appointment": Shape(
        S.APPOINTMENTS,
        title=("serviceType", "appointmentType", "reasonCode", "description"),
        date=("start", "requestedPeriod.start", "created"),
        patient=("participant.actor", "subject", "patient"),
        author=(),
    ),
    "AppointmentResponse": Shape(S.APPOINTMENTS, title=("participantStatus",), date=("start",), patient=("actor",)),
    "Communication": Shape(
        S.MESSAGES,
        title=("topic", "reasonCode", "category"),
        date=("sent", "received"),
        patient=("subject", "recipient"),
        author=("sender",),
    ),
    "DocumentReference": Shape(
        S.DOCUMENTS,
        title=("type", "description", "content.attachment.title", "category"),
        date=("context.period.start", "date", "content.attachment.creation"),
        author=("author", "authenticator", "custodian"),
    ),
    "Composition": Shape(S.DOCUMENTS, title=("title", "type"), date=("date",), author=("author",)),
    "Consent": Shape(S.DOCUMENTS, title=("category", "scope"), date=("dateTime",)),
    "QuestionnaireResponse": Shape(S.OTHER, title=("questionnaire",), date=("authored",)),
    # money
    "Coverage": Shape(
        S.BILLS,
        title=("type", "payor.display"),
        date=("period.start",),
        patient=("beneficiary", "subscriber"),
        author=("payor",),
    ),
    "Claim": Shape(S.BILLS, title=("type", "item.productOrService"), date=BILL_DATE, author=("provider",)),
    "ClaimResponse": Shape(S.BILLS, title=("type", "disposition"), date=("created",), author=("insurer",)),
    "ExplanationOfBenefit": Shape(
        S.BILLS, title=("item.productOrService", "type"), date=BILL_DATE, author=("provider", "insurer")
    ),
    "CoverageEligibilityRequest": Shape(S.BILLS, title=("purpose",), date=("created",)),
    "CoverageEligibilityResponse": Shape(S.BILLS, title=("disposition", "purpose"), date=("created",)),
    "Account": Shape(S.BILLS, title=("name", "type"), date=("servicePeriod.start",)),
    "Invoice": Shape(S.BILLS, title=("type",), date=("date",)),
    "ChargeItem": Shape(S.BILLS, title=("code",), date=("occurrenceDateTime", "occurrencePeriod.start", "enteredDate")),
    # about other records
    "Provenance": Shape(
        S.OTHER,
        title=("activity", "reason"),
        date=("recorded", "occurredDateTime"),
        patient=("target", "patient"),
        author=("agent.who",),
    ),
    "Binary": Shape(S.OTHER, title=("contentType",), patient=("securityContext",)),
}

MODELLED = (frozenset(SHAPES) | {"Device", "DeviceRequest", "DeviceUseStatement"}) - {
    "Binary", "HealthcareService", "Substance", "Consent", "Media",
}  # fmt: skip
"""Types with a place of their own in the portal; the others are kept whole and counted as such."""

SHARED = frozenset(name for name, shape in SHAPES.items() if shape.section is Section.SHARED)
EVENT_STRUCK = "entered-in-error"


def shape_of(resource_type: str) -> Shape:
    """The shape of a type; `DEFAULT` for those we do not model."""
    return SHAPES.get(resource_type, DEFAULT)
