"""12 and 18 at the practice's midnight, whatever the birth date looks like."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from rxportal.core.clock import day_in
from rxportal.rules.ages import Stage, stage_of

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
