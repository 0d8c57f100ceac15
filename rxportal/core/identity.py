"""Credentials → Actor, read again from the database for every event."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Protocol

from sqlalchemy import String, and_, bindparam, func, or_, update
from sqlmodel import Session as Database
from sqlmodel import col, select

from rxportal.core.access import Actor, StaffPlace
from rxportal.core.errors import NotSignedIn
from rxportal.core.quick import read, write
from rxportal.models.accounts import Account, Session, Staff
from rxportal.models.base import Instant


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


NOTED_EVERY = timedelta(seconds=1)
"""How exactly the last activity is kept: acts within the same second are not written one by one."""
FRESH_FOR = timedelta(minutes=5)
"""How long a proof of who one is covers what is guarded more than the rest."""
Credentials = SessionToken | Operator | Anonymous


@dataclass(frozen=True)
class Limits:
    """How long a session lives: without activity, and at most."""

    idle: timedelta = timedelta(minutes=15)
    absolute: timedelta = timedelta(hours=12)


def token_hash(token: str) -> str:
    """What is stored of a token: enough to find it, useless to whoever steals the table."""
    return hashlib.sha256(token.encode()).hexdigest()


class SignInTimes(Protocol):
    """What the end of a session is reckoned from: a row of `session`, or of a statement with its columns."""

    @property
    def active_at(self) -> datetime:
        """When a person last did something."""

    @property
    def created_at(self) -> datetime:
        """When it began."""


def session_end(session: SignInTimes, limits: Limits) -> datetime:
    """The instant this session ends by itself if nothing happens."""
    return min(session.active_at + limits.idle, session.created_at + limits.absolute)


# Asked at every event, so built once: the session of a token with its account and the desks where it has a place.
WHO: Any = (
    select(  # type: ignore[call-overload]
        col(Session.id),
        col(Session.created_at),
        col(Session.active_at),
        col(Session.account_id),
        col(Session.fresh_at),
        func.coalesce(func.nullif(col(Account.called), ""), col(Account.name), type_=String).label("name"),
        col(Account.text_size),
        col(Staff.id).label("staff_id"),
        col(Staff.practice_id),
        col(Staff.role),
        col(Staff.title),
    )
    .join(Account, col(Account.id) == col(Session.account_id))
    .outerjoin(
        Staff,
        and_(
            col(Staff.account_id) == col(Account.id),
            col(Staff.since) <= bindparam("now", type_=Instant()),
            or_(col(Staff.until).is_(None), col(Staff.until) > bindparam("now", type_=Instant())),
        ),
    )
    .where(
        col(Session.token_hash) == bindparam("token"),
        col(Session.ended_at).is_(None),
        col(Account.disabled_at).is_(None),
    )
    .order_by(col(Staff.since))
)
ACTIVE: Any = (
    update(Session).where(col(Session.id) == bindparam("key")).values(active_at=bindparam("now", type_=Instant()))
)


def identify(database: Database, credentials: Credentials, now: datetime, limits: Limits, *, active: bool) -> Actor:
    """Who is acting; two statements at most.

    `active`: a person did something, so the idle clock starts again; live updates and reconnects are not activity.

    Raises:
        NotSignedIn: there was a session cookie, but no live session behind it: unknown, ended, idle too long, too old.
    """
    if isinstance(credentials, Operator):
        return Actor(name=credentials.name, operator=True)
    if isinstance(credentials, Anonymous):
        return Actor(name="")
    connection = database.connection()
    rows = read(connection, WHO, {"token": token_hash(credentials.value), "now": now})
    if not rows or now >= session_end(rows[0], limits):
        raise NotSignedIn
    first = rows[0]
    if active and now - first.active_at >= NOTED_EVERY:
        write(connection, ACTIVE, {"key": first.id, "now": now})
    places = tuple(StaffPlace(row.staff_id, row.practice_id, row.role, row.title) for row in rows if row.staff_id)
    return Actor(first.name, first.account_id, first.id, places, fresh_at=first.fresh_at, text_size=first.text_size)


def is_fresh(actor: Actor, now: datetime) -> bool:
    """Whether this person proved who they are within the last minutes; nobody at the command line has to."""
    return actor.operator or (actor.fresh_at is not None and now - actor.fresh_at <= FRESH_FOR)
