"""The home page of an account: one's own chart, and a line for everybody else one may open (F7: one feed)."""

from __future__ import annotations

from typing import Any

from sqlalchemy import Select, func

from rxportal.core.access import Permission
from rxportal.core.scopes import AccountScope, Chart
from rxportal.core.sight import Sight
from rxportal.core.text import _, plural
from rxportal.core.usecase import use_case
from rxportal.rules.release import Viewer
from rxportal.services.appointments import next_visits
from rxportal.services.home import home_of, new_rows, years_of
from rxportal.services.home_views import FamilyHome, PersonCard
from rxportal.services.selecting import only
from rxportal.services.shell import colour_of, initials_of, level_words


@use_case(Permission.VIEW_HOME, kept=True)
def family_home(account: AccountScope) -> FamilyHome:
    """What needs this person, in their own chart and in those of everybody they care for."""
    charts = account.charts(Permission.VIEW_HOME)
    others = [chart for chart in charts if chart.viewer is not Viewer.OWNER]
    own = next((chart for chart in charts if chart.viewer is Viewer.OWNER), None)
    return FamilyHome(
        own=home_of(own) if own else None,
        people=[_card(chart, place) for place, chart in enumerate(others)],
    )


def _card(chart: Chart, place: int) -> PersonCard:
    new, waiting = len(new_rows(chart)), int(chart.read(_how_many_wait)[0][0])
    years = years_of(chart)
    tag, tone = _("Nothing new"), "good"
    if new:
        tag, tone = plural("{count} new result", "{count} new results", new), "look"
    elif waiting:
        tag, tone = plural("{count} on the way", "{count} on the way", waiting), "wait"
    return PersonCard(
        name=chart.patient.name if years is None else f"{chart.patient.name}, {years}",
        initials=initials_of(chart.patient.name),
        colour=str(colour_of(place)),
        level=level_words(chart.access.relationship, chart.access.level),
        sentence=_sentence(chart, waiting if new else 0),
        href=f"/home?for={chart.access.grant_id}",
        tag=tag,
        tone=tone,
    )


def _sentence(chart: Chart, waiting: int) -> str:
    """What comes next there, and what is on its way besides what is new."""
    visit = next(iter(next_visits(chart, 1)), None)
    told = [_("{title}, {when}").format(title=visit.title, when=visit.when)] if visit else []
    if waiting:
        told.append(plural("{count} on the way", "{count} on the way", waiting))
    return " · ".join(told) or _("No visit is booked")


def _how_many_wait(sight: Sight) -> Select[Any]:
    return only(sight.select_waiting(), func.count())
