"""Who may open a chart, and ending that: by the person whose chart it is (N6), with the same act at the desk.

What the page says before the click and what refuses the click are one rule (`rules.grants`).
"""

from __future__ import annotations

from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlalchemy import Select
from sqlmodel import col

from rxportal.core.access import Permission, allows
from rxportal.core.errors import Conflict, NotFound, PortalError
from rxportal.core.live import GRANTS, Change
from rxportal.core.scopes import Chart, Desk, Scope
from rxportal.core.sight import Sight
from rxportal.core.usecase import use_case
from rxportal.models.accounts import Account, Grant
from rxportal.rules.ages import stage_of
from rxportal.rules.grants import Removal, removal, standing
from rxportal.services.access_views import GrantRow
from rxportal.services.grants_words import grant_row, why_not, with_removal

GRANTS_TOPIC = "grants"


class NotRemovable(PortalError):
    """This access is not ended here; the sentence says where it is."""

    code = "not_removable"


@use_case(Permission.REVOKE_GRANT, kind="write")
def revoke_grant(chart: Chart, *, grant_id: UUID) -> GrantRow:
    """End somebody's access to one's own chart; their open pages close at once.

    Raises:
        NotFound: no such grant on this chart.
        NotRemovable: one's own access, a parent's or a guardian's.
        Conflict: it was over before.
    """
    wanted = _named(chart.select(Grant, col(Account.name))).where(col(Grant.id) == grant_id)
    grant, name = _one(chart.exec(wanted.with_for_update(of=Grant)))
    where = standing(grant, stage_of(chart.patient.birth_date, chart.today, chart.practice.state), chart.now)
    answer = removal(grant, where)
    if answer is Removal.OVER:
        raise Conflict(why_not(answer, name))
    if answer is not Removal.HERE:
        raise NotRemovable(why_not(answer, name))
    end(chart, grant)
    chart.changes.append(Change("desk", str(chart.practice.id), GRANTS_TOPIC))
    return row_of(chart, grant, name)


def end(scope: Scope, grant: Grant) -> None:
    """Take a grant away now; whoever held it is told on every open page, after commit."""
    grant.revoked_at = scope.now
    grant_changed(scope, grant)


def grant_changed(scope: Scope, grant: Grant) -> None:
    """Keep a changed grant; whoever holds it is told on every open page, after commit."""
    scope.add(grant)
    scope.note(grant=str(grant.id))
    scope.changes.append(Change("account", str(grant.account_id), GRANTS))
    scope.changes.append(Change("chart", str(grant.patient_id), GRANTS_TOPIC))


def named_grants(chart: Chart) -> list[tuple[Grant, str]]:
    """Every grant that this chart has or had, with its holder's name, in the order of the names."""
    return [(grant, name) for grant, name in chart.exec(chart.prepared(_all))]


def _all(sight: Sight) -> Select[Any]:
    everybody = _named(sight.select(Grant, col(Account.name)))
    return everybody.order_by(col(Account.name), col(Grant.since).desc(), col(Grant.id))


def row_of(scope: Chart | Desk, grant: Grant, name: str, *, born: str = "") -> GrantRow:
    """One grant as its reader sees it. `born`: the patient's birth date, where the scope is no chart."""
    birth_date = scope.patient.birth_date if isinstance(scope, Chart) else born
    stage = stage_of(birth_date, scope.today, scope.practice.state)
    where = standing(grant, stage, scope.now)
    row = grant_row(grant, name, where, stage, ZoneInfo(scope.practice.time_zone))
    if not isinstance(scope, Chart):
        return row
    owner = allows(Permission.REVOKE_GRANT, scope.access.relationship)
    return with_removal(row, removal(grant, where), owner=owner)


def _named(grants: Select[Any]) -> Select[Any]:
    return grants.join(Account, col(Account.id) == col(Grant.account_id))


def _one(found: Any) -> Any:
    row = found.first()
    if row is None:
        raise NotFound
    return row
