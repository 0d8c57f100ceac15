"""`/invitations/{token}`: whoever was invited types the passcode, sees what they accept, accepts or declines."""

from __future__ import annotations

from typing import Any

import reflex as rx

from rxportal.core.access import Permission
from rxportal.core.errors import InvalidInput
from rxportal.core.runtime import current
from rxportal.services.answering import accept_invitation, decline_invitation, enter_passcode, find_invitation
from rxportal.services.connections_views import OfferPage
from rxportal.services.invitations import sealed
from rxportal.state.base import PageState
from rxportal.state.fields import field_of
from rxportal.state.guard import PUBLIC, policy
from rxportal.state.telling import Telling


class InvitationState(Telling, PageState, rx.State):
    """The token stands in the address alone; the passcode's seal stays on the server."""

    view: OfferPage = OfferPage.empty()
    here: str = ""

    _seal: str = ""

    @rx.event
    @policy(PUBLIC)
    async def load(self) -> None:
        """See whether the invitation can still be answered. Changes nothing: mail scanners open links too."""
        self.problem, self._seal, self.here = "", "", str(self.router.url.path).rstrip("/")
        view = await self._perform(find_invitation, token=self._token())
        if view is not None:
            self.view, self.phase = view, "ready"

    @rx.event
    @policy(Permission.ANSWER_INVITATION)
    async def enter(self, form: dict[str, Any]) -> None:
        """Check the passcode."""
        typed = field_of(form, "passcode")
        try:
            self._seal = sealed(current().settings.secret_key.encode(), typed if isinstance(typed, str) else "")
        except InvalidInput as refusal:
            self.problem = refusal.message
            return
        await self._answer(enter_passcode)

    @rx.event
    @policy(Permission.ANSWER_INVITATION)
    async def accept(self) -> None:
        """Say yes."""
        await self._answer(accept_invitation)

    @rx.event
    @policy(Permission.ANSWER_INVITATION)
    async def decline(self) -> None:
        """Say no."""
        await self._answer(decline_invitation)

    async def _answer(self, case: Any) -> None:
        if not self._seal:
            return
        view = await self._perform(case, token=self._token(), seal=self._seal)
        if view is None:
            self.problem, self.message = self.message, ""
            return
        self.problem = view.said if view.stand == "wrong" else ""
        self.view = OfferPage("open") if view.stand == "wrong" else view
        self._point("passcode" if view.stand == "wrong" else "offer")

    def _token(self) -> str:
        return str(self.router.url.path).rstrip("/").rpartition("/")[2][:100]
