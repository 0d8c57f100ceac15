"""S16 to S19 as examples: who sees which result, when, and what a waiting one says."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from uuid import uuid4

import pytest
from hypothesis import given, settings

from rxportal.models.policies import Mode, ReleaseRule
from rxportal.models.records import Gate, Kind, Section, Sensitivity
from rxportal.rules.policy import DEFAULT_POLICY, Preset, preset_lines
from rxportal.rules.release import Outcome, Stored, Viewer, WaitsFor, decide, resolve, settle
from tests.release_cases import moments, policies, records

NOW = datetime(2026, 11, 23, 20, 0, tzinfo=UTC)
READY = NOW - timedelta(days=1)
PRACTICE = uuid4()
IMMEDIATE = [
    ReleaseRule(practice_id=PRACTICE, kind=line.kind, mode=line.mode, source=line.source)
    for line in preset_lines(Preset.IMMEDIATE)
]


def result(kind: Kind = Kind.ORDINARY, **facts: object) -> Stored:
    return replace(Stored(kind=kind, arrived_at=READY, final_at=READY), **facts)  # type: ignore[arg-type]


def seen_by(viewer: Viewer, stored: Stored, policy=DEFAULT_POLICY, now=NOW) -> Outcome:
    return decide(stored, policy, viewer, now).outcome


def test_an_ordinary_result_waits_until_the_doctor_has_seen_it():
    waits = decide(result(), DEFAULT_POLICY, Viewer.OWNER, NOW)
    assert (waits.outcome, waits.waits_for, waits.why) == (Outcome.WAITING, WaitsFor.SEEN, "seen")
    assert waits.latest == READY + timedelta(days=7)
    assert seen_by(Viewer.OWNER, result(seen_at=NOW)) is Outcome.VISIBLE


@pytest.mark.parametrize(("kind", "days"), [(Kind.RADIOLOGY, 7), (Kind.PATHOLOGY, 14), (Kind.GENETIC, 14)])
def test_imaging_tissue_and_genetics_wait_for_an_order_even_when_seen(kind, days):
    seen = result(kind, seen_at=NOW)
    waits = decide(seen, DEFAULT_POLICY, Viewer.OWNER, NOW)
    assert (waits.outcome, waits.waits_for, waits.latest) == (
        Outcome.WAITING,
        WaitsFor.ORDER,
        READY + timedelta(days=days),
    )
    assert seen_by(Viewer.OWNER, replace(seen, released_at=NOW)) is Outcome.VISIBLE


def test_a_waiting_result_opens_by_itself_on_its_latest_day_and_not_a_second_earlier():
    latest = READY + timedelta(days=7)
    assert seen_by(Viewer.OWNER, result(Kind.RADIOLOGY), now=latest - timedelta(seconds=1)) is Outcome.WAITING
    assert seen_by(Viewer.OWNER, result(Kind.RADIOLOGY), now=latest) is Outcome.VISIBLE


def test_a_release_opens_an_ordinary_result_that_nobody_marked_as_seen():
    assert seen_by(Viewer.OWNER, result(released_at=NOW)) is Outcome.VISIBLE


def test_the_days_are_counted_from_the_later_of_final_and_arrived():
    for facts in ({"arrived_at": NOW, "final_at": READY}, {"arrived_at": READY, "final_at": NOW}):
        assert settle(result(**facts), DEFAULT_POLICY, NOW).latest_at == NOW + timedelta(days=7)


def test_an_act_before_the_result_was_final_counts_from_then_on():
    assert settle(result(seen_at=READY, final_at=NOW), DEFAULT_POLICY, NOW).visible_from == NOW


@pytest.mark.parametrize("kind", [Kind.HEPATITIS, Kind.HIV, Kind.DRUG_ABUSE, Kind.RESTRICTED])
@pytest.mark.parametrize("viewer", [viewer for viewer in Viewer if viewer is not Viewer.CLINICIAN])
def test_withheld_kinds_leave_no_trace_whatever_was_done(kind, viewer):
    done = result(kind, seen_at=READY, released_at=READY)
    assert seen_by(viewer, done, now=NOW + timedelta(days=400)) is Outcome.WITHHELD


def test_the_desk_sees_everything_but_what_was_entered_in_error():
    assert seen_by(Viewer.CLINICIAN, result(Kind.HIV)) is Outcome.VISIBLE
    assert seen_by(Viewer.CLINICIAN, result(struck=True)) is Outcome.WITHHELD
    assert seen_by(Viewer.OWNER, result(struck=True, seen_at=NOW)) is Outcome.WITHHELD


def test_a_result_that_is_not_final_waits_whatever_was_done_and_says_so():
    early = result(final_at=None, seen_at=READY, released_at=READY)
    waits = decide(early, DEFAULT_POLICY, Viewer.OWNER, NOW + timedelta(days=400))
    assert (waits.outcome, waits.waits_for, waits.latest) == (Outcome.WAITING, WaitsFor.FINAL, None)


@pytest.mark.parametrize("viewer", [Viewer.PROXY, Viewer.PARENT_OF_CHILD, Viewer.PARENT_OF_TEEN])
def test_a_diagnosis_that_tells_a_secret_is_the_owners_alone(viewer):
    diagnosis = Stored(Kind.NOT_A_RESULT, Sensitivity.HIV, Section.CONDITIONS, listed=False, arrived_at=READY)
    assert seen_by(Viewer.OWNER, diagnosis) is Outcome.VISIBLE
    assert seen_by(viewer, diagnosis) is Outcome.WITHHELD


def test_a_proxy_is_not_told_that_a_confidential_result_is_on_its_way():
    waits = result(sensitivity=Sensitivity.SEXUAL_HEALTH)
    assert seen_by(Viewer.OWNER, waits) is Outcome.WAITING
    assert seen_by(Viewer.PROXY, waits) is Outcome.WITHHELD


def test_the_parent_of_a_teen_reads_results_but_not_notes_bills_or_messages():
    assert seen_by(Viewer.PARENT_OF_TEEN, result(seen_at=NOW)) is Outcome.VISIBLE
    for section in (Section.DOCUMENTS, Section.BILLS, Section.MESSAGES, Section.HISTORY):
        note = Stored(Kind.NOT_A_RESULT, section=section, listed=False, arrived_at=READY)
        assert seen_by(Viewer.PARENT_OF_TEEN, note) is Outcome.WITHHELD
        assert seen_by(Viewer.PARENT_OF_CHILD, note) is Outcome.VISIBLE


class TestHolds:
    """Coded holds with an end date (45 CFR 171.201, .202)."""

    ENDS = NOW + timedelta(days=30)

    def held(self, kind: Kind = Kind.ORDINARY, **facts: object) -> Stored:
        return result(kind, seen_at=NOW, hold_reason="talk_first", hold_until=self.ENDS, **facts)

    @pytest.mark.parametrize("kind", [Kind.ORDINARY, Kind.RADIOLOGY, Kind.PATHOLOGY])
    def test_a_held_result_waits_until_the_hold_ends(self, kind):
        waits = decide(self.held(kind), DEFAULT_POLICY, Viewer.OWNER, self.ENDS - timedelta(seconds=1))
        assert (waits.outcome, waits.waits_for, waits.why) == (Outcome.WAITING, WaitsFor.HOLD, "hold:talk_first")
        assert waits.latest == self.ENDS
        assert seen_by(Viewer.OWNER, self.held(kind), now=self.ENDS) is Outcome.VISIBLE

    def test_a_release_ends_the_hold(self):
        assert seen_by(Viewer.OWNER, self.held(released_at=NOW)) is Outcome.VISIBLE

    def test_a_hold_opens_nothing_where_only_an_order_does(self):
        lines = [ReleaseRule(practice_id=PRACTICE, kind=Kind.RADIOLOGY, mode=Mode.ON_ORDER)]
        policy = resolve(lines, PRACTICE, "CA", date(2026, 11, 23))
        for moment in (self.ENDS, self.ENDS + timedelta(days=900)):
            after = decide(self.held(Kind.RADIOLOGY), policy, Viewer.OWNER, moment)
            assert (after.outcome, after.waits_for) == (Outcome.WAITING, WaitsFor.ORDER)

    def test_a_short_hold_does_not_bring_the_latest_day_forward(self):
        short = result(Kind.RADIOLOGY, hold_reason="harm", hold_until=NOW + timedelta(days=1))
        assert settle(short, DEFAULT_POLICY, NOW).latest_at == READY + timedelta(days=7)


class TestPolicies:
    """Practice, state and day."""

    DAY = date(2026, 11, 23)

    def mode(self, rules, kind=Kind.HIV, state="CA", on=DAY) -> Mode:
        return resolve(rules, PRACTICE, state, on).line(kind).mode

    def test_without_any_line_the_seeds_rules_count(self):
        assert self.mode([]) is Mode.WITHHELD
        assert self.mode([], Kind.ORDINARY) is Mode.AFTER_SEEN
        assert self.mode([], Kind.RADIOLOGY) is Mode.ON_ORDER

    def test_a_practice_can_switch_to_immediate_release_with_coded_holds(self):
        policy = resolve(IMMEDIATE, PRACTICE, "TX", self.DAY)
        assert decide(result(), policy, Viewer.OWNER, NOW).visible
        held = result(hold_reason="harm", hold_until=NOW + timedelta(days=2))
        assert decide(held, policy, Viewer.OWNER, NOW).outcome is Outcome.WAITING

    def test_a_states_law_beats_the_practices_own_line(self):
        law = [line for line in preset_lines(Preset.DEFAULT) if line.state == "CA"]
        assert self.mode([*IMMEDIATE, *law]) is Mode.WITHHELD
        assert self.mode([*IMMEDIATE, *law], state="ca") is Mode.WITHHELD
        assert self.mode([*IMMEDIATE, *law], state="TX") is Mode.IMMEDIATE

    def test_the_practices_line_beats_the_states_and_the_states_beats_the_general_one(self):
        general = ReleaseRule(kind=Kind.ORDINARY, mode=Mode.AFTER_SEEN)
        state = ReleaseRule(state="TX", kind=Kind.ORDINARY, mode=Mode.IMMEDIATE)
        own = ReleaseRule(practice_id=PRACTICE, kind=Kind.ORDINARY, mode=Mode.ON_ORDER)
        assert self.mode([general, state], Kind.ORDINARY, "TX") is Mode.IMMEDIATE
        assert self.mode([own, general, state], Kind.ORDINARY, "TX") is Mode.ON_ORDER

    def test_another_practices_line_counts_for_nothing(self):
        other = ReleaseRule(practice_id=uuid4(), kind=Kind.ORDINARY, mode=Mode.IMMEDIATE)
        assert self.mode([other], Kind.ORDINARY) is Mode.AFTER_SEEN

    def test_of_two_lines_of_one_rank_the_more_guarded_counts(self):
        lines = [ReleaseRule(kind=Kind.ORDINARY, mode=mode) for mode in (Mode.ON_ORDER, Mode.IMMEDIATE)]
        assert self.mode(lines, Kind.ORDINARY) is Mode.ON_ORDER

    @pytest.mark.parametrize(
        ("day", "mode"),
        [(30, Mode.AFTER_SEEN), (1, Mode.WITHHELD), (31, Mode.WITHHELD)],
    )
    def test_a_dated_line_counts_on_its_first_and_on_its_last_day(self, day, mode):
        law = ReleaseRule(
            state="CA", kind=Kind.ORDINARY, mode=Mode.WITHHELD,
            valid_from=date(2026, 12, 1), valid_until=date(2026, 12, 31),
        )  # fmt: skip
        on = date(2026, 11 if day == 30 else 12, day)
        assert self.mode([law], Kind.ORDINARY, on=on) is mode
        assert self.mode([law], Kind.ORDINARY, on=date(2027, 1, 1)) is Mode.AFTER_SEEN

    def test_every_shipped_line_names_its_source(self):
        for preset in Preset:
            lines = preset_lines(preset)
            assert {line.kind for line in lines} == set(Kind) - {Kind.NOT_A_RESULT}
            assert all(line.source for line in lines)


@settings(max_examples=300, deadline=None)
@given(records(), policies(), moments)
def test_nobody_sees_more_than_the_owner_but_the_desk(record, policy, now):
    owner = decide(record, policy, Viewer.OWNER, now)
    for viewer in (Viewer.PROXY, Viewer.PARENT_OF_CHILD, Viewer.PARENT_OF_TEEN):
        assert decide(record, policy, viewer, now) in (owner, decide(replace(record, struck=True), policy, viewer, now))


@settings(max_examples=300, deadline=None)
@given(records(), policies(), moments)
def test_an_act_never_closes_what_was_open(record, policy, now):
    for act in ({"seen_at": now}, {"released_at": now}):
        if decide(record, policy, Viewer.OWNER, now).visible and not any(getattr(record, name) for name in act):
            assert decide(replace(record, **act), policy, Viewer.OWNER, now).visible


def test_the_gate_says_where_a_result_stands_when_it_was_settled():
    assert settle(result(), DEFAULT_POLICY, NOW).gate is Gate.WAITING
    assert settle(result(seen_at=NOW), DEFAULT_POLICY, NOW).gate is Gate.OPEN
    assert settle(result(Kind.HIV), DEFAULT_POLICY, NOW).gate is Gate.WITHHELD
