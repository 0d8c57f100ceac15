"""What the home page shows: plain values only, ready to be put on a page as they are."""

from __future__ import annotations

from dataclasses import dataclass, field


@dataclass
class Line:
    """One line of a list on the home page. `tone`: good, look, act or wait; `tag`: a state in a few words, or ""."""

    title: str = ""
    detail: str = ""
    href: str = ""
    tag: str = ""
    tone: str = "good"


@dataclass
class PersonCard:
    """Somebody else's chart in one line: "Theo Samplewood, 7", the level, one sentence, what is new there."""

    name: str = ""
    initials: str = ""
    colour: str = "2"
    level: str = ""
    sentence: str = ""
    href: str = ""
    tag: str = ""
    tone: str = "good"


@dataclass
class HomeView:
    """The home page of one chart: what needs its reader, what comes next, what is on its way.

    `limits`: what its reader may not do or see here, and why; "" in one's own chart. `nothing`: there is no line.
    """

    greeting_name: str = ""
    limits: str = ""
    needs: list[Line] = field(default_factory=list)
    coming: list[Line] = field(default_factory=list)
    waiting: list[Line] = field(default_factory=list)
    nothing: bool = True

    @classmethod
    def empty(cls) -> HomeView:
        """Before anything was read."""
        return cls()


@dataclass
class FamilyHome:
    """Everything that one account may open: `own` is absent for whoever has no chart of their own."""

    own: HomeView | None = None
    people: list[PersonCard] = field(default_factory=list)
