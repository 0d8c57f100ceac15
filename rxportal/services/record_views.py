"""What the record page shows: plain values only, ready to be put on a page as they are."""

from __future__ import annotations

from dataclasses import dataclass, field

from rxportal.services.documents_views import DocumentRow
from rxportal.services.results_views import Tick, Trend


@dataclass
class Before:
    """One earlier time of the same thing: "6 Oct 2025", "Fairhaven Clinic". `said`: what it was then."""

    when: str = ""
    said: str = ""
    source: str = ""


@dataclass
class RecordItem:
    """One thing of the record. `status` is a phrase with its `tone`, `facts` are [name, words], `notes` paragraphs.

    `origin`: which organization it came from and when. `before`: earlier times of the same, newest first. `href`: where
    more of it stands, with `href_words`.
    """

    id: str = ""
    title: str = ""
    status: str = ""
    tone: str = "good"
    when: str = ""
    facts: list[list[str]] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    before: list[Before] = field(default_factory=list)
    before_words: str = ""
    href: str = ""
    href_words: str = ""
    origin: str = ""


@dataclass
class RecordSection:
    """One part of the record. `name` is its address on the page; `more`: what the button for the rest says.

    `items` hold today, `past` no longer; `whole`: nothing is left out; `empty` is the sentence where there is neither.
    """

    name: str = ""
    title: str = ""
    count: str = ""
    intro: str = ""
    empty: str = ""
    items: list[RecordItem] = field(default_factory=list)
    past: list[RecordItem] = field(default_factory=list)
    past_words: str = ""
    whole: bool = False
    more: str = ""
    href: str = ""
    href_words: str = ""


@dataclass
class VitalRow:
    """The newest value of one vital sign. `series` opens its course over time; `change`: "up 2 since Mar 2025"."""

    series: str = ""
    name: str = ""
    value: str = ""
    unit: str = ""
    flag: str = ""
    tone: str = "good"
    when: str = ""
    change: str = ""
    times: int = 0
    origin: str = ""


@dataclass
class PressurePoint:
    """One blood pressure: both numbers, and where they stand in the picture."""

    when: str = ""
    iso: str = ""
    value: str = ""
    flag: str = ""
    tone: str = "good"
    x: str = "0"
    upper_y: str = "0"
    lower_y: str = "0"
    has_upper: bool = True
    has_lower: bool = True


@dataclass
class Pressure:
    """Blood pressure over time, two numbers in one svg with viewBox "0 0 320 150"."""

    headline: str = ""
    change: str = ""
    points: list[PressurePoint] = field(default_factory=list)
    marks: list[Tick] = field(default_factory=list)
    ticks: list[Tick] = field(default_factory=list)
    label: str = ""


@dataclass
class Vitals:
    """Vital signs. `shown` names the series that is drawn: `pressure` for "pressure", else `trend`."""

    rows: list[VitalRow] = field(default_factory=list)
    shown: str = ""
    trend: Trend = field(default_factory=Trend)
    pressure: Pressure = field(default_factory=Pressure)


@dataclass
class RecordPage:
    """The whole page. What the parts "vitals" and "documents" hold stands in `vitals` and `documents`.

    `nothing`: not a single record may be seen here. `partly`: why something may be missing.
    """

    sections: list[RecordSection] = field(default_factory=list)
    vitals: Vitals = field(default_factory=Vitals)
    documents: list[DocumentRow] = field(default_factory=list)
    nothing: bool = True
    partly: str = ""

    @classmethod
    def empty(cls) -> RecordPage:
        """Before anything was read."""
        return cls()
