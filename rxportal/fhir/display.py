"""How clinical facts read on a page: one place to import from; the rules are in the modules beside it."""

from __future__ import annotations

from rxportal.fhir.dates import date_words, period_words, starts_at, time_words
from rxportal.fhir.names import person_name, resource_name, test_name, tidy
from rxportal.fhir.numbers import number
from rxportal.fhir.ranges import Flag, Range, reference_range, sent_flag
from rxportal.fhir.units import unit
from rxportal.fhir.values import Shown, absent_reason, blood_pressure, flag_of, observation_value, value_of

__all__ = [
    "Flag",
    "Range",
    "Shown",
    "absent_reason",
    "blood_pressure",
    "date_words",
    "flag_of",
    "number",
    "observation_value",
    "period_words",
    "person_name",
    "reference_range",
    "resource_name",
    "sent_flag",
    "starts_at",
    "test_name",
    "tidy",
    "time_words",
    "unit",
    "value_of",
]
