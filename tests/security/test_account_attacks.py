"""Attacks on accounts and charts by people who know a lot: parents, members of staff, whom a court keeps out (issue 4).

Each of these went through once (findings of 2026-11-23), or nearly did.
"""

from __future__ import annotations

from typing import Any

import pytest

from rxportal.core.errors import Conflict
from rxportal.core.kernel import Kernel
from rxportal.models.accounts import Basis, Level, Role
from rxportal.models.credentials import Identity
from rxportal.models.people import Claim, ClaimState, FileCode
from rxportal.services.claims_codes import AT_DESK, send_file_code, try_code
from rxportal.services.court_orders import kept_out, lift_order, record_order
from rxportal.services.desk_claims import approve_claim, see_claim
from rxportal.services.visit_codes import NoAddress, issue_code, see_proof, send_code
from tests.factories import World
from tests.unit.services.proving import (
    ann,
    asker,
    asks,
    asks_for_child,
    front_desk,
    grants_of,
    kit,
    letters,
)

SEEN: dict[str, Any] = {"papers": "California driver’s license"}


@pytest.fixture
def world(kernel: Kernel) -> World:
    made = World(kernel)
    made.practice()
    return made


class TestMailboxOnFile:
    """A code to the address on file proves nobody where somebody else reads that mailbox too."""

    def teen(self, world: World, email: str) -> Any:
        row = world.child(15, name="Tea Quagga")
        row.email, row.postal_code = email, "94000"
        return world.store(row)

    def test_a_parent_does_not_become_their_teen_by_the_code_that_came_to_them(
        self, kernel: Kernel, world: World
    ) -> None:
        teen = self.teen(world, "mum+family@mail.example")
        mother = world.account("Mum Quagga", email="mum@mail.example")
        world.grant(mother, teen, Level.FULL, basis=Basis.PARENT)
        second, who = asker(world, "Tea Quagga", email="tea.not@mail.example")
        claim = asks(kernel, who, name="Tea Quagga", birth_date=teen.birth_date)
        kernel.perform(send_file_code, who, claim_id=claim)
        assert letters(world, teen.email) == []
        assert [one.patient_id for one in world.rows(FileCode)] == [None], "and the page says the same as ever"
        assert grants_of(world, second) == []
        with pytest.raises(NoAddress):
            kernel.perform(send_code, front_desk(world), patient_id=teen.id)
        assert kernel.perform(issue_code, front_desk(world), patient_id=teen.id).code

    @pytest.mark.parametrize(
        ("file", "sent"), [("ANN@mail.example", 0), ("ann+1@mail.example", 0), ("an@mail.example", 1)]
    )
    def test_one_mailbox_for_two_patients_is_neithers_proof(
        self, kernel: Kernel, world: World, file: str, sent: int
    ) -> None:
        ann(world)
        ann(world, name="Bob Quagga", email=file)
        _account, who = asker(world)
        kernel.perform(send_file_code, who, claim_id=asks(kernel, who))
        assert len(letters(world, "ann@mail.example")) == sent


class TestDeskAgainstItself:
    """Nobody at a desk decides on, vouches for, or frees themselves."""

    def test_one_s_own_request_is_somebody_elses_to_decide(self, kernel: Kernel, world: World) -> None:
        fran = world.staff(Role.FRONT_DESK)
        who, child, own = world.sign_in(fran), kit(world), ann(world)
        for claim, patient in ((asks_for_child(kernel, who), child), (asks(kernel, who), own)):
            case = kernel.perform(see_claim, who, claim_id=claim)
            assert "your own request" in repr(case.candidates)
            with pytest.raises(Conflict):
                kernel.perform(approve_claim, who, claim_id=claim, patient_id=patient.id, **SEEN)
        assert grants_of(world, fran) == []
        claim = world.rows(Claim)[0].id
        kernel.perform(approve_claim, front_desk(world), claim_id=claim, patient_id=child.id, **SEEN)
        assert len(grants_of(world, fran)) == 1

    def test_whoever_prints_a_code_does_not_use_it(self, kernel: Kernel, world: World) -> None:
        patient, fran = ann(world), world.staff(Role.FRONT_DESK)
        who = world.sign_in(fran)
        code = kernel.perform(issue_code, who, patient_id=patient.id).code
        assert kernel.perform(try_code, who, claim_id=asks(kernel, who), code=code).sentence == AT_DESK
        assert grants_of(world, fran) == []
        assert world.rows(Claim)[0].state == ClaimState.OPEN

    def test_whom_an_order_names_does_not_lift_it(self, kernel: Kernel, world: World) -> None:
        child, father = kit(world), world.staff(Role.FRONT_DESK)
        named: dict[str, Any] = {"patient_id": child.id, "name": "Fa Quagga", "email": father.email, "reason": "22-1"}
        kernel.perform(record_order, front_desk(world), **named)
        order = kernel.perform(see_proof, front_desk(world), patient_id=child.id).orders[0].id
        with pytest.raises(Conflict):
            kernel.perform(lift_order, world.sign_in(father), order_id=order)
        kernel.perform(lift_order, front_desk(world), order_id=order)


class TestCourtOrder:
    """An order is not got round by another spelling of the same mailbox, or by an outside account."""

    @pytest.mark.parametrize("email", ["fa@mail.example", "fa+2@mail.example", "FA+x+y@Mail.example"])
    def test_the_same_mailbox_is_the_same_person(self, kernel: Kernel, world: World, email: str) -> None:
        child = kit(world)
        named: dict[str, Any] = {
            "patient_id": child.id,
            "name": "Fa Quagga",
            "email": "fa+old@mail.example",
            "reason": "22-1",
        }
        kernel.perform(record_order, front_desk(world), **named)
        with world.database() as session:
            assert kept_out(session, child.id, world.now, name="Someone Else", email=email)
            assert not kept_out(session, child.id, world.now, name="Someone Else", email="f@mail.example")

    @pytest.mark.parametrize("said", [{"email": "fa@mail.example"}, {"name": "QUAGGA, Fa"}])
    def test_an_outside_identity_tells_who_it_is(self, kernel: Kernel, world: World, said: dict[str, Any]) -> None:
        child = kit(world)
        named: dict[str, Any] = {
            "patient_id": child.id,
            "name": "Fa Quagga",
            "email": "fa@mail.example",
            "reason": "22-1",
        }
        kernel.perform(record_order, front_desk(world), **named)
        account, who = asker(world, "F. Somebody", email="new@mail.example")
        world.store(
            Identity(account_id=account.id, provider="google", issuer="https://g", subject="s", linked_at=world.now, **said)
        )  # fmt: skip
        with pytest.raises(Conflict):
            kernel.perform(
                approve_claim, front_desk(world), claim_id=asks_for_child(kernel, who), patient_id=child.id, **SEEN
            )
