"""Business days of a US practice: Monday to Friday, without the federal holidays (5 U.S.C. 6103)."""

from __future__ import annotations

from datetime import date, timedelta
from functools import lru_cache

FIXED = ((1, 1), (6, 19), (7, 4), (11, 11), (12, 25))
# (month, weekday from Monday 0, which of them; -1: the last): King, Washington, Memorial, Labor, Columbus, Thanksgiving
MOVING = ((1, 0, 3), (2, 0, 3), (5, 0, -1), (9, 0, 1), (10, 0, 2), (11, 3, 4))
DAY = timedelta(days=1)
SATURDAY, SUNDAY = 5, 6


def is_business_day(day: date) -> bool:
    """Whether the practice works on this day."""
    # 1 January on a Saturday is kept on the Friday before: a day of the old year
    return day.weekday() < SATURDAY and day not in holidays(day.year) and day not in holidays(day.year + 1)


def business_days_after(day: date, count: int) -> date:
    """The `count`-th business day after `day`, which does not count itself."""
    while count > 0:
        day += DAY
        count -= is_business_day(day)
    return day


@lru_cache(maxsize=20)
def holidays(year: int) -> frozenset[date]:
    """The days on which federal holidays of a year are kept; one on a weekend moves to the nearest working day."""
    fixed = [_kept(date(year, month, day)) for month, day in FIXED]
    return frozenset([*fixed, *(_nth(year, *rule) for rule in MOVING)])


def _kept(day: date) -> date:
    if day.weekday() == SATURDAY:
        return day - DAY
    return day + DAY if day.weekday() == SUNDAY else day


def _nth(year: int, month: int, weekday: int, which: int) -> date:
    if which < 0:
        last = date(year, month + 1, 1) - DAY
        return last - timedelta(days=(last.weekday() - weekday) % 7)
    first = date(year, month, 1)
    return first + timedelta(days=(weekday - first.weekday()) % 7 + 7 * (which - 1))
