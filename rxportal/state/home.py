"""The home page: what needs me."""

from __future__ import annotations

import reflex as rx

from rxportal.core.access import Permission
from rxportal.core.text import _
from rxportal.services.home import home
from rxportal.services.results_views import HomeView
from rxportal.state.base import PageState
from rxportal.state.guard import policy


class HomeState(PageState, rx.State):
    """`/home`."""

    view: HomeView = HomeView.empty()
    news: str = ""

    _topics = ("results",)

    @rx.event
    @policy(Permission.VIEW_HOME)
    async def load(self) -> None:
        """Open the page."""
        self._watch()
        self.news = ""
        await self._show()

    @rx.event
    @policy(Permission.VIEW_HOME)
    async def refresh(self) -> None:
        """Read again because something changed."""
        await self._show(live=True)
        self.news = _("Something new arrived.") if self.view.new_results else ""

    async def _show(self, *, live: bool = False) -> None:
        view = await self._perform(home, live=live)
        if view is None:
            return
        self.view = view
        self.phase = "empty" if view.nothing else "ready"
