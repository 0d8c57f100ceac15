"""What the result pages show: plain values only, ready to be put on a page as they are."""

from __future__ import annotations

from dataclasses import dataclass, field


@dataclass
class Step:
    """One station of a result's journey. `state`: done, now or todo."""

    label: str = ""
    when: str = ""
    state: str = "todo"


@dataclass
class WaitingRow:
    """A result on its way: what was done, who acts next, by when."""

    id: str = ""
    title: str = ""
    kind_label: str = ""
    tag: str = ""
    steps: list[Step] = field(default_factory=list)
    sentence: str = ""
    latest: str = ""


@dataclass
class ResultRow:
    """A line of the list. `collected`: a date ("18 Nov 2026"); `detail`: "8 values" or "Report"; `flag`: "1 high".

    `tone`: good, look, act or wait. `month` ("November 2026") heads a group where `starts_month` is true.
    """

    id: str = ""
    title: str = ""
    collected: str = ""
    detail: str = ""
    month: str = ""
    starts_month: bool = False
    kind: str = ""
    kind_label: str = ""
    flag: str = ""
    tone: str = "good"
    source: str = ""
    is_new: bool = False


@dataclass
class Choice:
    """One entry of a native select."""

    value: str = ""
    label: str = ""


@dataclass
class ResultsPage:
    """One page of results, with those on their way. `sentence`: "12 results", "Nothing matches “x”".

    `many`: more than are counted; `total` is then what was counted, and `pages` how many there are at least.
    """

    rows: list[ResultRow] = field(default_factory=list)
    waiting: list[WaitingRow] = field(default_factory=list)
    total: int = 0
    many: bool = False
    page: int = 1
    pages: int = 1
    kinds: list[Choice] = field(default_factory=list)
    query: str = ""
    kind: str = ""
    sentence: str = ""

    @classmethod
    def empty(cls) -> ResultsPage:
        """Before anything was read."""
        return cls()


@dataclass
class ValueRow:
    """One value. The bar is in CSS percentages; `series` names its trend below, "" without one."""

    id: str = ""
    name: str = ""
    value: str = ""
    unit: str = ""
    range: str = ""
    flag: str = ""
    tone: str = "good"
    note: str = ""
    has_bar: bool = False
    bar_left: str = "0%"
    bar_width: str = "0%"
    mark: str = "0%"
    series: str = ""


@dataclass
class TrendPoint:
    """One point: `x` and `y` in the picture's own units; `result_id` "" where the result cannot be opened."""

    when: str = ""
    iso: str = ""
    value: str = ""
    flag: str = ""
    tone: str = "good"
    x: str = "0"
    y: str = "0"
    result_id: str = ""
    current: bool = False


@dataclass
class Tick:
    """A word under the time axis."""

    x: str = "0"
    label: str = ""


@dataclass
class Trend:
    """One analyte in one unit over time, for an svg with viewBox "0 0 320 150". `path`: points of a polyline."""

    series: str = ""
    title: str = ""
    unit: str = ""
    headline: str = ""
    change: str = ""
    points: list[TrendPoint] = field(default_factory=list)
    path: str = ""
    band_y: str = "0"
    band_height: str = "0"
    has_band: bool = False
    low: str = ""
    high: str = ""
    low_y: str = "0"
    high_y: str = "0"
    ticks: list[Tick] = field(default_factory=list)
    label: str = ""


@dataclass
class AttachmentRow:
    """A file that came with a result."""

    id: str = ""
    title: str = ""
    content_type: str = ""
    size: str = ""
    href: str = ""


@dataclass
class ResultDetail:
    """One result. A waiting one has its title, steps and sentence, and nothing of what it says.

    `layout`: chemistry, microbiology, pathology, imaging or other.
    """

    id: str = ""
    title: str = ""
    layout: str = "other"
    kind_label: str = ""
    collected: str = ""
    issued: str = ""
    status: str = ""
    source: str = ""
    ordered_by: str = ""
    performer: str = ""
    flag: str = ""
    tone: str = "good"
    values: list[ValueRow] = field(default_factory=list)
    narrative: list[str] = field(default_factory=list)
    conclusion: str = ""
    comment: str = ""
    comment_by: str = ""
    comment_when: str = ""
    specimen: str = ""
    attachments: list[AttachmentRow] = field(default_factory=list)
    trends: list[Trend] = field(default_factory=list)
    steps: list[Step] = field(default_factory=list)
    waiting: bool = False
    waiting_sentence: str = ""
    provenance: str = ""

    @classmethod
    def empty(cls) -> ResultDetail:
        """Before anything was read."""
        return cls()
