"""One visit or appointment in a line: its state in words, who, where, how, what for and what came of it."""

from __future__ import annotations

from collections.abc import Sequence
from zoneinfo import ZoneInfo

from rxportal.core.scopes import Chart
from rxportal.core.text import _, plural
from rxportal.fhir.dates import starts_at
from rxportal.fhir.visit_view import VisitFacts
from rxportal.services.visits_views import VisitRow
from rxportal.services.visits_when import how_far, when_words

VISITS = ("Encounter", "Appointment")
OFF = {"cancelled", "noshow"}
STATES = {
    "cancelled": (_("Cancelled"), "look"),
    "noshow": (_("Missed"), "look"),
    "proposed": (_("Not confirmed yet"), "wait"),
    "pending": (_("Not confirmed yet"), "wait"),
    "waitlist": (_("On the waiting list"), "wait"),
    "arrived": (_("Checked in"), "good"),
    "checked-in": (_("Checked in"), "good"),
    "triaged": (_("Going on now"), "good"),
    "in-progress": (_("Going on now"), "good"),
}
SURE = {"booked", "planned"}


def visit_row(
    chart: Chart, key: str, source: str, facts: VisitFacts, *, papers: Sequence[str] = (), coming: bool = False
) -> VisitRow:
    """The line of one visit. `coming`: it is still to be; `papers`: the titles of its notes and summaries."""
    zone = ZoneInfo(chart.practice.time_zone)
    tag, tone = state_words(chart, facts, coming=coming)
    when = when_words(facts.start, facts.end, zone, weekday=coming) or facts.asked_for or _("No day yet")
    place, way = facts.place or facts.provider, "" if facts.way_words == facts.title else facts.way_words
    who, sender = ", ".join(facts.people), "" if coming and source in place else source
    told = (way, who, place, sender) if coming else (when, way, who, sender)
    return VisitRow(
        id=key,
        title=facts.title,
        when=when,
        who=who,
        place=place,
        way=facts.way,
        way_words=way,
        detail=" · ".join(part for part in dict.fromkeys(told) if part),
        said="; ".join([*facts.reasons, *([facts.about] if facts.about else [])]),
        papers=papers_words(papers),
        tag=tag,
        tone=tone,
        off=facts.status in OFF,
        source=source,
        instructions=facts.instructions,
    )


def state_words(chart: Chart, facts: VisitFacts, *, coming: bool) -> tuple[str, str]:
    """(tag, tone): what there is to say about its state; ("", "wait") for what simply took place."""
    if facts.status in OFF or coming:
        near = how_far(facts.start, ZoneInfo(chart.practice.time_zone), chart.today) or _("Booked")
        return STATES.get(facts.status, (near if facts.status in SURE else "", "wait"))
    lasting = facts.status in {"in-progress", "arrived", "triaged"} and not facts.end and facts.way == "hospital"
    return STATES["in-progress"] if lasting else ("", "wait")


def papers_words(titles: Sequence[str]) -> str:
    """What there is to read of a visit: its title where it is one, else how many."""
    if len(titles) == 1:
        return titles[0]
    return plural("{count} note", "{count} notes", len(titles)) if titles else ""


def zone_words(start: str, zone: ZoneInfo) -> str:
    """Whose clock a time of day is of, "PST" or "PDT"; "" where only a date was sent."""
    moment = starts_at(start, zone) if len(start) > 10 else None
    return (moment.astimezone(zone).tzname() or "") if moment else ""
