"""Outside identities on the security page: see them, add one, unlink one."""

from __future__ import annotations

import reflex as rx

from rxportal.core.access import Permission
from rxportal.core.providers import providers_of
from rxportal.core.runtime import current
from rxportal.core.text import _
from rxportal.services.identities import IDENTITIES, list_identities, may_link, unlink_identity
from rxportal.services.identity_views import IdentitiesPage, OutsideWay
from rxportal.state.base import PageState
from rxportal.state.guard import policy
from rxportal.state.outside import ways_out
from rxportal.state.telling import Telling

# What a round trip came to, as the address says it when it comes back here
CAME_BACK = {
    "linked": _("Done: you can now sign in that way too."),
    "same": _("That way of signing in was linked before. Nothing was changed."),
}
REFUSED = {
    "taken": _("That sign-in belongs to another account here. Nothing was changed."),
    "stale": _("That took too long. Nothing was changed. Press “Add another way” and try again."),
    "failed": _("Signing in that way did not work. Nothing was changed. Try again."),
}


def labels() -> dict[str, str]:
    """What the providers are called here."""
    return {one.name: one.label for one in providers_of(current().settings).values()}


class IdentitiesState(Telling, PageState, rx.State):
    """The section. `ways`: the providers to choose from, once the person may add one."""

    view: IdentitiesPage = IdentitiesPage()
    ways: list[OutsideWay] = []
    stand_ins: bool = False

    _topics = (IDENTITIES,)

    @rx.event
    @policy(Permission.VIEW_IDENTITIES)
    async def load(self) -> None:
        """Open the section, and say what a round trip came to."""
        said = str(self.router.url.query_parameters.get("outside", ""))
        self.done, self.problem = CAME_BACK.get(said, ""), REFUSED.get(said, "")
        self.ways = []
        await self._show()

    @rx.event
    @policy(Permission.VIEW_IDENTITIES)
    async def refresh(self) -> None:
        """Read again because an identity was linked or unlinked."""
        await self._show(live=True)

    @rx.event
    @policy(Permission.MANAGE_IDENTITIES)
    async def add(self) -> None:
        """Show the providers, once the person has proved who they are."""
        self.done = self.problem = ""
        if await self._perform(may_link):
            self.ways = ways_out("?for=link")
            self.stand_ins = any(one.stand_in for one in self.ways)
            self._point("add-ways")

    @rx.event
    @policy(Permission.MANAGE_IDENTITIES)
    async def unlink(self, identity_id: str) -> None:
        """Unlink one."""
        label = next((one.label for one in self.view.rows if one.id == identity_id), "")
        done = await self._perform(unlink_identity, identity_id=identity_id, label=label)
        if done is not None:
            self.done, self.problem = _("Unlinked: {provider}.").format(provider=label), ""
        elif self.message:
            self.done, self.problem, self.message = "", self.message, ""
        else:
            return  # the dialog asks for a proof, then the same button is pressed again
        await self._show(live=True)
        self._point("outside-done")

    async def _show(self, *, live: bool = False) -> None:
        view = await self._perform(list_identities, live=live, labels=labels())
        if view is not None:
            self.view, self.phase = view, "ready"
