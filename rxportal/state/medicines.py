"""The list of medicines: what is taken, and how much of what was is shown."""

from __future__ import annotations

import reflex as rx

from rxportal.core.access import Permission
from rxportal.core.text import _
from rxportal.services.medicines import list_medicines
from rxportal.services.medicines_views import MedicinesPage
from rxportal.state.base import PageState
from rxportal.state.guard import policy


class MedicinesState(PageState, rx.State):
    """`/medicines`. `whole`: all that is past is shown. `focus` says what the focus moves to ("element-id turn")."""

    view: MedicinesPage = MedicinesPage.empty()
    whole: bool = False
    news: str = ""
    focus: str = ""

    _topics = ("records", "results")
    _turn: int = 0

    @rx.event
    @policy(Permission.VIEW_MEDICINES, looks=True)
    async def load(self) -> None:
        """Open the page, at the medicine that the address names (#m-…), or where the person was on this chart."""
        if self.chart_key != self._grant():
            self.reset()
        self._watch()
        self.news = ""
        named = self.router.url.fragment
        await self._show(whole=self.whole or named.startswith("m-"))
        rows = (*self.view.now, *self.view.past, *self.view.given)
        if meant := next((row.id for row in rows if named in row.told), ""):
            self._go_to(meant)

    @rx.event
    @policy(Permission.VIEW_MEDICINES, looks=True)
    async def refresh(self) -> None:
        """Read again because something changed; say so where it shows."""
        before = self.view
        await self._show(whole=self.whole, live=True)
        self.news = _("The list of medicines was updated.") if self.view != before and not self.message else ""

    @rx.event
    @policy(Permission.VIEW_MEDICINES)
    async def show_all(self) -> None:
        """Show everything that is past."""
        await self._show(whole=True)
        if not self.message:
            self._go_to("past")

    def _go_to(self, element: str) -> None:
        self._turn += 1
        self.focus = f"{element} {self._turn}"

    async def _show(self, *, whole: bool, live: bool = False) -> None:
        view = await self._perform(list_medicines, live=live, whole=whole)
        if view is None:
            return
        self.view, self.whole = view, whole
        self.phase = "empty" if view.nothing else "ready"
