"""Code systems of FHIR R4 and the smallest pieces every resource of the demo practice is made of."""

from __future__ import annotations

from typing import Any

Resource = dict[str, Any]

LOINC = "http://loinc.org"
SNOMED = "http://snomed.info/sct"
RXNORM = "http://www.nlm.nih.gov/research/umls/rxnorm"
CVX = "http://hl7.org/fhir/sid/cvx"
ICD10 = "http://hl7.org/fhir/sid/icd-10-cm"
DICOM = "http://dicom.nema.org/resources/ontology/DCM"
UCUM = "http://unitsofmeasure.org"
SERVICE = "http://terminology.hl7.org/CodeSystem/v2-0074"
OBSERVATION_CATEGORY = "http://terminology.hl7.org/CodeSystem/observation-category"
INTERPRETATION = "http://terminology.hl7.org/CodeSystem/v3-ObservationInterpretation"
CLINICAL = "http://terminology.hl7.org/CodeSystem"


def coding(system: str, code: str, display: str) -> Resource:
    """A FHIR Coding."""
    return {"system": system, "code": code, "display": display}


def concept(system: str, code: str, display: str) -> Resource:
    """A CodeableConcept of one coding, with the same words as its text."""
    return {"coding": [coding(system, code, display)], "text": display}


def words(text: str) -> Resource:
    """A CodeableConcept that is only words, as organizations send them often."""
    return {"text": text}


def reference(kind: str, name: str, display: str = "") -> Resource:
    """A reference to another resource of the same bundle, by type and id."""
    target: Resource = {"reference": f"{kind}/{name}"}
    if display:
        target["display"] = display
    return target
