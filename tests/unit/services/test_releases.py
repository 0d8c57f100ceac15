"""Settling whole charts in the database, and what a practice's policy does to them."""

from __future__ import annotations

import time
from collections.abc import Callable
from datetime import date, timedelta
from typing import Any
from uuid import uuid4

import pytest
from sqlmodel import Session

from rxportal.core.errors import InvalidInput
from rxportal.core.identity import Operator
from rxportal.core.kernel import Kernel
from rxportal.models.accounts import Patient, Role
from rxportal.models.policies import Mode, ReleaseRule
from rxportal.models.records import Gate, Kind, Reading, Record, RecordLink, Section, Sensitivity
from rxportal.services.policies import lay_down_policy, set_policy, settle_practice
from rxportal.services.releases import settle_records
from rxportal.services.results import list_results, open_result
from tests.factories import World

OPERATOR = Operator("tests")


@pytest.fixture
def kernel(sqlite_kernel: Kernel) -> Kernel:
    return sqlite_kernel


def settle(world: World, patient: Patient) -> int:
    with world.database() as session:
        return settle_records(session, patient.id, world.now)


def carry(world: World, parent: Record, child: Record) -> None:
    world.store(RecordLink(parent_id=parent.id, child_id=child.id))


def stored(world: World, record: Record) -> Record:
    return next(row for row in world.rows(Record) if row.id == record.id)


class TestSettling:
    """What an import calls at its end."""

    def test_a_report_and_everything_in_and_around_it_are_withheld_together(self, kernel: Kernel, world: World) -> None:
        account, patient = world.owner()
        report = world.released(patient, "Screening panel")
        inside = world.released(patient, "HIV 1 Ab", resource_type="Observation")
        inside.own_kind, inside.own_sensitivity = Kind.HIV, Sensitivity.HIV
        world.store(inside)
        letter = world.record(patient, resource_type="DocumentReference", section=Section.DOCUMENTS, title="Letter")
        carry(world, report, inside)
        carry(world, letter, report)
        assert kernel.perform(list_results, world.sign_in(account)).total == 2
        assert settle(world, patient) == 3
        assert {stored(world, row).gate for row in (report, inside, letter)} == {Gate.WITHHELD}
        assert {stored(world, row).sensitivity for row in (report, inside, letter)} == {Sensitivity.HIV}
        assert kernel.perform(list_results, world.sign_in(account)).total == 0

    def test_settling_again_changes_nothing(self, world: World) -> None:
        patient = world.patient()
        report = world.result(patient)
        carry(world, report, world.result(patient, "Inside", resource_type="Observation"))
        assert settle(world, patient) == 1
        assert settle(world, patient) == 0

    def test_a_value_that_a_report_carries_is_no_row_of_its_own(self, world: World) -> None:
        patient = world.patient()
        report, inside = world.result(patient), world.result(patient, "Inside", resource_type="Observation")
        carry(world, report, inside)
        settle(world, patient)
        assert (stored(world, report).listed, stored(world, inside).listed) == (True, False)

    def test_rows_that_are_loaded_say_what_was_written(self, world: World) -> None:
        patient = world.patient()
        key = world.result(patient).id
        with world.database() as session:
            row = session.get(Record, key)
            assert row is not None
            row.seen_at = world.now
            settle_records(session, [patient.id], world.now)
            assert row.gate == Gate.OPEN

    def test_each_practice_is_settled_by_its_own_states_law(self, kernel: Kernel, world: World) -> None:
        california, texas = world.practice(), world.practice("Lone Star Clinic", state="TX")
        rows = []
        for practice in (california, texas):
            rows.append(world.result(world.patient(practice=practice), kind=Kind.HIV))
            for kind in (Kind.HIV, Kind.ORDINARY):
                world.store(ReleaseRule(practice_id=practice.id, kind=kind, mode=Mode.IMMEDIATE))
        with world.database() as session:
            settle_records(session, [row.patient_id for row in rows if row.patient_id], world.now)
        assert [stored(world, row).gate for row in rows] == [Gate.WITHHELD, Gate.OPEN]

    def test_a_chart_of_six_thousand_values_is_settled_listed_and_opened_without_waiting(
        self, kernel: Kernel, world: World
    ) -> None:
        account, patient = world.owner()
        first = world.released(patient)
        with world.database() as session:
            _many(session, first, 600, 10)
        assert _seconds(lambda: settle(world, patient)) < 4  # two on the reference machine; some air for a busy one
        signed_in = world.sign_in(account)
        assert _seconds(lambda: kernel.perform(list_results, signed_in, query="value")) < 2
        newest = kernel.perform(list_results, signed_in).rows[0].id
        assert _seconds(lambda: kernel.perform(open_result, signed_in, result_id=newest)) < 3


def _seconds(work: Callable[[], Any]) -> float:
    """Processor time, so that a busy machine does not fail the test."""
    began = time.process_time()
    work()
    return time.process_time() - began


BODY = '{"resourceType": "Observation", "code": {"text": "Value"}, "valueQuantity": {"value": 5, "unit": "mg/dL"}}'


def _many(session: Session, like: Record, reports: int, values: int) -> None:
    def row(resource_type: str, **more: Any) -> Record:
        facts = like.model_dump() | {"id": uuid4(), "source_id": str(uuid4()), "resource_type": resource_type}
        return Record(**(facts | {"waits_for": "unsettled"} | more))

    for number in range(reports):
        at = like.arrived_at - timedelta(days=number)
        report = row("DiagnosticReport", occurred=at.date().isoformat(), occurred_at=at)
        parts = [row("Observation", body=BODY, search="value", listed=False) for _ in range(values)]
        session.add_all([report, *parts])
        session.flush()
        session.add_all([RecordLink(parent_id=report.id, child_id=part.id) for part in parts])
        session.add_all([
            Reading(record_id=part.id, patient_id=like.patient_id, analyte="value", name="Value", unit="mg/dL",
                    value=5, display="5", at=at) for part in parts
        ])  # fmt: skip


class TestPolicy:
    """Switching, law, dates."""

    def test_the_shipped_lines_are_laid_down_once(self, world: World) -> None:
        with world.database() as session:
            assert lay_down_policy(session) == 11
            assert lay_down_policy(session) == 0

    def test_immediate_release_opens_what_waits_but_not_what_the_states_law_withholds(
        self, kernel: Kernel, world: World
    ) -> None:
        account, patient = world.owner()
        for kind in (Kind.ORDINARY, Kind.RADIOLOGY, Kind.PATHOLOGY, Kind.GENETIC, Kind.HIV):
            world.result(patient, kind.value, kind=kind)
        change = kernel.perform(set_policy, OPERATOR, preset="immediate")
        session = world.sign_in(account)
        assert {row.title for row in kernel.perform(list_results, session).rows} == {
            "ordinary", "radiology", "pathology", "genetic",
        }  # fmt: skip
        assert (change.preset, change.changed) == ("immediate", 4)
        kernel.perform(set_policy, OPERATOR, preset="default")
        page = kernel.perform(list_results, session)
        assert (page.total, len(page.waiting)) == (0, 4)

    def test_a_switch_is_told_to_the_open_pages_of_every_chart(self, kernel: Any, world: World) -> None:
        patients = [world.patient(), world.patient()]
        kernel.perform(set_policy, OPERATOR, preset="immediate")
        told = {change.id for change in kernel.bus.published if change.scope == "chart"}
        assert told == {str(patient.id) for patient in patients}

    def test_switching_twice_leaves_one_set_of_lines(self, kernel: Kernel, world: World) -> None:
        for preset in ("immediate", "immediate", "default", "immediate"):
            kernel.perform(set_policy, OPERATOR, preset=preset)
        own = [rule for rule in world.rows(ReleaseRule) if rule.practice_id]
        assert len(own) == len({rule.kind for rule in own}) == 8

    def test_a_preset_nobody_knows_is_refused(self, kernel: Kernel) -> None:
        with pytest.raises(InvalidInput):
            kernel.perform(set_policy, OPERATOR, preset="everything")

    def test_an_administrator_may_switch(self, kernel: Kernel, world: World) -> None:
        session = world.sign_in(world.staff(Role.ADMINISTRATOR))
        assert kernel.perform(set_policy, session, preset="default").preset == "default"

    def test_a_dated_law_counts_from_its_day_on_and_is_settled_by_the_daily_run(
        self, kernel: Kernel, world: World, clock: Any
    ) -> None:
        account, patient = world.owner()
        world.released(patient, "Ordinary")
        with world.database() as session:
            lay_down_policy(session)
        law = ReleaseRule(state="CA", kind=Kind.ORDINARY, mode=Mode.WITHHELD, valid_from=date(2026, 12, 1))
        world.store(law)
        assert kernel.perform(settle_practice, OPERATOR) == 0
        clock.now += timedelta(days=8)
        assert kernel.perform(settle_practice, OPERATOR) == 1
        assert kernel.perform(list_results, world.sign_in(account)).total == 0
