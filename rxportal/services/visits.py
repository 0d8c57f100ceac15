"""One visit or appointment of a chart: who, where, what for; its notes to read; what was found, done and ordered then.

What belongs to a visit names it (or is named by it); every such record is asked for like any other, so that nothing
appears here that its own page would not show.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlalchemy import Select, bindparam
from sqlmodel import col

from rxportal.core.access import Permission
from rxportal.core.errors import NotFound
from rxportal.core.record_store import told_only_by_hidden
from rxportal.core.scopes import Chart
from rxportal.core.sight import Sight
from rxportal.core.text import _, plural
from rxportal.core.usecase import use_case
from rxportal.fhir.visit_view import VisitFacts, visit_facts
from rxportal.models.records import Organization, Record, RecordLink
from rxportal.rules.release import Viewer
from rxportal.services.appointments import is_coming, midnight
from rxportal.services.documents import COLUMNS as PAPER
from rxportal.services.documents import PAPERS, document_row, files_of, with_text
from rxportal.services.documents_views import DocumentRow
from rxportal.services.naming import names_for
from rxportal.services.result_journey import day
from rxportal.services.selecting import only
from rxportal.services.visits_parts import HIDDEN_HERE, parts_of
from rxportal.services.visits_views import VisitDetail, VisitItem, VisitPart
from rxportal.services.visits_when import when_words
from rxportal.services.visits_words import OFF, VISITS, state_words, zone_words

MOST = 200
THIS = bindparam("visit", type_=Record.__table__.c.id.type)  # type: ignore[attr-defined]
HEAD: tuple[Any, ...] = (
    Record.id, Record.resource_type, Record.section, Record.title, Record.occurred, Record.author, Record.listed,
    Record.organization_id, Organization.name,
)  # fmt: skip
ITSELF: tuple[Any, ...] = (
    Record.id, Record.resource_type, Record.organization_id, Organization.name, Record.body, Record.arrived_at,
    Record.occurred_at,
)  # fmt: skip


@use_case(Permission.VIEW_APPOINTMENTS)
def open_visit(chart: Chart, *, visit_id: UUID) -> VisitDetail:
    """One visit or appointment with everything that belongs to it.

    Raises:
        NotFound: no such visit, somebody else's, or one that is not shown here.
    """
    row = chart.exec(chart.prepared(_visit), visit=visit_id).first()
    if row is None:
        raise NotFound
    chart.note(record=str(visit_id))
    zone = ZoneInfo(chart.practice.time_zone)
    body = json.loads(row[4])
    facts = visit_facts(body, zone=zone, names=names_for(chart, [(row[2], body)]).within(row[2]))
    things = _belonging(chart, visit_id)
    found = _told(chart, visit_id, facts, row, zone)
    found.notes = _notes(chart, [thing for thing in things if thing[1] in PAPERS], zone)
    found.parts = [
        *parts_of(chart, [thing for thing in things if thing[1] not in PAPERS], zone),
        *_waiting(chart, visit_id),
    ]
    found.more = _more(len(things))
    return found


def _told(chart: Chart, visit_id: UUID, facts: VisitFacts, row: Any, zone: ZoneInfo) -> VisitDetail:
    coming = is_coming(facts.status, row[1], row[6], midnight(chart))
    tag, tone = state_words(chart, facts, coming=coming)
    return VisitDetail(
        id=str(visit_id),
        title=facts.title,
        when=when_words(facts.start, facts.end, zone, weekday=coming) or facts.asked_for or _("No day yet"),
        who=", ".join(facts.people),
        place=facts.place,
        provider="" if facts.provider in {facts.place, row[3]} else facts.provider,
        way=facts.way,
        way_words=facts.way_words,
        reasons="; ".join(facts.reasons),
        about=facts.about,
        went=facts.went,
        tag=tag,
        tone=tone,
        off=facts.status in OFF,
        off_sentence=_off_sentence(facts, coming=coming),
        coming=coming,
        zone=zone_words(facts.start, zone),
        instructions=facts.instructions,
        provenance=_("From {source}, here since {day}").format(source=row[3], day=day(row[5], zone)),
    )


def _off_sentence(facts: VisitFacts, *, coming: bool) -> str:
    """What it means that a visit is off, with the reason where one was given."""
    if facts.status not in OFF:
        return ""
    why = _("Why: {reason}.").format(reason=facts.cancelled_because.rstrip(".")) if facts.cancelled_because else ""
    if facts.status == "noshow":
        told = _("This visit was missed.")
    else:
        told = _("This visit will not take place.") if coming else _("This visit did not take place.")
    return " ".join(part for part in (told, why) if part)


def _visit(sight: Sight) -> Select[Any]:
    rows = sight.select_by_id(*ITSELF)
    rows = rows.join_from(Record, Organization, col(Organization.id) == col(Record.organization_id))
    return rows.where(col(Record.id) == THIS, col(Record.resource_type).in_(VISITS))


def _belonging(chart: Chart, visit_id: UUID) -> list[Any]:
    """Rows of HEAD of all that names this visit or is named by it; two statements, a third where it has orders."""
    rows = [*chart.exec(chart.prepared(_naming), visit=visit_id), *chart.exec(chart.prepared(_named), visit=visit_id)]
    found = list({row[0]: row for row in rows}.values())
    if any(row[1] == "ServiceRequest" for row in found):
        traces = told_only_by_hidden(chart.session, chart.patient.id, to_proxy=chart.viewer is not Viewer.OWNER)
        found = [row for row in found if row[0] not in traces]
    return found


def _naming(sight: Sight) -> Select[Any]:
    rows = _heads(sight).join_from(Record, RecordLink, col(RecordLink.parent_id) == col(Record.id))
    return rows.where(col(RecordLink.child_id) == THIS).limit(MOST)


def _named(sight: Sight) -> Select[Any]:
    rows = _heads(sight).join_from(Record, RecordLink, col(RecordLink.child_id) == col(Record.id))
    return rows.where(col(RecordLink.parent_id) == THIS).limit(MOST)


def _heads(sight: Sight) -> Select[Any]:
    rows = sight.select_by_id(*HEAD)
    rows = rows.join_from(Record, Organization, col(Organization.id) == col(Record.organization_id))
    rows = rows.where(col(Record.section).not_in(sorted(HIDDEN_HERE)))
    # first what stands here as a line of its own, so that nothing of it falls off a long visit
    return rows.order_by(col(Record.listed).desc(), col(Record.resource_type), col(Record.occurred_at), col(Record.id))


def _notes(chart: Chart, papers: Sequence[Any], zone: ZoneInfo) -> list[DocumentRow]:
    """The documents of a visit with their words, summaries first; two statements."""
    keys = [paper[0] for paper in papers]
    if not keys:
        return []
    files = files_of(chart, keys)
    found = []
    for row in chart.exec(chart.prepared(_papers), keys=keys):
        shown = document_row(row, files.get(row[0], []), zone)
        with_text(shown, json.loads(row[-1]), row[5])
        found.append(shown)
    return sorted(found, key=lambda paper: "summary" not in paper.title.lower())


def _papers(sight: Sight) -> Select[Any]:
    rows = sight.select_by_id(*PAPER, Record.body)
    rows = rows.join_from(Record, Organization, col(Organization.id) == col(Record.organization_id))
    mine = rows.where(col(Record.id).in_(bindparam("keys", expanding=True)))
    return mine.order_by(col(Record.occurred_at), col(Record.title), col(Record.id))


def _waiting(chart: Chart, visit_id: UUID) -> list[VisitPart]:
    """Results of this visit that are on their way: by name alone, as on the list of results; one statement."""
    rows = [
        VisitItem(id=str(key), title=title, href=f"/results/{key}", tag=_("Not shown yet"))
        for key, title in chart.exec(chart.prepared(_on_the_way), visit=visit_id)
    ]
    return [VisitPart(_("Results on the way"), rows=rows)] if rows else []


def _on_the_way(sight: Sight) -> Select[Any]:
    rows = only(sight.select_waiting(), col(Record.id), col(Record.title))
    rows = rows.join(RecordLink, col(RecordLink.parent_id) == col(Record.id))
    return rows.where(col(RecordLink.child_id) == THIS).order_by(col(Record.title), col(Record.id)).limit(MOST)


def _more(count: int) -> str:
    """That something is left out, where a visit has more than a page holds."""
    if count < MOST:
        return ""
    return plural(
        "Only {count} record of this visit is shown.", "The first {count} records of this visit are shown.", MOST
    )
