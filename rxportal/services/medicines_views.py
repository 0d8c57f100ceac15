"""What the list of medicines shows: plain values only, ready to be put on a page as they are."""

from __future__ import annotations

from dataclasses import dataclass, field


@dataclass
class EarlierMedicine:
    """An earlier prescription or fill of the same medicine: when, what, from whom."""

    when: str = ""
    said: str = ""
    source: str = ""


@dataclass
class MedicineRow:
    """One medicine. `tag` with its `tone`, then `sentence`, say where it stands; `next` is the one next step.

    `call` leads in to the office's phone number ("To ask for more, call"); at most one of `next` and `call` is there.
    `why`: why it can't be renewed online and what now (`why_next` or, with the number after it, `why_call`).
    `requested`: what was asked for already, in words. `facts` are [name, words]. `told`: the ids of all that it tells
    of, as an address may name them.
    """

    id: str = ""
    title: str = ""
    tag: str = ""
    tone: str = "good"
    directions: list[str] = field(default_factory=list)
    sentence: str = ""
    requested: str = ""
    next: str = ""
    call: str = ""
    because: str = ""
    why: str = ""
    why_next: str = ""
    why_call: str = ""
    facts: list[list[str]] = field(default_factory=list)
    earlier: list[EarlierMedicine] = field(default_factory=list)
    earlier_words: str = ""
    origin: str = ""
    told: list[str] = field(default_factory=list)


@dataclass
class MedicinesPage:
    """The whole page. `given`: doses given at a visit. `partly`: why something may be missing.

    `own`: it is the reader's own chart. `more` is what the button for the rest of what is past says.
    """

    now: list[MedicineRow] = field(default_factory=list)
    past: list[MedicineRow] = field(default_factory=list)
    more: str = ""
    given: list[MedicineRow] = field(default_factory=list)
    partly: str = ""
    own: bool = False
    nothing: bool = True

    @classmethod
    def empty(cls) -> MedicinesPage:
        """Before anything was read."""
        return cls()
