"""Second factors of one's own account, on the security page."""

from __future__ import annotations

from typing import Any

import reflex as rx

from rxportal.core.access import Permission
from rxportal.core.runtime import current
from rxportal.core.sealing import sealing_key
from rxportal.core.text import _
from rxportal.services.factors import (
    FACTORS,
    begin_authenticator,
    confirm_authenticator,
    new_recovery_codes,
    open_factor_change,
    remove_authenticator,
    remove_passkey,
    view_factors,
)
from rxportal.services.factors_passkeys import rename_passkey
from rxportal.services.factors_view import FactorsPage, Offer
from rxportal.state.base import PageState
from rxportal.state.fields import field_of
from rxportal.state.guard import policy
from rxportal.state.offer import offer_of
from rxportal.state.telling import Telling

NOT_THAT = _("That is not the code the app shows now. Wait for the next one, then type it here.")


class FactorsShown(Telling, PageState, rx.State, mixin=True):
    """What the section shows, and what is said after an act. `codes`: recovery codes, shown this once."""

    view: FactorsPage = FactorsPage()
    codes: list[str] = []

    async def _added(self, done: str) -> None:
        await self._show(live=True)
        if not self.view.recovery_left:
            self.codes = await self._perform(new_recovery_codes) or []
            await self._show(live=True)
        self.done, self.problem, self.message, self.field = done, "", "", ""
        self._point("recovery-codes" if self.codes else "factors-done")

    async def _told(self, done: str) -> None:
        """Say what an act did or why it was refused; nothing while the dialog asks for a proof first."""
        if not done and not self.message:
            return
        self.done, self.problem, self.message, self.field = done, "" if done else self.message, "", ""
        await self._show(live=True)
        self._point("factors-done")

    async def _show(self, *, live: bool = False) -> None:
        required = current().settings.staff_factor == "required"
        view = await self._perform(view_factors, live=live, required=required)
        if view is not None:
            self.view, self.phase = view, "ready"


class FactorsState(FactorsShown, rx.State):
    """The section. `offer`: an app that waits for its first code."""

    offer: Offer = Offer()

    _topics = (FACTORS,)

    @rx.event
    @policy(Permission.VIEW_FACTORS)
    async def load(self) -> None:
        """Open the section."""
        self.done = self.problem = ""
        self.offer, self.codes = Offer(), []
        await self._show()

    @rx.event
    @policy(Permission.VIEW_FACTORS)
    async def refresh(self) -> None:
        """Read again because a factor was added or removed."""
        await self._show(live=True)

    @rx.event
    @policy(Permission.MANAGE_FACTORS)
    async def ask_first(self) -> None:
        """A passkey is to be added, and the browser's script was told to prove first who this is."""
        await self._perform(open_factor_change)

    @rx.event
    @policy(Permission.MANAGE_FACTORS)
    async def passkey_added(self) -> None:
        """The browser's script added a passkey."""
        await self._added(_("Your passkey is added. You can sign in with it alone."))

    @rx.event
    @policy(Permission.MANAGE_FACTORS)
    async def begin_codes(self) -> None:
        """Show the picture to scan with an authenticator app."""
        secret = await self._perform(begin_authenticator, key=_key())
        if secret is not None:
            self.done = self.problem = ""
            self.offer = offer_of(secret, current().settings.practice_name)
            self._point("app-offer")
        else:
            await self._told("")

    @rx.event
    @policy(Permission.MANAGE_FACTORS)
    async def confirm(self, form: dict[str, Any]) -> None:
        """The first code of the app."""
        typed = field_of(form, "code")
        code = typed if isinstance(typed, str) else ""
        right = await self._perform(confirm_authenticator, key=_key(), code=code[:64])
        if right:
            self.offer = Offer()
            await self._added(_("Your authenticator app is added. We ask for its code when you sign in."))
        elif right is False:
            self.done, self.problem, self.field = "", NOT_THAT, "code"
            self._point("app-code")
        else:
            await self._told("")

    @rx.event
    @policy(Permission.MANAGE_FACTORS)
    def put_away(self) -> None:
        """Leave the offer or the recovery codes that are shown."""
        self.offer, self.codes, self.problem, self.field = Offer(), [], "", ""
        self._point("factors")

    @rx.event
    @policy(Permission.MANAGE_FACTORS)
    async def new_codes(self) -> None:
        """Make recovery codes, and show them."""
        codes = await self._perform(new_recovery_codes)
        self.codes = codes or []
        if codes:
            self.done = self.problem = ""
            await self._show(live=True)
            self._point("recovery-codes")
        else:
            await self._told("")

    @rx.event
    @policy(Permission.MANAGE_FACTORS)
    async def remove_app(self) -> None:
        """Take the authenticator app off."""
        done = await self._perform(remove_authenticator)
        await self._told(_("Your authenticator app is removed.") if done else "")

    @rx.event
    @policy(Permission.MANAGE_FACTORS)
    async def rename_key(self, form: dict[str, Any]) -> None:
        """Call a passkey something else."""
        name = await self._perform(rename_passkey, passkey_id=field_of(form, "passkey"), name=field_of(form, "name"))
        await self._told("" if name is None else _("The passkey is now called “{name}”.").format(name=name))

    @rx.event
    @policy(Permission.MANAGE_FACTORS)
    async def remove_key(self, passkey_id: str) -> None:
        """Take a passkey off."""
        name = await self._perform(remove_passkey, passkey_id=passkey_id)
        await self._told("" if name is None else _("Removed: the passkey “{name}”.").format(name=name))


def _key() -> str:
    return sealing_key(current().settings.secret_key)
