"""Every value[x] of an Observation as words: what was measured, or why there is nothing."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, tzinfo
from typing import Any

from rxportal.core.text import _
from rxportal.fhir.dates import period_words, time_words
from rxportal.fhir.names import loinc, reference_name, test_name, tidy
from rxportal.fhir.numbers import decimal, number
from rxportal.fhir.ranges import Flag, Range, bounds, computed_flag, reference_range, sent_flag
from rxportal.fhir.shapes import Json, codings, concept, items, obj, path, text
from rxportal.fhir.units import unit as spelled


@dataclass(frozen=True)
class Shown:
    """A value in words. `text` is the whole of it ("80 mg/dL"); `unit` is empty where there is none."""

    value: str = ""
    unit: str = ""
    text: str = ""


ABSENT = {
    "unknown": _("Not known"), "asked-unknown": _("Asked, not known"), "temp-unknown": _("Not known yet"),
    "not-asked": _("Not asked"), "asked-declined": _("Asked, no answer given"), "masked": _("Kept private"),
    "not-applicable": _("Doesn’t apply"), "unsupported": _("Not recorded"), "as-text": _("See the text"),
    "error": _("Could not be measured"), "not-a-number": _("Could not be measured"),
    "negative-infinity": _("Too low to measure"), "positive-infinity": _("Too high to measure"),
    "not-performed": _("Not done"), "not-permitted": _("Not allowed to be shared"),
}  # fmt: skip
COMPARATORS = {"<": "<", "<=": "≤", ">=": "≥", ">": ">", "ad": "="}
SYSTOLIC = {"8480-6", "271649006", "8459-0", "8461-6"}
DIASTOLIC = {"8462-4", "271650006", "8453-3", "8455-8"}


def joined(value: str, unit: str) -> str:
    """Value and unit as they are read: "80 mg/dL", "5.6%"."""
    if not unit or not value:
        return value
    return f"{value}%" if unit == "%" else f"{value} {unit}"


def quantity(value: Any, code: str = "") -> Shown:
    """A Quantity: comparator, number to its precision, unit in one spelling."""
    if isinstance(value, (str, int)) or not isinstance(value, (dict, list)):
        return _words(number(value, "", code))
    found = obj(value)
    unit = spelled(found.get("unit"), found.get("code"))
    digits = number(found.get("value"), unit, code)
    sign = COMPARATORS.get(text(found.get("comparator")), "")
    shown = f"{sign} {digits}" if sign and digits else digits
    return Shown(shown, unit if shown else "", joined(shown, unit)) if shown else _words(text(found.get("unit")))


def _words(shown: str) -> Shown:
    return Shown(shown, "", shown)


def _range(value: Any, code: str, _zone: tzinfo) -> Shown:
    found = obj(value)
    low, high = quantity(found.get("low"), code), quantity(found.get("high"), code)
    shown = bounds(low.value, high.value)
    unit = low.unit or high.unit
    return Shown(shown, unit, joined(shown, unit))


def _ratio(value: Any, code: str, _zone: tzinfo) -> Shown:
    found = obj(value)
    top, bottom = quantity(found.get("numerator"), code), quantity(found.get("denominator"), code)
    if not bottom.unit and not top.unit and bottom.text:
        return _words(f"{top.text}:{bottom.text}")
    return _words(" / ".join(part for part in (top.text, bottom.text) if part))


def _sampled(value: Any, _code: str, _zone: tzinfo) -> Shown:
    points = len(text(obj(value).get("data")).split())
    return _words(_("A series of {count} measurements").format(count=points) if points else "")


def _boolean(value: Any, _code: str, _zone: tzinfo) -> Shown:
    if isinstance(value, bool):
        return _words(_("Yes") if value else _("No"))
    return _words(text(value))


KINDS: dict[str, Callable[[Any, str, tzinfo], Shown]] = {
    "valueQuantity": lambda value, code, _zone: quantity(value, code),
    "valueCodeableConcept": lambda value, _code, _zone: _words(tidy(concept(value))),
    "valueString": lambda value, _code, _zone: _words(text(value)),
    "valueBoolean": _boolean,
    "valueInteger": lambda value, code, _zone: _words(number(value, "", code)),
    "valueDecimal": lambda value, code, _zone: _words(number(value, "", code)),
    "valueRange": _range,
    "valueRatio": _ratio,
    "valueSampledData": _sampled,
    "valueTime": lambda value, _code, _zone: _words(_clock(text(value))),
    "valueDateTime": lambda value, _code, zone: _words(time_words(value, zone)),
    "valuePeriod": lambda value, _code, zone: _words(period_words(value, zone)),
    "valueAttachment": lambda value, _code, _zone: _words(text(obj(value).get("title")) or _("A file")),
    "valueReference": lambda value, _code, _zone: _words(reference_name(value)),
}


def _clock(time: str) -> str:
    parts = time.split(":")
    if len(parts) < 2 or not all(part.isascii() and part.isdigit() for part in parts[:2]) or int(parts[0]) > 23:
        return time
    hour = int(parts[0])
    return f"{hour % 12 or 12}:{parts[1]} {'am' if hour < 12 else 'pm'}"


def value_of(resource: Json, zone: tzinfo = UTC) -> Shown:
    """The value[x] of an Observation or a component; an empty Shown where there is none of it."""
    code = loinc(resource.get("code"))
    for key in (*(key for key in KINDS if key in resource), *(key for key in resource if key not in KINDS)):
        if not key.startswith("value") or resource[key] is None:
            continue
        shown = KINDS[key](resource[key], code, zone) if key in KINDS else _words(_unknown(resource[key]))
        if shown.text:
            return shown
        if rest := _unknown(resource[key]):
            return _words(rest)
    return Shown()


def _unknown(value: Any) -> str:
    """An unforeseen shape as text: its words in the order they stand, at most a paragraph."""
    if concept(value):
        return concept(value)
    found: list[str] = []
    stack = [value]
    while stack and len(found) < 20:
        entry = stack.pop()
        if isinstance(entry, dict):
            stack.extend(
                reversed([inner for name, inner in entry.items() if name not in {"system", "url", "extension", "data"}])
            )
        elif isinstance(entry, list):
            stack.extend(reversed(entry))
        elif words := number(entry):
            found.append(words)
    return " ".join(found)[:500]


def absent_reason(resource: Json) -> str:
    """Why there is no value, in words; "" where nobody said."""
    reason = resource.get("dataAbsentReason") or path(resource, "valueQuantity.extension.valueCode")
    coded = next((ABSENT[c] for _s, c, _d in codings(reason) if c in ABSENT), "")
    return coded or concept(reason)


def components(resource: Json) -> list[Json]:
    """The components of an Observation, blood pressure's two left to `blood_pressure`."""
    return items(resource.get("component"))


def blood_pressure(resource: Json) -> Shown | None:
    """Systolic over diastolic as one reading, "128/82 mmHg"; absent when the components are not those two."""
    top, bottom = (_component(resource, codes) for codes in (SYSTOLIC, DIASTOLIC))
    if not (top or bottom):
        return None
    high, low = (value_of(part) if part else Shown() for part in (top, bottom))
    if not (high.text or low.text):
        return None
    pair = f"{high.value or '–'}/{low.value or '–'}"
    unit = high.unit or low.unit or "mmHg"
    return Shown(pair, unit, joined(pair, unit))


def _component(resource: Json, codes: set[str]) -> Json | None:
    return next(
        (part for part in components(resource) if any(c in codes for _s, c, _d in codings(part.get("code")))), None
    )


def observation_value(resource: Json, zone: tzinfo = UTC) -> Shown:
    """The whole value of an Observation in words, components and absent values included; never empty.

    "128/82 mmHg", "Systolic: 128 mmHg; …" for other components, "Not known" where the sender said so.
    """
    own, pressure = value_of(resource, zone), blood_pressure(resource)
    if pressure and not own.text:
        return pressure
    if own.text:
        return own
    parts = [f"{test_name(part.get('code'))}: {part_value(part, zone).text}" for part in components(resource)]
    return _words("; ".join(parts)) if parts else part_value(resource, zone)


def part_value(resource: Json, zone: tzinfo = UTC) -> Shown:
    """One value, or in its place why there is none."""
    shown = value_of(resource, zone)
    return shown if shown.text else _words(absent_reason(resource) or _("No value was sent"))


def flag_of(resource: Json) -> tuple[Flag, Range]:
    """The flag of an Observation or component (the sender's, else computed) with the range it was read against."""
    found = obj(resource.get("valueQuantity"))
    code, unit = loinc(resource.get("code")), spelled(found.get("unit"), found.get("code"))
    usual = reference_range(resource, unit, code)
    flag = sent_flag(resource.get("interpretation"))
    if not flag.text and decimal(found.get("value")) is not None:
        flag = computed_flag(found["value"], text(found.get("comparator")), unit, usual)
    return flag, usual
