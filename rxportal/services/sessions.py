"""Signing in and out, and how long a sign-in lasts. The clock is the server's."""

from __future__ import annotations

import hmac
import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from sqlmodel import col, select

from rxportal.core.access import Permission
from rxportal.core.identity import Limits, session_end, token_hash
from rxportal.core.live import Change
from rxportal.core.scopes import AccountScope, Desk, PublicScope
from rxportal.core.usecase import use_case
from rxportal.models.accounts import Account, Session
from rxportal.rules.addresses import normal_address
from rxportal.services.tries import DAY, Limit, reserve, succeeded

MOST_PER_ACCOUNT = 10
MOST_PER_ACCOUNT_A_DAY = 100
MOST_PER_ADDRESS = 40
SESSIONS = "sessions"
"""Topic of an account of which a sign-in began or ended."""


@dataclass(frozen=True)
class Admission:
    """A sign-in that may be tried: what to check the password against. `account_id` is None for nobody's address."""

    attempt_ids: tuple[UUID, ...]
    account_id: UUID | None
    password_hash: str


@dataclass(frozen=True)
class SessionTime:
    """When a session ends by itself; `ended`: it already has."""

    session_id: UUID
    ends_at: datetime
    absolute_end: datetime
    ended: bool


def normal_email(typed: str) -> str:
    """An e-mail address as it is stored. See `rules.addresses.normal_address`."""
    return normal_address(typed)


def subject(key: bytes, kind: str, value: str) -> str:
    """A keyed digest, so that the table of attempts tells nobody who tried."""
    return hmac.new(key, f"{kind}:{value}".encode(), "sha256").hexdigest()


@use_case(Permission.SIGN_IN, kind="write", audited=False)
def admit_sign_in(public: PublicScope, *, email: str, account: str, address: str, device: str = "") -> Admission:
    """Reserve one password check, counted before it is made.

    `account`, `address`, `device`: subjects. A browser that signed in to this account before (`device`) has a budget
    of its own, so that whoever guesses cannot lock its owner out.

    Raises:
        TooMany: the account, the address or the device has used its checks up.
    """
    who = device or account
    limits = [Limit(who, MOST_PER_ACCOUNT), Limit(who, MOST_PER_ACCOUNT_A_DAY, DAY)]
    attempt_ids = reserve(public, limits if device else [*limits, Limit(address, MOST_PER_ADDRESS)])
    found = public.session.exec(select(Account).where(Account.email == email)).first()
    usable = found if found and found.disabled_at is None else None
    return Admission(attempt_ids, usable.id if usable else None, usable.password_hash if usable else "")


@use_case(Permission.SIGN_IN, kind="write")
def begin_session(
    public: PublicScope,
    *,
    account_id: UUID,
    attempt_ids: list[UUID],
    replaces: str = "",
    browser: str = "",
    address: str = "",
    way: str = "password",
) -> str:
    """Start a session after its person proved who they are; ends the one that this browser had before.

    Returns:
        The opaque token for the cookie (256 bits); only its hash is kept.
    """
    succeeded(public, attempt_ids)
    if replaces:
        replaced = public.session.exec(select(Session).where(Session.token_hash == token_hash(replaces))).first()
        if replaced:
            public.end(replaced, "replaced")
            public.changes.append(Change("account", str(replaced.account_id), SESSIONS))
    token = secrets.token_urlsafe(32)
    session = Session(
        account_id=account_id,
        token_hash=token_hash(token),
        created_at=public.now,
        active_at=public.now,
        browser=browser[:200],
        address=address[:64],
        fresh_at=public.now,
        way=way,
    )
    public.add(session)
    public.note(session=session.id, account=account_id)
    public.changes.append(Change("account", str(account_id), SESSIONS))
    return token


@use_case(Permission.SIGN_IN, kind="write")
def refuse_sign_in(public: PublicScope, *, account_id: UUID | None = None) -> None:
    """Leave the audit line of a wrong password."""
    public.note(refused=True, account=account_id)


@use_case(Permission.END_SESSION, kind="write")
def end_session(account: AccountScope) -> None:
    """Sign out here: this session ends on all its open pages."""
    session = account.session.get(Session, account.actor.session_id)
    if session:
        account.end(session, "signed out")
        account.changes.append(Change("account", str(account.account_id), SESSIONS))


@use_case(Permission.EXTEND_SESSION, kind="write")
def extend_session(account: AccountScope) -> None:
    """Stay signed in: the idle clock starts again (being here is the activity)."""
    account.changes.append(Change("session", str(account.actor.session_id), "extended"))


@use_case(Permission.WATCH_SESSIONS, audited=False)
def session_times(
    desk: Desk, *, session_ids: list[UUID], idle_seconds: int, absolute_seconds: int
) -> list[SessionTime]:
    """When each of these sessions ends, for the warnings on their open pages."""
    limits = Limits(timedelta(seconds=idle_seconds), timedelta(seconds=absolute_seconds))
    rows = desk.session.exec(
        select(Session, Account).where(col(Session.id).in_(session_ids), Account.id == Session.account_id)
    )
    times = []
    for session, account in rows:
        ends = session_end(session, limits)
        over = session.ended_at is not None or desk.now >= ends or account.disabled_at is not None
        times.append(SessionTime(session.id, ends, session.created_at + limits.absolute, over))
    return times
