"""What happens when an event handler fails unexpectedly: a reference code on the screen, nothing of it in the log."""

import reflex as rx
from reflex.event import EventSpec

from rxportal.core.errors import NotSignedIn, PortalError
from rxportal.state.base import FAULT, report
from rxportal.state.guard import PUBLIC, SIGN_IN, policy


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
    if isinstance(exception, PortalError):
        return FaultState.show(exception.message, "")
    return FaultState.show(FAULT, report(exception, "an event"))
