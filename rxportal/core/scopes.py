"""The four scopes a use case can have. Each holds the open transaction and an access that was already decided."""

from __future__ import annotations

import json
from collections.abc import Callable, Hashable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any, TypeVar
from uuid import UUID

from sqlalchemy import Select
from sqlalchemy import select as sql_select
from sqlmodel import Session, SQLModel, col

from rxportal.core.access import Access, Actor, Permission, Relationship
from rxportal.core.authorize import OpenChart, open_charts
from rxportal.core.clock import day_in
from rxportal.core.errors import NotFound
from rxportal.core.live import Change
from rxportal.core.reading import SAME_MOMENT, Charts, Reading
from rxportal.core.sight import Sight, prepared
from rxportal.models.accounts import Patient, Practice, Role
from rxportal.models.accounts import Session as SignIn
from rxportal.models.audit import OutboxMessage
from rxportal.models.records import Record, RecordLink
from rxportal.rules.release import Viewer


def _day(now: datetime, zone: str) -> date:
    return day_in(zone, now)


Row = TypeVar("Row", bound=SQLModel)
VIEWERS = {
    Relationship.OWNER: Viewer.OWNER,
    Relationship.FULL: Viewer.PROXY,
    Relationship.READ_ONLY: Viewer.PROXY,
    Relationship.PARENT_OF_CHILD: Viewer.PARENT_OF_CHILD,
    Relationship.PARENT_OF_TEEN: Viewer.PARENT_OF_TEEN,
}


@dataclass
class Scope:
    """What every scope has: the transaction, who acts, the access, and the one instant of this event."""

    session: Session
    actor: Actor
    access: Access
    now: datetime
    changes: list[Change] = field(default_factory=list)
    detail: dict[str, Any] = field(default_factory=dict)
    reading: Reading | None = None

    def read_by(self) -> Reading:
        """What this act reads by: kept where its result is (ADR 0006), else forgotten at once."""
        if self.reading is not None:
            return self.reading
        if self.session.new or self.session.dirty:
            self.session.flush()
        return Reading(self.session, self.now)

    def asks(self, question: Callable[..., Any], *given: Any) -> Any:
        """The answer of a pure `question(now, *given)`: the one way to this act's instant where results are kept."""
        return self.read_by().asks(question, *given)

    def exec(self, statement: Select[Any], **values: Any) -> Any:
        """Run a statement made by `select`; `values` are for what it leaves open."""
        return self.session.execute(statement, values or None)

    def add(self, row: Row) -> Row:
        """Store a new or changed row with this transaction."""
        self.session.add(row)
        return row

    def outbox(self, topic: str, ids: dict[str, Any]) -> None:
        """Ask for something to be told to the outside after commit; ids only, never clinical words."""
        payload = json.dumps(ids, default=str, sort_keys=True)
        self.session.add(OutboxMessage(topic=topic, payload=payload, created_at=self.now, due_at=self.now))

    def end(self, session: SignIn, because: str) -> None:
        """End a sign-in; its open pages are told after commit."""
        if session.ended_at is None:
            session.ended_at, session.ended_because = self.now, because
            self.changes.append(Change("session", str(session.id), "ended"))

    def note(self, **detail: Any) -> None:
        """Put ids and counts into this act's audit line."""
        self.detail.update(detail)


@dataclass
class Chart(Scope):
    """One patient's record, as opened by somebody, with that person's rights in every query."""

    patient: Patient = field(kw_only=True)
    practice: Practice = field(kw_only=True)

    @property
    def viewer(self) -> Viewer:
        """For whom the release rule decides."""
        return VIEWERS[self.access.relationship]

    @property
    def today(self) -> date:
        """The calendar day where the practice is."""
        found: date = self.asks(_day, self.practice.time_zone)
        return found

    @property
    def sight(self) -> Sight:
        """What this viewer may see, without whose chart it is and when."""
        return Sight(self.viewer, self.access.sections, self.access.shown)

    def exec(self, statement: Select[Any], **values: Any) -> Any:
        """Run a statement made by `select`, `select_waiting` or `prepared`, on this chart at this instant."""
        bound = {"chart_patient": self.patient.id, "chart_now": self.now, **values}
        return self.session.execute(statement, bound)

    def read(self, build: Callable[..., Any], *shape: Hashable, **values: Any) -> list[Any]:
        """Rows of a prepared statement of columns, past the ORM, which a list has no use for. See `core.quick`.

        A value may be a list, and a `timedelta` where the statement takes an instant: so far from now.
        """
        bound = {"chart_patient": self.patient.id, "chart_now": SAME_MOMENT, **values}
        return self.read_by().rows(self.prepared(build, *shape), bound)

    def read_of(self, build: Callable[..., Any], keys: Sequence[UUID]) -> list[Any]:
        """The same of a statement that asks for some `keys`, however many."""
        return self.read(build, keys=list(keys))

    def prepared(self, build: Callable[..., Select[Any]], *shape: Hashable) -> Select[Any]:
        """The statement of `build(sight, *shape)`, kept for the next event of this kind of viewer."""
        return prepared(build, self.sight, *shape)

    def select(self, model: type[Any], *entities: Any) -> Select[Any]:
        """Rows of `model` that this viewer may see; run it with `exec`. See `Sight.select`."""
        return self.sight.select(model, *entities)

    def select_waiting(self) -> Select[Any]:
        """Results that exist, may be told of, and are not released yet; never a withheld one. Run it with `exec`."""
        return self.sight.select_waiting()

    def get(self, model: type[Row], key: UUID) -> Row:
        """One visible row.

        Raises:
            NotFound: absent, foreign, hidden or withheld, all alike.
        """
        found: Row | None = self.exec(self.select(model).where(model.id == key)).scalars().first()  # type: ignore[attr-defined]
        if found is None:
            raise NotFound
        return found

    def publish(self, topic: str) -> None:
        """Tell every open page of this chart after commit."""
        self.changes.append(Change("chart", str(self.patient.id), topic))


@dataclass
class Desk(Scope):
    """A member of staff over the practice's patients, or the operator of the command line.

    `patients`: whose charts one act touched, where there are several; each gets its own audit line.
    """

    practice: Practice = field(kw_only=True)
    patients: list[UUID] = field(default_factory=list)

    @property
    def role(self) -> Role | None:
        """The role that opened this desk; None for the operator."""
        return Role(self.access.place.role) if self.access.place else None

    @property
    def today(self) -> date:
        """The calendar day where the practice is."""
        return day_in(self.practice.time_zone, self.now)

    def select(self, model: type[Any], *entities: Any) -> Select[Any]:
        """Rows of `model` of this practice's patients, waiting and withheld ones too, struck ones not."""
        statement = sql_select(model, *entities)
        if model is Patient:
            return statement.where(col(Patient.practice_id) == self.practice.id)
        if model is RecordLink:
            statement = statement.join(Record, col(Record.id) == RecordLink.child_id)
        elif "record_id" in model.model_fields:
            statement = statement.join(Record, col(Record.id) == model.record_id)
        elif model is not Record:
            return statement.where(model.patient_id.in_(self._patients()))
        return statement.where(col(Record.patient_id).in_(self._patients()), col(Record.struck).is_(False))

    def select_named(self) -> Select[Any]:
        """Records of this practice's patients, by the links of what names them (RecordLink is joined)."""
        return self.select(Record).join(RecordLink, col(RecordLink.child_id) == col(Record.id))

    def prepared(self, build: Callable[..., Select[Any]], *shape: Hashable) -> Select[Any]:
        """The statement of `build(desk, *shape)`, so that one builder serves charts and desks; made anew each time."""
        return build(self, *shape)

    def read_of(self, build: Callable[..., Any], keys: Sequence[UUID]) -> list[Any]:
        """Rows of a statement of columns that asks for some `keys`. See `Chart.read_of`."""
        return list(self.exec(self.prepared(build), keys=list(keys)))

    def get(self, model: type[Row], key: UUID) -> Row:
        """One row of this practice.

        Raises:
            NotFound: absent, or another practice's.
        """
        found: Row | None = self.session.execute(self.select(model).where(model.id == key)).scalars().first()  # type: ignore[attr-defined]
        if found is None:
            raise NotFound
        return found

    def patient(self, key: UUID) -> Patient:
        """One of this practice's patients."""
        return self.get(Patient, key)

    def publish(self, patient_id: UUID, topic: str) -> None:
        """Tell the open pages of that chart and of this desk after commit."""
        self.changes.append(Change("chart", str(patient_id), topic))
        self.changes.append(Change("desk", str(self.practice.id), topic))

    def _patients(self) -> Select[Any]:
        return sql_select(col(Patient.id)).where(col(Patient.practice_id) == self.practice.id)


@dataclass
class AccountScope(Scope):
    """The signed-in person's own account. `opened`: charts that this act looked into."""

    opened: list[Chart] = field(default_factory=list)

    @property
    def account_id(self) -> UUID:
        """Whose account this is."""
        if self.actor.account_id is None:
            raise NotFound
        return self.actor.account_id

    def charts(self, permission: Permission) -> list[Chart]:
        """Every chart this person may open with this permission, one's own first; each leaves its own audit line."""
        if self.reading is None:
            self.open(permission)
        else:
            self.reading.steps.append(Charts(permission, self.open(permission)))
        return self.opened

    def open(self, permission: Permission) -> list[OpenChart]:
        """Decide which charts may be opened, and open them."""
        if self.reading is None:
            found = open_charts(self.session, self.actor, permission, self.now)
        else:
            found = open_charts(self.reading.session, self.actor, permission, self.reading.now, plain=True)
        self.opened = [
            Chart(
                self.session,
                self.actor,
                one.access,
                self.now,
                reading=self.reading,
                patient=one.patient,
                practice=one.practice,
            )
            for one in found
        ]
        return found


@dataclass
class PublicScope(Scope):
    """Nobody in particular."""
