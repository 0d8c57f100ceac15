"""The end of a session: the warning before it, the one key press that puts it off, and the empty screen after it."""

from __future__ import annotations

from typing import Any

import reflex as rx

from rxportal.core.access import Permission
from rxportal.core.cookies import credentials_of
from rxportal.core.runtime import current
from rxportal.core.text import _
from rxportal.services.sessions import extend_session
from rxportal.state.guard import PUBLIC, policy, way_out, wipe


class IdleState(rx.State):
    """The warning dialog, and what is announced when it was answered."""

    warn: bool = False
    warn_text: str = ""
    announce: str = ""

    @rx.event
    @policy(Permission.EXTEND_SESSION)
    async def extend(self) -> None:
        """Stay signed in: one key press on the warning."""
        runtime = current()
        credentials = credentials_of(self.router.headers.cookie or "")
        await runtime.off_loop(runtime.kernel.perform, extend_session, credentials)
        self.warn = False
        self.announce = _("You stay signed in.")

    @rx.event
    @policy(Permission.VIEW_SESSION)
    def warn_soon(self, minutes: int) -> None:
        """Shown by the server two minutes before the end (a live event, not activity)."""
        count = minutes if isinstance(minutes, int) and 0 < minutes <= 60 else 1
        self.warn = True
        self.warn_text = _("You will be signed out in about {count} min. Nothing you typed is lost.").format(
            count=count
        )

    @rx.event
    @policy(Permission.VIEW_SESSION)
    def calm(self) -> None:
        """The session was extended, here or in another tab."""
        self.warn = False

    @rx.event
    @policy(PUBLIC)
    async def ended(self) -> Any:
        """The session is over: nothing of it stays on the screen."""
        root = self._get_root_state()
        await wipe(root)
        return rx.redirect(way_out(root))
