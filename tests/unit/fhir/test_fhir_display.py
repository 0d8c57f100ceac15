"""How clinical facts read: numbers, units, dates, values, ranges and flags."""

from __future__ import annotations

import math
from datetime import UTC, datetime
from decimal import Decimal
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rxportal.fhir.dates import date_words, period_words, starts_at, time_words
from rxportal.fhir.names import person_name, test_name, tidy
from rxportal.fhir.numbers import number
from rxportal.fhir.units import SPELLINGS, unit
from rxportal.fhir.values import flag_of, observation_value
from tests.samples import ANY_JSON, ANY_OBJECT, observation, quantity

test_name.__test__ = False  # type: ignore[attr-defined]
PACIFIC = ZoneInfo("America/Los_Angeles")


@pytest.mark.parametrize(
    ("sent", "unit_text", "code", "shown"),
    [
        ("80.09083821514852", "mg/dL", "2339-0", "80"),
        ("61.22726036342526", "cm", "8302-2", "61.2"),
        ("7.20", "ng/dL", "", "7.20"),
        ("1.0", "", "", "1.0"),
        ("0.00651234567", "kU/L", "", "0.00651"),
        ("1.0213456789", "", "5811-5", "1.021"),
        ("0.004321", "mg/dL", "2339-0", "0.0043"),
        ("137.94", "mmol/L", "2947-0", "138"),
        ("0", "mg/dL", "2339-0", "0"),
        ("-0.001", "°C", "", "-0.001"),
        ("1e-3", "", "", "0.001"),
        ("12345678901", "", "", "12345678901"),
        ("1e40", "", "", "1.00×10⁴⁰"),
        ("-2.5e-30", "", "", "-2.50×10⁻³⁰"),
    ],
)
def test_a_number_reads_with_the_precision_of_its_kind(sent: str, unit_text: str, code: str, shown: str) -> None:
    assert number(Decimal(sent), unit_text, code) == shown


@given(st.floats(allow_nan=False, allow_infinity=False), st.sampled_from(sorted(set(SPELLINGS.values()))))
def test_no_number_is_longer_than_a_person_reads(value: float, unit_text: str) -> None:
    shown = number(Decimal(repr(value)), unit_text)
    assert len(shown) <= 24
    if value and 1e-3 < abs(value) < 1e9:
        assert math.isclose(float(shown), value, rel_tol=0.5, abs_tol=0.5)


@given(ANY_JSON)
def test_a_number_of_any_shape_is_text(value: object) -> None:
    assert isinstance(number(value), str)


@pytest.mark.parametrize(
    ("written", "code", "shown"),
    [
        ("mg/dl", "", "mg/dL"), ("MG/DL", "", "mg/dL"), ("", "mm[Hg]", "mmHg"), ("mmHg", "mm[Hg]", "mmHg"),
        ("10*3/uL", "10*3/uL", "×10³/µL"), ("K/uL", "", "×10³/µL"), ("x10^9/L", "", "×10³/µL"),
        ("mL/min/{1.73_m2}", "", "mL/min/1.73 m²"), ("mcg/mL", "", "µg/mL"), ("ug/mL", "", "µg/mL"),
        ("\u03bcg/mL", "", "µg/mL"),
        ("{score}", "{score}", ""), ("Cel", "Cel", "°C"), ("beats/min", "/min", "per minute"), ("%O2", "%", "%"),
        ("furlongs", "", "furlongs"), ("", "{puffs}", "{puffs}"), ("", "", ""),
    ],
)  # fmt: skip
def test_units_have_one_spelling(written: str, code: str, shown: str) -> None:
    assert unit(written, code) == shown


@pytest.mark.parametrize(
    ("sent", "shown"),
    [
        ("2019", "2019"), ("2019-05", "May 2019"), ("2019-05-07", "7 May 2019"),
        ("2019-05-07T02:00:00Z", "6 May 2019"), ("2019-05-07T02:00:00.123+00:00", "6 May 2019"),
        ("2019-13", "2019-13"), ("spring 2019", "spring 2019"), ("", ""), ("0001-01-01T00:00:00+14:00", "1 Jan 1"),
    ],
)  # fmt: skip
def test_a_date_is_as_partial_as_it_was_sent(sent: str, shown: str) -> None:
    assert date_words(sent, PACIFIC) == shown


def test_times_are_told_where_the_practice_is() -> None:
    assert time_words("2020-07-01T16:05:00Z", PACIFIC) == "1 Jul 2020, 9:05 am"
    assert starts_at("2019-05", PACIFIC) == datetime(2019, 5, 1, 7, tzinfo=UTC)
    assert period_words({"start": "2019-05", "end": "2019-06-02"}) == "May 2019 to 2 Jun 2019"


@given(st.text(max_size=40))
def test_any_text_may_stand_where_a_date_belongs(sent: str) -> None:
    assert isinstance(date_words(sent, PACIFIC), str)
    starts_at(sent, PACIFIC)


PRESSURE = {
    "component": [
        {"code": {"coding": [{"code": "8462-4"}]}, "valueQuantity": quantity(82, "mm[Hg]")},
        {"code": {"coding": [{"code": "8480-6"}]}, "valueQuantity": quantity(128.4, "mmHg")},
    ]
}


@pytest.mark.parametrize(
    ("value", "shown"),
    [
        ({"valueQuantity": quantity(80.09083821514852)}, "80 mg/dL"),
        ({"valueQuantity": quantity(5, comparator="<")}, "< 5 mg/dL"),
        ({"valueQuantity": quantity(5.61, "%"), "code": {"text": "A1c"}}, "5.61%"),
        ({"valueQuantity": quantity(5.612345, "%"), "code": {"text": "A1c"}}, "5.6%"),
        ({"valueQuantity": [quantity(7)]}, "7 mg/dL"),
        ({"valueQuantity": "7"}, "7"),
        ({"valueCodeableConcept": {"coding": [{"display": "Cloudy urine (finding)"}]}}, "Cloudy urine"),
        ({"valueCodeableConcept": {"coding": [{"code": "LA6576-8"}]}}, "LA6576-8"),
        ({"valueString": "Not seen"}, "Not seen"),
        ({"valueBoolean": True}, "Yes"),
        ({"valueBoolean": False}, "No"),
        ({"valueInteger": 0}, "0"),
        ({"valueRange": {"low": quantity(1), "high": quantity(3)}}, "1–3 mg/dL"),
        ({"valueRange": {"low": quantity(1)}}, "1 or more mg/dL"),
        ({"valueRatio": {"numerator": {"value": 1}, "denominator": {"value": 128}}}, "1:128"),
        ({"valueRatio": {"numerator": quantity(3, "mg"), "denominator": quantity(1, "g")}}, "3 mg / 1 g"),
        ({"valueSampledData": {"data": "1 2 3"}}, "A series of 3 measurements"),
        ({"valueTime": "14:05:00"}, "2:05 pm"),
        ({"valueDateTime": "2019-05"}, "May 2019"),
        ({"valuePeriod": {"start": "2019"}}, "since 2019"),
        ({"valueMoney": {"amount": 3, "currency": "USD"}}, "3 USD"),
        ({"dataAbsentReason": {"coding": [{"code": "asked-declined"}]}}, "Asked, no answer given"),
        ({"dataAbsentReason": {"text": "Sample clotted"}}, "Sample clotted"),
        ({}, "No value was sent"),
        (PRESSURE, "128/82 mmHg"),
        ({"component": [{"code": {"text": "Color"}, "valueString": "red"}, {"code": {"text": "Smell"}}]},
         "Color: red; Smell: No value was sent"),
    ],
)  # fmt: skip
def test_every_value_reads_in_words(value: dict[str, object], shown: str) -> None:
    assert observation_value(observation() | value).text == shown


@given(ANY_OBJECT)
def test_an_observation_of_any_shape_reads_as_text(resource: dict[str, object]) -> None:
    shown = observation_value(resource)
    assert shown.text
    assert "\x00" not in shown.text
    assert shown.text.encode()
    flag_of(resource)


@pytest.mark.parametrize(
    ("more", "flag", "tone", "usual"),
    [
        ({"referenceRange": [{"low": quantity(70), "high": quantity(99)}]}, "High", "look", "70–99"),
        ({"referenceRange": [{"high": quantity(200)}]}, "Normal", "good", "up to 200"),
        ({"referenceRange": [{"low": quantity(150)}]}, "Low", "look", "150 or more"),
        ({"referenceRange": [{"text": "Negative"}]}, "", "", "Negative"),
        ({"referenceRange": [{"low": quantity(1, "g/dL")}]}, "", "", "1 or more g/dL"),
        ({"referenceRange": [
            {"low": quantity(10), "high": quantity(20), "appliesTo": [{"text": "women"}]},
            {"low": quantity(12), "high": quantity(22), "appliesTo": [{"text": "men"}]},
        ]}, "", "", "women: 10–20; men: 12–22"),
        ({"interpretation": [{"coding": [{"code": "HH"}]}]}, "Critical high", "act", ""),
        ({"interpretation": {"coding": [{"code": "L"}]}}, "Low", "look", ""),
        ({"interpretation": [{"text": "Abnormal"}]}, "Abnormal", "look", ""),
        ({"interpretation": "POS"}, "Positive", "look", ""),
        ({"interpretation": [{"coding": [{"code": "N"}]}, {"coding": [{"code": "A"}]}]}, "Abnormal", "look", ""),
    ],
)  # fmt: skip
def test_flags_are_words_and_ranges_may_be_one_sided(more: dict[str, object], flag: str, tone: str, usual: str) -> None:
    found, told = flag_of(observation(valueQuantity=quantity(120), **more))
    assert (found.text, found.tone, told.text) == (flag, tone, usual)


def test_a_value_below_what_can_be_measured_is_flagged_only_where_that_is_certain() -> None:
    low = {"referenceRange": [{"low": quantity(10), "high": quantity(20)}]}
    assert flag_of(observation(valueQuantity=quantity(5, comparator="<"), **low))[0].text == "Low"
    assert flag_of(observation(valueQuantity=quantity(15, comparator="<"), **low))[0].text == ""
    assert flag_of(observation(valueQuantity=quantity(25, comparator=">"), **low))[0].text == "High"


def test_names_come_from_whatever_was_sent() -> None:
    assert person_name([{"use": "old", "family": "Was"}, {"family": "Is", "given": ["Now", "A."]}]) == "Now A. Is"
    assert person_name({"text": "Dr. Whole"}) == "Dr. Whole"
    assert person_name([{"family": ["Two", "Parts"], "prefix": "Dr."}]) == "Dr. Two Parts"
    assert person_name([{"family": "Plain", "prefix": ["Mr."]}], titles=False) == "Plain"
    assert person_name(None) == ""
    assert tidy("Hemoglobin [Mass/volume] in Blood") == "Hemoglobin in Blood"
    assert tidy("Leukocytes [#/volume] in Blood by Automated count") == "Leukocytes in Blood"
    assert test_name({"text": "heart_rate", "coding": [{"display": "Heart rate"}]}) == "Heart rate"
    assert test_name(None) == "Test without a name"
