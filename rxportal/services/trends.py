"""One analyte in one unit over time, drawn: true time axis, usual range as a band, the same words as the table below.

Pure: readings in, a `Trend` out. The picture is an svg with viewBox "0 0 320 150"; coordinates are text, two decimals.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, tzinfo

from rxportal.core.text import _
from rxportal.fhir.dates import MONTHS
from rxportal.fhir.display import date_words
from rxportal.services.results_views import Tick, Trend, TrendPoint, ValueRow

LEFT, RIGHT, TOP, BOTTOM = 34.0, 308.0, 12.0, 122.0
MOST_POINTS = 60


@dataclass(frozen=True)
class Point:
    """One reading that may be seen. `at`: aware UTC; `result_id`: the result it can be opened in, or ""."""

    at: datetime
    value: float
    display: str
    low: float | None
    high: float | None
    flag: str
    result_id: str
    current: bool


@dataclass(frozen=True)
class Axis:
    """Maps a number from [low, high] to [start, end] of the picture."""

    low: float
    high: float
    start: float
    end: float

    def place(self, value: float) -> float:
        """Where a value stands; the middle where the axis has no length."""
        if self.high <= self.low:
            return (self.start + self.end) / 2
        return self.start + (value - self.low) / (self.high - self.low) * (self.end - self.start)


def trend(series: str, title: str, unit: str, points: Sequence[Point], zone: tzinfo) -> Trend:
    """The trend of these points, oldest first after this; at least one point."""
    shown = sorted(points, key=lambda point: point.at)[-MOST_POINTS:]
    low, high = _usual(shown)
    up = _value_axis(shown, low, high)
    along = Axis(shown[0].at.timestamp(), shown[-1].at.timestamp(), LEFT + 10, RIGHT - 10)
    places = [(along.place(point.at.timestamp()), up.place(point.value)) for point in shown]
    last = _current(shown)
    top = up.place(high) if high is not None else TOP
    bottom = up.place(low) if low is not None else BOTTOM
    return Trend(
        series=series,
        title=title,
        unit=unit,
        headline=f"{last.display} {unit}".strip(),
        change=_change(shown, last, zone),
        points=[_point(point, place, zone) for point, place in zip(shown, places, strict=True)],
        path=" ".join(f"{place_words(x)},{place_words(y)}" for x, y in places),
        band_y=place_words(top),
        band_height=place_words(max(0.0, bottom - top)),
        has_band=low is not None or high is not None,
        low=_plain(low),
        high=_plain(high),
        low_y=place_words(bottom),
        high_y=place_words(top),
        ticks=ticks([point.at for point in shown], along, zone),
        label=_label(title, unit, shown, _usual_words(low, high), zone),
    )


def _usual(shown: Sequence[Point]) -> tuple[float | None, float | None]:
    """The range that came with the newest point that has one: ranges change over time."""
    for point in reversed(shown):
        if point.low is not None or point.high is not None:
            return point.low, point.high
    return None, None


def _value_axis(shown: Sequence[Point], low: float | None, high: float | None) -> Axis:
    held = [point.value for point in shown] + [bound for bound in (low, high) if bound is not None]
    least, most = min(held), max(held)
    spare = (most - least) * 0.1 or abs(most) * 0.1 or 1.0
    return Axis(least - spare, most + spare, BOTTOM, TOP)


def _current(shown: Sequence[Point]) -> Point:
    return next((point for point in reversed(shown) if point.current), shown[-1])


def _point(point: Point, place: tuple[float, float], zone: tzinfo) -> TrendPoint:
    return TrendPoint(
        when=day_of(point.at, zone),
        iso=point.at.astimezone(zone).date().isoformat(),
        value=point.display,
        flag=flag_words(point.flag),
        tone=tone_of(point.flag),
        x=place_words(place[0]),
        y=place_words(place[1]),
        result_id=point.result_id,
        current=point.current,
    )


def _change(shown: Sequence[Point], last: Point, zone: tzinfo) -> str:
    before = [point for point in shown if point.at < last.at]
    if not before:
        return ""
    month = before[-1].at.astimezone(zone)
    since = f"{_(MONTHS[month.month - 1])} {month.year}"
    places = max(_places(last.display), _places(before[-1].display))
    difference = round(last.value - before[-1].value, places)
    if difference == 0:
        return _("same as in {when}").format(when=since)
    words = _("up {amount} since {when}") if difference > 0 else _("down {amount} since {when}")
    return words.format(amount=f"{abs(difference):.{places}f}", when=since)


def _places(display: str) -> int:
    return min(len(display.partition(".")[2]), 6)


def ticks(moments: Sequence[datetime], along: Axis, zone: tzinfo) -> list[Tick]:
    """Up to four words, evenly under these moments (oldest first): years for a long span, else months, else days."""
    first, last = moments[0], moments[-1]
    if first == last:
        return [Tick(place_words(along.place(first.timestamp())), day_of(first, zone))]
    span = last - first
    found: dict[str, Tick] = {}
    for part in range(4):
        moment = (first + span * part / 3).astimezone(zone)
        label = f"{moment.day} {_(MONTHS[moment.month - 1])}"
        if span.days > 3 * 365:
            label = str(moment.year)
        elif span.days > 90:
            label = f"{_(MONTHS[moment.month - 1])} {moment.year % 100:02d}"
        found.setdefault(label, Tick(place_words(along.place(moment.timestamp())), label))
    return list(found.values())


def _label(title: str, unit: str, shown: Sequence[Point], usual: str, zone: tzinfo) -> str:
    values = ", ".join(point.display for point in shown[-12:])
    told = _("{title} from {first} to {last}: {values} {unit}.").format(
        title=title, first=day_of(shown[0].at, zone), last=day_of(shown[-1].at, zone), values=values, unit=unit
    )
    return f"{told} {usual}".strip()


def _usual_words(low: float | None, high: float | None) -> str:
    if low is not None and high is not None:
        return _("Usual range {low} to {high}.").format(low=_plain(low), high=_plain(high))
    if high is not None:
        return _("Usually up to {high}.").format(high=_plain(high))
    return _("Usually {low} or more.").format(low=_plain(low)) if low is not None else ""


def day_of(moment: datetime, zone: tzinfo) -> str:
    """The day of a moment in words."""
    return date_words(moment.astimezone(zone).date().isoformat())


def place_words(value: float) -> str:
    """A coordinate of the picture as text."""
    return f"{value:.2f}".rstrip("0").rstrip(".")


def _plain(value: float | None) -> str:
    return "" if value is None else f"{value:.6g}"


def tone_of(flag: str) -> str:
    """The tone of a flag in words: act for critical ones, look for any other but normal."""
    if not flag or flag == _("Normal"):
        return "good"
    return "act" if "critical" in flag.lower() else "look"


def flag_words(flag: str) -> str:
    """A flag worth showing; being normal is not."""
    return "" if flag == _("Normal") else flag


def with_bar(row: ValueRow, value: float | None, low: float | None, high: float | None) -> ValueRow:
    """The value's place against its usual range, in CSS percentages; one-sided ranges reach the end of the bar."""
    if value is None or (low is None and high is None) or (low is not None and high is not None and low >= high):
        return row
    start, end = _bar_ends(value, low, high)
    axis = Axis(start, end, 0.0, 100.0)
    left = axis.place(low) if low is not None else 0.0
    right = axis.place(high) if high is not None else 100.0
    row.has_bar = True
    row.bar_left, row.bar_width = f"{left:.1f}%", f"{max(0.0, right - left):.1f}%"
    row.mark = f"{min(98.0, max(2.0, axis.place(value))):.1f}%"
    return row


def _bar_ends(value: float, low: float | None, high: float | None) -> tuple[float, float]:
    if low is not None and high is not None:
        spare = (high - low) * 0.6
        return min(low - spare, value - spare / 6), max(high + spare, value + spare / 6)
    if high is not None:
        return min(0.0, value), max(high, value) * 1.3 if max(high, value) > 0 else 1.0
    bound = low or 0.0
    return min(bound, value) - abs(bound) * 0.5 - 1e-9, max(bound, value) + abs(bound) * 0.5 + 1e-9
