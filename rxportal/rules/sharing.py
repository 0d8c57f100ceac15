"""What the law gives to a teen, what a teen may show to or hide from parents of it, and what comes of that (F7).

A record keeps one sensitivity, the most guarded of all that it touches, so the kinds of care are shown together or not
at all: one alone could carry another with it. What is guarded above them (hepatitis, HIV, violence, what a sender
restricted) and genetic tests are never in the teen's hand, so nothing that a teen does tells a parent of a result that
the law withholds (S16). Reasons: docs/adr/0054.
"""

from __future__ import annotations

import csv
from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from pathlib import Path

from rxportal.models.records import Section, Sensitivity

FILE = Path(__file__).parent / "data" / "minors.csv"
ANYWHERE = "*"


class Thing(StrEnum):
    """What a teen decides about; a word of TeenChoice."""

    CARE = "care"
    HISTORY = "history"
    DOCUMENTS = "documents"
    MESSAGES = "messages"
    BILLS = "bills"


#: Closed to parents of a teen because they tell of care in free words, or by what was paid.
IN_FREE_WORDS = {
    Thing.HISTORY: Section.HISTORY,
    Thing.DOCUMENTS: Section.DOCUMENTS,
    Thing.MESSAGES: Section.MESSAGES,
    Thing.BILLS: Section.BILLS,
}
#: From the least guarded to the most: what a state gives to minors is always the first few of them.
CARE = (Sensitivity.SEXUAL_HEALTH, Sensitivity.MENTAL_HEALTH, Sensitivity.SUBSTANCE_USE)


@dataclass(frozen=True)
class StateLaw:
    """What one state says of minors. `teen`, `adult`: birthdays; `kinds`: care that is the minor's own."""

    teen: int
    adult: int
    kinds: tuple[Sensitivity, ...]


@cache
def law_of(state: str) -> StateLaw:
    """The law of a US state, as data; where the file has no line for it, the line for all."""
    with FILE.open(encoding="utf-8", newline="") as lines:
        rows = {row["state"]: row for row in csv.DictReader(lines)}
    row = rows.get(state) or rows[ANYWHERE]
    kinds = {Sensitivity(word) for word in row["kinds"].split()}
    return StateLaw(int(row["teen"]), int(row["adult"]), tuple(kind for kind in CARE if kind in kinds))


def shown_words(chosen: frozenset[str], state: str, *, representative: bool) -> frozenset[str]:
    """What a parent of a teen sees beyond what every parent of one sees, as sections and sensitivities.

    `chosen`: the things that the teen shows. `representative`: the parent holds the teen's part (45 CFR 164.502(g)(3)),
    so that the sections are theirs whatever the teen chose; the care that the law gives to the teen is not.
    """
    sections = IN_FREE_WORDS if representative else {one: IN_FREE_WORDS[one] for one in IN_FREE_WORDS if one in chosen}
    words = {section.value for section in sections.values()}
    if Thing.CARE in chosen:
        words |= {kind.value for kind in law_of(state).kinds}
    return frozenset(words)
