"""Blood pressure: two numbers of one measurement, paired, told as one and drawn as one.

Pure: readings in, plain values out. The picture is an svg with viewBox "0 0 320 150", like every trend's.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, tzinfo

from rxportal.core.text import _
from rxportal.fhir.dates import MONTHS
from rxportal.fhir.values import DIASTOLIC, SYSTOLIC
from rxportal.services.record_views import Pressure, PressurePoint
from rxportal.services.results_views import Tick
from rxportal.services.trends import BOTTOM, LEFT, RIGHT, TOP, Axis, day_of, flag_words, place_words, ticks, tone_of

MOST_POINTS = 60
UNIT = "mmHg"


@dataclass(frozen=True)
class Number:
    """One of the two numbers. `record` is what it came in: two numbers of one record are one measurement."""

    record: str
    analyte: str
    at: datetime
    value: float
    display: str
    flag: str


@dataclass(frozen=True)
class Both:
    """One measurement; either number may be missing."""

    at: datetime
    upper: Number | None
    lower: Number | None

    @property
    def words(self) -> str:
        """Both numbers as people say them, 128/82, with a dash for one that was not sent."""
        return "/".join(one.display if one else "–" for one in (self.upper, self.lower))

    @property
    def flag(self) -> str:
        """The worse of the two flags, as words; "" where neither needs any."""
        flags = [one.flag for one in (self.upper, self.lower) if one and flag_words(one.flag)]
        return next((flag for flag in flags if tone_of(flag) == "act"), flags[0] if flags else "")


def part_of(analyte: str) -> str:
    """upper, lower, or "" for a number that is no blood pressure."""
    code = analyte.rpartition("|")[2]
    if code in SYSTOLIC:
        return "upper"
    return "lower" if code in DIASTOLIC else ""


def paired(numbers: Iterable[Number]) -> list[Both]:
    """Measurements, oldest first: two numbers of one record belong together, else two of the same instant."""
    found: dict[tuple[datetime, str], dict[str, Number]] = {}
    for number in numbers:
        found.setdefault((number.at, number.record), {}).setdefault(part_of(number.analyte), number)
    alone: dict[datetime, dict[str, Number]] = {}
    whole = []
    for (at, _record), parts in found.items():
        if len(parts) == 2:
            whole.append(Both(at, parts.get("upper"), parts.get("lower")))
            continue
        for side, number in parts.items():
            if side in alone.setdefault(at, {}):
                whole.append(Both(at, *_sides({side: number})))
            else:
                alone[at][side] = number
    whole += [Both(at, *_sides(parts)) for at, parts in alone.items()]
    return sorted(whole, key=lambda both: both.at)


def _sides(parts: dict[str, Number]) -> tuple[Number | None, Number | None]:
    return parts.get("upper"), parts.get("lower")


def moved(measured: Sequence[Both]) -> str:
    """How both numbers changed since the measurement before: "was 132/84 in Mar 2025"."""
    before = [both for both in measured if both.at < measured[-1].at]
    if not before:
        return ""
    when = before[-1].at
    return _("was {value} in {when}").format(value=before[-1].words, when=f"{_(MONTHS[when.month - 1])} {when.year}")


def drawn(measured: Sequence[Both], zone: tzinfo) -> Pressure:
    """The picture and the table of these measurements; at least one."""
    shown = list(measured)[-MOST_POINTS:]
    held = [one.value for both in shown for one in (both.upper, both.lower) if one]
    up = Axis(*_rounded(min(held), max(held)), BOTTOM, TOP)
    along = Axis(shown[0].at.timestamp(), shown[-1].at.timestamp(), LEFT + 10, RIGHT - 10)
    return Pressure(
        headline=f"{shown[-1].words} {UNIT}",
        change=moved(shown),
        points=[_point(both, along, up, zone) for both in shown],
        marks=[Tick(place_words(up.place(mark)), f"{mark:g}") for mark in _marks(up)],
        ticks=ticks([both.at for both in shown], along, zone),
        label=_("Blood pressure from {first} to {last}: {values} {unit}.").format(
            first=day_of(shown[0].at, zone),
            last=day_of(shown[-1].at, zone),
            values=", ".join(both.words for both in shown[-12:]),
            unit=UNIT,
        ),
    )


def _rounded(least: float, most: float) -> tuple[float, float]:
    """The ends of the axis, at whole twenties with room around the numbers."""
    return (least - 8) // 20 * 20, -(-(most + 8) // 20) * 20


def _marks(up: Axis) -> list[float]:
    step = 20 if up.high - up.low <= 120 else 40
    first = int(up.low)
    return [float(mark) for mark in range(first, int(up.high) + 1, step)]


def _point(both: Both, along: Axis, up: Axis, zone: tzinfo) -> PressurePoint:
    upper, lower = (up.place(one.value) if one else None for one in (both.upper, both.lower))
    alone = next(place for place in (upper, lower) if place is not None)
    return PressurePoint(
        when=day_of(both.at, zone),
        iso=both.at.astimezone(zone).isoformat(timespec="minutes"),
        value=both.words,
        flag=flag_words(both.flag),
        tone=tone_of(both.flag),
        x=place_words(along.place(both.at.timestamp())),
        upper_y=place_words(upper if upper is not None else alone),
        lower_y=place_words(lower if lower is not None else alone),
        has_upper=upper is not None,
        has_lower=lower is not None,
    )
