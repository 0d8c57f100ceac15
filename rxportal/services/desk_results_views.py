"""What the desk's result pages show: plain values only, ready to be put on a page as they are."""

from __future__ import annotations

from dataclasses import dataclass, field

from rxportal.services.results_views import AttachmentRow, Choice, ValueRow


@dataclass
class QueueRow:
    """One result that waits for the doctor. `late`: past its day; `normal`: every value in its range.

    `state`: what it needs, in words ("Needs your order", "To see", "Held until 3 Dec 2026").
    """

    id: str = ""
    patient: str = ""
    title: str = ""
    kind_label: str = ""
    flag: str = ""
    tone: str = "wait"
    since: str = ""
    due: str = ""
    late: bool = False
    normal: bool = False
    state: str = ""


@dataclass
class QueueView:
    """A page of the queue; `late` counts those past their day. `only` is the filter in force."""

    rows: list[QueueRow] = field(default_factory=list)
    total: int = 0
    late: int = 0
    page: int = 1
    pages: int = 1
    only: str = ""
    filters: list[Choice] = field(default_factory=list)
    sentence: str = ""

    @classmethod
    def empty(cls) -> QueueView:
        """Before anything was read."""
        return cls()


@dataclass
class CaseView:
    """One result with everything that a decision needs, and who will see what after the click, before the click."""

    id: str = ""
    patient: str = ""
    born: str = ""
    mrn: str = ""
    title: str = ""
    kind_label: str = ""
    layout: str = "other"
    collected: str = ""
    issued: str = ""
    status: str = ""
    ordered_by: str = ""
    performer: str = ""
    flag: str = ""
    tone: str = "wait"
    state: str = ""
    due: str = ""
    late: bool = False
    normal: bool = False
    values: list[ValueRow] = field(default_factory=list)
    narrative: list[str] = field(default_factory=list)
    conclusion: str = ""
    specimen: str = ""
    attachments: list[AttachmentRow] = field(default_factory=list)
    who_will_see: str = ""
    who_after_seen: str = ""
    policy: str = ""
    history: list[str] = field(default_factory=list)
    hold_reasons: list[Choice] = field(default_factory=list)
    hold_until: str = ""
    hold_from: str = ""
    hold_latest: str = ""
    can_release: bool = False
    can_hold: bool = False
    can_see: bool = False
    why_not: str = ""
    withheld: bool = False
    comment: str = ""

    @classmethod
    def empty(cls) -> CaseView:
        """Before anything was opened."""
        return cls()


@dataclass
class Refused:
    """One result that a bulk act left alone, and why."""

    id: str = ""
    title: str = ""
    why: str = ""


@dataclass
class BulkAnswer:
    """What a bulk act did, item by item. `done`: titles with the patient's name."""

    done: list[str] = field(default_factory=list)
    refused: list[Refused] = field(default_factory=list)
    sentence: str = ""
