"""What can go wrong, each with the sentence a person reads. No message carries patient data."""

from __future__ import annotations

from rxportal.core.text import _


class PortalError(Exception):
    """A refusal or fault with words for the person: what happened and what to do now."""

    code = "portal_error"

    def __init__(self, message: str) -> None:
        """Keep the sentence."""
        super().__init__(message)
        self.message = message


class NotSignedIn(PortalError):
    """No live session: never signed in, signed out, idle too long, or ended elsewhere."""

    code = "not_signed_in"

    def __init__(self, message: str | None = None) -> None:
        """Say that signing in again is what helps."""
        super().__init__(message or _("You are signed out. Sign in again to go on."))


class NotFound(PortalError):
    """It does not exist, or not for this person: the two look the same on purpose."""

    code = "not_found"

    def __init__(self, message: str | None = None) -> None:
        """Say the same for absent and for foreign."""
        super().__init__(message or _("We can’t find that here. It may have moved, or it may not be yours to open."))


class NotAllowed(PortalError):
    """The person may open this chart or desk, but not do this."""

    code = "not_allowed"

    def __init__(self, message: str | None = None) -> None:
        """Say who could."""
        super().__init__(
            message
            or _("Your access doesn’t cover this. The person whose chart it is, or the practice, can change that.")
        )


class SecondStepMissing(NotAllowed):
    """Somebody at a desk whose sign-in has no second step yet: no desk opens before."""

    code = "second_step_missing"

    def __init__(self) -> None:
        """Say what is missing and where it is added."""
        super().__init__(
            _("Your desk opens once your sign-in has a second step. Add one under My Account, Signing in and devices.")
        )


class NotFresh(PortalError):
    """Signed in, but too long ago for this: the person proves once more who they are, then the same act goes on."""

    code = "not_fresh"

    def __init__(self, message: str | None = None) -> None:
        """Say what to do first."""
        super().__init__(message or _("To keep this safe, show us once more that it is you. Then we go on."))


class InvalidInput(PortalError):
    """A value that is not what the form asks for; `field` names it."""

    code = "invalid_input"

    def __init__(self, field: str, message: str) -> None:
        """Keep the field beside the sentence, so that the page shows it there."""
        super().__init__(message)
        self.field = field


class Conflict(PortalError):
    """Somebody else was first; the sentence says who and when."""

    code = "conflict"


class TooMany(PortalError):
    """A limit against guessing or flooding was reached."""

    code = "too_many"


class Unavailable(PortalError):
    """The database or another part we need is away for the moment. Nothing was changed."""

    code = "unavailable"

    def __init__(self, message: str | None = None) -> None:
        """Say that nothing was lost."""
        super().__init__(
            message or _("We can’t reach your records right now. Nothing was changed. This page tries again by itself.")
        )


class StartRefused(PortalError):
    """The portal will not start like this; the sentence names the setting and what to do."""

    code = "start_refused"
