"""12 and 18 at the practice's midnight, whatever the birth date looks like."""

from __future__ import annotations

import csv
import random
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from rxportal.core.clock import day_in
from rxportal.rules.ages import Stage, stage_of
from rxportal.rules.sharing import ANYWHERE, CARE, FILE, law_of

#: Two of them have days that begin at one o'clock, and days with two midnights.
WIDE = (
    "America/Los_Angeles", "America/New_York", "Pacific/Honolulu", "America/Santiago", "Africa/Cairo", "America/Havana",
)  # fmt: skip
BIRTHS = 20_000
ZONES = ["America/Los_Angeles", "America/New_York", "Pacific/Honolulu", "America/Phoenix", "Asia/Tokyo", "UTC"]


def test_every_birthday_changes_the_stage_on_its_day_and_not_before():
    checked = 0
    born = date(2005, 1, 1)
    while born < date(2015, 1, 1):
        for years, before, after in ((12, Stage.CHILD, Stage.TEEN), (18, Stage.TEEN, Stage.ADULT)):
            leap = (born.month, born.day) == (2, 29)
            birthday = date(born.year + years, 3, 1) if leap else born.replace(year=born.year + years)
            if leap and (born.year + years) % 4 == 0:
                birthday = date(born.year + years, 2, 29)
            for days in (-2, -1, 0, 1, 2):
                stage = stage_of(born.isoformat(), birthday + timedelta(days=days))
                assert stage is (after if days >= 0 else before), (born, birthday, days)
                checked += 1
        born += timedelta(days=1)
    assert checked > 20_000


def birthday(born: date, years: int) -> date:
    """The day on which somebody becomes so old, told without the rule that is tested."""
    try:
        return born.replace(year=born.year + years)
    except ValueError:  # 29 February counts as 1 March
        return date(born.year + years, 3, 1)


def nights_of_change(zone: ZoneInfo) -> list[date]:
    """The days from 2010 to 2035 on which clocks go forward or back there, and those around them."""
    found, day, before = [], date(2010, 1, 1), None
    while day < date(2035, 1, 1):
        offset = datetime(day.year, day.month, day.day, 12, tzinfo=zone).utcoffset()
        if before is not None and offset != before:
            found += [day - timedelta(days=1), day, day + timedelta(days=1)]
        before, day = offset, day + timedelta(days=1)
    return found


def births(zone: ZoneInfo) -> list[date]:
    """Birth dates of which 12 and 18 fall on nights of change, every 29 February, and any others: 20,000."""
    chance = random.Random(zone.key)
    turning = [turn.replace(year=turn.year - years, day=min(turn.day, 28)) for turn in nights_of_change(zone)
               for years in (12, 18)]  # fmt: skip
    turning += [date(year, 2, 29) for year in range(1992, 2024, 4)]
    others = BIRTHS - len(turning)
    return turning + [date(1992, 1, 1) + timedelta(days=chance.randrange(11_500)) for _ in range(others)]


@pytest.mark.parametrize("name", WIDE)
def test_20000_births_change_at_the_first_second_of_the_day_there(name: str) -> None:
    """A second before the day begins where the practice is, and in its first second; no midnight, or two of them."""
    zone = ZoneInfo(name)
    wrong = []
    for born in births(zone):
        for years, before, after in ((12, Stage.CHILD, Stage.TEEN), (18, Stage.TEEN, Stage.ADULT)):
            day = birthday(born, years)
            begins = datetime(day.year, day.month, day.day, tzinfo=zone).astimezone(UTC)
            for moment, stage in ((begins - timedelta(seconds=1), before), (begins, after)):
                if stage_of(born.isoformat(), day_in(name, moment), "CA") is not stage:
                    wrong.append((born, years, moment))
    assert wrong == []


def test_a_state_without_a_line_of_its_own_has_the_line_for_all_and_care_is_given_from_the_least_guarded_on() -> None:
    assert law_of("ZZ") == law_of(ANYWHERE)
    with FILE.open(encoding="utf-8", newline="") as lines:
        for row in csv.DictReader(lines):
            law = law_of(row["state"])
            assert (law.teen, law.adult) == (12, 18)
            assert law.kinds == CARE[: len(law.kinds)]  # a kind without those below it could carry one of them
            assert row["source"]


@pytest.mark.parametrize("zone", ZONES)
def test_the_day_changes_at_midnight_where_the_practice_is(zone):
    midnight = datetime(2026, 11, 23, tzinfo=ZoneInfo(zone))
    for moment, stage in ((midnight - timedelta(seconds=1), Stage.TEEN), (midnight, Stage.ADULT)):
        assert stage_of("2008-11-23", day_in(zone, moment.astimezone(UTC))) is stage


@pytest.mark.parametrize(
    ("born", "stage"),
    [("2008", Stage.ADULT), ("2009", Stage.TEEN), ("2014", Stage.TEEN), ("2015", Stage.CHILD), ("2014-12", Stage.CHILD),
     ("2014-11", Stage.TEEN), ("", Stage.ADULT), ("unknown", Stage.ADULT), ("2014-13-40", Stage.ADULT)],
)  # fmt: skip
def test_a_partial_or_missing_birth_date_counts_as_old_as_it_may_be(born, stage):
    assert stage_of(born, date(2026, 11, 23)) is stage
