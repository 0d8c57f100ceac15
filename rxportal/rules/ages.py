"""Which birthdays change what a parent may open: 12 and 18, at the practice's midnight (F7; 45 CFR 164.502(g)).

Which birthdays they are is data, per state (`rules.sharing`).

A birth date that is partial errs to the safer side: the person counts as old as they could be.
"""

from __future__ import annotations

import re
from datetime import date
from enum import StrEnum

from rxportal.rules.sharing import ANYWHERE, law_of

PARTIAL = re.compile(r"(\d{4})(?:-(\d{2}))?(?:-(\d{2}))?")


class Stage(StrEnum):
    """How old somebody is, as far as a parent's access goes."""

    CHILD = "child"
    TEEN = "teen"
    ADULT = "adult"


def stage_of(birth_date: str, today: date, state: str = ANYWHERE) -> Stage:
    """The stage on `today` (the practice's calendar day) by the law of a US state.

    An unreadable or missing birth date counts as adult.
    """
    born, law = earliest(birth_date), law_of(state)
    if born is None:
        return Stage.ADULT
    years = age(born, today)
    if years >= law.adult:
        return Stage.ADULT
    return Stage.TEEN if years >= law.teen else Stage.CHILD


def age(born: date, today: date) -> int:
    """Full years; somebody born on 29 February has their birthday on 1 March in other years."""
    return today.year - born.year - ((today.month, today.day) < (born.month, born.day))


def earliest(birth_date: str) -> date | None:
    """The first day that a FHIR date can mean; None where it is no date."""
    found = PARTIAL.fullmatch(birth_date)
    if not found:
        return None
    year, month, day = found.groups()
    try:
        return date(int(year), int(month or 1), int(day or 1))
    except ValueError:
        return None
