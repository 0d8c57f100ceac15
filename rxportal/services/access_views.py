"""What the page of the access log shows: plain values only."""

from __future__ import annotations

from dataclasses import dataclass, field

from rxportal.services.grants_words import GrantRow
from rxportal.services.results_views import Choice


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
