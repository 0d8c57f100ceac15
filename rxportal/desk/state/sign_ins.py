"""`/desk/sign-ins`: find the account of somebody who lost every second factor, and take them off."""

from __future__ import annotations

from typing import Any

import reflex as rx

from rxportal.core.access import Permission
from rxportal.core.text import _
from rxportal.services.desk_sign_ins import TOPIC, find_sign_ins, free_sign_in, see_sign_in
from rxportal.services.desk_sign_ins_views import SignInCase, SignInsFound
from rxportal.state.base import PageState
from rxportal.state.fields import field_of
from rxportal.state.guard import policy
from rxportal.state.telling import Refusing


class DeskSignInsState(Refusing, PageState, rx.State):
    """`found`: the accounts that fit; `chosen`: one of them."""

    found: SignInsFound = SignInsFound()
    chosen: SignInCase = SignInCase()

    _topics = (TOPIC,)

    @rx.event
    @policy(Permission.SEE_SIGN_INS)
    async def load(self) -> None:
        """Open the desk with nobody on it."""
        self.reset()
        self._watch()
        if await self._perform(find_sign_ins, words="") is not None:
            self.phase = "ready"

    @rx.event
    @policy(Permission.SEE_SIGN_INS)
    async def refresh(self) -> None:
        """Read again because a colleague took something off."""
        if self.chosen.id:
            view = await self._perform(see_sign_in, live=True, account_id=self.chosen.id)
            if view is not None:
                self.chosen = view

    @rx.event
    @policy(Permission.SEE_SIGN_INS)
    async def find(self, form: dict[str, Any]) -> None:
        """Look for accounts."""
        found = await self._perform(find_sign_ins, words=field_of(form, "words"))
        self.done, self.chosen = "", SignInCase()
        self._refused("found")
        if found is not None:
            self.found = found
            self._point("found")

    @rx.event
    @policy(Permission.SEE_SIGN_INS)
    async def choose(self, account_id: str) -> None:
        """Show one account."""
        view = await self._perform(see_sign_in, account_id=account_id)
        self.done = ""
        self._refused("found")
        if view is not None:
            self.chosen = view
            self._point("account")

    @rx.event
    @policy(Permission.SEE_SIGN_INS)
    def back(self) -> None:
        """Back to those who were found."""
        self.chosen, self.done, self.problem, self.wrong = SignInCase(), "", "", ""
        self._point("found")

    @rx.event
    @policy(Permission.FREE_SIGN_INS)
    async def free(self, form: dict[str, Any]) -> None:
        """Take everything off the account that is shown."""
        if not self.chosen.id:
            return
        view = await self._perform(free_sign_in, account_id=self.chosen.id, basis=field_of(form, "basis"))
        self._refused("done")
        if view is not None:
            self.chosen = view
            self.done = _("Done. {name} signs in without a second step now, and adds a new one.").format(name=view.name)
            self._point("done")
