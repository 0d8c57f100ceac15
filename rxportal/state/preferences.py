"""`/account/preferences`: the name to use, the size of text, letters; and removing the account."""

from __future__ import annotations

from typing import Any

import reflex as rx

from rxportal.core.access import Permission
from rxportal.core.live import GRANTS
from rxportal.core.text import _
from rxportal.services.preferences import change_appearance, choose_result_letters, view_preferences
from rxportal.services.preferences_views import PreferencesPage, RemovalPage
from rxportal.services.removal import remove_account, view_removal
from rxportal.services.result_timing import choose_timing
from rxportal.state.base import PageState
from rxportal.state.fields import text_of
from rxportal.state.guard import policy, tab_of
from rxportal.state.telling import Telling

REMOVED = "/sign-in?removed=1"


class PreferencesState(Telling, PageState, rx.State):
    """What is chosen now."""

    view: PreferencesPage = PreferencesPage()

    _topics = ("timing", GRANTS)

    @rx.event
    @policy(Permission.VIEW_PREFERENCES)
    async def load(self) -> None:
        """Open the page."""
        self._watch()
        self.done = self.problem = ""
        await self._show()

    @rx.event
    @policy(Permission.VIEW_PREFERENCES)
    async def refresh(self) -> None:
        """Read again because something was chosen on another page."""
        await self._show(live=True)

    @rx.event
    @policy(Permission.CHANGE_PREFERENCES)
    async def save_appearance(self, form: dict[str, Any]) -> None:
        """Keep the name to use and the size of text."""
        done = await self._did(change_appearance, called=text_of(form, "called"), text_size=text_of(form, "text_size"))
        if done:
            await self._told(_("Saved. Every page shows it from now on."))

    @rx.event
    @policy(Permission.CHANGE_PREFERENCES)
    async def save_letters(self, form: dict[str, Any]) -> None:
        """Keep which letters are wanted."""
        if text_of(form, "letters") != "chosen":
            return  # a box that is not ticked sends nothing: only the form itself says that it was not
        wanted = text_of(form, "results") == "yes"
        if await self._did(choose_result_letters, email=wanted):
            words = _("Saved. We write to you when there is a new result.")
            await self._told(words if wanted else _("Saved. We no longer write about new results; you find them here."))

    @rx.event
    @policy(Permission.CHOOSE_TIMING)
    async def save_timing(self, form: dict[str, Any]) -> None:
        """Keep when results open: what was chosen for each group and differs from what is kept."""
        if not self.view.timing.rows:
            self.done, self.problem = "", _("There is nothing to choose here. Open your preferences again.")
            return
        wanted = [
            (row.group, typed)
            for row in self.view.timing.rows
            if row.choosable and (typed := text_of(form, row.group)) and (typed == "word") != row.waits
        ]
        for group, choice in wanted:
            if not await self._did(choose_timing, group=group, choice=choice):
                return
        await self._told(_("Saved. It counts from now on; what is open stays open."))

    async def _did(self, case: Any, **inputs: Any) -> bool:
        await self._perform(case, **inputs)
        self.problem, self.done = self.message, ""
        return self.problem == ""

    async def _told(self, words: str) -> None:
        await self._show()
        self.done = words
        self._point("done")

    async def _show(self, *, live: bool = False) -> None:
        view = await self._perform(view_preferences, live=live, chart=self._grant()[:64])
        if view is not None:
            self.view, self.phase = view, "ready"


class RemovalState(PageState, rx.State):
    """`/account/remove`: who loses what, then the word."""

    view: RemovalPage = RemovalPage()
    problem: str = ""

    _topics = ("grants", GRANTS)

    @rx.event
    @policy(Permission.REMOVE_ACCOUNT)
    async def load(self) -> None:
        """Open the page."""
        self._watch()
        self.problem = ""
        await self._show()

    @rx.event
    @policy(Permission.REMOVE_ACCOUNT)
    async def refresh(self) -> None:
        """Read again because somebody was let in or left."""
        await self._show(live=True)

    @rx.event
    @policy(Permission.REMOVE_ACCOUNT)
    async def remove(self, form: dict[str, Any]) -> Any:
        """Remove the account; the sign-in ends with it, and with that every open page."""
        tab = tab_of(self._get_root_state())
        if tab:
            tab.leads = REMOVED  # before it is done: the end of the session may be heard before this goes on
        await self._perform(remove_account, word=text_of(form, "word"))
        if tab and self._case != remove_account.__name__:
            tab.leads = ""
        self.problem = self.message

    async def _show(self, *, live: bool = False) -> None:
        view = await self._perform(view_removal, live=live)
        if view is not None:
            self.view, self.phase = view, "ready"
