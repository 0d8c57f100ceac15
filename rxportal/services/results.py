"""The results of one chart: the list with what is on its way, and one result with its trends (S16 to S19, F1, N1).

Every query starts from `chart.select` or `chart.select_waiting`, so that rows, counts, filters, searches and trends
know nothing but what this viewer may know.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Protocol
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlalchemy import ColumnElement, Integer, Select, bindparam, func, literal, or_, select
from sqlmodel import col

from rxportal.core.access import Permission
from rxportal.core.errors import NotFound
from rxportal.core.scopes import Chart
from rxportal.core.sight import Sight
from rxportal.core.text import _, plural
from rxportal.core.usecase import use_case
from rxportal.fhir.display import date_words
from rxportal.models.records import Organization, Record, RecordLink
from rxportal.models.releases import ReleaseEvent
from rxportal.rules.release import Viewer
from rxportal.services.orders import Order, orders_of
from rxportal.services.result_detail import attachment_rows, parts_of, said, trends_of, value_rows
from rxportal.services.result_journey import OnItsWay, day, kind_label, sentence, steps, waiting_row
from rxportal.services.result_rows import GROUPS, Line, lines, result_rows
from rxportal.services.results_views import Choice, ResultDetail, ResultsPage, WaitingRow
from rxportal.services.selecting import only, patterns

PAGE_SIZE = 20
MOST_WAITING = 50
MOST_COUNTED = 500
MOST_PAGES = 50_000
LONGEST_QUERY = 200


@use_case(Permission.VIEW_RESULTS, kept=True)
def list_results(chart: Chart, *, query: str = "", kind: str = "", page: int = 1) -> ResultsPage:
    """The results of this chart, newest first, 20 a page, with those on their way.

    `query`: words that all must occur in a result or its values; `kind`: lab, imaging, tissue, genetics or "" for all.
    """
    asked = " ".join(query.split())[:LONGEST_QUERY]
    chosen = kind if kind in GROUPS else ""
    words = patterns(asked)
    told = _overview(chart, chosen, words)
    total = told["total"]
    many = total > MOST_COUNTED
    rows, shown = _rows(chart, chosen, words, page, total, many=many)
    return ResultsPage(
        rows=result_rows(chart, [(row, row.source) for row in rows[:PAGE_SIZE]]),
        waiting=waiting_rows(chart, chosen, words) if shown == 1 else [],
        total=min(total, MOST_COUNTED),
        many=many,
        page=shown,
        pages=shown + (len(rows) > PAGE_SIZE) if many else _pages(total),
        kinds=_choices(told),
        query=asked,
        kind=chosen,
        sentence=_sentence(total, asked, many=many),
    )


def _pages(total: int) -> int:
    return max(1, -(-total // PAGE_SIZE))


def _rows(
    chart: Chart, kind: str, words: Mapping[str, str], page: int, total: int, *, many: bool
) -> tuple[list[Any], int]:
    """The rows of a page and one more, and its number: the nearest there is."""
    wanted = min(max(1, page), MOST_PAGES if many else _pages(total))
    rows = _rows_of(chart, kind, words, wanted)
    if not rows and wanted > 1:
        wanted = _pages(_count(chart, kind, words, MOST_PAGES * PAGE_SIZE))
        rows = _rows_of(chart, kind, words, wanted)
    return rows, wanted


def _rows_of(chart: Chart, kind: str, words: Mapping[str, str], page: int) -> list[Any]:
    place = {"most": PAGE_SIZE + 1, "after": (page - 1) * PAGE_SIZE}
    return chart.read(_page, kind, len(words), **words, **place)


def _page(sight: Sight, kind: str, words: int) -> Select[Any]:
    # coalesce: by an index on the kind every result of it would be sorted; in the list's own order it ends at the limit
    kinds = [func.coalesce(col(Record.kind), "").in_(_values(kind))] if kind else []
    rows = lines(sight).where(*kinds, *(_says(sight, place) for place in range(words)))
    return rows.limit(bindparam("most", type_=Integer)).offset(bindparam("after", type_=Integer))


def _count(chart: Chart, kind: str, words: Mapping[str, str], most: int) -> int:
    """How many results there are, not counting further than `most`."""
    return int(chart.read(_counted, kind, len(words), **words, most=most)[0][0])


def _overview(chart: Chart, kind: str, words: Mapping[str, str]) -> Mapping[str, Any]:
    """`total`, not counted further than one above what is told, and of each group whether there is any result of it."""
    rows = chart.read(_told_first, kind, len(words), **words, most=MOST_COUNTED + 1)
    return dict(zip(rows[0]._fields, rows[0], strict=True))


def _told_first(sight: Sight, kind: str, words: int) -> Any:
    any_of = only(sight.select(Record), literal(1)).where(col(Record.listed).is_(True))
    groups = (any_of.where(*_of_kind(name)).exists().label(name) for name in GROUPS)
    return select(_counted(sight, kind, words).scalar_subquery().label("total"), *groups)


def _counted(sight: Sight, kind: str, words: int) -> Select[Any]:
    rows = only(sight.select(Record), literal(1)).where(col(Record.listed).is_(True), *_of_kind(kind))
    rows = rows.where(*(_says(sight, place) for place in range(words)))
    return select(func.count()).select_from(rows.limit(bindparam("most", type_=Integer)).subquery())


def waiting_rows(chart: Chart, kind: str = "", words: Mapping[str, str] | None = None) -> list[WaitingRow]:
    """What is on its way, the next one to open first; two statements."""
    found = chart.read(_on_the_way, kind, len(words or ()), **(words or {}))
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


def _values(kind: str) -> list[str]:
    return [one.value for one in GROUPS[kind]]


def _of_kind(kind: str) -> list[ColumnElement[bool]]:
    return [col(Record.kind).in_(_values(kind))] if kind else []


def _named(place: int) -> ColumnElement[bool]:
    """A waiting result is found by its name alone: what it says is not told yet."""
    return func.lower(col(Record.title)).like(bindparam(f"word{place}"), escape="/")


def _says(sight: Sight, place: int) -> ColumnElement[bool]:
    """The word occurs in the result, or in a value it carries that this viewer may see."""
    says = col(Record.search).like(bindparam(f"word{place}"), escape="/")
    inside = only(sight.select(RecordLink), col(RecordLink.parent_id)).where(says).correlate(None)
    return or_(says, col(Record.id).in_(inside))


def _choices(has: Mapping[str, Any]) -> list[Choice]:
    """The kinds this viewer has results of, so that the filter offers nothing that is hidden."""
    labels = {"lab": _("Blood and urine"), "imaging": _("Imaging"), "tissue": _("Tissue"), "genetics": _("Genetics")}
    return [Choice("", _("All kinds")), *(Choice(name, label) for name, label in labels.items() if has[name])]


def _sentence(total: int, query: str, *, many: bool) -> str:
    if many:
        return _("More than {count} results").format(count=MOST_COUNTED)
    if total:
        return plural("{count} result", "{count} results", total)
    return _("Nothing matches “{words}”").format(words=query) if query else _("No results yet")


@use_case(Permission.VIEW_RESULTS, kept=True)
def open_result(chart: Chart, *, result_id: UUID) -> ResultDetail:
    """One result with its values, ranges, trends and journey; a waiting one tells its journey only.

    Raises:
        NotFound: no such result, somebody else's, or one that is not shown here.
    """
    chart.note(record=str(result_id))
    zone = ZoneInfo(chart.practice.time_zone)
    shown = chart.read(_one, key=result_id)
    return _detail(chart, shown[0], shown[0].source, zone) if shown else _on_its_way(chart, result_id, zone)


class Opened(Line, OnItsWay, Protocol):
    """What one result shows of its record: a `Record`, or a row of a statement with these columns."""

    body: Any
    author: Any


OPENED = [
    getattr(Record, name) for name in {**Line.__annotations__, **OnItsWay.__annotations__, **Opened.__annotations__}
]


def _one(sight: Sight) -> Select[Any]:
    rows = only(sight.select(Record), *OPENED, col(Organization.name).label("source"))
    rows = rows.join(Organization, col(Organization.id) == col(Record.organization_id))
    return rows.where(col(Record.id) == bindparam("key"), col(Record.listed).is_(True))


def _one_waiting(sight: Sight) -> Select[Any]:
    rows = only(sight.select_waiting(), *(getattr(Record, name) for name in OnItsWay.__annotations__))
    return rows.where(col(Record.id) == bindparam("key"))


def _on_its_way(chart: Chart, result_id: UUID, zone: ZoneInfo) -> ResultDetail:
    found = chart.read(_one_waiting, key=result_id)
    if not found:
        raise NotFound
    record = found[0]
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


def _detail(chart: Chart, record: Opened, source: str, zone: ZoneInfo) -> ResultDetail:
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


def _comment(chart: Chart, result_id: UUID) -> Any | None:
    return next(iter(chart.read(_told, key=result_id)), None)


def _told(sight: Sight) -> Select[Any]:
    columns = col(ReleaseEvent.comment), col(ReleaseEvent.by), col(ReleaseEvent.at)
    told = only(sight.select(ReleaseEvent), *columns).where(col(ReleaseEvent.record_id) == bindparam("key"))
    return told.where(col(ReleaseEvent.comment) != "").order_by(col(ReleaseEvent.at).desc()).limit(1)
