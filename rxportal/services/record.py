"""The health record of one chart: everything that is no result, no medicine and no appointment, on one page (F3).

Every query starts from `chart.select` or `chart.prepared`, so that rows, counts and courses know nothing but what this
viewer may know. Nothing here says that something does not exist: only that it is not on file here.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from zoneinfo import ZoneInfo

from rxportal.core.access import Permission
from rxportal.core.scopes import Chart
from rxportal.core.text import _, plural
from rxportal.core.usecase import use_case
from rxportal.models.records import Section
from rxportal.rules.release import TEEN_CLOSED, Viewer
from rxportal.services.documents import document_rows
from rxportal.services.naming import names_for
from rxportal.services.record_items import Group, Sources, grouped, items_of, told_in_full
from rxportal.services.record_places import DETAILS, DOCUMENTS, OTHER, PLACES, VITALS, Place, place_of
from rxportal.services.record_rows import MOST_OF_A_KIND, Head, bodies, heads, ties
from rxportal.services.record_views import RecordPage, RecordSection
from rxportal.services.record_vitals import vitals

#: States that say that something does not hold any more (conditions, allergies, plans, goals, insurances, orders).
PAST = frozenset({
    "inactive", "resolved", "remission", "completed", "revoked", "cancelled", "rejected", "stopped",
})  # fmt: skip
NAMED = frozenset({"CareTeam", "Immunization", "Procedure", "Encounter", "Patient", "CarePlan", "Provenance"})
MOST_DOCUMENTS = 5


@dataclass(frozen=True)
class Shown:
    """One part with what of it is shown, and how much there is."""

    place: Place
    now: list[Group]
    past: list[Group]
    now_count: int
    past_count: int
    whole: bool = False


@use_case(Permission.VIEW_RECORD)
def open_record(chart: Chart, *, opened: list[str] | None = None, vital: str = "") -> RecordPage:
    """The record of this chart in parts, a few of each at first.

    `opened`: names of the parts to show in full; `vital`: the vital sign whose course is drawn.
    """
    zone = ZoneInfo(chart.practice.time_zone)
    may = _may_see(chart)
    shown = [_arranged(place, found, opened or []) for place, found in _by_place(heads(chart)) if place.of & may]
    sources = _sources(chart, told_in_full(group for part in shown for group in (*part.now, *part.past)))
    page = RecordPage(sections=[_section(part, sources, own=chart.viewer is Viewer.OWNER) for part in shown])
    page.partly = _partly(chart)
    for section in page.sections:
        if section.name == VITALS:
            page.vitals = vitals(chart, vital, zone)
            _count(section, page.vitals.rows)
        elif section.name == DOCUMENTS:
            rows = document_rows(chart)
            shown_rows = rows if section.whole else rows[:MOST_DOCUMENTS]
            page.documents = [replace(row, files=[]) for row in shown_rows]  # their files stand on their own page
            _count(section, rows, len(page.documents))
    page.nothing = not any(section.count for section in page.sections if section.name != DETAILS)
    # what no screen shows is not sent: the page of an empty record shows no part
    page.sections = [one for one in page.sections if (one.count or one.empty) and not page.nothing]
    return page


def _sources(chart: Chart, told: Sequence[Head]) -> Sources:
    """What these records say, what they name, and who is named in them."""
    keys = [head.id for head in told]
    said = bodies(chart, keys)
    nameless = [(head.organization_id, said.get(head.id, {})) for head in told if head.resource_type in NAMED]
    return Sources(said, ties(chart, keys), names_for(chart, nameless), ZoneInfo(chart.practice.time_zone))


def _count(section: RecordSection, rows: Sequence[object], shown: int | None = None) -> None:
    """What a part of other rows has to say about how many there are."""
    rest = len(rows) - (len(rows) if shown is None else shown)
    section.count = str(len(rows)) if rows else ""
    section.more = _more(rest)


def _more(rest: int) -> str:
    return plural("Show {count} more", "Show {count} more", rest) if rest else ""


def _may_see(chart: Chart) -> frozenset[Section]:
    """The parts of the chart that this access opens at all; an empty list under any other would be a false answer."""
    granted = chart.access.sections or frozenset(Section)
    return granted - (TEEN_CLOSED - chart.access.shown) if chart.viewer is Viewer.PARENT_OF_TEEN else granted


def _partly(chart: Chart) -> str:
    """Why something may be missing here; the same sentence whether anything is or not."""
    if chart.viewer is Viewer.OWNER:
        return ""
    if chart.viewer is Viewer.PARENT_OF_TEEN:
        return _("Teens have a right to private care. Some parts of this record are for them alone.")
    if chart.access.sections:
        return _("You see the parts of this record that were opened to you.")
    return _("Some things in a record are private. Those are shown to the person alone.")


def _by_place(found: Sequence[Head]) -> list[tuple[Place, list[Head]]]:
    placed: dict[str, list[Head]] = {}
    for head in found:
        if place := place_of(head.resource_type):
            placed.setdefault(place.name, []).append(head)
    return [(place, placed.get(place.name, [])) for place in (*PLACES, OTHER)]


def _arranged(place: Place, found: Sequence[Head], opened: Sequence[str]) -> Shown:
    """What of a part is shown: what holds today, what is past, and how many more there are."""
    now: list[Group] = []
    past: list[Group] = []
    for group in grouped(found, together=place.together):
        (past if place.past and group.newest.status in PAST else now).append(group)
    whole = place.name in opened
    most = MOST_OF_A_KIND if whole else place.at_first
    return Shown(place, now[:most], past[:most], len(now), len(past), whole=whole)


def _section(part: Shown, sources: Sources, *, own: bool) -> RecordSection:
    place, count = part.place, part.now_count + part.past_count
    rest = count - len(part.now) - len(part.past)
    items, over = items_of(part.now, sources, with_past=bool(place.past))
    past = [*over, *items_of(part.past, sources, with_past=False)[0]]
    return RecordSection(
        name=place.name,
        title=place.title,
        count=str(count) if count else "",
        intro=" ".join(words for words in (place.intro, _missing(part)) if words),
        empty=_empty(place, own=own) if not count else "",
        items=items,
        past=past,
        past_words=f"{place.past} ({part.past_count + len(over)})" if past else "",
        whole=part.whole,
        more="" if place.href else _more(rest),
        href=place.href if count else "",
        href_words=place.href_words,
    )


def _missing(part: Shown) -> str:
    """Said where there are more than the page ever holds."""
    totals = {head.resource_type: head.total for group in (*part.now, *part.past) for head in group.heads}
    if all(total <= MOST_OF_A_KIND for total in totals.values()):
        return ""
    return _("The newest {count} are shown. Everything is in the download.").format(count=MOST_OF_A_KIND)


def _empty(place: Place, *, own: bool) -> str:
    """What it means that a part is empty, for the parts whose absence would be read as an answer."""
    if not place.always:
        return ""
    if not own:
        return _("Nothing on file here that you can see.")
    return {
        "allergies": _("No allergies are on file here. If you have any, tell your care team."),
        "conditions": _("No health conditions are on file here."),
        "shots": _("No shots are on file here. Ones you had elsewhere may be missing."),
    }.get(place.name, _("Nothing on file here."))
