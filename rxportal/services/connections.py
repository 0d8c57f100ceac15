"""Who opens one's chart, whose charts one opens, and changing or giving up such an access (N6, F7)."""

from __future__ import annotations

from dataclasses import asdict
from datetime import date
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlmodel import col

from rxportal.core.access import Permission
from rxportal.core.authorize import CHARTS, open_chart, relationship_of
from rxportal.core.clock import day_in
from rxportal.core.errors import Conflict, NotFound
from rxportal.core.live import Change
from rxportal.core.scopes import AccountScope, Chart
from rxportal.core.text import _
from rxportal.core.usecase import use_case
from rxportal.models.accounts import Account, Grant, Level, Patient, Practice
from rxportal.rules.ages import stage_of
from rxportal.rules.grants import Removal, Standing, removal, standing
from rxportal.rules.sections import Part, parts_of, stored
from rxportal.services.access_views import GrantRow
from rxportal.services.connections_views import ConnectionsPage, HeldRow, ProxyRow
from rxportal.services.court_orders import day_after
from rxportal.services.grants import GRANTS_TOPIC, NotRemovable, end, grant_changed, named_grants, row_of
from rxportal.services.grants_words import grant_row, why_not
from rxportal.services.invitations import tell_owner
from rxportal.services.invitations_check import check_terms, open_invitations
from rxportal.services.invitations_words import invitation_row, last_date
from rxportal.services.sharing import things

AT_DESK = _("You open this chart as a parent or guardian. The practice decides on that access: call us.")


@use_case(Permission.VIEW_GRANTS)
def connections(account: AccountScope) -> ConnectionsPage:
    """Who opens one's chart, who is invited, what a teen shows, and whose charts one opens."""
    page = ConnectionsPage(held=_held(account))
    for chart in account.charts(Permission.INVITE):
        page.owner = True
        people = [_proxy_row(chart, grant, name) for grant, name in named_grants(chart)]
        page.people = [row for row in people if not row.over and not row.own]
        page.past = [_plain(row) for row in people if row.over and not row.own]
        zone = ZoneInfo(chart.practice.time_zone)
        page.invitations = [invitation_row(one, where, zone) for one, where in open_invitations(chart)]
        page.things = things(chart)
    return page


@use_case(Permission.CHANGE_GRANT, kind="write", fresh=True)
def change_grant(
    chart: Chart, *, grant_id: UUID, level: Level, parts: list[Part], until: date | None = None
) -> ProxyRow:
    """Change what a proxy may do and see, and until when; their open pages follow at once.

    Raises:
        InvalidInput: naming the field.
        NotFound: no such grant on this chart.
        NotRemovable: one's own access, a parent's or a guardian's.
        Conflict: it was over before.
    """
    check_terms(chart, level, parts, until)
    wanted = chart.select(Grant, col(Account.name)).join(Account, col(Account.id) == col(Grant.account_id))
    row = chart.exec(wanted.where(col(Grant.id) == grant_id).with_for_update(of=Grant)).first()
    if row is None:
        raise NotFound
    grant, name = row
    answer = removal(grant, _standing(chart, grant))
    if answer is Removal.OVER:
        raise Conflict(why_not(answer, name))
    if answer is not Removal.HERE:
        raise NotRemovable(why_not(answer, name))
    grant.level, grant.sections = level, stored(parts)
    grant.until = day_after(until, chart.practice.time_zone) if until else None
    grant_changed(chart, grant)
    chart.changes.append(Change("desk", str(chart.practice.id), GRANTS_TOPIC))
    if chart.actor.account_id is not None:
        tell_owner(chart, chart.actor.account_id, _("What somebody may do in your chart was changed."))
    return _proxy_row(chart, grant, name)


@use_case(Permission.LEAVE_CHART, kind="write")
def leave_chart(account: AccountScope, *, grant_id: UUID) -> str:
    """Give up one's access to somebody else's chart. Whose it was.

    Raises:
        NotFound: no such access.
        NotRemovable: a parent's or a guardian's, which the practice decides on.
    """
    opened = open_chart(account.session, account.actor, grant_id, Permission.VIEW_HOME, account.now)
    chart = Chart(
        account.session, account.actor, opened.access, account.now, patient=opened.patient, practice=opened.practice
    )
    grant = account.session.get(Grant, grant_id)
    if grant is None:
        raise NotFound
    if removal(grant, _standing(chart, grant)) is not Removal.HERE:
        raise NotRemovable(AT_DESK)
    end(chart, grant)
    account.opened = [chart]
    account.changes += [*chart.changes, Change("desk", str(chart.practice.id), GRANTS_TOPIC)]
    return opened.patient.name


def _standing(chart: Chart, grant: Grant) -> Standing:
    return standing(grant, stage_of(chart.patient.birth_date, chart.today, chart.practice.state), chart.now)


def _proxy_row(chart: Chart, grant: Grant, name: str) -> ProxyRow:
    facts = asdict(row_of(chart, grant, name))
    zone = ZoneInfo(chart.practice.time_zone)
    return ProxyRow(
        **facts,
        full=grant.level == Level.FULL,
        parts=[part.value for part in parts_of(grant.sections)],
        last_day=last_date(grant.until, zone),
    )


def _plain(row: ProxyRow) -> GrantRow:
    return GrantRow(id=row.id, name=row.name, level=row.level, when=row.when, tag=row.tag, over=True)


def _held(account: AccountScope) -> list[HeldRow]:
    rows = account.session.execute(CHARTS, {"account": account.account_id, "now": account.now})
    return [
        _held_row(account, grant, patient, practice)
        for grant, patient, practice in rows
        if grant.level != Level.SELF and relationship_of(grant, patient, practice, account.now) is not None
    ]


def _held_row(account: AccountScope, grant: Grant, patient: Patient, practice: Practice) -> HeldRow:
    stage = stage_of(patient.birth_date, day_in(practice.time_zone, account.now), practice.state)
    where = standing(grant, stage, account.now)
    words = grant_row(grant, patient.name, where, stage, ZoneInfo(practice.time_zone))
    leavable = removal(grant, where) is Removal.HERE
    return HeldRow(
        id=words.id,
        name=patient.name,
        level=words.level,
        relation=words.relation,
        sees=words.sees,
        when=words.when,
        leavable=leavable,
        why="" if leavable else AT_DESK,
    )
