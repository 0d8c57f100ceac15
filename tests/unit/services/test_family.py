"""The home page of an account: one's own needs, and a line for everybody else, each with that person's rights."""

from __future__ import annotations

import json
from dataclasses import asdict
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import event

from rxportal.core.errors import NotSignedIn
from rxportal.core.identity import Anonymous
from rxportal.core.kernel import Kernel
from rxportal.models.accounts import Basis, Level, Patient
from rxportal.models.audit import AuditEntry
from rxportal.models.records import Kind, Section, Sensitivity
from rxportal.services.family import family_home
from rxportal.services.home import home
from tests.factories import World


@pytest.fixture
def kernel(sqlite_kernel: Kernel) -> Kernel:
    return sqlite_kernel


def appointment(world: World, patient: Patient, title: str, days: int, status: str = "booked", **more: Any) -> None:
    at = world.now + timedelta(days=days)
    body = {
        "resourceType": "Appointment", "id": title, "status": status, "start": at.isoformat(),
        "serviceType": [{"text": title}],
    }  # fmt: skip
    facts = {"kind": Kind.NOT_A_RESULT, "own_kind": Kind.NOT_A_RESULT}
    world.record(
        patient, resource_type="Appointment", section=Section.APPOINTMENTS, title=title, body=json.dumps(body),
        status=status, occurred=at.isoformat(), occurred_at=at, **facts, **more,
    )  # fmt: skip


def test_own_needs_and_a_line_for_each_person(kernel: Kernel, world: World) -> None:
    account, me = world.owner()
    world.released(me, "Lipid panel")
    mother, child = world.child(71), world.child(7)
    world.grant(account, mother, level=Level.READ_ONLY)
    world.grant(account, child, level=Level.FULL, basis=Basis.PARENT)
    world.result(mother, "Chest X-ray", kind=Kind.RADIOLOGY)
    world.released(child, "Throat culture")
    appointment(world, child, "Flu shot", 6)
    view = kernel.perform(family_home, world.sign_in(account))
    assert view.own is not None
    assert [need.title for need in view.own.needs] == ["New result: Lipid panel"]
    cards = {one.name: one for one in view.people}
    grace, theo = cards[f"{mother.name}, 71"], cards[f"{child.name}, 7"]
    assert (grace.level, grace.tag, grace.tone, grace.sentence) == (
        "Read only", "1 on the way", "wait", "No visit is booked",
    )  # fmt: skip
    assert (theo.level, theo.tag, theo.tone) == ("Parent", "1 new result", "look")
    assert theo.sentence.startswith("Flu shot, Sunday 29 Nov 2026")
    assert len({one.href for one in view.people}) == 2


def test_whoever_has_no_chart_of_their_own_has_lines_alone(kernel: Kernel, world: World) -> None:
    account, _grant = world.proxy(world.patient())
    view = kernel.perform(family_home, world.sign_in(account))
    assert (view.own, len(view.people)) == (None, 1)
    stranger = kernel.perform(family_home, world.sign_in(world.account()))
    assert (stranger.own, stranger.people) == (None, [])
    with pytest.raises(NotSignedIn):
        kernel.perform(family_home, Anonymous())


def test_ended_revoked_and_offered_grants_leave_no_line(kernel: Kernel, world: World) -> None:
    account, _me = world.owner()
    ago = world.now - timedelta(days=1)
    world.grant(account, world.patient(), Level.FULL, until=ago)
    world.grant(account, world.patient(), Level.FULL, revoked_at=ago)
    world.grant(account, world.patient(), Level.FULL, accepted=False)
    world.grant(account, world.patient(), Level.FULL, since=world.now + timedelta(days=1))
    assert kernel.perform(family_home, world.sign_in(account)).people == []


@pytest.mark.parametrize("level", [Level.FULL, Level.READ_ONLY])
def test_what_is_confidential_counts_for_nobody_else(kernel: Kernel, world: World, level: Level) -> None:
    patient = world.patient()
    account, grant = world.proxy(patient, level)
    secret = {"sensitivity": Sensitivity.MENTAL_HEALTH, "own_sensitivity": Sensitivity.MENTAL_HEALTH}
    before = kernel.perform(family_home, world.sign_in(account))
    world.released(patient, "Private panel", **secret)
    world.result(patient, "Private waiting panel", **secret)
    appointment(world, patient, "Psychology visit", 2, **secret)
    assert kernel.perform(family_home, world.sign_in(account)) == before
    told = json.dumps(asdict(kernel.perform(home, world.sign_in(account), grant.id)))
    assert "Psychology" not in told
    assert "Private" not in told


def test_each_chart_that_was_looked_into_has_its_audit_line(kernel: Kernel, world: World) -> None:
    account, me = world.owner()
    other = world.patient()
    world.grant(account, other, level=Level.FULL)
    session = world.sign_in(account)
    kernel.perform(family_home, session)
    kernel.perform(family_home, session, live=True)
    lines = [line for line in world.rows(AuditEntry) if line.use_case == "family_home"]
    assert sorted(str(line.patient_id) for line in lines) == sorted([str(me.id), str(other.id)])


def test_the_number_of_statements_does_not_grow_with_the_records(kernel: Kernel, world: World) -> None:
    counts = []
    for many in (1, 12):
        account, _grant = world.proxy(world.patient())
        patient = world.patient()
        world.grant(account, patient, level=Level.FULL)
        for number in range(many):
            world.released(patient, f"Panel {number}")
            world.result(patient, f"Waiting {number}")
            appointment(world, patient, f"Visit {number}", number + 1)
        session = world.sign_in(account)
        sent: list[str] = []

        def keep(*parts: Any, sent: list[str] = sent) -> None:
            sent.append(parts[2])

        event.listen(kernel.engine, "before_cursor_execute", keep)
        kernel.perform(family_home, session, live=True)
        event.remove(kernel.engine, "before_cursor_execute", keep)
        counts.append(len(sent))
    assert counts[0] == counts[1]


class TestOneChart:
    """`home`."""

    def test_the_next_visits_stand_there_and_cancelled_ones_do_not(self, kernel: Kernel, world: World) -> None:
        account, patient = world.owner()
        appointment(world, patient, "Check-up", 3)
        appointment(world, patient, "Blood draw", 1, status="cancelled")
        appointment(world, patient, "Long ago", -3, status="fulfilled")
        coming = kernel.perform(home, world.sign_in(account)).coming
        assert [(one.title, one.tag) for one in coming] == [("Check-up", "In 3 days")]

    @pytest.mark.parametrize(
        ("level", "basis", "years", "told"),
        [
            (Level.READ_ONLY, Basis.INVITED, 70, "change nothing"),
            (Level.FULL, Basis.INVITED, 70, "especially private"),
            (Level.FULL, Basis.PARENT, 15, "From 12 to 17"),
            (Level.FULL, Basis.PARENT, 7, "especially private"),
            (Level.READ_ONLY, Basis.PARENT, 7, "change nothing"),
        ],
    )  # fmt: skip
    def test_what_may_not_be_done_or_seen_says_why(
        self, kernel: Kernel, world: World, level: Level, basis: Basis, years: int, told: str
    ) -> None:
        account, patient = world.account(), world.child(years)
        grant = world.grant(account, patient, level=level, basis=basis)
        assert told in kernel.perform(home, world.sign_in(account), grant.id).limits

    def test_ones_own_chart_has_no_limits(self, kernel: Kernel, world: World) -> None:
        account, _patient = world.owner()
        assert kernel.perform(home, world.sign_in(account)).limits == ""
