"""The real records that nobody of this project wrote, and JSON as hostile as it comes."""

from __future__ import annotations

import os
from decimal import Decimal
from pathlib import Path
from random import Random
from typing import Any

import pytest
from hypothesis import strategies as st

ROOT = Path(__file__).resolve().parent.parent
SAMPLES = Path(os.environ.get("RXPORTAL_SAMPLES") or ROOT.parent / "shared" / "data")
FHIR = SAMPLES / "fhir"
FILES = sorted(path for path in FHIR.glob("*/*.json")) if FHIR.is_dir() else []
needs_samples = pytest.mark.skipif(not FILES, reason=f"no sample records in {FHIR} (set RXPORTAL_SAMPLES)")

KEYS = (
    "resourceType", "id", "status", "code", "coding", "system", "display", "text", "value", "unit", "valueQuantity",
    "valueCodeableConcept", "valueString", "valueBoolean", "valueInteger", "valueRange", "valueRatio",
    "valueSampledData", "valueTime", "valueDateTime", "valuePeriod", "component", "dataAbsentReason",
    "interpretation", "referenceRange", "low", "high", "category", "subject", "patient", "reference", "meta",
    "security", "versionId", "lastUpdated", "name", "given", "family", "effectiveDateTime", "issued", "performer",
    "result", "contained", "presentedForm", "data", "contentType", "comparator", "numerator", "denominator",
    "start", "end", "note", "div", "identifier", "attachment", "appliesTo", "age", "type", "specimen", "conclusion",
    "hasMember", "content", "series", "modality", "medicationReference",
)  # fmt: skip
SCALARS = st.one_of(
    st.none(), st.booleans(), st.integers(-(10**40), 10**40), st.decimals(allow_nan=False, allow_infinity=False),
    st.text(max_size=30),
    st.sampled_from(["final", "2019-05", "8480-6", "mg/dL", "Patient/1", "#a", "H", "urn:uuid:1", "AAAA", "\ud800"]),
    st.just("\x00"),
)  # fmt: skip
ANY_JSON: st.SearchStrategy[Any] = st.recursive(
    SCALARS,
    lambda inner: st.one_of(
        st.lists(inner, max_size=4),
        st.dictionaries(st.one_of(st.sampled_from(KEYS), st.text(max_size=5)), inner, max_size=8),
    ),
    max_leaves=25,
)
ANY_OBJECT = st.dictionaries(st.sampled_from(KEYS), ANY_JSON, max_size=14)


def quantity(value: Any, unit: str = "mg/dL", **more: Any) -> dict[str, Any]:
    """A Quantity; a float becomes the decimal that JSON would carry."""
    return {"value": Decimal(repr(value)) if isinstance(value, float) else value, "unit": unit, **more}


def observation(code: str = "2339-0", display: str = "Glucose", **more: Any) -> dict[str, Any]:
    """A final laboratory Observation of Patient/p1."""
    return {
        "resourceType": "Observation",
        "id": "o1",
        "status": "final",
        "category": [{"coding": [{"code": "laboratory"}]}],
        "code": {"coding": [{"system": "http://loinc.org", "code": code, "display": display}]},
        "subject": {"reference": "Patient/p1"},
        "effectiveDateTime": "2020-03-01T08:00:00Z",
        "issued": "2020-03-01T12:00:00Z",
        **more,
    }


ODD = (
    None, True, 0, -1, 10**30, 1.5, 1e300, "", "final", "2019-05", "9999-12-31T23:59:59-12:00", "Patient/1", "#a",
    "urn:uuid:1", "AAAA", "\ud800", "\x00", "<b>x</b>", "mg/dL", "H", "x" * 3000,
)  # fmt: skip


def any_json(chance: Random, depth: int) -> dict[str, Any]:
    """An object of FHIR's own words in no order at all."""

    def value(left: int) -> Any:
        shape = chance.random()
        if left and shape < 0.4:
            return any_json(chance, left - 1)
        if left and shape < 0.6:
            return [value(left - 1) for _ in range(chance.randrange(3))]
        return chance.choice(ODD)

    return {chance.choice((*KEYS, "\x00")): value(depth) for _ in range(chance.randrange(9))}
