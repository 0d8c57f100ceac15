"""Appointments and visits of one chart: what is coming, and what was (S9). Both kinds of record stand in one list.

An appointment that a visit names is told by the visit alone.
"""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Sequence
from datetime import UTC, datetime, time
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlalchemy import ColumnElement, Select, and_, bindparam, func, not_, or_
from sqlmodel import col

from rxportal.core.access import Permission
from rxportal.core.scopes import Chart
from rxportal.core.sight import Sight
from rxportal.core.text import _, plural
from rxportal.core.usecase import use_case
from rxportal.fhir.visit_view import visit_facts
from rxportal.models.base import Instant
from rxportal.models.records import Organization, Record, RecordLink, Section
from rxportal.services.documents import PAPERS
from rxportal.services.naming import names_for
from rxportal.services.selecting import only
from rxportal.services.visits_views import AppointmentsPage, VisitRow, Year
from rxportal.services.visits_when import year_of
from rxportal.services.visits_words import OFF, VISITS, visit_row

PAGE_SIZE = 20
MOST_COMING = 50
#: FHIR codes of what is over whatever its day, and of what has no day yet.
OVER = ("finished", "fulfilled")
WISHES = ("proposed", "pending", "waitlist")
TODAY: Any = bindparam("today", type_=Instant())
COLUMNS: tuple[Any, ...] = (
    Record.id, Record.resource_type, Record.organization_id, Organization.name, Record.body, Record.occurred,
    Record.occurred_at,
)  # fmt: skip


@use_case(Permission.VIEW_APPOINTMENTS)
def list_appointments(chart: Chart, *, page: int = 1) -> AppointmentsPage:
    """The appointments and visits of this chart: everything that is coming, and one page of what was."""
    today = midnight(chart)
    total = int(chart.exec(chart.prepared(_how_many), today=today).scalar_one())
    pages = max(1, -(-total // PAGE_SIZE))
    shown = min(max(1, page), pages)
    ahead = chart.exec(chart.prepared(_ahead), today=today).all()
    past = chart.exec(chart.prepared(_behind), today=today, skip=(shown - 1) * PAGE_SIZE).all()
    rows = visit_rows(chart, [*ahead, *past], coming=len(ahead))
    return AppointmentsPage(
        coming=rows[: len(ahead)],
        years=_by_year(chart, past, rows[len(ahead) :]),
        total=total,
        page=shown,
        pages=pages,
        sentence=plural("{count} past visit", "{count} past visits", total) if total else _("No past visits"),
    )


def next_visits(chart: Chart, most: int) -> list[VisitRow]:
    """The visits that are to come, soonest first; what is off stands on the page of all of them alone."""
    return visit_rows(chart, chart.read(_next, most, today=midnight(chart)), coming=most)


def visit_rows(chart: Chart, found: Sequence[Any], *, coming: int = 0) -> list[VisitRow]:
    """The lines of these rows of COLUMNS, in their order, the first `coming` still to be; few statements, always."""
    bodies = {row[0]: json.loads(row[4]) for row in found}
    names = names_for(chart, [(row[2], bodies[row[0]]) for row in found])
    papers = _papers(chart, [row[0] for row in found if row[1] == "Encounter"])
    zone = ZoneInfo(chart.practice.time_zone)
    lines = []
    for place, row in enumerate(found):
        facts = visit_facts(bodies[row[0]], zone=zone, names=names.within(row[2]))
        told = papers.get(row[0], [])
        lines.append(visit_row(chart, str(row[0]), row[3], facts, papers=told, coming=place < coming))
    return lines


def midnight(chart: Chart) -> datetime:
    """The first instant of this day where the practice is."""
    return datetime.combine(chart.today, time(), ZoneInfo(chart.practice.time_zone)).astimezone(UTC)


def is_coming(status: str, kind: str, occurred_at: datetime | None, today: datetime) -> bool:
    """Whether it is still to be: the same as `_coming`, for one record."""
    if status in OVER:
        return False
    return occurred_at >= today if occurred_at else kind == "Appointment" and status in WISHES


def _coming() -> ColumnElement[bool]:
    later = and_(col(Record.occurred_at).is_not(None), col(Record.occurred_at) >= TODAY)
    no_day_yet = and_(
        col(Record.resource_type) == "Appointment",
        col(Record.occurred_at).is_(None),
        col(Record.status).in_(WISHES),
    )
    return and_(col(Record.status).not_in(OVER), or_(later, no_day_yet))


def _visits(sight: Sight, *columns: Any) -> Select[Any]:
    told = only(sight.select(Record), col(RecordLink.child_id))
    told = told.join(RecordLink, col(RecordLink.parent_id) == col(Record.id))
    told = told.where(col(Record.section) == Section.VISITS.value, col(Record.resource_type) == "Encounter")
    rows = only(sight.select(Record), *columns)
    rows = rows.join(Organization, col(Organization.id) == col(Record.organization_id))
    return rows.where(
        col(Record.section).in_([Section.VISITS.value, Section.APPOINTMENTS.value]),
        col(Record.resource_type).in_(VISITS),
        or_(col(Record.resource_type) == "Encounter", col(Record.id).not_in(told.correlate(None))),
    )


def _how_many(sight: Sight) -> Select[Any]:
    return _visits(sight, func.count()).where(not_(_coming()))


def _ahead(sight: Sight) -> Select[Any]:
    rows = _visits(sight, *COLUMNS).where(_coming())
    return rows.order_by(col(Record.occurred_at).asc().nulls_last(), col(Record.id)).limit(MOST_COMING)


def _next(sight: Sight, most: int) -> Select[Any]:
    return _ahead(sight).where(col(Record.status).not_in(sorted(OFF))).limit(most)


def _behind(sight: Sight) -> Select[Any]:
    rows = _visits(sight, *COLUMNS).where(not_(_coming()))
    rows = rows.order_by(col(Record.occurred_at).desc().nulls_last(), col(Record.id))
    return rows.limit(PAGE_SIZE).offset(bindparam("skip"))


def _papers(chart: Chart, keys: Sequence[UUID]) -> dict[UUID, list[str]]:
    """The titles of the notes and summaries of each of these visits; one statement."""
    found: dict[UUID, list[str]] = defaultdict(list)
    if keys:
        for visit, title in chart.read_of(_documents, keys):
            found[visit].append(title)
    return found


def _documents(sight: Sight) -> Select[Any]:
    rows = sight.select_by_id(col(RecordLink.child_id), col(Record.title))
    rows = rows.join_from(Record, RecordLink, col(RecordLink.parent_id) == col(Record.id))
    mine = col(RecordLink.child_id).in_(bindparam("keys", expanding=True))
    return rows.where(mine, col(Record.resource_type).in_(PAPERS)).order_by(col(Record.title))


def _by_year(chart: Chart, found: Sequence[Any], rows: list[VisitRow]) -> list[Year]:
    zone = ZoneInfo(chart.practice.time_zone)
    years: list[Year] = []
    for raw, row in zip(found, rows, strict=True):
        name = year_of(raw[5], raw[6], zone)
        if not years or years[-1].name != name:
            years.append(Year(name))
        years[-1].rows.append(row)
    return years
