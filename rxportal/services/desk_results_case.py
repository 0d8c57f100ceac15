"""One result at the desk: what it says, where it stands, what was done, and what can be done now."""

from __future__ import annotations

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from sqlmodel import col

from rxportal.core.release_store import policy_of
from rxportal.core.scopes import Desk
from rxportal.core.text import _
from rxportal.fhir.dates import clock_words
from rxportal.fhir.display import date_words
from rxportal.models.accounts import Patient
from rxportal.models.records import Gate, Kind, Record
from rxportal.models.releases import HoldReason, ReleaseAct, ReleaseEvent
from rxportal.services.desk_results_queue import Place, place_of
from rxportal.services.desk_results_views import CaseView
from rxportal.services.desk_results_who import who_will_see
from rxportal.services.orders import Order, orders_of
from rxportal.services.result_detail import attachment_rows, parts_of, said, value_rows
from rxportal.services.result_journey import day, kind_label
from rxportal.services.result_rows import tallies
from rxportal.services.results_views import Choice

HOLD_LIMIT = timedelta(days=365)
HOLD_USUAL = timedelta(days=7)
REASONS = {
    HoldReason.TALK_FIRST: _("I want to talk with the patient first"),
    HoldReason.PATIENT_ASKED: _("The patient asked to wait"),
    HoldReason.HARM: _("It could harm the patient or somebody else"),
    HoldReason.CORRECTION: _("The report is being corrected"),
}
ACTS = {
    ReleaseAct.SEEN: _("{name} marked it as seen"),
    ReleaseAct.RELEASED: _("{name} released it"),
    ReleaseAct.HELD: _("{name} held it until {day}: {reason}"),
    ReleaseAct.COMMENTED: _("{name} added a comment"),
}


def case_of(desk: Desk, record: Record, patient: Patient) -> CaseView:
    """Everything about one result that a clinician decides by."""
    zone = ZoneInfo(desk.practice.time_zone)
    parts = parts_of(desk, record)
    view = said(record, parts, zone)
    place = place_of(record, tallies(desk, [record]).get(record.id), desk.now, zone)
    shown = record.visible_from is not None and record.visible_from <= desk.now and not place.withheld
    final = record.final_at is not None
    events = events_of(desk, record)
    order = orders_of(desk, [record.id]).get(record.id, Order())
    return CaseView(
        id=str(record.id), patient=patient.name, born=date_words(patient.birth_date), mrn=patient.mrn,
        title=record.title, kind_label=kind_label(record), layout=view.layout, collected=view.collected,
        issued=view.issued, status=view.status, ordered_by=order.doctor or view.ordered_by,
        performer=view.performer or record.author,
        flag=place.flag, tone=place.tone, state=place.state, due=place.due, late=place.late, normal=place.normal,
        values=value_rows(view.values, {}), narrative=view.narrative, conclusion=view.conclusion,
        specimen=view.specimen, attachments=attachment_rows(desk, [record.id, *(part.id for part in parts)]),
        who_will_see=who_will_see(desk, record, patient, released=True),
        who_after_seen=who_will_see(desk, record, patient, released=False),
        policy=policy_of(desk.session, desk.practice, desk.now).line(Kind(record.kind)).source,
        history=[history_line(event, zone) for event in events],
        hold_reasons=[Choice(reason.value, words) for reason, words in REASONS.items()],
        hold_until=(desk.today + HOLD_USUAL).isoformat(), hold_from=(desk.today + timedelta(days=1)).isoformat(),
        hold_latest=(desk.today + HOLD_LIMIT).isoformat(),
        can_see=final and record.seen_at is None, can_hold=not place.withheld and not shown,
        can_release=final and not place.withheld and record.released_at is None and not (shown and record.seen_at),
        why_not=why_not(desk, record, patient, place), withheld=place.withheld,
        comment=next((event.comment for event in reversed(events) if event.comment), ""),
    )  # fmt: skip


def why_not(desk: Desk, record: Record, patient: Patient, place: Place) -> str:
    """Why it cannot be released, and what now; "" where it can be."""
    if place.withheld:
        return withheld_words(desk, record, patient)
    if record.final_at is None:
        return _("The report is not final yet. It can be released as soon as it is.")
    if record.released_at is not None or (record.seen_at and _open(record, desk.now)):
        return shown_words(desk, record)
    return ""


def withheld_words(desk: Desk, record: Record, patient: Patient) -> str:
    """Why a withheld result stays off the portal, and what now."""
    source = policy_of(desk.session, desk.practice, desk.now).line(Kind(record.kind)).source
    told = _("This result is not shown online, to nobody ({source}). Tell {name} by phone or at a visit.")
    return told.format(source=source, name=patient.name)


def shown_words(desk: Desk, record: Record) -> str:
    """By whom, or since when, a result is already open."""
    zone = ZoneInfo(desk.practice.time_zone)
    acts = [event for event in events_of(desk, record) if event.act in (ReleaseAct.RELEASED, ReleaseAct.SEEN)]
    if acts:
        done = ACTS[ReleaseAct(acts[-1].act)].format(name=acts[-1].by)
        return _("It is already done: {done} on {day}.").format(done=done, day=day(acts[-1].at, zone))
    return _("It is already open since {day}.").format(day=day(record.visible_from, zone))


def _open(record: Record, now: datetime) -> bool:
    return Gate(record.gate) is not Gate.WITHHELD and record.visible_from is not None and record.visible_from <= now


def events_of(desk: Desk, record: Record) -> list[ReleaseEvent]:
    """What the desk did with a result, oldest first."""
    wanted = desk.select(ReleaseEvent).where(col(ReleaseEvent.record_id) == record.id)
    return list(desk.exec(wanted.order_by(col(ReleaseEvent.at), col(ReleaseEvent.id))).scalars())


def history_line(event: ReleaseEvent, zone: ZoneInfo) -> str:
    """One act in words: when, who, what, and what was told to the patient."""
    moment = event.at.astimezone(zone)
    reason = REASONS.get(HoldReason(event.reason), "") if event.reason else ""
    done = ACTS[ReleaseAct(event.act)].format(name=event.by, day=day(event.until, zone), reason=reason)
    told = _(" “{comment}”").format(comment=event.comment) if event.comment else ""
    return f"{date_words(moment.date().isoformat())}, {clock_words(moment)}: {done}.{told}"
