"""Vital signs: the newest value of each, how it moved, and the course of the one that is asked for.

Two statements whatever the length of the chart: the numbers (a few of each series, all of the chosen one up to a
limit), and what was measured in words.
"""

from __future__ import annotations

import hashlib
import json
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import replace
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import Integer, Select, bindparam, exists, func
from sqlmodel import col

from rxportal.core.scopes import Chart
from rxportal.core.sight import Sight
from rxportal.core.text import _
from rxportal.fhir.display import date_words, observation_value, test_name
from rxportal.fhir.shapes import Json
from rxportal.fhir.told import begun
from rxportal.models.records import Organization, Reading, Record, Section
from rxportal.services.pressure import MOST_POINTS, UNIT, Both, Number, drawn, moved, paired, part_of
from rxportal.services.record_views import VitalRow, Vitals
from rxportal.services.results_views import Trend
from rxportal.services.selecting import only
from rxportal.services.trends import Point, day_of, flag_words, tone_of, trend

PRESSURE = "pressure"
#: A systolic and a diastolic number of two measurements each: now and before.
NEWEST = 2
MOST_IN_WORDS = 12
NAMES = {
    "29463-7": _("Weight"), "3141-9": _("Weight"), "8302-2": _("Height"), "8306-3": _("Length"),
    "39156-5": _("Body mass index (BMI)"), "59576-9": _("BMI for age, percentile"), "8867-4": _("Heart rate"),
    "9279-1": _("Breathing rate"), "8310-5": _("Temperature"), "8331-1": _("Temperature, by mouth"),
    "2708-6": _("Oxygen in the blood"), "59408-5": _("Oxygen in the blood"), "72514-3": _("Pain, 0 to 10"),
    "9843-4": _("Head circumference"), "8287-5": _("Head circumference"), "8289-1": _("Head size, percentile"),
    "77606-2": _("Weight for length, percentile"), "3151-8": _("Oxygen given"), "3150-6": _("Oxygen given"),
    "8478-0": _("Mean blood pressure"),
}  # fmt: skip
ORDER = ("8867-4", "9279-1", "8310-5", "8331-1", "2708-6", "59408-5", "29463-7", "3141-9", "8302-2", "39156-5")


def vitals(chart: Chart, chosen: str, zone: ZoneInfo) -> Vitals:
    """The vital signs this viewer may see. `chosen`: the series to draw; blood pressure, else the first, by default."""
    found: dict[str, list[Any]] = defaultdict(list)
    for row in chart.exec(chart.prepared(_newest), most=NEWEST):
        found[PRESSURE if part_of(row.analyte) else series_of(row.analyte, row.unit)].append(row)
    names = sorted(found, key=lambda name: (name != PRESSURE, _order(found[name][0])))
    shown = chosen if chosen in found else next(iter(names), "")
    page = Vitals(rows=[_row(name, found[name], zone) for name in names] + _in_words(chart, zone), shown=shown)
    if shown and _times(shown, found[shown]) > 1:  # one measurement has no course
        pairs = {(row.analyte, row.unit) for row in found[shown]}
        course = chart.exec(chart.prepared(_course), most=MOST_POINTS, analytes=sorted({one for one, _unit in pairs}))
        rows = [row for row in course if (row.analyte, row.unit) in pairs]
        if shown == PRESSURE:
            page.pressure = drawn(_measured(rows), zone)
        else:
            page.trend = _drawn(shown, rows, zone)
    return page


def series_of(analyte: str, unit: str) -> str:
    """The public name of a series: nothing of what was measured can be read from it."""
    return hashlib.sha256(f"{analyte} {unit}".encode()).hexdigest()[:12]


def _newest(sight: Sight) -> Select[Any]:
    return _ranked(sight)


def _course(sight: Sight) -> Select[Any]:
    return _ranked(sight, col(Reading.analyte).in_(bindparam("analytes", expanding=True)))


def _ranked(sight: Sight, *wanted: Any) -> Select[Any]:
    """The newest readings of each series of vital signs, newest first; `times`: how many there are."""
    series = (col(Reading.analyte), col(Reading.unit))
    newest = (col(Reading.at).desc(), col(Reading.id))
    rows = only(
        sight.select(Reading), *_COLUMNS, col(Organization.name).label("source"),
        func.count().over(partition_by=series).label("times"),
        func.row_number().over(partition_by=series, order_by=newest).label("place"),
    )  # fmt: skip
    rows = rows.join(Organization, col(Organization.id) == col(Record.organization_id))
    rows = rows.where(col(Record.section) == Section.VITALS.value, col(Reading.at).is_not(None), *wanted)
    known = rows.subquery()
    shown: Select[Any] = known.select().where(known.c.place <= bindparam("most", type_=Integer))
    return shown.order_by(known.c.at.desc(), known.c.record_id)


_COLUMNS: tuple[Any, ...] = (
    Reading.analyte, Reading.name, Reading.unit, Reading.value, Reading.display, Reading.low, Reading.high,
    Reading.flag, Reading.at, Reading.record_id,
)  # fmt: skip


def _order(row: Any) -> tuple[int, str]:
    code = row.analyte.rpartition("|")[2]
    return (ORDER.index(code) if code in ORDER else len(ORDER), _name(row))


def _name(row: Any) -> str:
    return NAMES.get(row.analyte.rpartition("|")[2]) or begun(row.name)


def _row(series: str, rows: Sequence[Any], zone: ZoneInfo) -> VitalRow:
    """The newest value of one series; blood pressure has two numbers."""
    last = rows[0]
    row = VitalRow(
        series=series,
        when=day_of(last.at, zone),
        times=_times(series, rows),
        origin=last.source,
    )
    if series == PRESSURE:
        measured = _measured(rows)[-NEWEST:]
        newest = measured[-1]
        flag, row.name, row.value, row.unit = newest.flag, _("Blood pressure"), newest.words, UNIT
        row.change = begun(moved(measured))
    else:
        flag, row.name, row.value, row.unit = last.flag, _name(last), last.display, last.unit
        if row.unit == "%":
            row.value, row.unit = f"{row.value}%", ""
        row.change = begun(trend("", "", "", _points(rows), zone).change)
    row.flag, row.tone = flag_words(flag), tone_of(flag)
    return row


def _times(series: str, rows: Sequence[Any]) -> int:
    """How often it was measured; of blood pressures with one number each at least those that are known."""
    most: int = max(row.times for row in rows)
    return max(most, len(_measured(rows))) if series == PRESSURE else most


def _measured(rows: Sequence[Any]) -> list[Both]:
    return paired(Number(str(row.record_id), row.analyte, row.at, row.value, row.display, row.flag) for row in rows)


def _points(rows: Sequence[Any]) -> list[Point]:
    """One point per instant and value; the newest one is the one that is told in words."""
    found = {
        (row.at, row.value): Point(row.at, row.value, row.display, row.low, row.high, row.flag, "", current=False)
        for row in rows
    }
    return list(found.values())


def _drawn(series: str, rows: Sequence[Any], zone: ZoneInfo) -> Trend:
    """The course of one series. Where no usual range was sent, the ends of the axis say how large the numbers are."""
    made = trend(series, _name(rows[0]), rows[0].unit, _points(rows), zone)
    if made.has_band or not made.points:
        return made
    least, most = (pick(rows, key=lambda row: row.value) for pick in (min, max))
    heights = {point.value: point.y for point in made.points}
    low_y, high_y = heights.get(least.display, made.low_y), heights.get(most.display, made.high_y)
    same = least.value == most.value
    return replace(made, low="" if same else least.display, high=most.display, low_y=low_y, high_y=high_y)


def _in_words(chart: Chart, zone: ZoneInfo) -> list[VitalRow]:
    """What was measured without a number, or could not be measured: the newest of each, in words."""
    found: dict[str, VitalRow] = {}
    for body, title, occurred, source in chart.exec(chart.prepared(_worded)):
        said = json.loads(body)
        value = _words(said, zone)
        if value and title not in found:
            found[title] = VitalRow(
                name=begun(test_name(said.get("code"))),
                value=value,
                when=date_words(occurred, zone) or _("Date not known"),
                times=1,
                origin=source,
            )
    return list(found.values())


def _words(said: Json, zone: ZoneInfo) -> str:
    """A panel that only holds its members together says nothing of its own."""
    return "" if said.get("hasMember") and not said.get("component") else observation_value(said, zone).text


def _worded(sight: Sight) -> Select[Any]:
    rows = only(
        sight.select(Record), col(Record.body), col(Record.title), col(Record.occurred),
        col(Organization.name),
    )  # fmt: skip
    rows = rows.join(Organization, col(Organization.id) == col(Record.organization_id))
    dated = exists().where(col(Reading.record_id) == Record.id, col(Reading.at).is_not(None))
    rows = rows.where(col(Record.section) == Section.VITALS.value, ~dated)
    return rows.order_by(col(Record.occurred_at).desc().nulls_last(), col(Record.id)).limit(MOST_IN_WORDS)
