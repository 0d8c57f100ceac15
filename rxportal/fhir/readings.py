"""The numbers of an Observation that can be drawn: its own value and its components', one analyte and one unit each."""

from __future__ import annotations

from dataclasses import dataclass

from rxportal.fhir.names import analyte, test_name
from rxportal.fhir.numbers import as_float
from rxportal.fhir.shapes import Json, obj
from rxportal.fhir.values import components, flag_of, value_of


@dataclass(frozen=True)
class Number:
    """One point of a trend. A series is one `analyte` in one `unit`; `low` and `high` are in that unit."""

    analyte: str
    name: str
    unit: str
    value: float
    display: str
    low: float | None
    high: float | None
    flag: str


def numbers(observation: Json) -> tuple[Number, ...]:
    """What can be drawn of an Observation; a value with a comparator ("<5") is no point on a line."""
    return tuple(found for part in (observation, *components(observation)) if (found := _number(part)))


def _number(part: Json) -> Number | None:
    sent = obj(part.get("valueQuantity"))
    value = as_float(sent.get("value", part.get("valueInteger", part.get("valueDecimal"))))
    if value is None or sent.get("comparator"):
        return None
    shown = value_of(part)
    flag, usual = flag_of(part)
    same = usual.unit == shown.unit
    return Number(
        analyte(part.get("code"))[:300], test_name(part.get("code"))[:300], shown.unit[:60], value, shown.value[:60],
        usual.low if same else None, usual.high if same else None, flag.text[:60],
    )  # fmt: skip


def flagged(observation: Json) -> tuple[int, int]:
    """(how many values an Observation carries, how many of them are flagged as out of the ordinary)."""
    parts = [part for part in (observation, *components(observation)) if value_of(part).text]
    return len(parts), sum(flag_of(part)[0].abnormal for part in parts)
