"""The records of the record page as the database gives them, in a fixed number of statements, never whole charts.

First the heads of everything that may be seen (columns, no bodies), the newest of each kind; then the bodies and links
of the few that the page shows.
"""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, fields
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Integer, Select, bindparam, func, or_
from sqlmodel import col

from rxportal.core.record_store import told_only_by_hidden
from rxportal.core.scopes import Chart
from rxportal.core.sight import Sight
from rxportal.models.records import Organization, Record, RecordLink
from rxportal.rules.release import Viewer
from rxportal.services.record_places import BY_KIND, OTHER_PAGES
from rxportal.services.selecting import only

#: How many records of one kind the page knows of; the rest is counted, and stands in the download.
MOST_OF_A_KIND = 200
NAMED = tuple(sorted(BY_KIND))


@dataclass(frozen=True)
class Head:
    """One record without what it says. `total`: how many of its kind may be seen; `source`: who sent it."""

    id: UUID
    organization_id: UUID
    section: str
    resource_type: str
    title: str
    status: str
    author: str
    occurred: str
    arrived_at: datetime
    source: str
    total: int


def heads(chart: Chart) -> list[Head]:
    """Every record of this page that the viewer may see, the newest of each kind first; one statement."""
    rows = chart.exec(chart.prepared(_heads), most=MOST_OF_A_KIND)
    found = [Head(*row[: len(fields(Head))]) for row in rows]
    if not any(head.resource_type == "ServiceRequest" for head in found):
        return found
    traces = told_only_by_hidden(chart.session, chart.patient.id, to_proxy=chart.viewer is not Viewer.OWNER)
    return [head for head in found if head.id not in traces]


def _heads(sight: Sight) -> Select[Any]:
    kind = (col(Record.resource_type), col(Record.section))
    newest = (col(Record.occurred_at).desc().nulls_last(), col(Record.arrived_at).desc(), col(Record.id))
    place = func.row_number().over(partition_by=kind, order_by=newest).label("place")
    total = func.count().over(partition_by=kind).label("total")
    found = only(
        sight.select(Record), *_COLUMNS, col(Organization.name).label("source"), total, place,
        col(Record.occurred_at).label("at"),
    )  # fmt: skip
    found = found.join(Organization, col(Organization.id) == col(Record.organization_id)).where(_of_this_page())
    known = found.subquery()
    shown: Select[Any] = known.select().where(known.c.place <= bindparam("most", type_=Integer))
    return shown.order_by(known.c.at.desc().nulls_last(), known.c.arrived_at.desc(), known.c.id)


_COLUMNS: tuple[Any, ...] = (
    Record.id, Record.organization_id, Record.section, Record.resource_type, Record.title, Record.status,
    Record.author, Record.occurred, Record.arrived_at,
)  # fmt: skip


def _of_this_page() -> Any:
    """Kinds that only this page has, wherever they were filed; observations and pictures by their section."""
    elsewhere = sorted(section.value for section in OTHER_PAGES)
    named = [kind for kind in NAMED if kind != "Observation"]
    return or_(col(Record.section).not_in(elsewhere), col(Record.resource_type).in_(named))


def bodies(chart: Chart, keys: Sequence[UUID]) -> dict[UUID, dict[str, Any]]:
    """The original JSON of these records, of what this viewer may see; one statement."""
    if not keys:
        return {}
    found = {}
    for key, body in chart.exec(chart.prepared(_bodies), keys=list(keys)):
        read = json.loads(body)
        found[key] = read if isinstance(read, dict) else {}
    return found


def _bodies(sight: Sight) -> Select[Any]:
    rows = only(sight.select(Record), col(Record.id), col(Record.body))
    return rows.where(col(Record.id).in_(bindparam("keys", expanding=True)))


@dataclass(frozen=True)
class Tie:
    """Another record that one names, both of which may be seen."""

    id: UUID
    resource_type: str
    title: str


def ties(chart: Chart, keys: Sequence[UUID]) -> dict[UUID, list[Tie]]:
    """What these records name: the condition a procedure was for, the visit it was done at; one statement."""
    found: dict[UUID, list[Tie]] = defaultdict(list)
    if keys:
        for parent, *tie in chart.exec(chart.prepared(_ties), keys=list(keys)):
            found[parent].append(Tie(*tie))
    return found


def _ties(sight: Sight) -> Select[Any]:
    parent = col(RecordLink.parent_id)
    rows = only(sight.select(RecordLink), parent, col(Record.id), col(Record.resource_type), col(Record.title))
    rows = rows.where(parent.in_(bindparam("keys", expanding=True)))
    return rows.order_by(col(RecordLink.position), col(Record.title), col(Record.id))
