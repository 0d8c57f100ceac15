"""Results that opened by themselves since the last time: their pages move and their readers are told.

Looking is a read: nothing is written, and nobody's write has to wait, until something opened or a new day began.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Select, or_
from sqlmodel import col

from rxportal.core.access import Permission
from rxportal.core.clock import day_in
from rxportal.core.scopes import Desk
from rxportal.core.usecase import use_case
from rxportal.models.live import Lease
from rxportal.models.records import Gate, Record
from rxportal.services.policies import settle_practice
from rxportal.services.released import RESULT_RELEASED, notice_of

MARK = "openings looked at"
SETTLED = "policy settled"


@dataclass(frozen=True)
class Due:
    """What the clock has brought since the last time."""

    openings: bool
    new_day: bool


@use_case(Permission.DELIVER_NOTICES, audited=False)
def look_at_the_clock(desk: Desk) -> Due:
    """Whether a result opened by itself or a day began; also when it was never looked before."""
    told, settled = desk.session.get(Lease, MARK), desk.session.get(Lease, SETTLED)
    return Due(
        openings=told is None or desk.exec(_opened(desk, told.until).limit(1)).first() is not None,
        new_day=settled is None or _day_of(desk, settled) < desk.today,
    )


@use_case(Permission.DELIVER_NOTICES, kind="write", audited=False)
def tell_openings(desk: Desk) -> int:
    """Tell of every result whose latest day or hold ended since the last time; how many there were.

    The first time only the mark is set: what opened before nobody looked is no news.
    """
    mark = desk.session.get(Lease, MARK)
    if mark is None:
        desk.add(Lease(name=MARK, holder=MARK, until=desk.now))
        return 0
    rows: list[Record] = list(desk.exec(_opened(desk, mark.until)).scalars())
    for record in rows:
        patient_id: UUID | None = record.patient_id
        if patient_id is not None:
            desk.publish(patient_id, "results")
            desk.outbox(RESULT_RELEASED, notice_of(record.id, patient_id))
    mark.until = desk.now
    return len(rows)


def _opened(desk: Desk, since: datetime) -> Select[Any]:
    """Results that came to be visible after `since` without anybody's act."""
    by_itself = or_(col(Record.visible_from) == Record.latest_at, col(Record.visible_from) == Record.hold_until)
    return (
        desk.select(Record)
        .where(col(Record.listed), col(Record.gate) != Gate.WITHHELD.value, by_itself)
        .where(col(Record.visible_from) > since, col(Record.visible_from) <= desk.now)
    )


def _day_of(desk: Desk, mark: Lease) -> date:
    return day_in(desk.practice.time_zone, mark.until)


@use_case(Permission.DELIVER_NOTICES, kind="write", audited=False)
def settle_on_a_new_day(desk: Desk) -> bool:
    """Settle every chart once a calendar day, for policy lines that begin or end on it; whether it was done now."""
    mark = desk.session.get(Lease, SETTLED)
    if mark is None:
        desk.add(Lease(name=SETTLED, holder=SETTLED, until=desk.now))
        return False
    if _day_of(desk, mark) >= desk.today:
        return False
    settle_practice(desk)
    mark.until = desk.now
    return True
