"""`/account/connections`: who opens my chart, who is invited, what my parents see, whose charts I open."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, TypeVar

import reflex as rx

from rxportal.core.access import Permission
from rxportal.core.live import GRANTS
from rxportal.core.text import _
from rxportal.rules.sections import Part
from rxportal.services.connections import change_grant, connections, leave_chart
from rxportal.services.connections_views import ConnectionsPage, PartRow, ProxyRow
from rxportal.services.grants import GRANTS_TOPIC, revoke_grant
from rxportal.services.grants_words import OFFERED
from rxportal.services.invitations import withdraw_invitation
from rxportal.services.sharing import choose_sharing
from rxportal.state.base import PageState
from rxportal.state.guard import policy
from rxportal.state.telling import Telling

T = TypeVar("T")


@dataclass
class Doubt:
    """What is asked before it is done. `kind`: remove, leave, withdraw, clear, or "" for nothing."""

    kind: str = ""
    id: str = ""
    name: str = ""


def ticked(form: Any) -> list[str]:
    """The parts that are ticked in a form with a box for each."""
    return [part.value for part in Part if isinstance(form, dict) and form.get(part.value)]


def facts(form: Any, *names: str) -> dict[str, Any]:
    """What a form about an access says: the parts that are ticked, the last day, and the fields of these names."""
    given = form if isinstance(form, dict) else {}
    typed = {name: given.get(name, "") for name in names}
    return {**typed, "parts": ticked(given), "until": given.get("until") or None}


def doubtful(view: ConnectionsPage, kind: str) -> list[Any]:
    """The rows of a page at which this can be done."""
    rows: dict[str, list[Any]] = {
        "remove": [row for row in view.people if row.removable],
        "leave": [row for row in view.held if row.leavable],
        "withdraw": [row for row in view.invitations if not row.over],
        "clear": [row for row in view.invitations if row.over],
    }
    return rows.get(kind, [])


# What is asked before it is done: the act, what it names the row, what is said afterwards.
ACTS: dict[str, tuple[Callable[..., Any], str, str]] = {
    "remove": (revoke_grant, "grant_id", _("{name} can’t open your chart any more.")),
    "leave": (leave_chart, "grant_id", _("You can’t open the chart of {name} any more.")),
    "withdraw": (
        withdraw_invitation,
        "invitation_id",
        _("The invitation of {name} is withdrawn. Its link opens nothing."),
    ),
    "clear": (withdraw_invitation, "invitation_id", _("The invitation of {name} is off your list.")),
}


class ConnectionsState(Telling, PageState, rx.State):
    """`asked`: the question that is open; `changing`: whose access is in the form, and its `parts`."""

    view: ConnectionsPage = ConnectionsPage.empty()
    asked: Doubt = Doubt()
    changing: ProxyRow = ProxyRow()
    parts: list[PartRow] = []

    _topics = (GRANTS_TOPIC, GRANTS)

    @rx.event
    @policy(Permission.VIEW_GRANTS)
    async def load(self) -> None:
        """Open the page."""
        self._watch()
        self.done = self.problem = ""
        self.asked, self.changing = Doubt(), ProxyRow()
        await self._show()

    @rx.event
    @policy(Permission.VIEW_GRANTS)
    async def refresh(self) -> None:
        """Read again because somebody answered, left or was let in."""
        await self._show(live=True)

    @rx.event
    @policy(Permission.VIEW_GRANTS)
    def ask(self, kind: str, row_id: str) -> None:
        """Ask before an access is removed or given up, or an invitation withdrawn."""
        found = next((row for row in doubtful(self.view, kind) if row.id == row_id), None)
        if found is not None:
            self.asked = Doubt(kind, found.id, found.name)

    @rx.event
    @policy(Permission.VIEW_GRANTS)
    def cancel(self) -> None:
        """Everything stays as it is."""
        self.asked, self.changing, self.problem, self.field = Doubt(), ProxyRow(), "", ""

    @rx.event
    @policy(Permission.VIEW_GRANTS)
    async def confirm(self) -> None:
        """Do what was asked about."""
        asked = self.asked
        if asked.kind in ACTS:
            case, key, words = ACTS[asked.kind]
            answer = await self._act(case, **{key: asked.id})
            await self._told("" if answer is None else words.format(name=asked.name))

    @rx.event
    @policy(Permission.CHANGE_GRANT)
    def change(self, grant_id: str) -> None:
        """Open the form about somebody's access."""
        found = next((row for row in self.view.people if row.id == grant_id and row.removable), None)
        if found is not None:
            self.changing, self.problem, self.field = found, "", ""
            self.parts = [PartRow(part.value, label, part.value in found.parts) for part, label in OFFERED.items()]

    @rx.event
    @policy(Permission.CHANGE_GRANT)
    async def keep(self, form: dict[str, Any]) -> None:
        """Change the access as the form says."""
        if not self.changing.id:
            return
        row = await self._act(change_grant, grant_id=self.changing.id, **facts(form, "level"))
        if row is not None:
            await self._told(_("Changed. {name}: {sees}").format(name=row.name, sees=row.sees))
        elif self.message:
            self.problem, self.message = self.message, ""

    @rx.event
    @policy(Permission.CHOOSE_SHARING)
    async def choose(self, thing: str, shown: bool) -> None:
        """Show one thing to parents, or hide it again."""
        row = await self._act(choose_sharing, thing=thing, shown=shown)
        words = _("Your parents see it now: {thing}.") if row and row.shown else _("Hidden from your parents: {thing}.")
        await self._told(words.format(thing=row.title) if row else "")

    async def _act(self, case: Callable[..., T], **inputs: Any) -> T | None:
        """Do it; what decides whether this page may stay open is still what it shows, not what was done last."""
        shown = self._case
        answer = await self._perform(case, **inputs)
        if answer is not None:
            self._case = shown
        return answer

    async def _told(self, done: str) -> None:
        """Say what an act did or why it was refused, and go there."""
        self.asked, self.changing = Doubt(), ProxyRow()
        self.done, self.problem, self.message, self.field = done, "" if done else self.message, "", ""
        if done:
            await self._show(live=True)
        self._point("done")

    async def _show(self, *, live: bool = False) -> None:
        view = await self._perform(connections, live=live)
        if view is not None:
            self.view = view
            some = view.people or view.past or view.invitations or view.held or view.things
            self.phase = "ready" if some else "empty"
