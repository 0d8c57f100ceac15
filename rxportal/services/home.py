"""The home page of one chart: what needs its reader, what comes next, what is on its way."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import Select, bindparam
from sqlmodel import col

from rxportal.core.access import Permission, Relationship
from rxportal.core.scopes import Chart
from rxportal.core.sight import Sight
from rxportal.core.text import _
from rxportal.core.usecase import use_case
from rxportal.models.accounts import Level
from rxportal.models.records import Record
from rxportal.models.releases import ReleaseEvent
from rxportal.rules.ages import age, earliest
from rxportal.rules.release import Viewer
from rxportal.services.appointments import next_visits
from rxportal.services.home_views import HomeView, Line
from rxportal.services.result_rows import fresh_lines, result_rows
from rxportal.services.results import waiting_rows
from rxportal.services.results_views import ResultRow, WaitingRow
from rxportal.services.selecting import only
from rxportal.services.visits_views import VisitRow

MOST_NEW = 5
MOST_ON_THE_WAY = 3
MOST_COMING = 2
FULL_DATE = len("2019-07-26")


@use_case(Permission.VIEW_HOME, kept=True)
def home(chart: Chart) -> HomeView:
    """What needs whoever opened this chart, which visit comes next, and which results are on their way."""
    return home_of(chart)


def home_of(chart: Chart) -> HomeView:
    """The same, for use cases that look into several charts."""
    needs = _needs(chart, new_rows(chart))
    coming = [_visit(row) for row in next_visits(chart, MOST_COMING)]
    waiting = [_waiting(row) for row in waiting_rows(chart)[:MOST_ON_THE_WAY]]
    return HomeView(
        greeting_name=_greeting(chart),
        limits=limits(chart),
        needs=needs,
        coming=coming,
        waiting=waiting,
        nothing=not needs and not coming and not waiting,
    )


def new_rows(chart: Chart) -> list[ResultRow]:
    """The results that became readable in the last days, newest first."""
    return [row for row in result_rows(chart, fresh_lines(chart, MOST_NEW)) if row.is_new]


def years_of(chart: Chart) -> int | None:
    """How old the person of this chart is today; absent where the birth date is not wholly known."""
    born = earliest(chart.patient.birth_date) if len(chart.patient.birth_date) == FULL_DATE else None
    return age(born, chart.today) if born else None


def limits(chart: Chart) -> str:
    """What its reader may not do or see in somebody else's chart, and why (F7, N3)."""
    if chart.viewer is Viewer.OWNER:
        return ""
    first, years = _first(chart.patient.name), years_of(chart)
    if chart.access.relationship is Relationship.PARENT_OF_TEEN:
        who = _("{name} is {years}.").format(name=first, years=years) if years else ""
        told = _("From 12 to 17 some things are for {name} alone, by law. They are not shown to parents.")
        return f"{who} {told.format(name=first)}".strip()
    if chart.access.relationship is Relationship.PARENT_OF_CHILD:
        hidden = _("What is especially private is not shown here. Ask us about it.")
    else:
        hidden = _("What is especially private is shown to {name} alone.").format(name=first)
    if chart.access.level == Level.READ_ONLY:
        return _("You can read this chart, and change nothing in it.") + " " + hidden
    return hidden


def _greeting(chart: Chart) -> str:
    return _first(chart.patient.name if chart.viewer is Viewer.OWNER else chart.actor.name)


def _first(name: str) -> str:
    return next(iter(name.split(maxsplit=1)), "")


def _needs(chart: Chart, rows: Sequence[ResultRow]) -> list[Line]:
    told = _comments(chart, rows)
    return [
        Line(
            title=_("New result: {title}").format(title=row.title),
            detail=" · ".join(part for part in (_collected(row), told.get(row.id, "")) if part),
            href=f"/results/{row.id}",
            tag=row.flag or row.detail,
            tone=row.tone,
        )
        for row in rows
    ]


def _visit(row: VisitRow) -> Line:
    how = " · ".join(part for part in (row.when, row.way_words, row.who) if part)
    return Line(title=row.title, detail=how, href=f"/visits/{row.id}", tag=row.tag, tone=row.tone)


def _waiting(row: WaitingRow) -> Line:
    return Line(title=row.title, detail=row.sentence, href=f"/results/{row.id}", tag=row.tag, tone="wait")


def _collected(row: ResultRow) -> str:
    return _("Collected {day}").format(day=row.collected) if row.collected else ""


def _comments(chart: Chart, rows: Sequence[ResultRow]) -> dict[str, str]:
    if not rows:
        return {}
    told = chart.read_of(_told, [UUID(row.id) for row in rows])
    return {str(key): _("{name} added a comment").format(name=by) for key, by in told}


def _told(sight: Sight) -> Select[Any]:
    rows = only(sight.select(ReleaseEvent), col(ReleaseEvent.record_id), col(ReleaseEvent.by))
    rows = rows.where(col(ReleaseEvent.record_id).in_(bindparam("keys", expanding=True)))
    return rows.where(col(ReleaseEvent.comment) != "", col(ReleaseEvent.at) >= col(Record.arrived_at))
