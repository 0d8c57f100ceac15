"""Lines of the results list: flags in words, months, what is new. Reads in a constant number of statements."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta, tzinfo
from functools import lru_cache
from typing import Any, Protocol
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlalchemy import Integer, Select, bindparam, func, literal, null, or_, union_all
from sqlmodel import col

from rxportal.core.scopes import Chart, Desk
from rxportal.core.sight import Sight
from rxportal.core.text import _, plural
from rxportal.fhir.dates import LONG_MONTHS
from rxportal.fhir.display import date_words
from rxportal.models.base import Instant
from rxportal.models.records import Kind, Organization, Reading, Record, RecordLink
from rxportal.services.result_journey import kind_label
from rxportal.services.results_views import ResultRow
from rxportal.services.selecting import only

NEW_FOR = timedelta(days=7)
#: What was collected longer before its arrival than this is history, not news, however fresh the import.
HISTORY = timedelta(days=30)


class Line(Protocol):
    """What a line of the list needs of a record: a `Record`, or a row of a statement with `LINE`."""

    id: Any
    title: Any
    resource_type: Any
    kind: Any
    occurred: Any
    occurred_at: Any
    arrived_at: Any
    visible_from: Any
    values: Any
    flagged: Any
    summary: Any
    even: Any


LINE = [getattr(Record, name) for name in Line.__annotations__]


def lines(sight: Sight) -> Select[Any]:
    """Visible results as lines with their organization's name (`source`), newest collection first."""
    rows = only(sight.select(Record), *LINE, col(Organization.name).label("source"))
    rows = rows.join(Organization, col(Organization.id) == col(Record.organization_id))
    rows = rows.where(col(Record.listed).is_(True))
    return rows.order_by(col(Record.occurred_at).desc().nulls_last(), col(Record.title), col(Record.id))


@dataclass
class Tally:
    """How the values of one result stand. `numbers` counts the flags of its numbers by their words."""

    values: int = 0
    flagged: int = 0
    numbers: Counter[str] = field(default_factory=Counter)

    def with_own(self, record: Line) -> Tally:
        """With the record's own values, unless those of its parts are counted: a report's own are their sum."""
        if self.values:
            return self
        return replace(self, values=record.values, flagged=record.flagged)

    def words(self) -> tuple[str, str]:
        """(flag, tone): "1 high", "All in range", or "" where no range was sent."""
        return _words(self.values, self.flagged, tuple(self.numbers.items()))


@lru_cache(maxsize=5_000)
def _words(values: int, flagged: int, numbers: tuple[tuple[str, int], ...]) -> tuple[str, str]:
    critical = sum(count for flag, count in numbers if "critical" in flag.lower())
    high = sum(count for flag, count in numbers if _plainly(flag, "high"))
    low = sum(count for flag, count in numbers if _plainly(flag, "low"))
    other = flagged - critical - high - low
    told = [
        plural("{count} critical", "{count} critical", critical) if critical else "",
        plural("{count} high", "{count} high", high) if high else "",
        plural("{count} low", "{count} low", low) if low else "",
        plural("{count} to look at", "{count} to look at", other) if other > 0 else "",
    ]
    said = ", ".join(part for part in told if part)
    if said:
        return said, "act" if critical else "look"
    normal = dict(numbers).get(_("Normal"), 0)
    return (_("All in range"), "good") if normal and normal >= values else ("", "good")


def _plainly(flag: str, side: str) -> bool:
    return flag.lower().endswith(side) and "critical" not in flag.lower()


@lru_cache(maxsize=5_000)
def _stored(summary: str) -> Tally:
    """As `core.record_store.summarize` wrote it; the same for every row that says the same, so never changed."""
    values, flagged, numbers = json.loads(summary)
    return Tally(values, flagged, Counter(numbers))


def tallies(scope: Chart | Desk, records: Sequence[Line]) -> dict[UUID, Tally]:
    """The tally of each of these results, of what this reader may see of them; one statement at most.

    What stands in the row itself is of all that it carries: it serves the desk, and whoever may see all of it.
    """
    whole = isinstance(scope, Desk)
    found = {one.id: _stored(one.summary) for one in records if one.summary and (whole or one.even)}
    keys = [one.id for one in records if one.id not in found]
    if not keys:
        return found
    found |= {key: Tally() for key in keys}
    for key, flag, numbers, values, flagged in scope.read_of(_tallies, keys):
        if flag is not None:
            found[key].numbers[flag] += numbers
        found[key].values += int(values or 0)
        found[key].flagged += int(flagged or 0)
    return found


def _tallies(reader: Sight | Desk) -> Any:
    """Rows of (result, flag or None, numbers with it, values, flagged): own numbers, sums of parts, their numbers."""
    wanted: Any = bindparam("keys", expanding=True)
    whole, nothing, no_flag = col(RecordLink.parent_id), literal(0), null()
    own = only(reader.select(Reading), col(Reading.record_id), col(Reading.flag), func.count(), nothing, nothing)
    own = own.where(col(Reading.record_id).in_(wanted)).group_by(col(Reading.record_id), col(Reading.flag))
    parts = reader.select(RecordLink).where(whole.in_(wanted), col(Record.resource_type) == "Observation")
    sums = only(parts, whole, no_flag, nothing, func.sum(col(Record.values)), func.sum(col(Record.flagged)))
    inside = parts.join(Reading, col(Reading.record_id) == col(Record.id))
    flags = only(inside, whole, col(Reading.flag), func.count(), nothing, nothing)
    return union_all(own, sums.group_by(whole), flags.group_by(whole, col(Reading.flag)))


def result_rows(chart: Chart, found: Sequence[tuple[Line, str]]) -> list[ResultRow]:
    """The lines of these (record, organization's name), in their order, months marked where they start."""
    zone = ZoneInfo(chart.practice.time_zone)
    counted = tallies(chart, [record for record, _source in found])
    rows = [_row(chart, record, source, counted.get(record.id, Tally()), zone) for record, source in found]
    for before, row in zip([ResultRow(), *rows], rows, strict=False):
        row.starts_month = row.month != before.month
    return rows


def _row(chart: Chart, record: Line, source: str, tally: Tally, zone: tzinfo) -> ResultRow:
    tally = tally.with_own(record)
    flag, tone = tally.words()
    report = Kind(record.kind) in (Kind.RADIOLOGY, Kind.PATHOLOGY) or not tally.values
    return ResultRow(
        id=str(record.id),
        title=record.title,
        collected=date_words(record.occurred, zone),
        detail=_("Report") if report else plural("{count} value", "{count} values", tally.values),
        month=month(record, zone),
        kind=group_of(Kind(record.kind)),
        kind_label=kind_label(record),
        flag=flag,
        tone=tone,
        source=source,
        is_new=chart.asks(_is_new, record.visible_from, record.arrived_at, record.occurred_at),
    )


def _is_new(now: datetime, shown: datetime | None, arrived: datetime, taken: datetime | None) -> bool:
    if shown is None or not now - NEW_FOR <= shown <= now:
        return False
    return shown > arrived or taken is None or taken >= arrived - HISTORY


def fresh_lines(chart: Chart, most: int) -> list[tuple[Line, str]]:
    """What may be news (`ResultRow.is_new` decides), what opened last first; one statement."""
    rows = chart.read(_fresh, news=-NEW_FOR, history=-NEW_FOR - HISTORY, most=most)
    return [(row, row.source) for row in rows]


def _fresh(sight: Sight) -> Select[Any]:
    """The same as `ResultRow.is_new`, over the columns of Record, but for history that arrived in the last days."""
    recent = col(Record.occurred_at) >= bindparam("history", type_=Instant())
    unknown = col(Record.occurred_at).is_(None)
    acted = col(Record.visible_from) > col(Record.arrived_at)
    rows = lines(sight).where(col(Record.visible_from) >= bindparam("news", type_=Instant()))
    rows = rows.where(or_(acted, unknown, recent)).order_by(None)
    newest = col(Record.visible_from).desc(), col(Record.occurred_at).desc().nulls_last(), col(Record.title)
    return rows.order_by(*newest, col(Record.id)).limit(bindparam("most", type_=Integer))


def month(record: Line, zone: tzinfo) -> str:
    """The heading a result stands under: "November 2026", a bare year, or that no date was sent."""
    if len(record.occurred) >= 7 and record.occurred_at:
        local = record.occurred_at.astimezone(zone) if len(record.occurred) > 10 else None
        year, number = (local.year, local.month) if local else (int(record.occurred[:4]), int(record.occurred[5:7]))
        return f"{_(LONG_MONTHS[number - 1])} {year}"
    return record.occurred[:4] or _("Date not known")


GROUPS: dict[str, tuple[Kind, ...]] = {
    "lab": (Kind.ORDINARY, Kind.HEPATITIS, Kind.HIV, Kind.DRUG_ABUSE, Kind.RESTRICTED),
    "imaging": (Kind.RADIOLOGY,),
    "tissue": (Kind.PATHOLOGY,),
    "genetics": (Kind.GENETIC,),
}


GROUP_OF = {kind: name for name, kinds in GROUPS.items() for kind in kinds}


def group_of(kind: Kind) -> str:
    """The filter a kind belongs to: every laboratory test under one word, so that the word tells nothing."""
    return GROUP_OF.get(kind, "")
