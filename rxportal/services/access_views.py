"""What the page of the access log shows: plain values only."""

from __future__ import annotations

from dataclasses import dataclass, field

from rxportal.services.results_views import Choice


@dataclass
class GrantRow:
    """One grant. `level`: "Full access"; `relation`: as they call themselves; `tag`: where it stands, "" for open.

    `removable`: the reader can end it, else `why` not; `own`: the patient's own access, which only the desk can end.
    """

    id: str = ""
    name: str = ""
    level: str = ""
    relation: str = ""
    sees: str = ""
    when: str = ""
    tag: str = ""
    removable: bool = False
    why: str = ""
    over: bool = False
    own: bool = False


@dataclass
class PatientRow:
    """A patient who was found."""

    id: str = ""
    name: str = ""
    born: str = ""
    mrn: str = ""


@dataclass
class Found:
    """The patients who fit some words; `sentence` says how many, and whether there are more."""

    rows: list[PatientRow] = field(default_factory=list)
    sentence: str = ""
    words: str = ""


@dataclass
class PatientAccess:
    """Who may open one chart. `past`: access that is over. `reasons`: why one can be ended."""

    id: str = ""
    name: str = ""
    born: str = ""
    mrn: str = ""
    people: list[GrantRow] = field(default_factory=list)
    past: list[GrantRow] = field(default_factory=list)
    reasons: list[Choice] = field(default_factory=list)

    @classmethod
    def empty(cls) -> PatientAccess:
        """Nobody is chosen."""
        return cls()


@dataclass
class DeviceRow:
    """One sign-in. `device`: "Chrome on Windows"; `begun`, `used`: when; `address`: from where.

    `here`: the browser that asks; nobody ends it from this list, and it is used just now.
    """

    id: str = ""
    device: str = ""
    begun: str = ""
    used: str = ""
    address: str = ""
    here: bool = False


@dataclass
class SecurityPage:
    """Every live sign-in of an account, this one first."""

    rows: list[DeviceRow] = field(default_factory=list)
    others: int = 0
    minutes: int = 15

    @classmethod
    def empty(cls) -> SecurityPage:
        """Before anything was read."""
        return cls()


@dataclass
class LogRow:
    """One line, or several alike of one day. `at`: "9:05 am"; `times`: "3 times", "" for one.

    `device`: which browser, on the reader's own lines; `here`: it is the one being used. `session`: an own sign-in that
    can be ended. `grant`: access that can be removed, of the person called `name`.
    """

    id: str = ""
    sentence: str = ""
    at: str = ""
    times: str = ""
    name: str = ""
    role: str = ""
    device: str = ""
    here: bool = False
    session: str = ""
    grant: str = ""


@dataclass
class LogDay:
    """The lines of one day, "18 Nov 2026"."""

    name: str = ""
    rows: list[LogRow] = field(default_factory=list)


@dataclass
class AccessPage:
    """Who may open a chart, and a page of what was done with it. `who`: the filter."""

    people: list[GrantRow] = field(default_factory=list)
    past: list[GrantRow] = field(default_factory=list)
    days: list[LogDay] = field(default_factory=list)
    page: int = 1
    more: bool = False
    who: str = ""
    filters: list[Choice] = field(default_factory=list)

    @classmethod
    def empty(cls) -> AccessPage:
        """Before anything was read."""
        return cls()
