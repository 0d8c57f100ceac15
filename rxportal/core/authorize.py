"""The one decision: actor, chart or desk, permission → Access, or a refusal that reveals nothing it need not."""

from __future__ import annotations

from collections import namedtuple
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import bindparam
from sqlmodel import Session, col, or_, select

from rxportal.core.access import PREVIEWED, Access, Actor, Permission, Relationship, allows, covers
from rxportal.core.clock import day_in
from rxportal.core.errors import NotAllowed, NotFound, NotSignedIn, SecondStepMissing
from rxportal.core.quick import read
from rxportal.models.accounts import Basis, Grant, Level, Patient, Practice
from rxportal.models.base import Instant
from rxportal.models.credentials import Authenticator, Passkey
from rxportal.models.people import Invitation, TeenChoice
from rxportal.models.records import Section
from rxportal.rules.ages import Stage, stage_of
from rxportal.rules.sharing import shown_words

LEVELS = {
    Level.SELF: Relationship.OWNER,
    Level.FULL: Relationship.FULL,
    Level.READ_ONLY: Relationship.READ_ONLY,
}
PARENTS = {Stage.CHILD: Relationship.PARENT_OF_CHILD, Stage.TEEN: Relationship.PARENT_OF_TEEN}


@dataclass(frozen=True)
class OpenChart:
    """A patient, their practice, and the access to them that was just decided."""

    patient: Patient
    practice: Practice
    access: Access


def live_grants(now: Any) -> tuple[Any, ...]:
    """Conditions on Grant: accepted, begun, neither ended nor revoked. `now`: an instant or a parameter for it."""
    return (
        col(Grant.accepted_at).is_not(None),
        col(Grant.since) <= now,
        or_(col(Grant.until).is_(None), col(Grant.until) > now),
        or_(col(Grant.revoked_at).is_(None), col(Grant.revoked_at) > now),
    )


# Asked at every event, so built once: the charts of an account, one's own first.
CHARTS: Any = (
    select(Grant, Patient, Practice)
    .where(Grant.account_id == bindparam("account"), Patient.id == Grant.patient_id, Practice.id == Patient.practice_id)
    .where(*live_grants(bindparam("now", type_=Instant())))
    .order_by(col(Grant.level) != Level.SELF.value, col(Grant.since), col(Grant.id))
)
OWN_CHART: Any = CHARTS.where(Grant.level == Level.SELF.value)
CHART: Any = CHARTS.where(Grant.id == bindparam("key"))
# An invitation that nobody has answered, as its sender may try it out on their own chart.
PREVIEW: Any = (
    select(Invitation, Patient, Practice)
    .where(Invitation.id == bindparam("key"), Invitation.invited_by == bindparam("account"))
    .where(col(Invitation.accepted_at).is_(None), col(Invitation.declined_at).is_(None))
    .where(col(Invitation.withdrawn_at).is_(None), col(Invitation.grant_id).is_(None))
    .where(Patient.id == Invitation.patient_id, Practice.id == Patient.practice_id)
    .where(Grant.patient_id == Patient.id, Grant.account_id == bindparam("account"), Grant.level == Level.SELF.value)
    .where(*live_grants(bindparam("now", type_=Instant())))
)
SHOWN: Any = select(TeenChoice.thing).where(TeenChoice.patient_id == bindparam("patient"), col(TeenChoice.shown))


def _columns(condition: Any = None) -> Any:
    """The same as CHARTS, column by column, for whoever reads only."""
    columns = [column for table in (Grant, Patient, Practice) for column in table.__table__.columns]  # type: ignore[union-attr]
    rows = CHARTS.with_only_columns(*columns, maintain_column_froms=True)
    return rows if condition is None else rows.where(condition)


class _Part:
    """A table's columns within a wider row, as one row of that table."""

    def __init__(self, table: type[Any], start: int) -> None:
        names = [column.key for column in table.__table__.columns]
        self._part, self._row = slice(start, start + len(names)), namedtuple(table.__name__, names)  # noqa: PYI024
        self.end = start + len(names)

    def of(self, row: Any) -> Any:
        return self._row(*row[self._part])


READ_CHARTS = _columns()
READ_OWN = _columns(Grant.level == Level.SELF.value)
READ_ONE = _columns(Grant.id == bindparam("key"))
_GRANT = _Part(Grant, 0)
_PATIENT = _Part(Patient, _GRANT.end)
_PRACTICE = _Part(Practice, _PATIENT.end)


def relationship_of(grant: Grant, patient: Patient, practice: Practice, now: datetime) -> Relationship | None:
    """What a live grant makes of its holder today; None where a birthday ended it."""
    if grant.basis != Basis.PARENT:
        return LEVELS[Level(grant.level)]
    return PARENTS.get(stage_of(patient.birth_date, day_in(practice.time_zone, now), practice.state))


def shown_to(session: Session, grant: Grant, practice: Practice, relationship: Relationship) -> frozenset[str]:
    """What a parent of a teen sees beyond what all do; one statement, for such a parent alone."""
    if relationship is not Relationship.PARENT_OF_TEEN:
        return frozenset()
    chosen = session.execute(SHOWN, {"patient": grant.patient_id}).scalars()
    return shown_words(frozenset(chosen), practice.state, representative=grant.representative)


def open_chart(
    session: Session, actor: Actor, grant_id: UUID | None, permission: Permission, now: datetime, *, plain: bool = False
) -> OpenChart:
    """Authorize one chart: the grant named in the URL, or one's own.

    `plain`: for an act that changes nothing, patient and practice are rows of their columns.

    Raises:
        NotSignedIn.
        NotFound: no relationship; existence is not revealed.
        NotAllowed: a relationship, but not the permission.
    """
    if actor.account_id is None:
        raise NotSignedIn
    asked: dict[str, Any] = {"account": actor.account_id, "now": now}
    statement = (READ_OWN if plain else OWN_CHART) if grant_id is None else (READ_ONE if plain else CHART)
    row = next(iter(_rows(session, statement, asked if grant_id is None else {**asked, "key": grant_id}, plain)), None)
    if row is None:
        return _open_preview(session, asked, grant_id, permission)
    grant, patient, practice = row
    relationship = relationship_of(grant, patient, practice, now)
    if relationship is None:
        raise NotFound
    access = _access(session, grant, practice, permission, relationship)
    if access is None:
        raise NotAllowed
    return OpenChart(patient, practice, access)


def _rows(session: Session, statement: Any, asked: dict[str, Any], plain: bool) -> list[Any]:
    if not plain:
        return list(session.execute(statement, asked))
    return [
        (_GRANT.of(row), _PATIENT.of(row), _PRACTICE.of(row)) for row in read(session.connection(), statement, asked)
    ]


def _open_preview(
    session: Session, asked: dict[str, Any], invitation_id: UUID | None, permission: Permission
) -> OpenChart:
    """One's own chart as somebody will see it who is invited: only to read, and only while nobody has answered."""
    row = session.execute(PREVIEW, {**asked, "key": invitation_id}).first() if invitation_id else None
    if row is None:
        raise NotFound
    invitation, patient, practice = row
    relationship, sections = LEVELS[Level(invitation.level)], sections_of(invitation.sections)
    if permission not in PREVIEWED or not covers(permission, sections):
        raise NotAllowed
    access = Access(permission, relationship, sections, invitation.id, level=Level.READ_ONLY, preview=invitation.name)
    return OpenChart(patient, practice, access)


def _access(
    session: Session, grant: Grant, practice: Practice, permission: Permission, relationship: Relationship
) -> Access | None:
    """What a live grant allows; None where it does not reach this far."""
    sections, level = sections_of(grant.sections), Level(grant.level)
    if not allows(permission, relationship, level) or not covers(permission, sections):
        return None
    shown = shown_to(session, grant, practice, relationship)
    return Access(permission, relationship, sections, grant_id=grant.id, level=level, shown=shown)


def open_charts(
    session: Session, actor: Actor, permission: Permission, now: datetime, *, plain: bool = False
) -> list[OpenChart]:
    """Every chart that this account may open with this permission, one's own first; `plain`: see above."""
    if actor.account_id is None:
        raise NotSignedIn
    asked = {"account": actor.account_id, "now": now}
    found = []
    for grant, patient, practice in _rows(session, READ_CHARTS if plain else CHARTS, asked, plain):
        relationship = relationship_of(grant, patient, practice, now)
        access = _access(session, grant, practice, permission, relationship) if relationship else None
        if access is not None:
            found.append(OpenChart(patient, practice, access))
    return found


def sections_of(words: str) -> frozenset[Section]:
    """The sections of a grant; none named: all of them."""
    return frozenset(Section(word) for word in words.split(",") if word)


def open_desk(actor: Actor, permission: Permission) -> Access:
    """Authorize a desk. The operator of the command line has a relationship of its own.

    Raises:
        NotSignedIn, NotFound (nobody at any desk), NotAllowed (at a desk, but not for this).
    """
    if actor.operator:
        if not allows(permission, Relationship.OPERATOR):
            raise NotAllowed
        return Access(permission, Relationship.OPERATOR)
    if actor.account_id is None:
        raise NotSignedIn
    if not actor.places:
        raise NotFound
    for place in actor.places:
        if allows(permission, Relationship(place.role)):
            return Access(permission, Relationship(place.role), place=place)
    raise NotAllowed


def ask_second_step(session: Session, actor: Actor) -> None:
    """A desk opens only for accounts whose sign-in has a second step; each sign-in since it was added passed it.

    Raises:
        SecondStepMissing: there is none yet, with where to set one up.
    """
    if actor.operator:
        return
    codes = select(Authenticator.id).where(
        Authenticator.account_id == actor.account_id, col(Authenticator.confirmed_at).is_not(None)
    )
    keys = select(Passkey.id).where(Passkey.account_id == actor.account_id)
    if session.exec(keys).first() is None and session.exec(codes).first() is None:
        raise SecondStepMissing


def open_account(actor: Actor, permission: Permission) -> Access:
    """Authorize the signed-in person's own account.

    Raises:
        NotSignedIn, NotAllowed.
    """
    if actor.account_id is None:
        raise NotSignedIn
    if not allows(permission, Relationship.SIGNED_IN):
        raise NotAllowed
    return Access(permission, Relationship.SIGNED_IN)
