"""What leaves the outbox: "there is something new for you", to those who may see it at the moment of delivery."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from sqlmodel import col, select

from rxportal.core.access import Permission
from rxportal.core.authorize import live_grants, relationship_of, shown_to
from rxportal.core.release_filter import visible
from rxportal.core.scopes import VIEWERS, Desk
from rxportal.core.text import _
from rxportal.core.usecase import use_case
from rxportal.models.accounts import Account, Grant, Patient, Practice
from rxportal.models.audit import OutboxMessage
from rxportal.models.live import Lease
from rxportal.models.mail import MailboxMessage
from rxportal.models.preferences import NoticeChoice
from rxportal.models.records import Record, Section
from rxportal.services.letters import FIRST_WAIT, TRIED_FOR, Words, filled, next_try
from rxportal.services.preferences import RESULTS
from rxportal.services.released import RESULT_RELEASED, TOLD

AT_ONCE = 20


@dataclass(frozen=True)
class Reader:
    """Somebody who is to be told."""

    account_id: UUID
    email: str


@dataclass(frozen=True)
class Notice:
    """One outbox message and who is still to be told. The words are the same whatever it is about."""

    message_id: UUID
    readers: tuple[Reader, ...]
    subject: str
    text: str
    html: str


@dataclass(frozen=True)
class KeptLetter:
    """A letter in the development mailbox."""

    at: datetime
    to: str
    subject: str
    text: str


@use_case(Permission.DELIVER_NOTICES, kind="write", audited=False)
def take_lease(desk: Desk, *, name: str, holder: str, seconds: int) -> bool:
    """Whether `holder` leads this job for the next seconds; another worker's live lease says no."""
    lease = desk.session.get(Lease, name, with_for_update=True)
    if lease is None:
        lease = Lease(name=name, holder=holder, until=desk.now)
    if lease.holder != holder and lease.until > desk.now:
        return False
    lease.holder, lease.until = holder, desk.now + timedelta(seconds=seconds)
    desk.add(lease)
    return True


@use_case(Permission.DELIVER_NOTICES, audited=False)
def due_notices(desk: Desk, *, origin: str, phone: str = "", support: str = "") -> list[Notice]:
    """What is due now, with those who may see it at this moment and were not told yet. Words: see `due_letters`."""
    due = desk.session.exec(
        select(OutboxMessage)
        .where(col(OutboxMessage.delivered_at).is_(None), OutboxMessage.topic == RESULT_RELEASED)
        .where(col(OutboxMessage.due_at) <= desk.now, col(OutboxMessage.created_at) > desk.now - TRIED_FOR)
        .order_by(col(OutboxMessage.due_at))
        .limit(AT_ONCE)
    ).all()
    open_words = {"origin": origin, "phone": phone, "support": support, "practice": desk.practice.name}
    words = Words(
        _("Something new from {practice}").format(practice=desk.practice.name),
        (_("There is something new for you. Sign in to read it."),),
        link=(_("Sign in"), "/sign-in"),
        below=(_("You choose in Preferences which e-mails you get."),),
    )
    return [Notice(message.id, _readers(desk, message), *filled(words, open_words)) for message in due]


def _readers(desk: Desk, message: OutboxMessage) -> tuple[Reader, ...]:
    """Everybody with a live grant who may see the record now, but those who were told."""
    payload = json.loads(message.payload)
    record_id, told = UUID(payload["record"]), payload.get(TOLD, [])
    rows = desk.session.exec(
        select(Grant, Patient, Practice, Account)
        .where(Patient.id == Grant.patient_id, Practice.id == Patient.practice_id, Account.id == Grant.account_id)
        .where(col(Patient.id).in_(select(Record.patient_id).where(Record.id == record_id)))
        .where(col(Account.disabled_at).is_(None), *live_grants(desk.now), ~_unwanted())
    ).all()
    readers = []
    for grant, patient, practice, account in rows:
        relationship = relationship_of(grant, patient, practice, desk.now)
        if relationship is None or (grant.sections and Section.RESULTS not in grant.sections.split(",")):
            continue
        shown = shown_to(desk.session, grant, practice, relationship)
        seen = select(Record.id).where(Record.id == record_id, visible(VIEWERS[relationship], desk.now, shown=shown))
        if str(account.id) not in told and desk.session.exec(seen).first():
            readers.append(Reader(account.id, account.email))
    return tuple(readers)


def _unwanted() -> Any:
    """Whether the account chose to get no letter about results."""
    off = select(NoticeChoice.id).where(NoticeChoice.account_id == Account.id, NoticeChoice.topic == RESULTS)
    return off.where(col(NoticeChoice.email).is_(False)).exists()


@use_case(Permission.DELIVER_NOTICES, kind="write")
def note_told(desk: Desk, *, message_id: UUID, account_id: UUID) -> None:
    """Remember at once who was told: when another address fails, nobody is told twice."""
    message = desk.session.get(OutboxMessage, message_id)
    if message is None:
        return
    payload = json.loads(message.payload)
    message.payload = json.dumps({**payload, TOLD: [*payload.get(TOLD, []), str(account_id)]})
    desk.note(message=message_id, account=account_id)


@use_case(Permission.DELIVER_NOTICES, kind="write")
def settle_notice(desk: Desk, *, message_id: UUID, failed_because: str = "", first_wait: float = FIRST_WAIT) -> None:
    """Remember that everybody was told, or when to try the others again, see `next_try`."""
    message = desk.session.get(OutboxMessage, message_id)
    if message is None:
        return
    message.tries += 1
    message.failed_because = failed_because[:100]
    if failed_because:
        message.due_at = next_try(desk.now, message.tries, first_wait)
    else:
        message.delivered_at = desk.now
    desk.note(message=message_id, tries=message.tries)


@use_case(Permission.DELIVER_NOTICES, kind="write", audited=False)
def keep_letter(desk: Desk, *, to: str, subject: str, text: str, html: str = "") -> None:
    """Development: put a letter into the mailbox."""
    desk.add(MailboxMessage(at=desk.now, to=to, subject=subject, text=text, html=html))


@use_case(Permission.DELIVER_NOTICES, audited=False)
def read_mailbox(desk: Desk) -> list[KeptLetter]:
    """Development: the newest fifty letters."""
    newest = select(MailboxMessage).order_by(col(MailboxMessage.at).desc()).limit(50)
    return [KeptLetter(one.at, one.to, one.subject, one.text) for one in desk.session.exec(newest)]
