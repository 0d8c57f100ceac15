"""Attacks on accounts and charts by people who know a lot: parents, members of staff, whom a court keeps out (issue 4).

Each of these went through once (findings of 2026-11-23), or nearly did.
"""

from __future__ import annotations

from datetime import timedelta
from types import SimpleNamespace
from typing import Any

import pytest
from starlette.requests import Request

from rxportal.api.entry import device_value
from rxportal.api.public_form import subjects_of
from rxportal.core.cookies import DEVICE
from rxportal.core.errors import Conflict, NotFound, TooMany
from rxportal.core.identity import Anonymous, token_hash
from rxportal.core.kernel import Kernel
from rxportal.models.accounts import Basis, Level, Role
from rxportal.models.audit import AuditEntry
from rxportal.models.credentials import AccountLink, HalfSignIn, Identity, LinkUse
from rxportal.models.mail import Letter
from rxportal.models.people import Claim, ClaimState, FileCode
from rxportal.services.answering import accept_invitation
from rxportal.services.claims_codes import AT_DESK, send_file_code, try_code
from rxportal.services.court_orders import kept_out, lift_order, record_order
from rxportal.services.credentials import MOST_TO_ONE as MOST_NEW_TO_ONE
from rxportal.services.credentials import ask_new_email, change_password
from rxportal.services.desk_claims import approve_claim, see_claim
from rxportal.services.factors_second import second_ways
from rxportal.services.invitations import MOST_LETTERS, MOST_TO_MAILBOX, MOST_TO_ONE, withdraw_invitation
from rxportal.services.proof import admit_proof
from rxportal.services.recovery import look_at_reset
from rxportal.services.visit_codes import NoAddress, issue_code, see_proof, send_code
from tests.factories import World
from tests.fakes import StoppedClock
from tests.unit.services.inviting import SEAL, inviting
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


def keep_fa_out(kernel: Kernel, world: World, child: Any, email: str) -> None:
    """The desk records that a court keeps Fa Quagga, with this address, from the child's chart."""
    named = {"patient_id": child.id, "name": "Fa Quagga", "email": email, "reason": "22-1"}
    kernel.perform(record_order, front_desk(world), **named)


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
        keep_fa_out(kernel, world, child, father.email)
        order = kernel.perform(see_proof, front_desk(world), patient_id=child.id).orders[0].id
        with pytest.raises(Conflict):
            kernel.perform(lift_order, world.sign_in(father), order_id=order)
        kernel.perform(lift_order, front_desk(world), order_id=order)


class TestCourtOrder:
    """An order is not got round by another spelling of the same mailbox, or by an outside account."""

    @pytest.mark.parametrize("email", ["fa@mail.example", "fa+2@mail.example", "FA+x+y@Mail.example"])
    def test_the_same_mailbox_is_the_same_person(self, kernel: Kernel, world: World, email: str) -> None:
        child = kit(world)
        keep_fa_out(kernel, world, child, "fa+old@mail.example")
        with world.database() as session:
            assert kept_out(session, child.id, world.now, name="Someone Else", email=email)
            assert not kept_out(session, child.id, world.now, name="Someone Else", email="f@mail.example")

    @pytest.mark.parametrize("said", [{"email": "fa@mail.example"}, {"name": "QUAGGA, Fa"}])
    def test_an_outside_identity_tells_who_it_is(self, kernel: Kernel, world: World, said: dict[str, Any]) -> None:
        child = kit(world)
        keep_fa_out(kernel, world, child, "fa@mail.example")
        account, who = asker(world, "F. Somebody", email="new@mail.example")
        world.store(
            Identity(account_id=account.id, provider="google", issuer="https://g", subject="s", linked_at=world.now, **said)
        )  # fmt: skip
        with pytest.raises(Conflict):
            kernel.perform(
                approve_claim, front_desk(world), claim_id=asks_for_child(kernel, who), patient_id=child.id, **SEEN
            )


class TestFlood:
    """Nobody's mailbox is filled through us by somebody who is signed in, however they spell the address."""

    def test_an_invitation_is_not_sent_again_and_again(self, kernel: Kernel, world: World, clock: StoppedClock) -> None:
        owner = inviting(kernel, world)
        draft = owner.prepare("victim@mail.example")
        for _each in range(MOST_TO_ONE):
            owner.send(draft.id)
        with pytest.raises(TooMany):
            owner.send(draft.id)
        assert len(letters(world, "victim@mail.example")) == MOST_TO_ONE
        clock.advance(days=1, seconds=1)
        owner.session = world.sign_in(owner.account)
        owner.send(draft.id)

    def test_nor_by_withdrawing_and_inviting_anew_nor_by_many_owners(self, kernel: Kernel, world: World) -> None:
        sent = 0
        for _each in range(MOST_TO_MAILBOX):
            owner = inviting(kernel, world)
            for number in range(2):
                draft = owner.prepare(f"victim+{sent}{number}@mail.example")
                if sent >= MOST_TO_MAILBOX:
                    with pytest.raises(TooMany):
                        owner.send(draft.id)
                    return
                owner.send(draft.id)
                kernel.perform(withdraw_invitation, owner.session, invitation_id=draft.id)
                sent += 1
        pytest.fail("no end to the letters")

    def test_one_chart_sends_so_many_a_day(self, kernel: Kernel, world: World) -> None:
        owner = inviting(kernel, world)
        for number in range(MOST_LETTERS):
            draft = owner.prepare(f"v{number}@mail.example")
            owner.send(draft.id)
            kernel.perform(withdraw_invitation, owner.session, invitation_id=draft.id)
        with pytest.raises(TooMany):
            owner.send(owner.prepare("last@mail.example").id)

    def test_many_accounts_do_not_flood_a_mailbox_with_new_addresses(self, kernel: Kernel, world: World) -> None:
        for number in range(MOST_NEW_TO_ONE):
            kernel.perform(ask_new_email, world.sign_in(world.account()), email=f"victim+{number}@mail.example")
        with pytest.raises(TooMany):
            kernel.perform(ask_new_email, world.sign_in(world.account()), email="victim@mail.example")
        assert len([one for one in world.rows(Letter) if one.to.startswith("victim")]) == MOST_NEW_TO_ONE


@pytest.mark.parametrize(
    ("typed", "same"), [("ann+1@mail.example", True), ("ann+a+b@mail.example", True), ("an@mail.example", False)]
)
def test_another_spelling_of_a_mailbox_buys_no_more_letters(typed: str, same: bool) -> None:
    runtime: Any = SimpleNamespace(settings=SimpleNamespace(secret_key="k" * 32, trusted_proxy_hops=0))
    request = Request({"type": "http", "headers": [], "client": ("127.0.0.1", 1)})
    one, other = (subjects_of(runtime, request, "reset", email) for email in ("ann@mail.example", typed))
    assert (one["mailbox"] == other["mailbox"]) is same


def test_strangers_do_not_use_up_the_letters_of_a_browser_that_is_known() -> None:
    runtime: Any = SimpleNamespace(settings=SimpleNamespace(secret_key="k" * 32, trusted_proxy_hops=0))

    def asked(cookie: str) -> str:
        headers = [(b"cookie", cookie.encode())]
        request = Request({"type": "http", "headers": headers, "client": ("127.0.0.1", 1)})
        return subjects_of(runtime, request, "reset", "ann@mail.example")["mailbox"]

    known = f"{DEVICE}={device_value(b'k' * 32, 'ann@mail.example')}"
    others = f"{DEVICE}={device_value(b'k' * 32, 'eve@mail.example')}"
    assert asked(known) == asked(known) != asked("")
    assert asked(others) == asked(f"{DEVICE}=made.up") == asked(""), "a mark of another account buys nothing"


def test_a_new_password_ends_what_was_begun_with_the_old_one(kernel: Kernel, world: World) -> None:
    ann = world.account(password_hash="quick:old")
    later = world.now + timedelta(minutes=30)
    facts: dict[str, Any] = {"account_id": ann.id, "created_at": world.now, "expires_at": later}
    world.store(AccountLink(use=LinkUse.RESET, email=ann.email, token_hash=token_hash("reset"), **facts))
    world.store(HalfSignIn(token_hash=token_hash("half"), way="password", **facts))
    kernel.perform(change_password, world.sign_in(ann), password_hash="quick:new", length=20)
    with pytest.raises(NotFound):
        kernel.perform(look_at_reset, Anonymous(), token="reset")
    assert kernel.perform(second_ways, Anonymous(), token="half").over


def test_the_next_owner_of_a_chart_sends_what_the_one_before_prepared_as_their_own(
    kernel: Kernel, world: World
) -> None:
    before = inviting(kernel, world)
    draft = before.prepare("ben@tests.example")
    for grant in grants_of(world, before.account):
        grant.revoked_at = world.now
        world.store(grant)
    after = inviting(kernel, world, before.patient)
    token = after.send(draft.id)
    ben = world.account("Ben", email="ben@tests.example")
    assert kernel.perform(accept_invitation, world.sign_in(ben), token=token, seal=SEAL).stand == "accepted"


def test_nothing_that_turns_the_line_stands_at_the_desk(kernel: Kernel, world: World) -> None:
    _account, who = asker(world)
    turned = "\u202egnorW \u2066nnA\u2069"
    asks_for_child(kernel, who, name=turned, relationship=turned, proof=turned)
    (claim,) = world.rows(Claim)
    assert "\u202e" not in claim.name + claim.relationship + claim.proof
    assert "\u2066" not in claim.name + claim.relationship + claim.proof


def test_guessing_a_password_in_the_dialog_leaves_a_line_for_each_try(kernel: Kernel, world: World) -> None:
    thief = world.sign_in(world.account(password_hash="quick:x"), fresh=False)
    for _each in range(3):
        kernel.perform(admit_proof, thief)
    assert [one.use_case for one in world.rows(AuditEntry)].count("admit_proof") == 3
