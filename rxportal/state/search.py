"""Searching the chart. The words stay in the state, never in the address: they may tell of an illness."""

from __future__ import annotations

from typing import Any

import reflex as rx

from rxportal.core.access import Permission
from rxportal.services.search import search_chart
from rxportal.services.search_views import Findings
from rxportal.state.base import PageState
from rxportal.state.fields import field_of
from rxportal.state.guard import policy


class SearchState(PageState, rx.State):
    """The search box of `/record`. `focus` says what the focus moves to ("element-id turn")."""

    view: Findings = Findings.empty()
    focus: str = ""

    _turn: int = 0

    @rx.event
    @policy(Permission.SEARCH_CHART)
    async def search(self, form: dict[str, Any]) -> None:
        """Look for words in this chart."""
        words = field_of(form, "words")
        await self._show(words)
        if not self.message:
            self._turn += 1
            self.focus = f"matches {self._turn}"

    @rx.event
    @policy(Permission.SEARCH_CHART)
    async def refresh(self) -> None:
        """Look for the same words again because something changed; nothing where none were looked for."""
        if self.view.query and self.chart_key == self._grant():
            await self._show(self.view.query, live=True)

    @rx.event
    @policy(Permission.SEARCH_CHART)
    async def clear(self) -> None:
        """Put the answer away."""
        self.reset()
        self.chart_key = self._grant()

    async def _show(self, words: Any, *, live: bool = False) -> None:
        view = await self._perform(search_chart, live=live, words=words)
        if view is not None:
            self.view, self.phase = view, "ready"
