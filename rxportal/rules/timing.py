"""When a patient wants to see their results (N2): for each group of kinds, as soon as the rules allow, or after a word.

A wish only ever makes a result wait longer than the policy does, and never beyond a last day; what stays withheld stays
so, and what was open when it was asked stays open. `rules.release.settle` applies it.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime
from enum import StrEnum

from rxportal.models.policies import Mode
from rxportal.models.records import Kind
from rxportal.rules.policy import Line

#: Days that a wish holds a result which the policy would have opened at once: nothing waits for ever by oversight.
WISH_DAYS = 14


class Group(StrEnum):
    """Kinds of results as a patient tells them apart: none of them says what was looked for."""

    LABORATORY = "laboratory"
    IMAGING = "imaging"
    TISSUE = "tissue"
    GENETICS = "genetics"


class Timing(StrEnum):
    """What one may choose for a group."""

    SOON = "soon"
    WORD = "word"


KINDS: Mapping[Group, tuple[Kind, ...]] = {
    Group.LABORATORY: (Kind.ORDINARY, Kind.HEPATITIS, Kind.DRUG_ABUSE, Kind.HIV, Kind.RESTRICTED),
    Group.IMAGING: (Kind.RADIOLOGY,),
    Group.TISSUE: (Kind.PATHOLOGY,),
    Group.GENETICS: (Kind.GENETIC,),
}


def wished_line(line: Line) -> Line | None:
    """The line that counts where a patient wants a doctor's word first; None where waiting adds nothing.

    What opens by a doctor's order alone waits for their word already.
    """
    if line.mode not in {Mode.IMMEDIATE, Mode.AFTER_SEEN}:
        return None
    days = WISH_DAYS if line.mode is Mode.IMMEDIATE else line.latest_days
    return Line(Mode.ON_ORDER, days, line.source)


def wishes(chosen: Iterable[tuple[str, str, datetime]]) -> dict[Kind, datetime]:
    """Since when each kind waits for a word. `chosen`: group, choice, and when it was made."""
    return {
        kind: since for group, choice, since in chosen if choice == Timing.WORD.value for kind in KINDS[Group(group)]
    }
