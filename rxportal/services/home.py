"""The home page: what needs this person, what is new, what is on its way."""

from __future__ import annotations

from sqlmodel import col

from rxportal.core.access import Permission
from rxportal.core.scopes import Chart
from rxportal.core.text import _
from rxportal.core.usecase import use_case
from rxportal.models.records import Record
from rxportal.models.releases import ReleaseEvent
from rxportal.rules.release import Viewer
from rxportal.services.result_rows import fresh_lines, result_rows
from rxportal.services.results import waiting_rows
from rxportal.services.results_views import HomeView, Need, ResultRow
from rxportal.services.selecting import only

MOST_NEW = 5
MOST_ON_THE_WAY = 5


@use_case(Permission.VIEW_HOME)
def home(chart: Chart) -> HomeView:
    """What needs whoever opened this chart: new results, with the doctor's words, and results on their way."""
    rows = result_rows(chart, fresh_lines(chart, MOST_NEW))
    rows = [row for row in rows if row.is_new]
    waiting = waiting_rows(chart)[:MOST_ON_THE_WAY]
    needs = _needs(chart, rows)
    return HomeView(
        greeting_name=_greeting(chart),
        new_results=rows,
        waiting=waiting,
        nothing=not rows and not waiting,
        needs=needs,
    )


def _greeting(chart: Chart) -> str:
    name = chart.patient.name if chart.viewer is Viewer.OWNER else chart.actor.name
    return name.split()[0] if name.split() else ""


def _needs(chart: Chart, rows: list[ResultRow]) -> list[Need]:
    told = _comments(chart, rows)
    return [
        Need(
            title=_("New result: {title}").format(title=row.title),
            detail=" · ".join(part for part in (_collected(row), told.get(row.id, "")) if part),
            href=f"/results/{row.id}",
            tone=row.tone,
            action=row.flag or row.detail,
        )
        for row in rows
    ]


def _collected(row: ResultRow) -> str:
    return _("Collected {day}").format(day=row.collected) if row.collected else ""


def _comments(chart: Chart, rows: list[ResultRow]) -> dict[str, str]:
    keys = [row.id for row in rows]
    if not keys:
        return {}
    told = only(chart.select(ReleaseEvent), col(ReleaseEvent.record_id), col(ReleaseEvent.by))
    told = told.where(col(ReleaseEvent.comment) != "", col(ReleaseEvent.at) >= col(Record.arrived_at))
    return {str(key): _("{name} added a comment").format(name=by) for key, by in chart.exec(told) if str(key) in keys}
