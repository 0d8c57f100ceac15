"""Who may open this chart and who did what in it: the list, its filter, and the two questions beside a line."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, TypeVar

import reflex as rx

from rxportal.core.access import Permission
from rxportal.core.live import ACCESS_LOG
from rxportal.core.text import _
from rxportal.services.access_log import access_log
from rxportal.services.access_views import AccessPage
from rxportal.services.devices import end_one_session
from rxportal.services.grants import GRANTS_TOPIC, revoke_grant
from rxportal.state.base import PageState
from rxportal.state.guard import policy
from rxportal.state.security import session_limits
from rxportal.state.telling import Telling

T = TypeVar("T")


@dataclass
class Question:
    """What is asked before it is done. `kind`: remove, doubt, or "" for nothing. `who`: a person, or a browser."""

    kind: str = ""
    id: str = ""
    who: str = ""
    detail: str = ""


class AccessLogState(Telling, PageState, rx.State):
    """`/account/access-log`. `asked`: the question that is open."""

    view: AccessPage = AccessPage.empty()
    asked: Question = Question()

    _topics = (ACCESS_LOG, GRANTS_TOPIC)

    @rx.event
    @policy(Permission.VIEW_ACCESS_LOG, looks=True)
    async def load(self) -> None:
        """Open the page: the first page of everything, or where the person was on this chart."""
        if self.chart_key != self._grant():
            self.reset()
        self._watch()
        self.done, self.problem, self.asked = "", "", Question()
        await self._show(self.view.who, self.view.page)

    @rx.event
    @policy(Permission.VIEW_ACCESS_LOG, looks=True)
    async def refresh(self) -> None:
        """Read again because somebody did something."""
        await self._show(self.view.who, self.view.page, live=True)

    @rx.event
    @policy(Permission.VIEW_ACCESS_LOG)
    async def show_only(self, who: str) -> None:
        """Show what some did."""
        await self._show(who, 1)

    @rx.event
    @policy(Permission.VIEW_ACCESS_LOG)
    async def go(self, page: int) -> None:
        """Turn to another page."""
        await self._show(self.view.who, page)
        self._point("lines")

    @rx.event
    @policy(Permission.REVOKE_GRANT)
    def ask_remove(self, grant_id: str) -> None:
        """Ask before somebody's access is removed."""
        row = next((one for one in self.view.people if one.id == grant_id and one.removable), None)
        if row is not None:
            self.asked = Question("remove", row.id, row.name, row.level)

    @rx.event
    @policy(Permission.END_SESSIONS)
    def ask_doubt(self, line_id: str) -> None:
        """Ask whether that was the reader, in another browser."""
        rows = [(day.name, row) for day in self.view.days for row in day.rows]
        found = next(((day, row) for day, row in rows if row.id == line_id and row.session), None)
        if found is not None:
            day, row = found
            self.asked = Question("doubt", row.session, row.device, f"{row.sentence} {day}, {row.at}")

    @rx.event
    @policy(Permission.VIEW_ACCESS_LOG)
    def cancel(self) -> None:
        """Everything stays as it is."""
        self.asked = Question()

    @rx.event
    @policy(Permission.REVOKE_GRANT)
    async def remove(self) -> None:
        """Remove the access that was asked about."""
        if self.asked.kind == "remove":
            row = await self._act(revoke_grant, grant_id=self.asked.id)
            await self._told("" if row is None else _("{name} can’t open this chart any more.").format(name=row.name))

    @rx.event
    @policy(Permission.END_SESSIONS)
    async def sign_out_there(self) -> None:
        """End the sign-in that was asked about."""
        if self.asked.kind == "doubt":
            device = await self._act(end_one_session, session_id=self.asked.id)
            await self._told("" if device is None else _("Signed out: {device}.").format(device=device))

    async def _act(self, case: Callable[..., T], **inputs: Any) -> T | None:
        """Do it; what decides whether this page may stay open is still what it shows, not what was done last."""
        shown = self._case
        answer = await self._perform(case, **inputs)
        if answer is not None:
            self._case = shown
        return answer

    async def _told(self, done: str) -> None:
        """Say what an act did or why it was refused, and go there."""
        self.asked = Question()
        self.done, self.problem, self.message, self.field = done, "" if done else self.message, "", ""
        await self._show(self.view.who, self.view.page, live=True)
        self._point("done")

    async def _show(self, who: Any, page: Any, *, live: bool = False) -> None:
        view = await self._perform(access_log, live=live, who=who, page=page, **session_limits())
        if view is not None:
            self.view, self.phase = view, "ready"
