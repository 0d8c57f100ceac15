"""Where a grant stands, and whether the person whose chart it is may end it on the portal.

A parent's or guardian's access stands on law and papers, not on an invitation: it is ended at the desk, where they can
be looked at (F7; 45 CFR 164.502(g)). One's own chart is no grant to somebody.
"""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum

from rxportal.models.accounts import Basis, Grant, Level
from rxportal.rules.ages import Stage


class Standing(StrEnum):
    """Where a grant stands. The last three are over."""

    OPEN = "open"
    INVITED = "invited"
    LATER = "later"
    REMOVED = "removed"
    ENDED = "ended"
    GROWN_UP = "grown_up"


class Removal(StrEnum):
    """Whether the owner of the chart can end a grant, or why not."""

    HERE = "here"
    AT_DESK = "at_desk"
    OWN = "own"
    OVER = "over"


OVER = frozenset({Standing.REMOVED, Standing.ENDED, Standing.GROWN_UP})


def standing(grant: Grant, stage: Stage, now: datetime) -> Standing:
    """Where it stands at `now`; `stage`: how old the patient is on that day."""
    if grant.revoked_at is not None and grant.revoked_at <= now:
        return Standing.REMOVED
    if grant.until is not None and grant.until <= now:
        return Standing.ENDED
    if grant.basis == Basis.PARENT and stage is Stage.ADULT:
        return Standing.GROWN_UP
    if grant.accepted_at is None:
        return Standing.INVITED
    return Standing.LATER if grant.since > now else Standing.OPEN


def removal(grant: Grant, where: Standing) -> Removal:
    """Whether the owner may end it; the page's button and the refusal ask the same."""
    if where in OVER:
        return Removal.OVER
    if grant.level == Level.SELF:
        return Removal.OWN
    return Removal.AT_DESK if grant.basis in (Basis.PARENT, Basis.GUARDIAN, Basis.COURT) else Removal.HERE
