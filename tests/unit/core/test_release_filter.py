"""The rule and its twin in SQL say the same: kind, state, policy, age, viewer, time and acts, on both engines."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from uuid import UUID, uuid4

import pytest
from hypothesis import HealthCheck, event, given, settings
from hypothesis import strategies as st
from sqlalchemy import Engine, select
from sqlmodel import Session, SQLModel, create_engine

import rxportal.models  # registers every table
from rxportal.core.release_filter import visible, waiting
from rxportal.models.accounts import Patient, Practice
from rxportal.models.records import Gate, ImportRun, Kind, Organization, Record
from rxportal.rules.release import Outcome, Policy, Stored, Viewer, decide, settle
from tests.release_cases import NOON, moments, policies, records, shown, viewers

assert rxportal.models


@pytest.fixture(scope="module")
def memory() -> Iterator[Engine]:
    engine = create_engine("sqlite://")
    SQLModel.metadata.create_all(engine)
    yield engine
    engine.dispose()


def prove_equal(
    engine: Engine,
    facts: list[Stored],
    policy: Policy,
    viewer: Viewer,
    settled: datetime,
    now: datetime,
    shown: frozenset[str],
) -> None:
    """Settle all of them at one moment, look at another, and compare what both say; nothing is kept."""
    with Session(engine) as session:
        keys = _store(session, facts, policy, settled)
        seen = set(session.execute(select(Record.id).where(visible(viewer, now, shown=shown))).scalars())
        waits = set(session.execute(select(Record.id).where(waiting(viewer, now, shown=shown))).scalars())
        session.rollback()
    for key, fact in zip(keys, facts, strict=True):
        outcome = decide(fact, policy, viewer, now, shown).outcome
        event(f"{outcome.value} to {viewer.value}")
        assert (key in seen) == (outcome is Outcome.VISIBLE), (fact, viewer, policy)
        if (
            now >= settled
        ):  # nobody looks before it was settled; the gate of that moment is what finds the few that wait
            assert (key in waits) == (outcome is Outcome.WAITING), (fact, viewer, policy)


def _store(session: Session, facts: list[Stored], policy: Policy, settled: datetime) -> list[UUID]:
    practice = Practice(name=f"Practice {uuid4()}")
    session.add(practice)
    session.flush()
    patient = Patient(practice_id=practice.id, name="Twin Testerson", created_at=NOON)
    sender = Organization(practice_id=practice.id, name="Sender")
    session.add_all([patient, sender])
    session.flush()
    run = ImportRun(organization_id=sender.id, started_at=NOON)
    session.add(run)
    session.flush()
    rows = [_row(fact, policy, settled, patient.id, sender.id, run.id) for fact in facts]
    session.add_all(rows)
    session.flush()
    return [row.id for row in rows]


def _row(fact: Stored, policy: Policy, settled: datetime, patient: UUID, sender: UUID, run: UUID) -> Record:
    stands = settle(fact, policy, settled)
    return Record(
        patient_id=patient, organization_id=sender, import_run_id=run, resource_type="Observation",
        source_id=str(uuid4()), digest="", body="{}", section=fact.section, struck=fact.struck, listed=fact.listed,
        kind=fact.kind, sensitivity=fact.sensitivity, arrived_at=fact.arrived_at, final_at=fact.final_at,
        seen_at=fact.seen_at, released_at=fact.released_at, hold_reason=fact.hold_reason, hold_until=fact.hold_until,
        gate=stands.gate, visible_from=stands.visible_from, latest_at=stands.latest_at, waits_for=stands.waits_for,
    )  # fmt: skip


CASES = {
    "facts": st.lists(records(), min_size=25, max_size=40),
    "policy": policies(),
    "viewer": viewers(),
    "settled": moments,
    "now": moments,
    "shown": shown(),
}


@settings(max_examples=160, deadline=None, suppress_health_check=list(HealthCheck))
@given(**CASES)
def test_rule_and_sql_give_the_same_answer_on_sqlite(memory, facts, policy, viewer, settled, now, shown):
    prove_equal(memory, facts, policy, viewer, settled, now, shown)


@pytest.mark.postgresql
@settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))
@given(**CASES)
def test_rule_and_sql_give_the_same_answer_on_postgresql(postgres_kernel, facts, policy, viewer, settled, now, shown):
    prove_equal(postgres_kernel.engine, facts, policy, viewer, settled, now, shown)


@settings(max_examples=400, deadline=None)
@given(fact=records(), policy=policies(), viewer=viewers(), now=moments, shown=shown())
def test_what_is_withheld_leaves_no_trace_whatever_a_teen_shows(fact, policy, viewer, now, shown):
    if viewer is Viewer.CLINICIAN or not policy.withholds(fact.kind):
        return
    decision = decide(fact, policy, viewer, now, shown)
    assert decision.outcome is Outcome.WITHHELD
    assert (decision.waits_for, decision.why, decision.latest) == ("", "", None)
    stands = settle(fact, policy, now)
    assert (stands.gate, stands.visible_from, stands.latest_at) == (Gate.WITHHELD, None, None)


@settings(max_examples=400, deadline=None)
@given(fact=records(), policy=policies(), now=moments, later=moments)
def test_what_is_settled_answers_for_every_later_moment(fact, policy, now, later):
    first, second = settle(fact, policy, now), settle(fact, policy, max(now, later))
    assert first.visible_from == second.visible_from
    assert fact.kind is not Kind.NOT_A_RESULT or first.visible_from == fact.arrived_at
