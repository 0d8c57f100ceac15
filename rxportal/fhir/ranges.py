"""Reference ranges, also text-only and one-sided, and flags in words."""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from rxportal.core.text import _
from rxportal.fhir.numbers import as_float, decimal, number
from rxportal.fhir.shapes import Json, codings, concept, items, obj, text
from rxportal.fhir.units import unit as spelled


@dataclass(frozen=True)
class Range:
    """What is usual for a value: its words, and its bounds in `unit` where they are numbers."""

    text: str = ""
    low: float | None = None
    high: float | None = None
    unit: str = ""


@dataclass(frozen=True)
class Flag:
    """How a value stands, in words; `tone` is good, look (worth asking about) or act (critical); "" without a flag."""

    text: str = ""
    tone: str = ""

    @property
    def abnormal(self) -> bool:
        """Whether the flag says that something is out of the ordinary."""
        return self.tone in {"look", "act"}


GOOD, LOOK, ACT = "good", "look", "act"
# http://terminology.hl7.org/CodeSystem/v3-ObservationInterpretation, and the HL7 v2-0078 codes before it
CODES = {
    "H": Flag(_("High"), LOOK), "L": Flag(_("Low"), LOOK), "HH": Flag(_("Critical high"), ACT),
    "LL": Flag(_("Critical low"), ACT), "H>": Flag(_("Very high"), LOOK), "L<": Flag(_("Very low"), LOOK),
    "HU": Flag(_("Very high"), LOOK), "LU": Flag(_("Very low"), LOOK), "HX": Flag(_("High"), LOOK),
    "LX": Flag(_("Low"), LOOK), "<": Flag(_("Too low to measure"), LOOK), ">": Flag(_("Too high to measure"), LOOK),
    "A": Flag(_("Abnormal"), LOOK), "AA": Flag(_("Critical"), ACT), "N": Flag(_("Normal"), GOOD),
    "POS": Flag(_("Positive"), LOOK), "NEG": Flag(_("Negative"), GOOD), "DET": Flag(_("Detected"), LOOK),
    "ND": Flag(_("Not detected"), GOOD), "RR": Flag(_("Reactive"), LOOK), "WR": Flag(_("Weakly reactive"), LOOK),
    "NR": Flag(_("Not reactive"), GOOD), "IND": Flag(_("Unclear"), LOOK), "E": Flag(_("Unclear"), LOOK),
    "S": Flag(_("Susceptible"), GOOD), "I": Flag(_("Intermediate"), LOOK), "R": Flag(_("Resistant"), LOOK),
    "NS": Flag(_("Not susceptible"), LOOK), "SDD": Flag(_("Susceptible, depends on the dose"), LOOK),
    "B": Flag(_("Better"), GOOD), "W": Flag(_("Worse"), LOOK), "U": Flag(_("Up"), LOOK), "D": Flag(_("Down"), LOOK),
    "UNE": Flag(_("Unexpected"), LOOK), "EXP": Flag(_("Expected"), GOOD), "HM": Flag(_("Held for review"), LOOK),
}  # fmt: skip
ALARM = re.compile(r"critical|panic|life.?threat", re.IGNORECASE)
QUIET = re.compile(r"\bnormal\b|negative|not detected|non.?reactive|within|unremarkable|susceptible", re.IGNORECASE)
LOUD = re.compile(r"\babnormal|\bnot normal|not susceptible|above|below|outside", re.IGNORECASE)
AUGMENTED = {"unusual", "treatment", "recommended", "therapeutic", "critical"}


def reference_range(resource: Json, value_unit: str = "", code: str = "") -> Range:
    """The usual range of an Observation (or of one component) in words, with its numbers where it has them."""
    normal = [entry for entry in items(resource.get("referenceRange")) if not _special(entry)]
    told = [(entry, one) for entry in normal if (one := _one(entry, value_unit, code)).text]
    if len(told) == 1:
        return told[0][1]
    labelled = [f"{label}: {one.text}" if (label := _whom(entry)) else one.text for entry, one in told]
    return Range(text="; ".join(dict.fromkeys(labelled)))


def _special(entry: Json) -> bool:
    return any(c in AUGMENTED for _s, c, _d in codings(entry.get("type")))


def _whom(entry: Json) -> str:
    groups = ", ".join(words for group in items(entry.get("appliesTo")) if (words := concept(group)))
    age = obj(entry.get("age"))
    low, high = (number(obj(age.get(side)).get("value")) for side in ("low", "high"))
    years = f"{low}–{high}" if low and high else low or high
    return ", ".join(part for part in (groups, _("age {years}").format(years=years) if years else "") if part)


def _one(entry: Json, value_unit: str, code: str) -> Range:
    low, high = obj(entry.get("low")), obj(entry.get("high"))
    range_unit = spelled(low.get("unit"), low.get("code")) or spelled(high.get("unit"), high.get("code")) or value_unit
    low_text, high_text = (number(side.get("value"), range_unit, code) for side in (low, high))
    written = text(entry.get("text"))
    words = written or bounds(low_text, high_text)
    if words and not written and range_unit != value_unit:
        words = f"{words} {range_unit}"
    return Range(words, as_float(low.get("value")), as_float(high.get("value")), range_unit)


def bounds(low: str, high: str) -> str:
    """Two bounds in words; either may be missing."""
    if low and high:
        return f"{low}–{high}"
    if low:
        return _("{low} or more").format(low=low)
    return _("up to {high}").format(high=high) if high else ""


def sent_flag(interpretation: Any) -> Flag:
    """The flag that the sender gave, in words; unknown codes show their own words."""
    found: list[Flag] = []
    entries: list[Any] = [*items(interpretation), *([interpretation] if isinstance(interpretation, str) else [])]
    for entry in entries:
        coded = next((CODES[c.upper()] for _s, c, _d in codings(entry) if c.upper() in CODES), None)
        words = concept(entry)
        if coded or words:
            found.append(coded or Flag(words, _tone(words)))
    return next((flag for tone in (ACT, LOOK) for flag in found if flag.tone == tone), found[0] if found else Flag())


def _tone(words: str) -> str:
    if ALARM.search(words):
        return ACT
    if LOUD.search(words) or not QUIET.search(words):
        return LOOK
    return GOOD


def computed_flag(value: Any, comparator: str, value_unit: str, usual: Range) -> Flag:
    """High, low or nothing, from the numbers of the range; silent where units differ or "<5" leaves it open."""
    found = decimal(value)
    if found is None or usual.unit != value_unit or (usual.low is None and usual.high is None):
        return Flag()
    if usual.high is not None and _beyond(found, usual.high, comparator, ">"):
        return CODES["H"]
    if usual.low is not None and _beyond(-found, -usual.low, {"<": ">", "<=": ">="}.get(comparator, ""), ">"):
        return CODES["L"]
    return Flag() if comparator else CODES["N"]


def _beyond(value: Decimal, bound: float, comparator: str, side: str) -> bool:
    limit = Decimal(str(bound))
    if comparator.startswith(side):
        return value >= limit
    return not comparator and value > limit
