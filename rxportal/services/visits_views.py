"""What the pages of appointments and visits show: plain values only, ready to be put on a page as they are."""

from __future__ import annotations

from dataclasses import dataclass, field

from rxportal.services.documents_views import DocumentRow


@dataclass
class VisitRow:
    """One visit or appointment of a list. `when`: "Thursday 26 Nov 2026, 10:30 am to 10:59 am".

    `way`: office, video, phone, home, hospital, emergency or other, `way_words` the same in words. `tag` is its state,
    "" where there is nothing to say; `tone`: good, look, act or wait. `detail`: how, with whom, where, who
    sent it; `said`: what it is for; `papers`: what there is to read of it. `off`: cancelled or missed.
    """

    id: str = ""
    title: str = ""
    when: str = ""
    who: str = ""
    place: str = ""
    way: str = ""
    way_words: str = ""
    detail: str = ""
    said: str = ""
    papers: str = ""
    tag: str = ""
    tone: str = "wait"
    off: bool = False
    source: str = ""
    instructions: list[str] = field(default_factory=list)


@dataclass
class Year:
    """The past visits under one heading, "2026"."""

    name: str = ""
    rows: list[VisitRow] = field(default_factory=list)


@dataclass
class AppointmentsPage:
    """What is coming, soonest first, and what was, newest first."""

    coming: list[VisitRow] = field(default_factory=list)
    years: list[Year] = field(default_factory=list)
    total: int = 0
    page: int = 1
    pages: int = 1
    sentence: str = ""

    @classmethod
    def empty(cls) -> AppointmentsPage:
        """Before anything was read."""
        return cls()


@dataclass
class VisitItem:
    """One thing that belongs to a visit. `href` "" where it has no page of its own."""

    id: str = ""
    title: str = ""
    said: str = ""
    detail: str = ""
    href: str = ""
    tag: str = ""
    tone: str = "wait"


@dataclass
class VisitPart:
    """Things of one sort under one heading: "Measured", "Ordered". `values`: each is a name and what was measured.

    `origin`: who, when and from where, where that is the same for all of them; their own `detail` is empty then.
    """

    name: str = ""
    origin: str = ""
    values: bool = False
    rows: list[VisitItem] = field(default_factory=list)


@dataclass
class VisitDetail:
    """One visit or appointment. `coming`: it is still to be. `more`: how many things are not listed."""

    id: str = ""
    title: str = ""
    when: str = ""
    who: str = ""
    place: str = ""
    provider: str = ""
    way: str = ""
    way_words: str = ""
    reasons: str = ""
    about: str = ""
    went: str = ""
    tag: str = ""
    tone: str = "wait"
    off: bool = False
    off_sentence: str = ""
    coming: bool = False
    zone: str = ""
    instructions: list[str] = field(default_factory=list)
    notes: list[DocumentRow] = field(default_factory=list)
    parts: list[VisitPart] = field(default_factory=list)
    more: str = ""
    provenance: str = ""

    @classmethod
    def empty(cls) -> VisitDetail:
        """Before anything was read."""
        return cls()
