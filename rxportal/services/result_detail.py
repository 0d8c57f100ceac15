"""One result put together: what the report says, its values against their ranges, its trends, its journey."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Mapping, Sequence
from typing import Any, Protocol
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlalchemy import Select, bindparam, literal, select, union_all
from sqlmodel import col

from rxportal.core.scopes import Chart, Desk
from rxportal.core.sight import Sight
from rxportal.fhir.views import ReportView, ValueView, observation_view, report_view
from rxportal.models.records import Attachment, Reading, Record, RecordLink
from rxportal.services.documents import file_row
from rxportal.services.results_views import AttachmentRow, Trend, ValueRow
from rxportal.services.selecting import only
from rxportal.services.trends import MOST_POINTS, Point, flag_words, tone_of, trend, with_bar

MOST_PARTS = 500
#: A little more than is drawn: the same value may have come twice.
MOST_READ = MOST_POINTS + 20


class Part(Protocol):
    """What a part shows of its record: a row of a statement with these columns."""

    id: Any
    resource_type: Any
    body: Any


def parts_of(scope: Chart | Desk, record: Part) -> list[Part]:
    """What a result carries, in the order of the page, members of its panels behind them; two statements."""
    children = _children(scope, [record.id])
    panels = [part.id for part in children if part.resource_type == "Observation"]
    seen = {record.id, *(part.id for part in children)}
    return children + [part for part in _children(scope, panels) if part.id not in seen]


def _children(scope: Chart | Desk, keys: Sequence[UUID]) -> list[Part]:
    return list(scope.read_of(_parts, keys)) if keys else []


def _parts(reader: Sight | Desk) -> Select[Any]:
    carried = reader.select(RecordLink).where(
        col(RecordLink.parent_id).in_(bindparam("keys", expanding=True)),
        col(Record.resource_type).in_(["Observation", "Specimen", "Media"]),
    )
    columns = (getattr(Record, name) for name in Part.__annotations__)
    return only(carried, *columns).order_by(col(RecordLink.position)).limit(MOST_PARTS)


def said(record: Part, parts: Sequence[Part], zone: ZoneInfo) -> ReportView:
    """What the resource and what it carries say, in words."""
    body = _json(record)
    observations = [(str(part.id), _json(part)) for part in parts if part.resource_type == "Observation"]
    specimens = [_json(part) for part in parts if part.resource_type == "Specimen"]
    if record.resource_type == "Observation":
        return observation_view(body, observations, record_id=str(record.id), zone=zone, specimens=specimens)
    media = [(str(part.id), _json(part)) for part in parts if part.resource_type == "Media"]
    return report_view(body, observations, record_id=str(record.id), zone=zone, specimens=specimens, media=media)


def _json(record: Part) -> dict[str, Any]:
    found = json.loads(record.body)
    return found if isinstance(found, dict) else {}


def value_rows(values: Sequence[ValueView], series: Mapping[tuple[str, str], str]) -> list[ValueRow]:
    """The values as rows; `series` names the trends by (analyte, unit)."""
    rows = []
    for place, view in enumerate(values):
        row = ValueRow(
            id=f"v{place}",
            name=view.name,
            value=view.value or view.text,
            unit=view.unit if view.value else "",
            range=view.range,
            flag=flag_words(view.flag),
            tone=view.tone or tone_of(view.flag),
            note=view.note,
            series=series.get((view.analyte, view.unit), ""),
        )
        rows.append(with_bar(row, view.number, view.low, view.high))
    return rows


def trends_of(
    chart: Chart, record: Part, values: Sequence[ValueView], zone: ZoneInfo
) -> tuple[dict[tuple[str, str], str], list[Trend]]:
    """A trend for every value that was measured more than once, of what this viewer may see, in three statements.

    Gives the name of each series by (analyte, unit), and the trends in the order of the values.
    """
    wanted = {(view.analyte, view.unit): view.name for view in values if view.number is not None and view.analyte}
    if not wanted:
        return {}, []
    keys = list(wanted)
    asked = {f"analyte{place}": key[0] for place, key in enumerate(keys)}
    asked |= {f"unit{place}": key[1] for place, key in enumerate(keys)}
    found: dict[tuple[str, str], list[Any]] = defaultdict(list)
    for reading in chart.read(_readings, len(keys), **asked):
        found[keys[reading.place]].append(reading)
    several = {key: several for key, several in found.items() if len({reading.at for reading in several}) > 1}
    wholes = _wholes(chart, [reading.record_id for several_of in several.values() for reading in several_of])
    series = {key: f"s{place}" for place, key in enumerate(key for key in wanted if key in several)}
    drawn = [
        trend(name, wanted[key], key[1], _points(several[key], wholes, record.id), zone) for key, name in series.items()
    ]
    return series, drawn


def _readings(sight: Sight, series: int) -> Any:
    """The newest readings of each of so many series; `place` numbers the series."""
    columns = [getattr(Reading, name) for name in ("record_id", "at", "value", "display", "low", "high", "flag")]
    parts = []
    for place in range(series):
        rows = only(sight.select(Reading), literal(place).label("place"), *columns)
        rows = rows.where(
            col(Reading.analyte) == bindparam(f"analyte{place}"),
            col(Reading.unit) == bindparam(f"unit{place}"),
            col(Reading.at).is_not(None),
        )
        newest = rows.order_by(col(Reading.at).desc()).limit(MOST_READ).subquery()
        parts.append(select(newest))
    return union_all(*parts)


def _wholes(chart: Chart, keys: Sequence[UUID]) -> dict[UUID, UUID]:
    """The result in which each of these readings' records can be opened; two statements at most."""
    wanted = list(dict.fromkeys(keys))  # in their order: the same question is asked in the same words
    if not wanted:
        return {}
    found = {key: key for (key,) in chart.read_of(_rows, wanted)}
    rest = [key for key in wanted if key not in found]
    for part, row in chart.read_of(_rows_with, rest) if rest else ():
        found.setdefault(part, row)
    return found


def _rows(sight: Sight) -> Select[Any]:
    rows = sight.select_by_id(col(Record.id)).where(col(Record.listed).is_(True))
    return rows.where(col(Record.id).in_(bindparam("keys", expanding=True)))


def _rows_with(sight: Sight) -> Select[Any]:
    return sight.select_rows_with().where(col(RecordLink.child_id).in_(bindparam("keys", expanding=True)))


def _points(readings: Sequence[Any], wholes: Mapping[UUID, UUID], current: UUID) -> list[Point]:
    """One point per instant and result; a value that came twice is drawn once."""
    points: dict[tuple[Any, ...], Point] = {}
    for reading in readings:
        whole = wholes.get(reading.record_id)
        assert reading.at is not None
        point = Point(
            at=reading.at,
            value=reading.value,
            display=reading.display,
            low=reading.low,
            high=reading.high,
            flag=reading.flag,
            result_id=str(whole) if whole else "",
            current=whole == current,
        )
        points.setdefault((reading.at, reading.value, point.result_id), point)
    return list(points.values())


def attachment_rows(scope: Chart | Desk, keys: Sequence[UUID]) -> list[AttachmentRow]:
    """The files that came inside these records; one statement."""
    return [file_row(scope, file) for file in scope.read_of(_files, keys)]


def _files(reader: Sight | Desk) -> Select[Any]:
    columns = (getattr(Attachment, name) for name in ("id", "title", "content_type", "size"))
    files = only(reader.select(Attachment), *columns)
    return files.where(col(Attachment.record_id).in_(bindparam("keys", expanding=True))).order_by(col(Attachment.place))
