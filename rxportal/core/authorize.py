"""The one decision: actor, chart or desk, permission → Access, or a refusal that reveals nothing it need not."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import bindparam
from sqlmodel import Session, col, or_, select

from rxportal.core.access import Access, Actor, Permission, Relationship, allows
from rxportal.core.clock import day_in
from rxportal.core.errors import NotAllowed, NotFound, NotSignedIn
from rxportal.models.accounts import Basis, Grant, Level, Patient, Practice
from rxportal.models.base import Instant
from rxportal.models.records import Section
from rxportal.rules.ages import Stage, stage_of

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


def relationship_of(grant: Grant, patient: Patient, practice: Practice, now: datetime) -> Relationship | None:
    """What a live grant makes of its holder today; None where a birthday ended it."""
    if grant.basis != Basis.PARENT:
        return LEVELS[Level(grant.level)]
    return PARENTS.get(stage_of(patient.birth_date, day_in(practice.time_zone, now)))


def open_chart(
    session: Session, actor: Actor, grant_id: UUID | None, permission: Permission, now: datetime
) -> OpenChart:
    """Authorize one chart: the grant named in the URL, or one's own.

    Raises:
        NotSignedIn.
        NotFound: no relationship; existence is not revealed.
        NotAllowed: a relationship, but not the permission.
    """
    if actor.account_id is None:
        raise NotSignedIn
    asked = {"account": actor.account_id, "now": now}
    if grant_id is None:
        row = session.execute(OWN_CHART, asked).first()
    else:
        row = session.execute(CHART, {**asked, "key": grant_id}).first()
    if row is None:
        raise NotFound
    grant, patient, practice = row
    relationship = relationship_of(grant, patient, practice, now)
    if relationship is None:
        raise NotFound
    if not allows(permission, relationship, Level(grant.level)):
        raise NotAllowed
    access = Access(permission, relationship, _sections_of(grant), grant_id=grant.id, level=Level(grant.level))
    return OpenChart(patient, practice, access)


def open_charts(session: Session, actor: Actor, permission: Permission, now: datetime) -> list[OpenChart]:
    """Every chart that this account may open with this permission, one's own first; one statement."""
    if actor.account_id is None:
        raise NotSignedIn
    found = []
    for grant, patient, practice in session.execute(CHARTS, {"account": actor.account_id, "now": now}):
        relationship = relationship_of(grant, patient, practice, now)
        if relationship is not None and allows(permission, relationship, Level(grant.level)):
            access = Access(permission, relationship, _sections_of(grant), grant_id=grant.id, level=Level(grant.level))
            found.append(OpenChart(patient, practice, access))
    return found


def _sections_of(grant: Grant) -> frozenset[Section]:
    return frozenset(Section(word) for word in grant.sections.split(",") if word)


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
