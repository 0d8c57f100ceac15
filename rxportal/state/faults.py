"""What happens when an event handler fails unexpectedly: a reference code on the screen, nothing of it in the log."""

import asyncio
import logging

import reflex as rx
from redis.exceptions import RedisError
from reflex.event import EventSpec
from reflex.state import StateUpdate
from reflex_base.constants.state import FIELD_MARKER
from reflex_base.event.context import EventContext

from rxportal.core.errors import NotSignedIn, PortalError
from rxportal.core.text import _
from rxportal.state.base import FAULT, report
from rxportal.state.guard import PUBLIC, SIGN_IN, policy
from rxportal.state.tabs import TABS

# A write may have been kept before its answer was lost, so this must not say that nothing was changed
AWAY = _(
    "We lost touch with our own systems for a moment. What you just did may not have gone through. "
    "This page shows how things stand as soon as we are back."
)
log = logging.getLogger(__name__)
_apps: list[rx.App] = []
_sending: set[asyncio.Task[None]] = set()


class FaultState(rx.State):
    """The banner for faults that no page of ours caught."""

    text: str = ""
    reference: str = ""

    @rx.event
    @policy(PUBLIC)
    def show(self, text: str, reference: str) -> None:
        """Show the banner (server events only: a browser that sends one shows it to itself)."""
        self.text = text[:300] if isinstance(text, str) else ""
        self.reference = reference[:16] if isinstance(reference, str) else ""

    @rx.event
    @policy(PUBLIC)
    def dismiss(self) -> None:
        """The person has read it."""
        self.text = self.reference = ""


def on_fault(exception: Exception) -> EventSpec | None:
    """Reflex's backend exception handler."""
    if isinstance(exception, NotSignedIn):
        return rx.redirect(SIGN_IN)
    if isinstance(exception, RedisError):
        _tell_directly(EventContext.get().token)
        return None
    if isinstance(exception, PortalError):
        return FaultState.show(exception.message, "")
    return FaultState.show(FAULT, report(exception, "an event"))


def speak_through(app: rx.App) -> None:
    """The app whose sockets carry a message when no state can be read (Redis is away)."""
    _apps[:] = [app]


def _tell_directly(token: str) -> None:
    """Say so on the screen without touching any state: there is none to be had."""
    tab = TABS.known(token)
    namespace = _apps[0].event_namespace if _apps else None
    if tab is None or namespace is None or tab.told:
        return
    tab.told = True
    log.warning("an event could not be handled: Redis is away")
    words = StateUpdate(delta={FaultState.get_full_name(): {f"text{FIELD_MARKER}": AWAY}})
    _sending.add(sending := asyncio.get_running_loop().create_task(namespace.emit_update(words, token)))
    sending.add_done_callback(_sending.discard)
