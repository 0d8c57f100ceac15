"""Where an invitation stands, for how long and how often it can be answered, and what its passcode must be."""

from __future__ import annotations

import secrets
import unicodedata
from datetime import datetime, timedelta
from enum import StrEnum

from rxportal.models.people import Invitation

LIVES = timedelta(days=7)
MOST_TRIES = 5
SHORTEST, LONGEST = 6, 64
# Nothing that sounds or looks like another when it is told by telephone.
LETTERS = "ACDEFHJKMNPRTUVWXY34679"


class Stand(StrEnum):
    """Where an invitation stands. Only an OPEN one can be answered."""

    PREPARED = "prepared"
    OPEN = "open"
    ACCEPTED = "accepted"
    DECLINED = "declined"
    WITHDRAWN = "withdrawn"
    LOCKED = "locked"
    EXPIRED = "expired"


def stand(invitation: Invitation, now: datetime) -> Stand:
    """Where it stands at `now`. Not sent yet: it has no passcode, so nobody can answer it."""
    if invitation.accepted_at is not None:
        return Stand.ACCEPTED
    if invitation.declined_at is not None:
        return Stand.DECLINED
    if invitation.withdrawn_at is not None:
        return Stand.WITHDRAWN
    if not invitation.passcode_hash:
        return Stand.PREPARED
    if invitation.passcode_tries >= MOST_TRIES:
        return Stand.LOCKED
    return Stand.OPEN if now < invitation.expires_at else Stand.EXPIRED


def made_passcode() -> str:
    """A passcode that can be told by telephone, 8 characters in two groups (36 bits)."""
    return "-".join("".join(secrets.choice(LETTERS) for _ in range(4)) for _ in range(2))


def heard(passcode: str) -> str:
    """A passcode as it counts: without spaces and hyphens, capitals and small letters alike."""
    kept = unicodedata.normalize("NFKC", passcode).casefold()
    return "".join(letter for letter in kept if not letter.isspace() and letter not in "-\N{EN DASH}")


def is_passcode(typed: str) -> bool:
    """Whether this may be a passcode: 6 characters or more, as they count."""
    return len(heard(typed)) >= SHORTEST and len(typed) <= LONGEST


def mailbox_of(email: str) -> str:
    """The mailbox behind an address: what stands behind a plus sign reaches the same person."""
    local, _, domain = unicodedata.normalize("NFKC", email).strip().lower().rpartition("@")
    return f"{local.partition('+')[0] or local}@{domain}"
