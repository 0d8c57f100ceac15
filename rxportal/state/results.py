"""The list of results: what is shown, searched and filtered. Search words stay here, never in the address."""

from __future__ import annotations

from typing import Any

import reflex as rx

from rxportal.core.access import Permission
from rxportal.core.text import _
from rxportal.services.results import list_results
from rxportal.services.results_views import ResultsPage
from rxportal.state.base import PageState
from rxportal.state.guard import policy


class ResultsState(PageState, rx.State):
    """`/results`. `arrived`: rows that came by themselves since the page was opened."""

    view: ResultsPage = ResultsPage.empty()
    query: str = ""
    kind: str = ""
    arrived: list[str] = []
    news: str = ""

    _topics = ("results",)

    @rx.event
    @policy(Permission.VIEW_RESULTS)
    async def load(self) -> None:
        """Open the page: the first page of everything, or where the person was on this chart."""
        self._watch()
        self.arrived, self.news = [], ""
        await self._show(self.query, self.kind, self.view.page)

    @rx.event
    @policy(Permission.VIEW_RESULTS)
    async def refresh(self) -> None:
        """Read again because something changed; say what arrived."""
        before = {row.id for row in self.view.rows}
        filled = self.phase == "ready"
        await self._show(self.query, self.kind, self.view.page, live=True)
        if filled:
            came = [row for row in self.view.rows if row.id not in before]
            self.arrived = [row.id for row in came]
            self.news = (
                _("New result: {title}").format(title=came[0].title) if came else _("Your results were updated.")
            )

    @rx.event
    @policy(Permission.VIEW_RESULTS)
    async def search(self, form: dict[str, Any]) -> None:
        """Look for words among the results of the chosen kind."""
        given = form if isinstance(form, dict) else {}
        await self._show(given.get("query", ""), given.get("kind", self.kind), 1)

    @rx.event
    @policy(Permission.VIEW_RESULTS)
    async def choose_kind(self, kind: str) -> None:
        """Show one kind only."""
        await self._show(self.query, kind, 1)

    @rx.event
    @policy(Permission.VIEW_RESULTS)
    async def clear(self) -> None:
        """Show everything again."""
        await self._show("", "", 1)

    @rx.event
    @policy(Permission.VIEW_RESULTS)
    async def go(self, page: int) -> None:
        """Turn to another page."""
        await self._show(self.query, self.kind, page)

    async def _show(self, query: Any, kind: Any, page: Any, *, live: bool = False) -> None:
        view = await self._perform(list_results, live=live, query=query, kind=kind, page=page)
        if view is None:
            return
        self.view, self.query, self.kind = view, view.query, view.kind
        nothing_at_all = not view.rows and not view.waiting and not view.query and not view.kind
        self.phase = "empty" if nothing_at_all else "ready"
