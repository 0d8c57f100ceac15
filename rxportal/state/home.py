"""The home page: what needs me, in every chart that I may open."""

from __future__ import annotations

from typing import Any

import reflex as rx

from rxportal.core.access import Permission
from rxportal.services.claims import waiting_claims
from rxportal.services.claims_open import CLAIMS
from rxportal.services.family import family_home
from rxportal.services.home import home
from rxportal.services.home_views import HomeView, Line, PersonCard
from rxportal.state.base import PageState
from rxportal.state.guard import policy
from rxportal.state.session import SessionState


class HomeState(PageState, rx.State):
    """`/home`: one's own chart with a line for everybody else's, or the chart that the address names.

    `requests`: what the desk has not answered yet.
    `no_chart`: signed in, but without a chart of one's own, and none named in the address.
    """

    view: HomeView = HomeView.empty()
    requests: list[Line] = []
    people: list[PersonCard] = []
    news: str = ""
    no_chart: bool = False

    _topics = ("results", "records", CLAIMS)
    _wide = True

    @rx.event
    @policy(Permission.VIEW_HOME, looks=True)
    async def load(self) -> Any:
        """Open the page; whoever works at a desk and has no chart to open is taken there."""
        self._watch()
        self.news = ""
        await self._show()
        if self.no_chart and not self.people:
            frame = await self.get_state(SessionState)
            return rx.redirect(frame.desk) if frame.desk else None
        return None

    @rx.event
    @policy(Permission.VIEW_HOME, looks=True)
    async def refresh(self) -> None:
        """Read again because something changed; say what is new."""
        before = {need.href for need in self.view.needs}, {(one.href, one.tag) for one in self.people}
        frame = await self.get_state(SessionState)
        # somebody's chart that this page has not shown yet is a new view of it
        seen = {one.href for one in self.people} >= {one.href for one in frame.people if "?" in one.href}
        await self._show(live=seen or self._grant() != "")
        needs = [need.title for need in self.view.needs if need.href not in before[0]]
        cards = [f"{one.name}: {one.tag}" for one in self.people if (one.href, one.tag) not in before[1]]
        self.news = next(iter([*needs, *cards]), "")

    async def _show(self, *, live: bool = False) -> None:
        if self._grant():
            await self._show_chart(live=live)
            return
        requests = await self._perform(waiting_claims, live=live)
        family = await self._perform(family_home, live=live)
        if family is None:
            return
        self.requests = self.requests if requests is None else requests
        self.people, self.no_chart = family.people, family.own is None
        self.view = family.own or HomeView.empty()
        self.phase = "empty" if self.view.nothing else "ready"

    async def _show_chart(self, *, live: bool) -> None:
        view = await self._perform(home, live=live)
        if view is None:
            return
        self.view, self.people, self.requests, self.no_chart = view, [], [], False
        self.phase = "empty" if view.nothing else "ready"
