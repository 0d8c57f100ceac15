"""Credentials → Actor, read again from the database for every event."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from sqlmodel import Session as Database
from sqlmodel import col, or_, select

from rxportal.core.access import Actor, StaffPlace
from rxportal.core.errors import NotSignedIn
from rxportal.models.accounts import Account, Session, Staff


@dataclass(frozen=True)
class SessionToken:
    """The opaque value of the session cookie."""

    value: str

    def __repr__(self) -> str:
        """Never show the token."""
        return "SessionToken(…)"


@dataclass(frozen=True)
class Operator:
    """Whoever runs the command line on the server."""

    name: str = "command line"


@dataclass(frozen=True)
class Anonymous:
    """Nobody."""


Credentials = SessionToken | Operator | Anonymous


@dataclass(frozen=True)
class Limits:
    """How long a session lives: without activity, and at most."""

    idle: timedelta = timedelta(minutes=15)
    absolute: timedelta = timedelta(hours=12)


def token_hash(token: str) -> str:
    """What is stored of a token: enough to find it, useless to whoever steals the table."""
    return hashlib.sha256(token.encode()).hexdigest()


def session_end(session: Session, limits: Limits) -> datetime:
    """The instant this session ends by itself if nothing happens."""
    return min(session.active_at + limits.idle, session.created_at + limits.absolute)


def find_session(database: Database, token: str, now: datetime, limits: Limits) -> Session | None:
    """The live session of a token, or None: unknown, ended, idle too long or too old."""
    session = database.exec(select(Session).where(Session.token_hash == token_hash(token))).first()
    if session is None or session.ended_at is not None or now >= session_end(session, limits):
        return None
    return session


def identify(database: Database, credentials: Credentials, now: datetime, limits: Limits, *, active: bool) -> Actor:
    """Who is acting.

    `active`: a person did something, so the idle clock starts again; live updates and reconnects are not activity.

    Raises:
        NotSignedIn: there was a session cookie, but no live session behind it.
    """
    if isinstance(credentials, Operator):
        return Actor(name=credentials.name, operator=True)
    if isinstance(credentials, Anonymous):
        return Actor(name="")
    session = find_session(database, credentials.value, now, limits)
    account = database.get(Account, session.account_id) if session else None
    if session is None or account is None or account.disabled_at is not None:
        raise NotSignedIn
    if active and now > session.active_at:
        session.active_at = now
        database.add(session)
    return Actor(
        name=account.name, account_id=account.id, session_id=session.id, places=_places(database, account.id, now)
    )


def _places(database: Database, account_id: UUID, now: datetime) -> tuple[StaffPlace, ...]:
    rows = database.exec(
        select(Staff)
        .where(Staff.account_id == account_id, col(Staff.since) <= now)
        .where(or_(col(Staff.until).is_(None), col(Staff.until) > now))
        .order_by(col(Staff.since))
    )
    return tuple(
        StaffPlace(staff_id=row.id, practice_id=row.practice_id, role=row.role, title=row.title) for row in rows
    )
