"""The kernel runs use cases; nothing else opens a transaction, writes an audit line or publishes a change."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Any, TypeVar
from uuid import UUID

from sqlalchemy import Engine
from sqlmodel import Session, col, select

from rxportal.core import audit
from rxportal.core.access import Access, Actor, Permission, Relationship, allows
from rxportal.core.authorize import ask_second_step, open_account, open_chart, open_desk
from rxportal.core.clock import Clock, system_clock
from rxportal.core.database import transaction
from rxportal.core.errors import NotAllowed, NotFound, NotFresh, NotSignedIn, PortalError, Unavailable
from rxportal.core.identity import Credentials, Limits, identify, is_fresh
from rxportal.core.inputs import validate
from rxportal.core.kept import Shelf
from rxportal.core.live import ACCESS_LOG, Bus, Change, MemoryBus
from rxportal.core.scopes import AccountScope, Chart, Desk, PublicScope, Scope
from rxportal.core.usecase import REGISTRY, UseCase, registered
from rxportal.models.accounts import Practice

T = TypeVar("T")
log = logging.getLogger(__name__)


@dataclass(frozen=True)
class PracticeFacts:
    """What the settings say of the practice that runs this portal."""

    name: str = "Fairhaven Clinic"
    state: str = "CA"
    time_zone: str = "America/Los_Angeles"


@dataclass
class Kernel:
    """Everything `perform` needs, chosen once by whoever starts the program.

    `audit_key`: at least 32 secret bytes. `refusal_window`: repeated refusals of one person and use case inside it
    are counted into one audit line. `staff_factor`: a desk opens only where the sign-in has a second step.
    """

    engine: Engine
    audit_key: bytes
    clock: Clock = system_clock
    bus: Bus = field(default_factory=MemoryBus)
    limits: Limits = field(default_factory=Limits)
    practice: PracticeFacts = field(default_factory=PracticeFacts)
    refusal_window: timedelta = timedelta(minutes=1)
    shelf: Shelf = field(default_factory=Shelf)
    staff_factor: bool = False
    _refusals: dict[tuple[str, str, str], tuple[audit.Line, int]] = field(default_factory=dict)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def perform(
        self,
        function: Callable[..., T],
        credentials: Credentials,
        grant: UUID | str | None = None,
        /,
        *,
        live: bool = False,
        **inputs: Any,
    ) -> T:
        """Run one use case in one transaction.

        `grant`: the public id from the URL; absent, one's own chart. `live`: a page reading again by itself: the same
        rights, no audit line, no activity.

        Raises:
            PortalError: every refusal and fault, with the sentence for the person. Nothing was changed.
        """
        case = registered(function)
        now = self.clock()
        try:
            checked = validate(case.inputs, inputs)
            result, changes = self._run(case, credentials, grant, now, checked, live and case.kind == "read")
        except Unavailable:
            raise
        except PortalError as refusal:
            self._audit_refusal(case, credentials, refusal, now)
            raise
        self.bus.publish(changes)
        return result  # type: ignore[no-any-return]

    def _run(  # noqa: PLR0917  (the event's own facts, in the order in which they are used)
        self,
        case: UseCase,
        credentials: Credentials,
        grant: UUID | str | None,
        now: datetime,
        inputs: dict[str, Any],
        live: bool,
    ) -> tuple[Any, list[Change]]:
        with transaction(self.engine, write=not live, plain=case.kept) as session:
            actor = self._actor(session, case, credentials, now, live)
            scope = self._open(case, session, actor, grant, now)
            if case.fresh and not is_fresh(actor, now):
                raise NotFresh
            if case.kept and isinstance(scope, Chart | AccountScope):
                result = self.shelf.view(scope, case.function, inputs)
            else:
                result = case.function(scope, **inputs)
            if case.kind == "write" and isinstance(scope, Chart):
                scope.publish(case.topic)
            session.flush()
            if case.audited and not live:
                for line in _lines(case, scope, actor, now):
                    audit.append(session, self.audit_key, line)
                    if line.patient_id:
                        scope.changes.append(Change("chart", str(line.patient_id), ACCESS_LOG))
            return result, list(dict.fromkeys(scope.changes))

    def _actor(self, session: Session, case: UseCase, credentials: Credentials, now: datetime, live: bool) -> Actor:
        """Who acts; a dead cookie is nobody where nobody is welcome, so that it never bars the way to sign-in."""
        if case.scope is PublicScope:
            return self._who(session, credentials, now)
        return identify(session, credentials, now, self.limits, active=not live)

    def _open(self, case: UseCase, session: Session, actor: Actor, grant: UUID | str | None, now: datetime) -> Scope:
        if case.scope is Chart:
            opened = open_chart(session, actor, _grant_id(grant), case.permission, now, plain=case.kept)
            return Chart(session, actor, opened.access, now, patient=opened.patient, practice=opened.practice)
        if case.scope is Desk:
            access = open_desk(actor, case.permission)
            if self.staff_factor:
                ask_second_step(session, actor)
            return Desk(session, actor, access, now, practice=self._practice(session, access))
        if case.scope is AccountScope:
            return AccountScope(session, actor, open_account(actor, case.permission), now)
        return PublicScope(session, actor, _open_public(actor, case.permission), now)

    def _practice(self, session: Session, access: Access) -> Practice:
        """The desk's practice; the operator's is the one of the settings, made when it is new."""
        if access.place:
            found = session.get(Practice, access.place.practice_id)
        else:
            found = session.exec(select(Practice).where(col(Practice.name) == self.practice.name)).first()
        if found is None and access.place is None:
            facts = self.practice
            found = Practice(name=facts.name, state=facts.state, time_zone=facts.time_zone)
            session.add(found)
            session.flush()
        if found is None:
            raise NotFound
        return found

    def actor_of(self, credentials: Credentials) -> Actor:
        """Who is behind these credentials, without counting as activity.

        Raises:
            NotSignedIn: nobody.
        """
        with transaction(self.engine, write=False, plain=True) as session:
            return identify(session, credentials, self.clock(), self.limits, active=False)

    def _audit_refusal(self, case: UseCase, credentials: Credentials, refusal: PortalError, now: datetime) -> None:
        """One line for a refusal, in its own transaction; the same refusal again soon is only counted."""
        try:
            with transaction(self.engine, write=True) as session:
                actor = self._who(session, credentials, now)
                who = str(actor.session_id or actor.name or "anonymous")
                line = audit.Line(
                    at=now,
                    actor=_called(actor),
                    use_case=case.name,
                    outcome=refusal.code,
                    account_id=actor.account_id,
                    session_id=actor.session_id,
                )
                for due in self._due_refusals((who, case.name, refusal.code), line, now):
                    audit.append(session, self.audit_key, due)
        except Unavailable:
            log.warning("a refusal of %s could not be audited: the database is away", case.name)

    def _who(self, session: Session, credentials: Credentials, now: datetime) -> Actor:
        try:
            return identify(session, credentials, now, self.limits, active=False)
        except NotSignedIn:
            return Actor(name="")

    def _due_refusals(self, key: tuple[str, str, str], line: audit.Line, now: datetime) -> list[audit.Line]:
        with self._lock:
            due = self._ripe(now)
            kept, count = self._refusals.get(key, (line, 0))
            if count == 0:
                due.append(line)
            self._refusals[key] = (kept, count + 1)
        return due

    def _ripe(self, now: datetime) -> list[audit.Line]:
        """Counted refusals whose window is over, as lines (the first of each was written at once)."""
        over = [key for key, (line, _) in self._refusals.items() if now - line.at >= self.refusal_window]
        ripe = [self._refusals.pop(key) for key in over]
        return [replace(line, at=now, count=count - 1) for line, count in ripe if count > 1]

    def flush_refusals(self) -> None:
        """Write what was only counted so far, and forget old views; called by the app's housekeeping and at its end."""
        self.shelf.tidy()
        with self._lock:
            waiting = list(self._refusals.values())
            self._refusals.clear()
        lines = [replace(line, at=self.clock(), count=count - 1) for line, count in waiting if count > 1]
        if lines:
            with transaction(self.engine, write=True) as session:
                for line in lines:
                    audit.append(session, self.audit_key, line)

    def still_open(self, credentials: Credentials, pages: Sequence[tuple[str, str | None]]) -> list[bool]:
        """For each use case (by name) and grant, whether this person may still run it. Nothing is audited."""
        with transaction(self.engine, write=False) as session:
            now = self.clock()
            actor = self._who(session, credentials, now)
            return [self._opens(REGISTRY[name], session, actor, grant, now) for name, grant in pages]

    def _opens(self, case: UseCase, session: Session, actor: Actor, grant: str | None, now: datetime) -> bool:
        try:
            self._open(case, session, actor, grant, now)
        except PortalError:
            return False
        return True

    def audit_fault(self) -> str:
        """The first broken line of the audit chain, or ""."""
        with transaction(self.engine, write=False) as session:
            return audit.first_fault(session, self.audit_key)


def _open_public(actor: Actor, permission: Permission) -> Access:
    relationship = Relationship.SIGNED_IN if actor.account_id else Relationship.ANONYMOUS
    if actor.operator:
        relationship = Relationship.OPERATOR
    if not allows(permission, relationship):
        raise NotAllowed
    return Access(permission, relationship)


def _grant_id(grant: UUID | str | None) -> UUID | None:
    if grant is None or grant == "":
        return None
    try:
        return grant if isinstance(grant, UUID) else UUID(grant)
    except (ValueError, TypeError, AttributeError):
        raise NotFound from None


def _called(actor: Actor) -> str:
    """The actor of an audit line. An account is known by its id alone: a name in the chain could never be removed."""
    return "" if actor.account_id else actor.name or "anonymous"


def _lines(case: UseCase, scope: Scope, actor: Actor, now: datetime) -> list[audit.Line]:
    """One line, or one for each chart that an act over several of them looked into."""
    line = _line(case, scope, actor, now)
    if isinstance(scope, Desk) and scope.patients:
        return [replace(line, patient_id=patient_id) for patient_id in dict.fromkeys(scope.patients)]
    if not isinstance(scope, AccountScope) or not scope.opened:
        return [line]
    return [
        replace(line, patient_id=chart.patient.id, relationship=chart.access.relationship.value, detail=chart.detail)
        for chart in scope.opened
    ]


def _line(case: UseCase, scope: Scope, actor: Actor, now: datetime) -> audit.Line:
    return audit.Line(
        at=now,
        actor=_called(actor),
        use_case=case.name,
        outcome="done",
        account_id=actor.account_id,
        session_id=actor.session_id,
        patient_id=scope.patient.id if isinstance(scope, Chart) else scope.detail.pop("patient_id", None),
        relationship=scope.access.relationship.value,
        detail=scope.detail,
    )
