"""Who looked at a chart or changed it (N8), in plain sentences, newest first, and who may open it at all.

Read off the audit chain itself, so that nothing can be shown here that was not kept, or kept and not be shown.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from itertools import groupby
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlalchemy import Select, bindparam
from sqlmodel import col, select

from rxportal.core.access import CHART_READERS, Permission, Relationship
from rxportal.core.identity import Limits, session_end
from rxportal.core.scopes import Chart
from rxportal.core.sight import Sight
from rxportal.core.text import _, plural
from rxportal.core.trail import trail
from rxportal.core.usecase import use_case
from rxportal.fhir.dates import clock_words
from rxportal.models.accounts import Account, Grant, Session
from rxportal.models.audit import AuditEntry
from rxportal.models.records import Record
from rxportal.services.access_views import AccessPage, GrantRow, LogDay, LogRow
from rxportal.services.access_words import SYSTEM, role_of, sentence
from rxportal.services.devices import device_words
from rxportal.services.grants import named_grants, row_of
from rxportal.services.grants_words import REMOVED
from rxportal.services.result_journey import day
from rxportal.services.results_views import Choice
from rxportal.services.selecting import only

PAGE_SIZE = 100
LAST_PAGE = 1000
STAFF = (Relationship.CLINICIAN, Relationship.FRONT_DESK, Relationship.BILLING, Relationship.ADMINISTRATOR)
FILTERS = ("me", "people", "staff", "system")
COLUMNS = ("id", "at", "actor", "account_id", "session_id", "relationship", "use_case", "detail")


@dataclass
class Told:
    """What the lines of one page are told with, read once for all of them."""

    me: UUID | None
    here: UUID | None
    zone: ZoneInfo
    titles: dict[str, str] = field(default_factory=dict)
    people: dict[str, str] = field(default_factory=dict)
    removable: dict[UUID, str] = field(default_factory=dict)
    sessions: dict[UUID, tuple[str, bool]] = field(default_factory=dict)
    names: dict[UUID, str] = field(default_factory=dict)


@use_case(Permission.VIEW_ACCESS_LOG)
def access_log(
    chart: Chart, *, page: int = 1, who: str = "", idle_seconds: int = 900, absolute_seconds: int = 43_200
) -> AccessPage:
    """Who may open this chart, and a page of who looked at it or changed it.

    `who`: me, people (with access), staff, system or "" for all. The seconds are the limits of a session.
    """
    chosen = who if who in FILTERS else ""
    shown = min(max(1, page), LAST_PAGE)
    skip = (shown - 1) * PAGE_SIZE
    found = chart.exec(chart.prepared(_lines, chosen), me=chart.actor.account_id, skip=skip).all()
    lines = found[:PAGE_SIZE]
    limits = Limits(timedelta(seconds=idle_seconds), timedelta(seconds=absolute_seconds))
    people = [(grant, row_of(chart, grant, name)) for grant, name in named_grants(chart)]
    told = _told_with(chart, lines, people, limits)
    others = [_as_read(row, mine=grant.account_id == told.me) for grant, row in people if not row.own]
    return AccessPage(
        people=[row for row in others if not row.over],
        past=[row for row in others if row.over],
        days=_by_day(lines, told),
        page=shown,
        more=len(found) > PAGE_SIZE,
        who=chosen,
        filters=_filters(),
    )


def _as_read(row: GrantRow, *, mine: bool) -> GrantRow:
    return replace(row, name=_("{name} (you)").format(name=row.name)) if mine else row


def _lines(sight: Sight, who: str) -> Select[Any]:
    wanted = trail(sight, *(getattr(AuditEntry, name) for name in COLUMNS))
    me, role = col(AuditEntry.account_id) == bindparam("me"), col(AuditEntry.relationship)
    if who == "me":
        wanted = wanted.where(me)
    elif who == "people":
        wanted = wanted.where(~me, role.in_(sorted(CHART_READERS)))
    elif who == "staff":
        wanted = wanted.where(role.in_(STAFF))
    elif who == "system":
        wanted = wanted.where(role == Relationship.OPERATOR.value)
    return wanted.limit(PAGE_SIZE + 1).offset(bindparam("skip"))


def _filters() -> list[Choice]:
    return [
        Choice("", _("Everybody")),
        Choice("me", _("Only you")),
        Choice("people", _("People with access")),
        Choice("staff", _("Staff of the practice")),
        Choice("system", _("The practice’s computer")),
    ]


def _told_with(chart: Chart, lines: Iterable[Any], people: list[tuple[Grant, GrantRow]], limits: Limits) -> Told:
    me = chart.actor.account_id
    told = Told(me, chart.actor.session_id, ZoneInfo(chart.practice.time_zone))
    told.people = {row.id: row.name for _grant, row in people}
    told.removable = {grant.account_id: row.id for grant, row in people if row.removable}
    told.titles = _titles(chart, lines)
    told.names = _names(chart, {line.account_id for line in lines})
    told.sessions = _sessions(chart, {line.session_id for line in lines if line.account_id == me}, limits)
    return told


def _titles(chart: Chart, lines: Iterable[Any]) -> dict[str, str]:
    """The titles of what people opened, as far as the reader may see it now."""
    wanted = [key for line in lines if line.relationship in CHART_READERS and (key := _record(line))]
    if not wanted:
        return {}
    titles = only(chart.select(Record), col(Record.id), col(Record.title)).where(col(Record.id).in_(wanted))
    return {str(key): title for key, title in chart.exec(titles)}


def _record(line: Any) -> UUID | None:
    try:
        return UUID(str(_detail(line).get("record", "")))
    except ValueError:
        return None


def _detail(line: Any) -> dict[str, Any]:
    found = json.loads(line.detail) if line.detail else {}
    return found if isinstance(found, dict) else {}


def _names(chart: Chart, ids: set[UUID | None]) -> dict[UUID, str]:
    """The names of accounts; the chain holds their ids alone, so that a removed account's name is gone here too."""
    wanted = select(Account.id, Account.name).where(col(Account.id).in_(ids - {None}))
    return {key: name for key, name in chart.session.exec(wanted) if name}


def _sessions(chart: Chart, ids: set[UUID | None], limits: Limits) -> dict[UUID, tuple[str, bool]]:
    """The reader's own sign-ins: which browser, and whether it can still be ended."""
    wanted = select(Session).where(Session.account_id == chart.actor.account_id, col(Session.id).in_(ids - {None}))
    return {
        one.id: (device_words(one.browser), one.ended_at is None and session_end(one, limits) > chart.now)
        for one in chart.session.exec(wanted)
    }


def _by_day(lines: Iterable[Any], told: Told) -> list[LogDay]:
    """The lines under their days; those alike that follow on each other become one."""
    days: list[LogDay] = []
    rows = [(line, _row(line, told)) for line in lines]
    for (name, *_alike), group in groupby(rows, key=lambda pair: _key(pair[0], pair[1], told)):
        (newest, _newest_row), (oldest, row) = (run := list(group))[0], run[-1]
        row.at = _span(oldest.at.astimezone(told.zone), newest.at.astimezone(told.zone))
        row.times = plural("{count} time", "{count} times", len(run)) if len(run) > 1 else ""
        if not days or days[-1].name != name:
            days.append(LogDay(name))
        days[-1].rows.append(row)
    return days


def _key(line: Any, row: LogRow, told: Told) -> tuple[Any, ...]:
    return day(line.at, told.zone), row.sentence, row.role, line.session_id


def _span(begun: datetime, ended: datetime) -> str:
    first, last = clock_words(begun), clock_words(ended)
    return first if first == last else _("{first} to {last}").format(first=first, last=last)


def _row(line: Any, told: Told) -> LogRow:
    mine = line.account_id is not None and line.account_id == told.me
    operator = line.relationship == Relationship.OPERATOR
    name = SYSTEM if operator else told.names.get(line.account_id) or line.actor or REMOVED
    detail, key = _detail(line), _record(line)
    device, live = told.sessions.get(line.session_id, ("", False)) if mine else ("", False)
    here = mine and line.session_id == told.here
    grant = "" if mine else told.removable.get(line.account_id, "")
    return LogRow(
        id=str(line.id),
        sentence=sentence(
            line.use_case,
            name,
            mine=mine,
            title=told.titles.get(str(key), "") if key else "",
            person=told.people.get(str(detail.get("grant", "")), ""),
            reason=str(detail.get("reason", "")),
        ),
        name=name if grant else "",
        role="" if mine or operator else role_of(line.relationship),
        device=device,
        here=here,
        session=str(line.session_id) if live and not here else "",
        grant=grant,
    )
