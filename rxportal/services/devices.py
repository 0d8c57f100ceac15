"""The sign-ins of one account: see them, end one, end all others (F8)."""

from __future__ import annotations

from datetime import datetime, timedelta, tzinfo
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlmodel import col, select

from rxportal.core.access import Permission
from rxportal.core.errors import Conflict, NotFound
from rxportal.core.live import Change
from rxportal.core.scopes import AccountScope
from rxportal.core.text import _
from rxportal.core.usecase import use_case
from rxportal.fhir.dates import clock_words
from rxportal.models.accounts import Grant, Patient, Practice, Session
from rxportal.rules.devices import browser_and_device
from rxportal.services.access_views import DeviceRow, SecurityPage
from rxportal.services.result_journey import day
from rxportal.services.sessions import SESSIONS

ENDED_HERE = "ended from another browser"


@use_case(Permission.VIEW_SESSIONS)
def list_sessions(account: AccountScope, *, idle_seconds: int = 900, absolute_seconds: int = 43_200) -> SecurityPage:
    """Where this account is signed in now. The seconds are the limits of a session."""
    zone = _zone(account)
    rows = [_row(account, one, zone) for one in _live(account, idle_seconds, absolute_seconds)]
    rows.sort(key=lambda row: not row.here)
    return SecurityPage(rows, sum(1 for row in rows if not row.here), max(1, idle_seconds // 60))


@use_case(Permission.END_SESSIONS, kind="write")
def end_one_session(account: AccountScope, *, session_id: UUID) -> str:
    """Sign out one other browser of this account; its open pages close at once. Which one it was, in words.

    Raises:
        NotFound: no sign-in of this account.
        Conflict: it is this one, or it was over before.
    """
    wanted = select(Session).where(Session.account_id == account.account_id, Session.id == session_id)
    found = account.session.exec(wanted.with_for_update()).first()
    if found is None:
        raise NotFound
    if found.id == account.actor.session_id:
        raise Conflict(_("This is the browser you are using. Sign out here instead."))
    if found.ended_at is not None:
        raise Conflict(_("That browser was signed out before."))
    account.end(found, ENDED_HERE)
    _told(account, ended=1)
    return device_words(found.browser)


@use_case(Permission.END_SESSIONS, kind="write")
def end_other_sessions(account: AccountScope, *, idle_seconds: int = 900, absolute_seconds: int = 43_200) -> int:
    """Sign out every other browser of this account. How many. The seconds are the limits of a session."""
    live = _live(account, idle_seconds, absolute_seconds)
    others = [one for one in live if one.id != account.actor.session_id]
    for one in others:
        account.end(one, ENDED_HERE)
    _told(account, ended=len(others))
    return len(others)


def device_words(user_agent: str) -> str:
    """A browser and its device, "Chrome on Windows"."""
    browser, device = browser_and_device(user_agent)
    if browser and device:
        return _("{browser} on {device}").format(browser=browser, device=device)
    return browser or (_("A browser on {device}").format(device=device) if device else _("A browser we don’t know"))


def _live(account: AccountScope, idle_seconds: int, absolute_seconds: int) -> list[Session]:
    """The sign-ins that are not over, the last used first."""
    idle, absolute = account.now - timedelta(seconds=idle_seconds), account.now - timedelta(seconds=absolute_seconds)
    wanted = select(Session).where(
        Session.account_id == account.account_id,
        col(Session.ended_at).is_(None),
        col(Session.active_at) > idle,
        col(Session.created_at) > absolute,
    )
    return list(account.session.exec(wanted.order_by(col(Session.active_at).desc(), col(Session.id))))


def _told(account: AccountScope, *, ended: int) -> None:
    account.note(ended=ended)
    account.changes.append(Change("account", str(account.account_id), SESSIONS))


def _zone(account: AccountScope) -> tzinfo:
    """The clock of the practice that this person belongs to."""
    practices = select(Practice.time_zone).order_by(col(Practice.id))
    if account.actor.places:
        practices = practices.where(Practice.id == account.actor.places[0].practice_id)
    else:
        practices = practices.join(Patient, col(Patient.practice_id) == col(Practice.id)).join(
            Grant, (col(Grant.patient_id) == col(Patient.id)) & (col(Grant.account_id) == account.account_id)
        )
    return ZoneInfo(account.session.exec(practices).first() or "UTC")


def _moment(at: datetime, zone: tzinfo) -> str:
    return _("{day}, {time}").format(day=day(at, zone), time=clock_words(at.astimezone(zone)))


def _row(account: AccountScope, one: Session, zone: tzinfo) -> DeviceRow:
    here = one.id == account.actor.session_id
    return DeviceRow(
        id="" if here else str(one.id),
        device=device_words(one.browser),
        begun=_moment(one.created_at, zone),
        used="" if here else _moment(one.active_at, zone),
        address=one.address,
        here=here,
    )
