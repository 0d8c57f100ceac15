"""Hypothesis strategies for release: policies, facts of records, people who look, moments."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from uuid import UUID, uuid4
from zoneinfo import ZoneInfo

from hypothesis import strategies as st

from rxportal.models.policies import Mode, ReleaseRule
from rxportal.models.records import Kind, Section, Sensitivity
from rxportal.models.releases import HoldReason
from rxportal.rules.ages import Stage, stage_of
from rxportal.rules.policy import Preset, preset_lines
from rxportal.rules.release import Policy, Stored, Viewer, resolve
from rxportal.rules.sharing import Thing, shown_words
from rxportal.rules.timing import Group, Timing, wishes

NOON = datetime(2026, 11, 23, 20, 0, tzinfo=UTC)
ZONE = ZoneInfo("America/Los_Angeles")
PRACTICE, STRANGER = uuid4(), uuid4()
RESULTS = [kind for kind in Kind if kind is not Kind.NOT_A_RESULT]

moments = st.integers(min_value=-40 * 24, max_value=40 * 24).map(lambda hours: NOON + timedelta(hours=hours))
perhaps = st.one_of(st.none(), moments)


@st.composite
def rules(draw: st.DrawFn) -> list[ReleaseRule]:
    """Lines of nobody, of this practice and of another, with and without dates, on top of a preset or of nothing."""
    lines = draw(st.lists(st.builds(
        ReleaseRule,
        practice_id=st.sampled_from([None, None, PRACTICE, STRANGER]),
        state=st.sampled_from(["", "CA", "TX", "ny"]),
        kind=st.sampled_from(RESULTS),
        mode=st.sampled_from(list(Mode)),
        latest_days=st.one_of(st.none(), st.integers(min_value=0, max_value=30)),
        valid_from=st.one_of(st.none(), st.dates(min_value=date(2026, 11, 1), max_value=date(2026, 12, 15))),
        valid_until=st.one_of(st.none(), st.dates(min_value=date(2026, 11, 1), max_value=date(2026, 12, 15))),
        source=st.just("a test"),
    ), max_size=6))  # fmt: skip
    return [*draw(st.sampled_from([(), *(preset_lines(preset) for preset in Preset)])), *lines]


@st.composite
def policies(draw: st.DrawFn) -> Policy:
    """A policy as it counts for the practice in one state on the day of NOON, with the wishes of one patient."""
    state = draw(st.sampled_from(["CA", "TX", "NY", ""]))
    policy = resolve(draw(rules()), PRACTICE, state, NOON.astimezone(ZONE).date())
    return replace(policy, wishes=draw(wished()))


@st.composite
def wished(draw: st.DrawFn) -> dict[Kind, datetime]:
    """What one patient chose for each group of results, and when; mostly nothing."""
    chosen = draw(st.lists(st.tuples(st.sampled_from(list(Group)), st.sampled_from(list(Timing)), moments), max_size=4))
    return wishes([(group.value, choice.value, since) for group, choice, since in chosen])


@st.composite
def records(draw: st.DrawFn) -> Stored:
    """The facts of one record: any kind and sensitivity, any history of acts, in any order."""
    held = draw(st.booleans())
    return Stored(
        kind=draw(st.sampled_from(list(Kind))),
        sensitivity=draw(st.sampled_from([Sensitivity.NONE, Sensitivity.NONE, *Sensitivity])),
        section=draw(st.sampled_from(list(Section))),
        struck=draw(st.integers(0, 9)) == 0,
        listed=draw(st.booleans()),
        arrived_at=draw(moments),
        final_at=draw(perhaps),
        seen_at=draw(perhaps),
        released_at=draw(perhaps),
        hold_reason=draw(st.sampled_from(list(HoldReason))).value if held else "",
        hold_until=draw(moments) if held else None,
        commented_at=draw(perhaps),
    )


@st.composite
def viewers(draw: st.DrawFn) -> Viewer:
    """Somebody who has the chart open: a parent is one of a child or of a teen by the birth date alone."""
    who = draw(st.sampled_from(["owner", "proxy", "parent", "clinician"]))
    if who != "parent":
        return Viewer(who)
    born = draw(st.dates(min_value=date(2008, 11, 25), max_value=date(2026, 11, 23)))
    stage = stage_of(born.isoformat(), NOON.astimezone(ZONE).date())
    assert stage is not Stage.ADULT
    return Viewer.PARENT_OF_CHILD if stage is Stage.CHILD else Viewer.PARENT_OF_TEEN


@st.composite
def shown(draw: st.DrawFn) -> frozenset[str]:
    """What a parent of a teen sees beyond what all do; it changes nothing for anybody else."""
    chosen = frozenset(thing.value for thing in draw(st.sets(st.sampled_from(list(Thing)))))
    return shown_words(chosen, "CA", representative=draw(st.booleans()))


def ids(count: int) -> list[UUID]:
    """Fresh ids."""
    return [uuid4() for _ in range(count)]
