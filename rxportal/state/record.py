"""The health record: which parts stand open, which vital sign is drawn."""

from __future__ import annotations

from typing import Any

import reflex as rx

from rxportal.core.access import Permission
from rxportal.core.text import _
from rxportal.services.record import open_record
from rxportal.services.record_views import RecordPage
from rxportal.state.base import PageState
from rxportal.state.guard import policy
from rxportal.state.search import SearchState


class RecordState(PageState, rx.State):
    """`/record`. `opened`: names of the parts that are shown in full.

    `focus` says what the focus moves to after an act that takes the pressed button away ("element-id turn").
    """

    view: RecordPage = RecordPage.empty()
    opened: list[str] = []
    vital: str = ""
    news: str = ""
    focus: str = ""

    _topics = ("records", "results")
    _turn: int = 0

    @rx.event
    @policy(Permission.VIEW_RECORD, looks=True)
    async def load(self) -> None:
        """Open the page, or where the person was on this chart."""
        if self.chart_key != self._grant():
            self.reset()
        self._watch()
        self.news = ""
        await self._show(list(self.opened), self.vital)

    @rx.event
    @policy(Permission.VIEW_RECORD)
    async def refresh(self) -> Any:
        """Read again because something changed, what was searched for too."""
        before = self.phase in ("ready", "empty")
        await self._show(list(self.opened), self.vital, live=True)
        self.news = _("The record was updated.") if before and not self.message else ""
        return SearchState.refresh

    @rx.event
    @policy(Permission.VIEW_RECORD)
    async def show_all(self, part: str) -> None:
        """Show everything of one part."""
        await self._show([*(one for one in self.opened if one != part), part], self.vital)
        if not self.message:
            self._turn += 1
            self.focus = f"{part} {self._turn}"

    @rx.event
    @policy(Permission.VIEW_RECORD)
    async def show_vital(self, series: str) -> None:
        """Draw one vital sign over time."""
        await self._show(list(self.opened), series)

    async def _show(self, opened: list[str], vital: str, *, live: bool = False) -> None:
        view = await self._perform(open_record, live=live, opened=opened, vital=vital)
        if view is None:
            return
        # as it was asked for, not as it is shown: a page that reads again by itself must ask the same
        known = {section.name for section in view.sections}
        self.opened = [part for part in opened if part in known]
        self.vital = vital if vital == view.vitals.shown else ""
        self.view, self.phase = view, "empty" if view.nothing else "ready"
