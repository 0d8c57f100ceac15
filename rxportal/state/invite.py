"""`/account/invite`: which access, for whom, what they will see, and the letter."""

from __future__ import annotations

from typing import Any

import reflex as rx

from rxportal.core.access import Permission
from rxportal.core.errors import InvalidInput
from rxportal.core.live import GRANTS
from rxportal.core.runtime import current
from rxportal.rules.invitations import made_passcode
from rxportal.services.connections_views import Draft, SentInvitation
from rxportal.services.grants import GRANTS_TOPIC
from rxportal.services.invitations import (
    draft_invitation,
    prepare_invitation,
    resend_draft,
    sealed,
    send_invitation,
    withdraw_invitation,
)
from rxportal.state.base import PageState
from rxportal.state.connections import facts
from rxportal.state.fields import field_of
from rxportal.state.guard import policy
from rxportal.state.telling import Telling

STEPS = ("level", "form", "check", "sent")


class InviteState(Telling, PageState, rx.State):
    """`step`: level, form, check or sent. `full`: which level was chosen. `again`: it was sent before.

    `passcode`: the one that we made, shown once, beside `sent`; "" for the person's own.
    """

    step: str = "level"
    full: bool = False
    again: bool = False
    view: Draft = Draft.empty()
    sent: SentInvitation = SentInvitation()
    passcode: str = ""

    _topics = (GRANTS_TOPIC, GRANTS)

    @rx.event
    @policy(Permission.INVITE)
    async def load(self) -> None:
        """Open the page where the person was: what is prepared on the server, or the beginning."""
        self._watch()
        wanted = str(self.router.url.query_parameters.get("again", ""))
        case, inputs = (resend_draft, {"invitation_id": wanted}) if wanted else (draft_invitation, {})
        view = await self._perform(case, **inputs)
        if view is None:
            return
        self.problem = self.passcode = self.field = ""
        self.view, self.phase, self.again = view, "ready", bool(wanted)
        self.step, self.full = ("check" if view.id else "level"), view.full

    @rx.event
    @policy(Permission.INVITE)
    async def refresh(self) -> None:
        """Nothing here changes by itself but whether the page may stay."""
        if self.step != "sent" and not self.again:
            await self._perform(draft_invitation, live=True)

    @rx.event
    @policy(Permission.INVITE)
    def choose(self, full: bool) -> None:
        """Which access it shall be."""
        self.full, self.step, self.problem, self.field = bool(full), "form", "", ""
        self._point("who")

    @rx.event
    @policy(Permission.INVITE)
    def back(self) -> None:
        """One step back; what was typed stays."""
        self.step = "form" if self.step == "check" else "level"
        self.problem = self.field = ""
        self._point("who" if self.step == "form" else "which")

    @rx.event
    @policy(Permission.INVITE)
    async def prepare(self, form: dict[str, Any]) -> None:
        """Keep what the form says, so that it can be tried out."""
        level = "full" if self.full else "read_only"
        view = await self._perform(prepare_invitation, level=level, **facts(form, "name", "email", "relationship"))
        if view is None:
            self._refused("refused")
            return
        self.view, self.step, self.problem, self.field = view, "check", "", ""
        self._point("check")

    @rx.event
    @policy(Permission.INVITE)
    async def send(self, form: dict[str, Any]) -> None:
        """Send the letter. Without a passcode of one's own we make one."""
        typed = field_of(form, "passcode")
        own = typed if isinstance(typed, str) else ""
        passcode = own or made_passcode()
        try:
            seal = sealed(current().settings.secret_key.encode(), passcode)
        except InvalidInput as refusal:
            self.problem, self.field = refusal.message, refusal.field
            self._point(refusal.field or "refused")
            return
        sent = await self._perform(send_invitation, invitation_id=self.view.id, seal=seal)
        if sent is None:
            self._refused("refused")
            return
        self.sent, self.passcode, self.step = sent, "" if own else passcode, "sent"
        self.problem, self.field, self.view = "", "", Draft.empty()
        self._point("sent")

    @rx.event
    @policy(Permission.INVITE)
    async def discard(self) -> None:
        """Forget what is prepared and begin anew."""
        if self.view.id and not self.again:
            await self._perform(withdraw_invitation, invitation_id=self.view.id)
        self.step = "level"
        view = await self._perform(draft_invitation)
        if view is not None:
            self.view = view
        self.again, self.problem, self.field = False, "", ""
        self._point("which")

    def _refused(self, element: str) -> None:
        """Why it was refused stands at its field or above the form."""
        self.problem, self.message = self.message, ""
        if self.problem:
            self._point(self.field or element)
