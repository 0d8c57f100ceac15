"""Looking for words in one chart: everything that may be seen, on whatever page it stands.

Every query starts from the reader's sight, so a search finds nothing that no page would show: withheld results, struck
records and closed sections are not found, not counted, and look like words that occur nowhere.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlalchemy import ColumnElement, Integer, Select, bindparam, func, or_
from sqlmodel import col

from rxportal.core.access import Permission
from rxportal.core.record_store import told_only_by_hidden
from rxportal.core.scopes import Chart
from rxportal.core.sight import Sight
from rxportal.core.text import _, plural
from rxportal.core.usecase import use_case
from rxportal.fhir.display import date_words
from rxportal.fhir.told import begun, listed
from rxportal.models.records import Organization, Record, RecordLink, Section
from rxportal.rules.release import Viewer
from rxportal.services.record_places import ELSEWHERE, OTHER, PLACES, place_of
from rxportal.services.search_views import Findings, Hit, HitGroup
from rxportal.services.selecting import only, patterns

MOST_WORDS, MOST_LETTERS = 8, 200
MOST_FOUND, MOST_SHOWN, MOST_WAITING = 100, 10, 20
#: Results inside results: a report carries a panel, a panel carries its values.
DEEPEST = 2
HEAD: tuple[Any, ...] = (
    Record.id, Record.resource_type, Record.section, Record.title, Record.occurred, Record.author, Record.listed,
    Organization.name.label("source"),  # type: ignore[attr-defined]
)  # fmt: skip
MEDICINES = frozenset({"MedicationRequest", "MedicationDispense", "MedicationStatement", "MedicationAdministration"})
#: Kinds with a page each: how its address begins.
PAGES = {"Encounter": "/visits/", "Appointment": "/visits/", "DocumentReference": "/notes/", "Composition": "/notes/"}
RESULTS, WAITING, PILLS, VISITS, PAPERS = (
    _("Test results"), _("On the way"), _("Medicines"), _("Visits and appointments"), _("Notes and documents"),
)  # fmt: skip
NAMES = {"Encounter": VISITS, "Appointment": VISITS, "DocumentReference": PAPERS, "Composition": PAPERS}
ORDER = (RESULTS, WAITING, PILLS, VISITS, PAPERS, *(place.title for place in (*PLACES, OTHER)))


@use_case(Permission.SEARCH_CHART)
def search_chart(chart: Chart, *, words: str) -> Findings:
    """Everything of this chart in which all these words occur, by kind; what is on its way by its name alone."""
    asked = " ".join(" ".join(words[:MOST_LETTERS].split()).split()[:MOST_WORDS])
    if not asked:
        return Findings(sentence=_("Type a word to look for, for example the name of a medicine."))
    like = patterns(asked)
    rows = list(chart.exec(chart.prepared(_found, len(like)), **like, most=MOST_FOUND + 1))
    many, rows = len(rows) > MOST_FOUND, _without_traces(chart, rows[:MOST_FOUND])
    zone = ZoneInfo(chart.practice.time_zone)
    hits = {RESULTS: _results(chart, rows, zone), WAITING: _on_the_way(chart, like)}
    for row in rows:
        if name := _name(row):
            hits.setdefault(name, []).append(_hit(row, zone))
    count = sum(len(group) for group in hits.values())
    chart.note(found=count)
    groups = [_group(name, _together(hits[name])) for name in dict.fromkeys((*ORDER, *hits)) if hits.get(name)]
    return Findings(asked, groups, _sentence(asked, count, many=many))


def _found(sight: Sight, words: int) -> Select[Any]:
    """Rows of HEAD in which every word occurs, newest first."""
    rows = only(sight.select(Record), *HEAD)
    rows = rows.join(Organization, col(Organization.id) == col(Record.organization_id))
    rows = rows.where(*(_says(place) for place in range(words)))
    newest = col(Record.occurred_at).desc().nulls_last(), col(Record.title), col(Record.id)
    return rows.order_by(*newest).limit(bindparam("most", type_=Integer))


def _says(place: int) -> ColumnElement[bool]:
    """In its own words, or in the name that another record gave it (a prescription's medicine)."""
    return or_(col(Record.search).like(bindparam(f"word{place}"), escape="/"), _called(place))


def _called(place: int) -> ColumnElement[bool]:
    return func.lower(col(Record.title)).like(bindparam(f"word{place}"), escape="/")


def _without_traces(chart: Chart, rows: Sequence[Any]) -> list[Any]:
    """Without orders that only a hidden result names."""
    if not any(row.resource_type == "ServiceRequest" for row in rows):
        return list(rows)
    traces = told_only_by_hidden(chart.session, chart.patient.id, to_proxy=chart.viewer is not Viewer.OWNER)
    return [row for row in rows if row.id not in traces]


def _results(chart: Chart, rows: Sequence[Any], zone: ZoneInfo) -> list[Hit]:
    """The results that were found, or that carry a value that was found; a value says in which result it stands."""
    found = {row.id: row for row in rows if row.listed}
    parts = {row.id: row.title for row in rows if not row.listed and row.section == Section.RESULTS.value}
    inside: dict[UUID, list[str]] = defaultdict(list)
    for key, title, row in _whole(chart, parts):
        found.setdefault(key, row)
        inside[key].append(title)
    newest = sorted(found.values(), key=lambda row: (row.occurred or "", row.title), reverse=True)
    return [_result(row, inside[row.id], zone) for row in newest]


def _whole(chart: Chart, parts: Mapping[UUID, str]) -> list[tuple[UUID, str, Any]]:
    """(result, name of the part, row of the result) for parts of results; two statements for each depth."""
    found: list[tuple[UUID, str, Any]] = []
    wanted = {key: {title} for key, title in parts.items()}
    for _depth in range(DEEPEST):
        if not wanted:
            break
        above: dict[UUID, set[str]] = defaultdict(set)
        for parent, child in chart.exec(chart.prepared(_parents), keys=list(wanted)):
            above[parent] |= wanted[child]
        heads = {row.id: row for row in chart.exec(chart.prepared(_heads), keys=list(above))} if above else {}
        found += [(key, title, row) for key, row in heads.items() if row.listed for title in sorted(above[key])]
        wanted = {key: above[key] for key, row in heads.items() if not row.listed}
    return found


def _parents(sight: Sight) -> Select[Any]:
    pairs = only(sight.select(RecordLink), col(RecordLink.parent_id), col(RecordLink.child_id))
    carried = col(RecordLink.child_id).in_(bindparam("keys", expanding=True)), col(RecordLink.position) >= 0
    return pairs.where(*carried)


def _heads(sight: Sight) -> Select[Any]:
    rows = only(sight.select(Record), *HEAD)
    rows = rows.join(Organization, col(Organization.id) == col(Record.organization_id))
    return rows.where(col(Record.id).in_(bindparam("keys", expanding=True)))


def _on_the_way(chart: Chart, like: Mapping[str, str]) -> list[Hit]:
    return [
        Hit(id=str(key), title=title, tag=_("Not shown yet"), href=f"/results/{key}")
        for key, title in chart.exec(chart.prepared(_waiting, len(like)), **like)
    ]


def _waiting(sight: Sight, words: int) -> Select[Any]:
    rows = only(sight.select_waiting(), col(Record.id), col(Record.title)).where(*(_called(n) for n in range(words)))
    return rows.order_by(col(Record.title), col(Record.id)).limit(MOST_WAITING)


def _name(row: Any) -> str:
    """Under which heading a record that is no result stands; "" for what is shown inside others only."""
    if row.listed or (row.section == Section.RESULTS.value and row.resource_type == "Observation"):
        return ""
    if row.resource_type in MEDICINES:
        return PILLS
    if row.resource_type in NAMES:
        return NAMES[row.resource_type]
    place = None if row.resource_type in ELSEWHERE else _place(row)
    return place.title if place else ""


def _place(row: Any) -> Any:
    vital = row.section == Section.VITALS.value
    return next(place for place in PLACES if place.name == "vitals") if vital else place_of(row.resource_type)


def _result(row: Any, inside: Iterable[str], zone: ZoneInfo) -> Hit:
    meant = listed(name for name in inside if name != row.title)
    return Hit(
        id=str(row.id),
        title=row.title,
        detail=_detail(_collected(row, zone), row.source),
        inside=_("In it: {names}").format(names=meant) if meant else "",
        href=f"/results/{row.id}",
    )


def _collected(row: Any, zone: ZoneInfo) -> str:
    when = date_words(row.occurred, zone)
    return _("Collected {day}").format(day=when) if when else ""


def _hit(row: Any, zone: ZoneInfo) -> Hit:
    page = "/medicines#m-" if row.resource_type in MEDICINES else PAGES.get(row.resource_type, "")
    href = f"{page}{row.id}" if page else ""
    return Hit(
        id=str(row.id),
        title=begun(row.title),
        detail=_detail(date_words(row.occurred, zone) or _("No date"), row.author, row.source),
        href=href,
        part="" if href else _place(row).name,
    )


def _detail(*parts: str) -> str:
    return " · ".join(dict.fromkeys(part for part in parts if part))


def _together(hits: list[Hit]) -> list[Hit]:
    """The same thing at several times as one hit, where they all stand in one place."""
    found: dict[str, list[Hit]] = defaultdict(list)
    for hit in hits:
        one_place = hit.part or hit.href.startswith("/medicines")
        found[f"{hit.part} {hit.title.lower()}" if one_place else hit.id].append(hit)
    for same in found.values():
        if len(same) > 1:
            earlier = plural("and {count} earlier time", "and {count} earlier times", len(same) - 1)
            same[0].detail = _detail(same[0].detail, earlier)
    return [same[0] for same in found.values()]


def _group(name: str, hits: list[Hit]) -> HitGroup:
    rest = len(hits) - MOST_SHOWN
    more = plural("{count} more. Add a word to find less.", "{count} more. Add a word to find less.", rest)
    return HitGroup(name, hits[:MOST_SHOWN], more if rest > 0 else "")


def _sentence(asked: str, count: int, *, many: bool) -> str:
    if many:
        return _("More than {count} records match “{words}”. Add a word to find less.").format(
            count=MOST_FOUND, words=asked
        )
    if not count:
        return _("Nothing here matches “{words}”").format(words=asked)
    told = plural("{count} record matches", "{count} records match", count)
    return f"{told} “{asked}”"
