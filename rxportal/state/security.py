"""Where one is signed in: the list, ending one other sign-in, ending all others."""

from __future__ import annotations

from typing import Any

import reflex as rx

from rxportal.core.access import Permission
from rxportal.core.runtime import current
from rxportal.core.text import _, plural
from rxportal.services.access_views import SecurityPage
from rxportal.services.devices import end_one_session, end_other_sessions, list_sessions
from rxportal.services.factors import FACTORS
from rxportal.services.identities import IDENTITIES
from rxportal.services.sessions import SESSIONS
from rxportal.state.account_password import AccountPasswordState
from rxportal.state.base import PageState
from rxportal.state.factors import FactorsState
from rxportal.state.guard import policy
from rxportal.state.identities import IdentitiesState
from rxportal.state.telling import Telling


def session_limits() -> dict[str, int]:
    """How long a session lives here, as the use cases ask for it."""
    limits = current().kernel.limits
    return {
        "idle_seconds": int(limits.idle.total_seconds()),
        "absolute_seconds": int(limits.absolute.total_seconds()),
    }


class SecurityState(Telling, PageState, rx.State):
    """`/account/security`. `news`: what came by itself."""

    view: SecurityPage = SecurityPage.empty()
    news: str = ""

    _topics = (SESSIONS, FACTORS, IDENTITIES)

    @rx.event
    @policy(Permission.VIEW_SESSIONS, looks=True)
    async def load(self) -> None:
        """Open the page."""
        self._watch()
        self.done = self.problem = self.news = ""
        await self._show()

    @rx.event
    @policy(Permission.VIEW_SESSIONS, looks=True)
    async def refresh(self) -> None:
        """Read again because somebody signed in or out, or a way of signing in changed."""
        before = self.view.others
        await self._show(live=True)
        for section in (FactorsState, AccountPasswordState, IdentitiesState):
            page: Any = await self.get_state(section)
            if page._case:  # noqa: SLF001  (what was shown here is read again, nothing else)
                await page._show(live=True)  # noqa: SLF001
        if self.view.others > before:
            self.news = _("Your account was signed in to in another browser.")

    @rx.event
    @policy(Permission.END_SESSIONS)
    async def end_one(self, session_id: str) -> None:
        """Sign out one other browser."""
        device = await self._perform(end_one_session, session_id=session_id)
        await self._told("" if device is None else _("Signed out: {device}.").format(device=device))

    @rx.event
    @policy(Permission.END_SESSIONS)
    async def end_others(self) -> None:
        """Sign out everywhere else."""
        count = await self._perform(end_other_sessions, **session_limits())
        told = plural("Signed out in {count} other browser.", "Signed out in {count} other browsers.", count or 0)
        await self._told("" if count is None else told)

    async def _told(self, done: str) -> None:
        """Say what an act did or why it was refused, and go there."""
        self.done, self.problem, self.message, self.field = done, "" if done else self.message, "", ""
        await self._show(live=True)
        self._point("done")

    async def _show(self, *, live: bool = False) -> None:
        view = await self._perform(list_sessions, live=live, **session_limits())
        if view is not None:
            self.view, self.phase = view, "ready"
