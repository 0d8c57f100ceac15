"""The results of one chart: the list with what is on its way, and one result with its trends (S16 to S19, F1, N1).

Every query starts from `chart.select` or `chart.select_waiting`, so that rows, counts, filters, searches and trends
know nothing but what this viewer may know.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlalchemy import ColumnElement, Integer, Select, bindparam, func, or_
from sqlmodel import col

from rxportal.core.access import Permission
from rxportal.core.errors import NotFound
from rxportal.core.scopes import Chart
from rxportal.core.sight import Sight
from rxportal.core.text import _, plural
from rxportal.core.usecase import use_case
from rxportal.fhir.display import date_words
from rxportal.models.records import Kind, Organization, Record, RecordLink
from rxportal.models.releases import ReleaseEvent
from rxportal.rules.release import Viewer
from rxportal.services.orders import Order, orders_of
from rxportal.services.result_detail import attachment_rows, parts_of, said, trends_of, value_rows
from rxportal.services.result_journey import OnItsWay, day, kind_label, sentence, steps, waiting_row
from rxportal.services.result_rows import GROUPS, group_of, lines, result_rows
from rxportal.services.results_views import Choice, ResultDetail, ResultsPage, WaitingRow
from rxportal.services.selecting import only

PAGE_SIZE = 20
MOST_WAITING = 50
LONGEST_QUERY = 200


@use_case(Permission.VIEW_RESULTS)
def list_results(chart: Chart, *, query: str = "", kind: str = "", page: int = 1) -> ResultsPage:
    """The results of this chart, newest first, 20 a page, with those on their way.

    `query`: words that all must occur in a result or its values; `kind`: lab, imaging, tissue, genetics or "" for all.
    """
    asked = " ".join(query.split())[:LONGEST_QUERY]
    chosen = kind if kind in GROUPS else ""
    words, groups = _patterns(asked), _counts(chart)
    found = _counts(chart, words) if words else groups
    total = sum(found.values()) if not chosen else found.get(chosen, 0)
    pages = max(1, -(-total // PAGE_SIZE))
    shown = min(max(1, page), pages)
    place = {"most": PAGE_SIZE, "after": (shown - 1) * PAGE_SIZE}
    rows = chart.exec(chart.prepared(_page, chosen, len(words)), **words, **place).all()
    return ResultsPage(
        rows=result_rows(chart, [(row, row.source) for row in rows]),
        waiting=waiting_rows(chart, chosen, words) if shown == 1 else [],
        total=total,
        page=shown,
        pages=pages,
        kinds=_choices(groups),
        query=asked,
        kind=chosen,
        sentence=_sentence(total, asked),
    )


def _patterns(asked: str) -> dict[str, str]:
    """The words looked for as parameters of LIKE, whose own signs stand for themselves."""
    escaped = (word.replace("/", "//").replace("%", "/%").replace("_", "/_") for word in asked.lower().split())
    return {f"word{place}": f"%{word}%" for place, word in enumerate(escaped)}


def _page(sight: Sight, kind: str, words: int) -> Select[Any]:
    rows = lines(sight).where(*_of_kind(kind), *(_says(sight, place) for place in range(words)))
    return rows.limit(bindparam("most", type_=Integer)).offset(bindparam("after", type_=Integer))


def _counts(chart: Chart, words: Mapping[str, str] | None = None) -> dict[str, int]:
    """How many results of each group this viewer has, of those that say all of these words."""
    found: dict[str, int] = defaultdict(int)
    for kind, number in chart.exec(chart.prepared(_kinds, len(words or ())), **(words or {})):
        found[group_of(Kind(kind))] += number
    return found


def _kinds(sight: Sight, words: int) -> Select[Any]:
    rows = only(sight.select(Record), col(Record.kind), func.count()).where(col(Record.listed).is_(True))
    return rows.where(*(_says(sight, place) for place in range(words))).group_by(col(Record.kind))


def waiting_rows(chart: Chart, kind: str = "", words: Mapping[str, str] | None = None) -> list[WaitingRow]:
    """What is on its way, the next one to open first; two statements."""
    found = chart.exec(chart.prepared(_on_the_way, kind, len(words or ())), **(words or {})).all()
    orders = orders_of(chart, [record.id for record in found])
    zone = ZoneInfo(chart.practice.time_zone)
    return [waiting_row(record, orders.get(record.id, Order()), zone, asked_by=asked_by(chart)) for record in found]


def _on_the_way(sight: Sight, kind: str, words: int) -> Select[Any]:
    rows = only(sight.select_waiting(), *(getattr(Record, name) for name in OnItsWay.__annotations__))
    rows = rows.where(*_of_kind(kind), *(_named(place) for place in range(words)))
    next_first = col(Record.latest_at).asc().nulls_last()
    return rows.order_by(next_first, col(Record.occurred_at).desc().nulls_last(), col(Record.id)).limit(MOST_WAITING)


def asked_by(chart: Chart) -> str:
    """Whose wish a hold may be: "" in one's own chart, else the name of the person."""
    return "" if chart.viewer is Viewer.OWNER else chart.patient.name


def _of_kind(chosen: str) -> list[ColumnElement[bool]]:
    return [col(Record.kind).in_([kind.value for kind in GROUPS[chosen]])] if chosen else []


def _named(place: int) -> ColumnElement[bool]:
    """A waiting result is found by its name alone: what it says is not told yet."""
    return func.lower(col(Record.title)).like(bindparam(f"word{place}"), escape="/")


def _says(sight: Sight, place: int) -> ColumnElement[bool]:
    """The word occurs in the result, or in a value it carries that this viewer may see."""
    says = col(Record.search).like(bindparam(f"word{place}"), escape="/")
    inside = only(sight.select(RecordLink), col(RecordLink.parent_id)).where(says).correlate(None)
    return or_(says, col(Record.id).in_(inside))


def _choices(groups: Mapping[str, int]) -> list[Choice]:
    """The kinds this viewer has results of, so that the filter offers nothing that is hidden."""
    labels = {"lab": _("Blood and urine"), "imaging": _("Imaging"), "tissue": _("Tissue"), "genetics": _("Genetics")}
    return [Choice("", _("All kinds")), *(Choice(name, label) for name, label in labels.items() if name in groups)]


def _sentence(total: int, query: str) -> str:
    if total:
        return plural("{count} result", "{count} results", total)
    return _("Nothing matches “{words}”").format(words=query) if query else _("No results yet")


@use_case(Permission.VIEW_RESULTS)
def open_result(chart: Chart, *, result_id: UUID) -> ResultDetail:
    """One result with its values, ranges, trends and journey; a waiting one tells its journey only.

    Raises:
        NotFound: no such result, somebody else's, or one that is not shown here.
    """
    chart.note(record=str(result_id))
    zone = ZoneInfo(chart.practice.time_zone)
    shown = chart.exec(chart.prepared(_one), key=result_id).first()
    if shown is None:
        return _on_its_way(chart, result_id, zone)
    return _detail(chart, shown[0], shown[1], zone)


def _one(sight: Sight) -> Select[Any]:
    rows = sight.select(Record, col(Organization.name))
    rows = rows.join(Organization, col(Organization.id) == col(Record.organization_id))
    return rows.where(col(Record.id) == bindparam("key"), col(Record.listed).is_(True))


def _on_its_way(chart: Chart, result_id: UUID, zone: ZoneInfo) -> ResultDetail:
    record = chart.exec(chart.select_waiting().where(col(Record.id) == result_id)).scalars().first()
    if record is None:
        raise NotFound
    order = orders_of(chart, [record.id]).get(record.id, Order())
    return ResultDetail(
        id=str(record.id),
        title=record.title,
        kind_label=kind_label(record),
        collected=date_words(record.occurred, zone),
        tone="wait",
        steps=steps(record, order, zone),
        waiting=True,
        waiting_sentence=sentence(record, order.doctor, zone, asked_by=asked_by(chart)),
    )


def _detail(chart: Chart, record: Record, source: str, zone: ZoneInfo) -> ResultDetail:
    parts = parts_of(chart, record)
    view = said(record, parts, zone)
    order = orders_of(chart, [record.id]).get(record.id, Order())
    series, trends = trends_of(chart, record, view.values, zone)
    told = _comment(chart, record.id)
    row = result_rows(chart, [(record, source)])[0]
    return ResultDetail(
        id=str(record.id),
        title=record.title,
        layout=view.layout,
        kind_label=kind_label(record),
        collected=view.collected or date_words(record.occurred, zone),
        issued=view.issued,
        status=view.status,
        source=source,
        ordered_by=order.doctor or view.ordered_by,
        performer=view.performer or record.author,
        flag=row.flag,
        tone=row.tone,
        values=value_rows(view.values, series),
        narrative=view.narrative,
        conclusion=view.conclusion,
        comment=told.comment if told else "",
        comment_by=told.by if told else "",
        comment_when=day(told.at, zone) if told else "",
        specimen=view.specimen,
        attachments=attachment_rows(chart, [record.id, *(part.id for part in parts)]),
        trends=trends,
        steps=steps(record, order, zone, shown=True),
        provenance=_("From {source}, here since {day}").format(source=source, day=day(record.arrived_at, zone)),
    )


def _comment(chart: Chart, result_id: UUID) -> ReleaseEvent | None:
    told = chart.select(ReleaseEvent).where(col(ReleaseEvent.record_id) == result_id, col(ReleaseEvent.comment) != "")
    found: ReleaseEvent | None = chart.exec(told.order_by(col(ReleaseEvent.at).desc()).limit(1)).scalars().first()
    return found
