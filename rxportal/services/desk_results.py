"""The clinician's desk for results: see what waits, mark as seen, release with a comment, hold with a reason (S17-S19).

Each act is one dated row, one settling of the chart, and one change told to every open page. What stands in the way is
said by the same words that the page shows before the click.
"""

from __future__ import annotations

from datetime import date, datetime, time
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlmodel import col

from rxportal.core.access import Permission
from rxportal.core.errors import Conflict, InvalidInput, NotFound, PortalError
from rxportal.core.live import Change
from rxportal.core.scopes import Desk
from rxportal.core.text import _, plural
from rxportal.core.usecase import use_case
from rxportal.models.accounts import Patient
from rxportal.models.records import Gate, Record
from rxportal.models.releases import HoldReason, ReleaseAct, ReleaseEvent
from rxportal.rules.release import WaitsFor
from rxportal.services.desk_results_case import (
    HOLD_LIMIT,
    case_of,
    events_of,
    shown_words,
    withheld_words,
)
from rxportal.services.desk_results_queue import place_of, queue
from rxportal.services.desk_results_views import BulkAnswer, CaseView, QueueView, Refused
from rxportal.services.released import RESULT_RELEASED, notice_of
from rxportal.services.releases import settle_records
from rxportal.services.result_journey import day
from rxportal.services.result_rows import tallies

LONGEST_COMMENT = 4000
MOST_AT_ONCE = 100


class NotReleasable(PortalError):
    """This result stays off the portal, whoever acts; the sentence says why and what now."""

    code = "not_releasable"


@use_case(Permission.SEE_RESULT_QUEUE)
def result_queue(desk: Desk, *, page: int = 1, only: str = "") -> QueueView:
    """The results that wait for a clinician, late ones first. `only`: late, order, see, held or "" for all."""
    return queue(desk, page, only)


@use_case(Permission.SEE_RESULT_QUEUE)
def queue_case(desk: Desk, *, record_id: UUID) -> CaseView:
    """One result with everything a decision needs, and who will see what after the click.

    Raises:
        NotFound: no such result, or another practice's.
    """
    record = _result(desk, record_id)
    _note(desk, record)
    return case_of(desk, record, _patient(desk, record))


@use_case(Permission.DECIDE_RELEASE, kind="write")
def mark_seen(desk: Desk, *, record_id: UUID, comment: str = "") -> CaseView:
    """Note that the doctor has seen a result; an ordinary one opens by that.

    Raises:
        NotFound, InvalidInput (comment), Conflict: not final yet, or somebody marked it before.
    """
    record = _result(desk, record_id, lock=True)
    told = _comment(record, comment)
    _may_be_seen(desk, record)
    record.seen_at = desk.now
    _done(desk, [record], ReleaseAct.SEEN, comment=told)
    return case_of(desk, record, _patient(desk, record))


@use_case(Permission.DECIDE_RELEASE, kind="write")
def release_result(desk: Desk, *, record_id: UUID, comment: str = "") -> CaseView:
    """Release a result to the patient at once, ending any hold.

    Raises:
        NotFound, InvalidInput (comment), NotReleasable (withheld by law or rule), Conflict: not final, already open.
    """
    record = _result(desk, record_id, lock=True)
    if Gate(record.gate) is Gate.WITHHELD:
        raise NotReleasable(withheld_words(desk, record, _patient(desk, record)))
    told = _comment(record, comment)
    _must_be_final(record)
    if record.released_at is not None or (record.seen_at is not None and _is_open(desk, record)):
        raise Conflict(shown_words(desk, record))
    record.seen_at = record.seen_at or desk.now
    record.released_at = desk.now
    record.hold_reason, record.hold_until = "", None
    _done(desk, [record], ReleaseAct.RELEASED, comment=told)
    return case_of(desk, record, _patient(desk, record))


@use_case(Permission.DECIDE_RELEASE, kind="write")
def hold_result(desk: Desk, *, record_id: UUID, reason: HoldReason, until: date, comment: str = "") -> CaseView:
    """Keep a result back for a coded reason, until the practice's midnight at which the day `until` begins.

    Raises:
        NotFound, InvalidInput (until, comment), NotReleasable, Conflict: already open, or somebody else holds it.
    """
    record = _result(desk, record_id, lock=True)
    if Gate(record.gate) is Gate.WITHHELD:
        raise NotReleasable(withheld_words(desk, record, _patient(desk, record)))
    told = _comment(record, comment)
    ends = _hold_end(desk, until)
    if _is_open(desk, record):
        raise Conflict(shown_words(desk, record))
    _must_hold_alone(desk, record)
    if record.final_at is not None:
        record.seen_at = record.seen_at or desk.now
    record.hold_reason, record.hold_until = reason.value, ends
    _done(desk, [record], ReleaseAct.HELD, comment=told, reason=reason, until=ends)
    return case_of(desk, record, _patient(desk, record))


@use_case(Permission.DECIDE_RELEASE, kind="write")
def mark_normal_seen(desk: Desk, *, record_ids: list[UUID]) -> BulkAnswer:
    """Mark several results as seen at once: ordinary ones with every value in range; an answer for each.

    Raises:
        InvalidInput: none or too many were chosen.
    """
    keys = list(dict.fromkeys(record_ids))
    if not 0 < len(keys) <= MOST_AT_ONCE:
        raise InvalidInput("record_ids", _("Choose between 1 and {most} results.").format(most=MOST_AT_ONCE))
    wanted = desk.select(Record, Patient).join(Patient, col(Patient.id) == col(Record.patient_id))
    wanted = wanted.where(col(Record.id).in_(keys), col(Record.listed).is_(True)).with_for_update(of=Record)
    found = {record.id: (record, patient) for record, patient in desk.exec(wanted)}
    counted = tallies(desk, [record for record, _patient in found.values()])
    answer, seen = BulkAnswer(), []
    for key in keys:
        if key not in found:
            answer.refused.append(Refused(str(key), "", NotFound().message))
            continue
        record, patient = found[key]
        place = place_of(record, counted.get(key), desk.now, ZoneInfo(desk.practice.time_zone))
        why = _why_not_bulk(desk, record, normal=place.normal)
        if why:
            answer.refused.append(Refused(str(key), f"{record.title} · {patient.name}", why))
            continue
        record.seen_at = desk.now
        seen.append(record)
        answer.done.append(f"{record.title} · {patient.name}")
    _done(desk, seen, ReleaseAct.SEEN)
    desk.patients = [record.patient_id for record in seen if record.patient_id]
    answer.sentence = plural("{count} result marked as seen.", "{count} results marked as seen.", len(answer.done))
    return answer


def _why_not_bulk(desk: Desk, record: Record, *, normal: bool) -> str:
    try:
        _may_be_seen(desk, record)
    except Conflict as refusal:
        return refusal.message
    if record.hold_reason:
        return _("It is held. Open it to decide.")
    if WaitsFor(record.waits_for) is WaitsFor.WISH and not _is_open(desk, record):
        return _("They asked to wait for your comment. Open it and write one.")
    return "" if normal else _("Not every value is in its range. Open it and look.")


def _result(desk: Desk, record_id: UUID, *, lock: bool = False) -> Record:
    """A result of this practice that stands on its own; locked, so that of two clinicians one comes second."""
    wanted = desk.select(Record).where(col(Record.id) == record_id, col(Record.listed).is_(True))
    found: Record | None = desk.exec(wanted.with_for_update(of=Record) if lock else wanted).scalars().first()
    if found is None:
        raise NotFound
    return found


def _note(desk: Desk, record: Record) -> None:
    """The audit line names the chart, but for a withheld result: the person's own log must not tell of it."""
    desk.note(record=str(record.id))
    if Gate(record.gate) is not Gate.WITHHELD:
        desk.note(patient_id=record.patient_id)


def _patient(desk: Desk, record: Record) -> Patient:
    if record.patient_id is None:
        raise NotFound
    return desk.patient(record.patient_id)


def _comment(record: Record, comment: str) -> str:
    told = comment.strip()
    if len(told) > LONGEST_COMMENT:
        raise InvalidInput("comment", _("Keep the comment below {most} characters.").format(most=LONGEST_COMMENT))
    if told and Gate(record.gate) is Gate.WITHHELD:
        raise InvalidInput("comment", _("Nobody would read it: this result is not shown online. Call instead."))
    return told


def _may_be_seen(desk: Desk, record: Record) -> None:
    _must_be_final(record)
    if record.seen_at is not None:
        raise Conflict(shown_words(desk, record))


def _must_be_final(record: Record) -> None:
    if record.final_at is None:
        raise Conflict(_("The report is not final yet. Come back when it is."))


def _is_open(desk: Desk, record: Record) -> bool:
    return record.visible_from is not None and record.visible_from <= desk.now


def _hold_end(desk: Desk, until: date) -> datetime:
    if until <= desk.today:
        raise InvalidInput("until", _("Choose a day after today."))
    if until > desk.today + HOLD_LIMIT:
        raise InvalidInput("until", _("Choose a day within one year. You can hold it again later."))
    return datetime.combine(until, time(), tzinfo=ZoneInfo(desk.practice.time_zone))


def _must_hold_alone(desk: Desk, record: Record) -> None:
    """Only who holds a result changes the hold; anybody may release it."""
    if not record.hold_reason or record.hold_until is None or record.hold_until <= desk.now:
        return
    held = next((event for event in reversed(events_of(desk, record)) if event.act == ReleaseAct.HELD), None)
    if held is not None and desk.access.place and held.staff_id != desk.access.place.staff_id:
        until = day(record.hold_until, ZoneInfo(desk.practice.time_zone))
        raise Conflict(_("{name} holds it until {day}. Talk with them, or release it.").format(name=held.by, day=until))


def _done(
    desk: Desk,
    records: list[Record],
    act: ReleaseAct,
    *,
    comment: str = "",
    reason: HoldReason | None = None,
    until: datetime | None = None,
) -> None:
    """Write the acts, settle the charts, tell the open pages; a withheld result's act is told to the desk alone."""
    was_open = {record.id: _is_open(desk, record) for record in records}
    patients = [record.patient_id for record in records if record.patient_id]
    for record, patient_id in zip(records, patients, strict=True):
        event = ReleaseEvent(
            record_id=record.id,
            patient_id=patient_id,
            by=desk.actor.name,
            act=act,
            at=desk.now,
            comment=comment,
            reason=reason,
            until=until,
        )
        event.staff_id = desk.access.place.staff_id if desk.access.place else None
        desk.add(event)
        desk.add(record)
    settle_records(desk.session, patients, desk.now)
    desk.note(records=[str(record.id) for record in records], act=act.value)
    if len(records) == 1:
        _note(desk, records[0])
    for record, patient_id in zip(records, patients, strict=True):
        if Gate(record.gate) is Gate.WITHHELD:
            desk.changes.append(Change("desk", str(desk.practice.id), "results"))
            continue
        desk.publish(patient_id, "results")
        if _is_open(desk, record) and not was_open[record.id]:
            desk.outbox(RESULT_RELEASED, notice_of(record.id, patient_id))
