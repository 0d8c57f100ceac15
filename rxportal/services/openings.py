"""Results that opened by themselves since the last look: their pages move and their readers are told."""

from __future__ import annotations

from uuid import UUID

from sqlalchemy import or_
from sqlmodel import col

from rxportal.core.access import Permission
from rxportal.core.clock import day_in
from rxportal.core.scopes import Desk
from rxportal.core.usecase import use_case
from rxportal.models.live import Lease
from rxportal.models.records import Gate, Record
from rxportal.services.notices import RESULT_RELEASED, notice_of
from rxportal.services.policies import settle_practice

MARK = "openings looked at"
SETTLED = "policy settled"


@use_case(Permission.DELIVER_NOTICES, kind="write", audited=False)
def tell_openings(desk: Desk) -> int:
    """Tell of every result whose latest day or hold ended since the last time; how many there were.

    The first time only the mark is set: what opened before nobody looked is no news.
    """
    mark = desk.session.get(Lease, MARK)
    if mark is None:
        desk.add(Lease(name=MARK, holder=MARK, until=desk.now))
        return 0
    by_itself = or_(col(Record.visible_from) == Record.latest_at, col(Record.visible_from) == Record.hold_until)
    opened = desk.exec(
        desk.select(Record)
        .where(col(Record.listed), col(Record.gate) != Gate.WITHHELD.value, by_itself)
        .where(col(Record.visible_from) > mark.until, col(Record.visible_from) <= desk.now)
    )
    rows: list[Record] = list(opened.scalars())
    for record in rows:
        patient_id: UUID | None = record.patient_id
        if patient_id is not None:
            desk.publish(patient_id, "results")
            desk.outbox(RESULT_RELEASED, notice_of(record.id, patient_id))
    mark.until = desk.now
    return len(rows)


@use_case(Permission.DELIVER_NOTICES, kind="write", audited=False)
def settle_on_a_new_day(desk: Desk) -> bool:
    """Settle every chart once a calendar day, for policy lines that begin or end on it; whether it was done now."""
    mark = desk.session.get(Lease, SETTLED)
    if mark is None:
        desk.add(Lease(name=SETTLED, holder=SETTLED, until=desk.now))
        return False
    if day_in(desk.practice.time_zone, mark.until) >= desk.today:
        return False
    settle_practice(desk)
    mark.until = desk.now
    return True
