"""The list of results: what is shown, searched and filtered. Search words stay here, never in the address."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import Any

import reflex as rx

from rxportal.core.access import Permission
from rxportal.core.text import _
from rxportal.services.results import list_results
from rxportal.services.results_views import ResultRow, ResultsPage
from rxportal.state.base import PageState
from rxportal.state.guard import policy


@dataclass
class Month:
    """The results under one heading of the list, "November 2026"."""

    name: str = ""
    rows: list[ResultRow] = field(default_factory=list)


class ResultsState(PageState, rx.State):
    """`/results`. The rows of `view` stand in `months`. `arrived`: rows that came by themselves since the page opened.

    `focus` says what the focus moves to after an act that takes the pressed button away ("element-id turn").
    """

    view: ResultsPage = ResultsPage.empty()
    months: list[Month] = []
    query: str = ""
    kind: str = ""
    arrived: list[str] = []
    news: str = ""
    focus: str = ""

    _topics = ("results",)
    _turn: int = 0

    @rx.event
    @policy(Permission.VIEW_RESULTS, looks=True)
    async def load(self) -> None:
        """Open the page: the first page of everything, or where the person was on this chart."""
        if self.chart_key != self._grant():
            self.reset()  # words looked for in one person's chart must not be looked for in another's
        self._watch()
        self.arrived, self.news = [], ""
        await self._show(self.query, self.kind, self.view.page)

    @rx.event
    @policy(Permission.VIEW_RESULTS, looks=True)
    async def refresh(self) -> None:
        """Read again because something changed; say what arrived."""
        before = {row.id for month in self.months for row in month.rows}
        open_before = self.phase in ("ready", "empty")
        await self._show(self.query, self.kind, self.view.page, live=True)
        if not open_before or self.message:
            return
        came = [row for month in self.months for row in month.rows if row.id not in before]
        self.arrived = [row.id for row in came]
        self.news = _("New result: {title}").format(title=came[0].title) if came else _("Your results were updated.")

    @rx.event
    @policy(Permission.VIEW_RESULTS, looks=True)
    async def search(self, form: dict[str, Any]) -> None:
        """Look for words among the results of the chosen kind."""
        given = form if isinstance(form, dict) else {}
        await self._show(given.get("query", ""), given.get("kind", self.kind), 1)

    @rx.event
    @policy(Permission.VIEW_RESULTS, looks=True)
    async def choose_kind(self, kind: str) -> None:
        """Show one kind only."""
        await self._show(self.query, kind, 1)

    @rx.event
    @policy(Permission.VIEW_RESULTS, looks=True)
    async def clear(self) -> None:
        """Show everything again."""
        await self._show("", "", 1)
        self._go_to("found")

    @rx.event
    @policy(Permission.VIEW_RESULTS, looks=True)
    async def go(self, page: int) -> None:
        """Turn to another page."""
        await self._show(self.query, self.kind, page)
        self._go_to("found")

    def _go_to(self, element: str) -> None:
        self._turn += 1
        self.focus = f"{element} {self._turn}"

    async def _show(self, query: Any, kind: Any, page: Any, *, live: bool = False) -> None:
        view = await self._perform(list_results, live=live, query=query, kind=kind, page=page)
        if view is None:
            return
        self.months = by_month(view.rows)
        self.view, self.query, self.kind = replace(view, rows=[]), view.query, view.kind
        nothing_at_all = not view.rows and not view.waiting and not view.query and not view.kind
        self.phase = "empty" if nothing_at_all else "ready"


def by_month(rows: list[ResultRow]) -> list[Month]:
    """The rows, in their order, under their months."""
    months: list[Month] = []
    for row in rows:
        if not months or row.starts_month:
            months.append(Month(row.month))
        months[-1].rows.append(row)
    return months
