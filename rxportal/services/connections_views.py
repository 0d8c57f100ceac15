"""What the pages about proxies show: plain values only."""

from __future__ import annotations

from dataclasses import dataclass, field

from rxportal.services.access_views import GrantRow


@dataclass
class ProxyRow(GrantRow):
    """Somebody with access, with what the form to change it begins with. `last_day`: "2026-12-31" or ""."""

    full: bool = False
    parts: list[str] = field(default_factory=list)
    last_day: str = ""


@dataclass
class PartRow:
    """One part of a chart that can be granted. `chosen`: it is now."""

    name: str = ""
    label: str = ""
    chosen: bool = False


@dataclass
class InvitationRow:
    """One invitation of a chart's owner. `tone` as in components.parts.tag; `prepared`: not sent yet.

    `over`: nobody can answer it any more, so there is nothing to withdraw.
    """

    id: str = ""
    name: str = ""
    email: str = ""
    level: str = ""
    relation: str = ""
    sees: str = ""
    when: str = ""
    tag: str = ""
    tone: str = "wait"
    prepared: bool = False
    over: bool = False


@dataclass
class HeldRow:
    """Somebody else's chart that this account opens. `leavable`: it can be given up here, or `why` not."""

    id: str = ""
    name: str = ""
    level: str = ""
    relation: str = ""
    sees: str = ""
    when: str = ""
    leavable: bool = False
    why: str = ""


@dataclass
class ThingRow:
    """Something that the law gives to a teen, and whether parents see it."""

    thing: str = ""
    title: str = ""
    about: str = ""
    shown: bool = False


@dataclass
class ConnectionsPage:
    """Who opens one's chart, who is invited, whose charts one opens. `owner`: there is a chart of one's own.

    `things`: for somebody from 12 to 17 whose parents have access.
    """

    owner: bool = False
    people: list[ProxyRow] = field(default_factory=list)
    past: list[GrantRow] = field(default_factory=list)
    invitations: list[InvitationRow] = field(default_factory=list)
    held: list[HeldRow] = field(default_factory=list)
    things: list[ThingRow] = field(default_factory=list)

    @classmethod
    def empty(cls) -> ConnectionsPage:
        """Before anything was read."""
        return cls()


@dataclass
class Draft:
    """An invitation that is prepared, as the form and the check before sending show it. `id` "": there is none."""

    id: str = ""
    name: str = ""
    first: str = ""
    email: str = ""
    relation: str = ""
    full: bool = False
    level: str = ""
    parts: list[PartRow] = field(default_factory=list)
    sees: str = ""
    last_day: str = ""
    until: str = ""

    @classmethod
    def empty(cls) -> Draft:
        """Before anything was read."""
        return cls()


@dataclass
class SentInvitation:
    """What was sent to whom, and until when it can be answered."""

    id: str = ""
    name: str = ""
    email: str = ""
    expires: str = ""


@dataclass
class OfferPage:
    """An invitation as whoever got it sees it. Before the passcode: only whether it can still be answered.

    `stand`: open, wrong (this passcode), own (sent by oneself), known (one opens that chart already), entered,
    accepted, declined, or over. `said`: why, in words. `grant`: what opens now.
    """

    stand: str = ""
    said: str = ""
    patient: str = ""
    level: str = ""
    sees: str = ""
    until: str = ""
    grant: str = ""

    @classmethod
    def empty(cls) -> OfferPage:
        """Before anything was read."""
        return cls()
