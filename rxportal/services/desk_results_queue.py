"""The clinician's queue: results that nobody has seen, or that wait for an order; what is late comes first."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, tzinfo
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import ColumnElement, Select, and_, case, exists, func, or_, true
from sqlmodel import col

from rxportal.core.scopes import Desk
from rxportal.core.text import _, plural
from rxportal.models.accounts import Patient
from rxportal.models.records import Gate, Kind, Reading, Record, RecordLink
from rxportal.rules.release import WaitsFor
from rxportal.services.desk_results_views import QueueRow, QueueView
from rxportal.services.result_journey import day, kind_label
from rxportal.services.result_rows import Tally, tallies
from rxportal.services.results_views import Choice
from rxportal.services.selecting import only

PAGE_SIZE = 25


@dataclass(frozen=True)
class Place:
    """Where one result stands at the desk. `normal`: ordinary, and every value in its range."""

    state: str
    flag: str
    tone: str
    due: str
    late: bool
    normal: bool
    withheld: bool


def queue(desk: Desk, page: int, filtered: str) -> QueueView:
    """One page of the queue, in a constant number of statements."""
    filters = _filters(desk.now)
    chosen = filtered if filtered in filters else ""
    waits = [to_do(desk.now), filters[chosen]]
    total = _count(desk, waits)
    pages = max(1, -(-total // PAGE_SIZE))
    shown = min(max(1, page), pages)
    rows = _ordered(desk).where(*waits).limit(PAGE_SIZE).offset((shown - 1) * PAGE_SIZE)
    return QueueView(
        rows=_rows(desk, [(record, patient) for record, patient in desk.exec(rows)]),
        total=total,
        late=_count(desk, [to_do(desk.now), is_late(desk.now)]),
        page=shown,
        pages=pages,
        only=chosen,
        filters=_choices(),
        sentence=plural("{count} result to see", "{count} results to see", total)
        if total
        else _("Nothing waits for you"),
    )


def to_do(now: datetime) -> ColumnElement[bool]:
    """Final results that nobody has seen or released, or that wait for an order or the end of a hold."""
    untouched = and_(col(Record.seen_at).is_(None), col(Record.released_at).is_(None))
    waits = and_(col(Record.gate) != Gate.WITHHELD.value, still_waiting(now))
    return and_(col(Record.listed).is_(True), col(Record.final_at).is_not(None), or_(untouched, waits))


def still_waiting(now: datetime) -> ColumnElement[bool]:
    """Not open yet at `now`."""
    return or_(col(Record.visible_from).is_(None), col(Record.visible_from) > now)


def is_late(now: datetime) -> ColumnElement[bool]:
    """Its latest day has come without anybody acting: it opened by itself."""
    return and_(col(Record.latest_at).is_not(None), col(Record.latest_at) <= now, col(Record.seen_at).is_(None))


def _filters(now: datetime) -> dict[str, ColumnElement[bool]]:
    return {
        "": true(),
        "late": is_late(now),
        "order": col(Record.waits_for) == WaitsFor.ORDER.value,
        "see": col(Record.seen_at).is_(None),
        "held": and_(col(Record.hold_reason) != "", still_waiting(now)),
    }


def _choices() -> list[Choice]:
    return [
        Choice("", _("All")),
        Choice("late", _("Past their day")),
        Choice("order", _("Needs an order")),
        Choice("see", _("Not seen yet")),
        Choice("held", _("Held")),
    ]


def _ordered(desk: Desk) -> Select[Any]:
    rows = desk.select(Record, Patient).join(Patient, col(Patient.id) == col(Record.patient_id))
    return rows.order_by(
        case((is_late(desk.now), 0), (_critical(), 1), else_=2),
        col(Record.latest_at).asc().nulls_last(),
        col(Record.final_at).asc(),
        col(Record.id),
    )


def _critical() -> ColumnElement[bool]:
    """A value in it is critical: it comes next after what is late."""
    alarm = func.lower(col(Reading.flag)).contains("critical")
    part = and_(col(RecordLink.parent_id) == Record.id, col(Reading.record_id) == RecordLink.child_id)
    return or_(
        exists().where(part, alarm).correlate(Record),
        exists().where(col(Reading.record_id) == Record.id, alarm).correlate(Record),
    )


def _count(desk: Desk, wanted: list[ColumnElement[bool]]) -> int:
    return int(desk.exec(only(desk.select(Record), func.count()).where(*wanted)).scalar_one())


def _rows(desk: Desk, found: list[tuple[Record, Patient]]) -> list[QueueRow]:
    zone = ZoneInfo(desk.practice.time_zone)
    counted = tallies(desk, [record for record, _patient in found])
    return [
        _row(record, patient, place_of(record, counted.get(record.id), desk.now, zone), zone)
        for record, patient in found
    ]


def _row(record: Record, patient: Patient, place: Place, zone: tzinfo) -> QueueRow:
    return QueueRow(
        id=str(record.id),
        patient=patient.name,
        title=record.title,
        kind_label=kind_label(record),
        flag=place.flag,
        tone=place.tone,
        since=day(record.final_at, zone),
        due=place.due,
        late=place.late,
        normal=place.normal,
        state=place.state,
    )


def place_of(record: Record, tally: Tally | None, now: datetime, zone: tzinfo) -> Place:
    """Where a result stands. `tally`: what it carries; its own values are added here."""
    whole = (tally or Tally()).with_own(record)
    flag, tone = whole.words()
    ordinary = Kind(record.kind) is Kind.ORDINARY and Gate(record.gate) is not Gate.WITHHELD
    late = record.latest_at is not None and record.latest_at <= now and record.seen_at is None
    return Place(
        state=_state(record, now, zone),
        flag=flag,
        tone="act" if late else tone if flag else "wait",
        due=day(record.latest_at, zone),
        late=late,
        normal=ordinary and flag == _("All in range"),
        withheld=Gate(record.gate) is Gate.WITHHELD,
    )


def _state(record: Record, now: datetime, zone: tzinfo) -> str:
    if Gate(record.gate) is Gate.WITHHELD:
        return _("Not shown online")
    if record.visible_from is not None and record.visible_from <= now:
        return _("Shown") if record.seen_at else _("Shown, nobody has seen it")
    if record.hold_reason and record.hold_until and record.hold_until > now:
        return _("Held until {day}").format(day=day(record.hold_until, zone))
    return {
        WaitsFor.FINAL: _("Not final yet"),
        WaitsFor.ORDER: _("Needs an order"),
        WaitsFor.WISH: _("They wait for your comment"),
    }.get(WaitsFor(record.waits_for), _("To see"))
