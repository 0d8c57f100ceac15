"""The home page: what needs me."""

from __future__ import annotations

from typing import Any

import reflex as rx

from rxportal.core.access import Permission
from rxportal.services.home import home
from rxportal.services.results_views import HomeView
from rxportal.state.base import PageState
from rxportal.state.guard import policy
from rxportal.state.session import SessionState

DESK = "/desk/results"


class HomeState(PageState, rx.State):
    """`/home`. `no_chart`: signed in, but without a chart of one's own, and none named in the address."""

    view: HomeView = HomeView.empty()
    news: str = ""
    no_chart: bool = False

    _topics = ("results",)

    @rx.event
    @policy(Permission.VIEW_HOME)
    async def load(self) -> Any:
        """Open the page; a clinician without any chart is taken to the desk."""
        self._watch()
        self.news = ""
        frame = await self.get_state(SessionState)
        self.no_chart = frame.ready and not frame.has_own_chart and not self._grant()
        if not self.no_chart:
            return await self._show()
        return rx.redirect(DESK) if frame.clinician and not frame.people else None

    @rx.event
    @policy(Permission.VIEW_HOME)
    async def refresh(self) -> None:
        """Read again because something changed; say what is new."""
        before = {need.href for need in self.view.needs}
        await self._show(live=True)
        came = [need for need in self.view.needs if need.href not in before]
        self.news = came[0].title if came else ""

    async def _show(self, *, live: bool = False) -> None:
        view = await self._perform(home, live=live)
        if view is None:
            return
        self.view = view
        self.phase = "empty" if view.nothing else "ready"
