"""N2: a patient's wish about the time makes a result wait longer inside the policy, and does nothing else."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import event, given, settings

from rxportal.models.policies import Mode
from rxportal.models.records import Gate, Kind
from rxportal.rules.policy import DEFAULT_POLICY, Line, Policy, Preset, preset_lines
from rxportal.rules.release import Outcome, Stored, Viewer, WaitsFor, decide, settle
from rxportal.rules.timing import KINDS, WISH_DAYS, Group, Timing, wished_line, wishes
from tests.release_cases import moments, policies, records, viewers, wished

NOW = datetime(2026, 11, 23, 20, 0, tzinfo=UTC)
READY = NOW - timedelta(days=2)
ASKED = NOW - timedelta(days=30)
WAITS = replace(DEFAULT_POLICY, wishes={Kind.ORDINARY: ASKED})
AT_ONCE = Policy({line.kind: Line(line.mode, line.latest_days) for line in preset_lines(Preset.IMMEDIATE)})


def result(kind: Kind = Kind.ORDINARY, **facts: object) -> Stored:
    return replace(Stored(kind=kind, arrived_at=READY, final_at=READY), **facts)  # type: ignore[arg-type]


def test_a_result_that_was_only_seen_waits_for_a_word_until_the_policys_latest_day():
    waits = decide(result(seen_at=NOW), WAITS, Viewer.OWNER, NOW)
    assert (waits.outcome, waits.waits_for, waits.latest) == (
        Outcome.WAITING, WaitsFor.WISH, READY + timedelta(days=7),
    )  # fmt: skip
    assert decide(result(seen_at=NOW), WAITS, Viewer.OWNER, READY + timedelta(days=7)).visible


@pytest.mark.parametrize("act", ["commented_at", "released_at"])
def test_a_comment_or_a_release_opens_it_at_once(act):
    spoken = result(seen_at=NOW, **{act: NOW})
    assert settle(spoken, WAITS, NOW) == settle(spoken, DEFAULT_POLICY, NOW)
    assert decide(spoken, WAITS, Viewer.OWNER, NOW).visible


def test_where_results_open_at_once_a_wish_waits_for_two_weeks_at_most():
    policy = replace(AT_ONCE, wishes={Kind.RADIOLOGY: ASKED})
    assert decide(result(Kind.RADIOLOGY), AT_ONCE, Viewer.OWNER, NOW).visible
    waits = decide(result(Kind.RADIOLOGY), policy, Viewer.OWNER, NOW)
    assert (waits.outcome, waits.latest) == (Outcome.WAITING, READY + timedelta(days=WISH_DAYS))


def test_what_was_open_when_it_was_asked_stays_open():
    seen = result(seen_at=READY + timedelta(hours=1))
    asked = replace(DEFAULT_POLICY, wishes={Kind.ORDINARY: NOW})
    assert settle(seen, asked, NOW) == settle(seen, DEFAULT_POLICY, NOW)


def test_a_hold_is_not_cut_short_by_a_comment():
    held = result(seen_at=NOW, commented_at=NOW, hold_reason="talk_first", hold_until=NOW + timedelta(days=20))
    assert settle(held, WAITS, NOW).visible_from == NOW + timedelta(days=20)


def test_where_the_doctor_orders_each_there_is_nothing_to_wish():
    assert wished_line(Line(Mode.ON_ORDER, 7)) is None
    assert wished_line(Line(Mode.WITHHELD)) is None
    tissue = result(Kind.PATHOLOGY)
    asked = replace(DEFAULT_POLICY, wishes={Kind.PATHOLOGY: ASKED})
    assert settle(tissue, asked, NOW) == settle(tissue, DEFAULT_POLICY, NOW)


def test_every_kind_of_result_is_in_one_group_and_soon_is_no_wish():
    assert sorted(kind for kinds in KINDS.values() for kind in kinds) == sorted(set(Kind) - {Kind.NOT_A_RESULT})
    assert wishes([(Group.IMAGING.value, Timing.SOON.value, NOW)]) == {}
    assert set(wishes([(Group.LABORATORY.value, Timing.WORD.value, NOW)])) == set(KINDS[Group.LABORATORY])


@settings(max_examples=600, deadline=None)
@given(fact=records(), policy=policies(), asked=wished(), now=moments, viewer=viewers())
def test_a_wish_never_opens_anything_earlier_and_never_tells_of_more(fact, policy, asked, now, viewer):
    without, wanted = replace(policy, wishes={}), replace(policy, wishes=asked)
    before, after = decide(fact, without, viewer, now), decide(fact, wanted, viewer, now)
    event(f"{before.outcome.value} → {after.outcome.value}")
    assert not after.visible or before.visible
    assert (after.outcome is Outcome.WITHHELD) >= (before.outcome is Outcome.WITHHELD)
    if viewer is Viewer.CLINICIAN:
        assert after == before


@settings(max_examples=600, deadline=None)
@given(fact=records(), policy=policies(), since=moments)
def test_a_wish_closes_nothing_that_was_open_and_holds_nothing_beyond_a_last_day(fact, policy, since):
    without, wanted = replace(policy, wishes={}), replace(policy, wishes=dict.fromkeys(Kind, since))
    before, after = settle(fact, without, since), settle(fact, wanted, since)
    if before.gate is Gate.OPEN:
        assert after == before
    if after.visible_from is None or before.visible_from is None:
        # the practice itself has no last day here, or has not come to it
        assert after.visible_from is before.visible_from or policy.line(fact.kind) == replace(
            policy.line(fact.kind), mode=Mode.AFTER_SEEN, latest_days=None
        )
    elif after != before and fact.final_at is not None:
        line = policy.line(fact.kind)
        days = WISH_DAYS if line.mode is Mode.IMMEDIATE else line.latest_days
        last = max(fact.final_at, fact.arrived_at) + timedelta(days=days or 0)
        ends = [last, before.visible_from, *([fact.hold_until] if fact.hold_until else [])]
        assert days is None or after.visible_from <= max(ends)
