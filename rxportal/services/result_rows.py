"""Lines of the results list: flags in words, months, what is new. Reads in a constant number of statements."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import timedelta, tzinfo
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlalchemy import ColumnElement, func, or_
from sqlmodel import col

from rxportal.core.scopes import Chart, Desk
from rxportal.core.text import _, plural
from rxportal.fhir.dates import LONG_MONTHS
from rxportal.fhir.display import date_words
from rxportal.models.records import Kind, Reading, Record, RecordLink
from rxportal.services.result_journey import kind_label
from rxportal.services.results_views import ResultRow
from rxportal.services.selecting import only

NEW_FOR = timedelta(days=7)
#: What was collected longer before its arrival than this is history, not news, however fresh the import.
HISTORY = timedelta(days=30)


@dataclass
class Tally:
    """How the values of one result stand. `numbers` counts the flags of its numbers by their words."""

    values: int = 0
    flagged: int = 0
    numbers: Counter[str] = field(default_factory=Counter)

    def with_own(self, record: Record) -> Tally:
        """With the record's own values, unless those of its parts are counted: a report's own are their sum."""
        if self.values:
            return self
        return replace(self, values=record.values, flagged=record.flagged)

    def of(self, record: Record) -> Tally:
        """With the result's own values added to those it carries; a report's own sum is that of its parts."""
        if record.resource_type == "DiagnosticReport":
            return Tally(self.values or record.values, self.flagged or record.flagged, self.numbers)
        return Tally(self.values + record.values, self.flagged + record.flagged, self.numbers)

    def words(self) -> tuple[str, str]:
        """(flag, tone): "1 high", "All in range", or "" where no range was sent."""
        critical = sum(count for flag, count in self.numbers.items() if "critical" in flag.lower())
        high = sum(count for flag, count in self.numbers.items() if flag.lower().endswith("high")) - self._both("high")
        low = sum(count for flag, count in self.numbers.items() if flag.lower().endswith("low")) - self._both("low")
        other = self.flagged - critical - high - low
        told = [
            plural("{count} critical", "{count} critical", critical) if critical else "",
            plural("{count} high", "{count} high", high) if high else "",
            plural("{count} low", "{count} low", low) if low else "",
            plural("{count} to look at", "{count} to look at", other) if other > 0 else "",
        ]
        said = ", ".join(part for part in told if part)
        if said:
            return said, "act" if critical else "look"
        normal = self.numbers[_("Normal")]
        return (_("All in range"), "good") if normal and normal >= self.values else ("", "good")

    def _both(self, side: str) -> int:
        return sum(n for flag, n in self.numbers.items() if "critical" in flag.lower() and flag.lower().endswith(side))


def tallies(scope: Chart | Desk, keys: Sequence[UUID]) -> dict[UUID, Tally]:
    """The tally of each of these results, of what this viewer may see of them; three statements."""
    found: dict[UUID, Tally] = defaultdict(Tally)
    if not keys:
        return found
    own = only(scope.select(Reading), col(Reading.record_id), col(Reading.flag), func.count())
    own = own.where(col(Reading.record_id).in_(keys)).group_by(col(Reading.record_id), col(Reading.flag))
    for key, flag, count in scope.exec(own):
        found[key].numbers[flag] += count
    whole = col(RecordLink.parent_id)
    parts = scope.select(RecordLink).where(whole.in_(keys), col(Record.resource_type) == "Observation")
    sums = only(parts, whole, func.sum(col(Record.values)), func.sum(col(Record.flagged))).group_by(whole)
    for key, values, flagged in scope.exec(sums):
        found[key].values, found[key].flagged = int(values or 0), int(flagged or 0)
    inside = parts.join(Reading, col(Reading.record_id) == col(Record.id))
    flags = only(inside, whole, col(Reading.flag), func.count()).group_by(whole, col(Reading.flag))
    for key, flag, count in scope.exec(flags):
        found[key].numbers[flag] += count
    return found


def result_rows(chart: Chart, found: Sequence[tuple[Record, str]]) -> list[ResultRow]:
    """The lines of these (record, organization's name), in their order, months marked where they start."""
    zone = ZoneInfo(chart.practice.time_zone)
    counted = tallies(chart, [record.id for record, _source in found])
    rows = [_row(chart, record, source, counted.get(record.id, Tally()), zone) for record, source in found]
    for before, row in zip([ResultRow(), *rows], rows, strict=False):
        row.starts_month = row.month != before.month
    return rows


def _row(chart: Chart, record: Record, source: str, tally: Tally, zone: tzinfo) -> ResultRow:
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
        is_new=_is_new(chart, record),
    )


def _is_new(chart: Chart, record: Record) -> bool:
    shown, taken = record.visible_from, record.occurred_at
    if shown is None or not chart.now - NEW_FOR <= shown <= chart.now:
        return False
    return shown > record.arrived_at or taken is None or taken >= record.arrived_at - HISTORY


def new_only(chart: Chart) -> ColumnElement[bool]:
    """The same as `ResultRow.is_new`, over the columns of Record, but for history that arrived in the last days."""
    recent = col(Record.occurred_at) >= chart.now - NEW_FOR - HISTORY
    unknown = col(Record.occurred_at).is_(None)
    acted = col(Record.visible_from) > col(Record.arrived_at)
    since: ColumnElement[bool] = col(Record.visible_from) >= chart.now - NEW_FOR
    return since & or_(acted, unknown, recent)


def month(record: Record, zone: tzinfo) -> str:
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


def group_of(kind: Kind) -> str:
    """The filter a kind belongs to: every laboratory test under one word, so that the word tells nothing."""
    return next((name for name, kinds in GROUPS.items() if kind in kinds), "")
