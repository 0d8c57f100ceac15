"""Limits against guessing and flooding: every try is counted before it is made, by whom it concerns."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import func, text
from sqlmodel import col, select

from rxportal.core.errors import TooMany
from rxportal.core.scopes import Scope
from rxportal.core.text import _
from rxportal.models.accounts import SignInAttempt

WINDOW = timedelta(minutes=15)
DAY = timedelta(days=1)
SLOW_DOWN = _("Too many tries from here or for this account. Wait 15 minutes, or call sign-in support.")


@dataclass(frozen=True)
class Limit:
    """At most so many tries of one subject within a window. `subject`: a keyed digest, never the name itself."""

    subject: str
    most: int
    window: timedelta = WINDOW


def reserve(scope: Scope, limits: Sequence[Limit], message: str = SLOW_DOWN) -> tuple[UUID, ...]:
    """Count one try of each subject, before it is made; the ids of what was written, for `succeeded`.

    Raises:
        TooMany: one of them has used its tries up.
    """
    for one in limits:
        take_turns(scope, one.subject)
        if _failures(scope, one.subject, scope.now - one.window) >= one.most:
            raise TooMany(message)
    attempts = [SignInAttempt(subject=name, at=scope.now) for name in dict.fromkeys(one.subject for one in limits)]
    for attempt in attempts:
        scope.add(attempt)
    return tuple(attempt.id for attempt in attempts)


def succeeded(scope: Scope, attempt_ids: Sequence[UUID]) -> None:
    """These tries were right: they count no more."""
    for attempt_id in attempt_ids:
        attempt = scope.session.get(SignInAttempt, attempt_id)
        if attempt:
            attempt.succeeded = True


def forgive(scope: Scope, name: str) -> None:
    """Whoever tried before has proved by another way who they are: the tries of this subject count no more."""
    wrong = select(SignInAttempt).where(SignInAttempt.subject == name, col(SignInAttempt.succeeded).is_(False))
    for attempt in scope.session.exec(wrong):
        attempt.succeeded = True


def take_turns(scope: Scope, name: str) -> None:
    """Two who want the last free place, or one address, at once: the second waits (SQLite: BEGIN IMMEDIATE does it)."""
    if scope.session.get_bind().dialect.name == "postgresql":
        scope.session.execute(text("SELECT pg_advisory_xact_lock(hashtext(:name))"), {"name": name})


def _failures(scope: Scope, name: str, since: datetime) -> int:
    counted = (
        select(func.count())
        .select_from(SignInAttempt)
        .where(SignInAttempt.subject == name, col(SignInAttempt.at) > since, col(SignInAttempt.succeeded).is_(False))
    )
    return scope.session.exec(counted).one()
