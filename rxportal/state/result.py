"""One result: its values, its comment, its trends, or where it is on its way."""

from __future__ import annotations

import reflex as rx

from rxportal.core.access import Permission
from rxportal.core.text import _
from rxportal.services.results import open_result
from rxportal.services.results_views import ResultDetail
from rxportal.state.base import PageState
from rxportal.state.guard import policy


class ResultState(PageState, rx.State):
    """`/results/[id]`."""

    view: ResultDetail = ResultDetail.empty()
    news: str = ""

    _topics = ("results",)

    @rx.event
    @policy(Permission.VIEW_RESULTS, looks=True)
    async def load(self) -> None:
        """Open the result that the address names."""
        self._watch()
        wanted = self._wanted()
        if self.view.id != wanted:
            # another result's values must not stand under this address while it loads
            self.phase, self.view = "loading", ResultDetail.empty()
        self.news = ""
        await self._show(wanted)

    @rx.event
    @policy(Permission.VIEW_RESULTS, looks=True)
    async def refresh(self) -> None:
        """Read again because something changed."""
        was_waiting = self.view.waiting
        await self._show(self._wanted(), live=True)
        released = was_waiting and not self.view.waiting
        self.news = _("This result is here now.") if released else _("This result was updated.")

    def _wanted(self) -> str:
        path = str(self.router.url.path).rstrip("/")
        return path.rpartition("/")[2]

    async def _show(self, wanted: str, *, live: bool = False) -> None:
        view = await self._perform(open_result, live=live, result_id=wanted)
        if view is None:
            self.phase, self.view = "failed", ResultDetail.empty()
            return
        self.view, self.phase = view, "ready"
