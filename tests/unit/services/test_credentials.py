"""One's own password and address, and the fresh proof before they change."""

from __future__ import annotations

import pytest

from rxportal.core.errors import InvalidInput, NotFresh, NotSignedIn, TooMany
from rxportal.core.identity import Anonymous
from rxportal.core.kernel import Kernel
from rxportal.models.accounts import Account, Session
from rxportal.models.credentials import AccountLink, Authenticator
from rxportal.models.mail import Letter
from rxportal.services.credentials import (
    MOST_NEW_EMAILS,
    ask_new_email,
    change_password,
    open_sign_in_change,
    view_sign_in_facts,
)
from rxportal.services.exports import export_chart
from rxportal.services.proof import MOST, admit_proof, prove_session, proved_lately, ways_to_prove
from tests.factories import World, lives

HASH = {"password_hash": "quick:new", "length": 20}


def test_changing_the_password_ends_the_other_sign_ins_and_tells_the_mailbox(kernel: Kernel, world: World) -> None:
    ann = world.account(email="ann@tests.example", password_hash="quick:old")
    here, there = world.sign_in(ann), world.sign_in(ann)
    assert kernel.perform(change_password, here, **HASH)
    assert lives(kernel, here)
    assert not lives(kernel, there)
    (account,) = world.rows(Account)
    assert (account.password_hash, account.password_long) == ("quick:new", True)
    (letter,) = world.rows(Letter)
    assert (letter.to, letter.subject) == ("ann@tests.example", "Your sign-in was changed")
    assert "The password was changed." in letter.text


@pytest.mark.parametrize(("length", "factor", "taken"), [(15, False, True), (14, False, False), (8, True, True)])
def test_a_short_password_needs_a_second_factor(
    kernel: Kernel, world: World, length: int, factor: bool, taken: bool
) -> None:
    ann = world.account()
    if factor:
        world.store(Authenticator(account_id=ann.id, secret="s", created_at=world.now, confirmed_at=world.now))
    here = world.sign_in(ann)
    assert kernel.perform(view_sign_in_facts, here).shortest == (8 if factor else 15)
    if not taken:
        with pytest.raises(InvalidInput):
            kernel.perform(change_password, here, password_hash="quick:new", length=length)
        return
    kernel.perform(change_password, here, password_hash="quick:new", length=length)
    assert world.rows(Account)[0].password_long is (length >= 15)


def test_an_authenticator_that_was_never_confirmed_is_no_factor(kernel: Kernel, world: World) -> None:
    ann = world.account()
    world.store(Authenticator(account_id=ann.id, secret="s", created_at=world.now))
    assert kernel.perform(view_sign_in_facts, world.sign_in(ann)).shortest == 15


@pytest.mark.parametrize("typed", ["", "nobody", "a@b", "x y@mail.example", "ann@tests.example", " ANN@Tests.Example "])
def test_what_is_no_other_address_is_refused_at_its_field(kernel: Kernel, world: World, typed: str) -> None:
    here = world.sign_in(world.account(email="ann@tests.example"))
    with pytest.raises(InvalidInput) as refused:
        kernel.perform(ask_new_email, here, email=typed)
    assert refused.value.field == "email"
    assert world.rows(Letter) == []


def test_whether_an_address_is_taken_is_told_to_its_mailbox_alone(kernel: Kernel, world: World) -> None:
    here = world.sign_in(world.account())
    world.account(email="taken@tests.example")
    answers = [kernel.perform(ask_new_email, here, email=one) for one in ("taken@tests.example", "free@tests.example")]
    assert answers == [True, True]
    assert {one.to: one.subject for one in world.rows(Letter)} == {
        "taken@tests.example": "This address has an account already",
        "free@tests.example": "Confirm your new e-mail address",
    }
    assert [one.email for one in world.rows(AccountLink)] == ["free@tests.example"]


def test_only_the_newest_wish_for_an_address_waits(kernel: Kernel, world: World) -> None:
    here = world.sign_in(world.account())
    for n in range(3):
        kernel.perform(ask_new_email, here, email=f"n{n}@tests.example")
    assert kernel.perform(view_sign_in_facts, here).waiting == "n2@tests.example"
    assert sum(one.used_at is None for one in world.rows(AccountLink)) == 1


def test_new_addresses_are_asked_for_five_times_a_day(kernel: Kernel, world: World) -> None:
    here = world.sign_in(world.account())
    for n in range(MOST_NEW_EMAILS):
        kernel.perform(ask_new_email, here, email=f"n{n}@tests.example")
    with pytest.raises(TooMany):
        kernel.perform(ask_new_email, here, email="more@tests.example")


# --- the fresh proof


@pytest.mark.parametrize(
    ("case", "inputs"), [(change_password, HASH), (ask_new_email, {"email": "n@x.example"}), (open_sign_in_change, {})]
)
def test_an_old_sign_in_is_asked_for_a_proof_first(kernel: Kernel, world: World, case: object, inputs: dict) -> None:  # type: ignore[type-arg]
    here = world.sign_in(world.account(password_hash="quick:old"))
    kernel.clock.advance(minutes=5, seconds=1)
    with pytest.raises(NotFresh):
        kernel.perform(case, here, **inputs)
    assert world.rows(Letter) == []
    kernel.perform(prove_session, here, way="password", attempt_ids=[])
    assert kernel.perform(proved_lately, here)
    assert kernel.perform(case, here, **inputs)


def test_taking_the_whole_record_out_asks_for_a_proof_too(kernel: Kernel, world: World) -> None:
    account, _chart = world.owner()
    here = world.sign_in(account)
    assert "Bundle" in kernel.perform(export_chart, here)
    kernel.clock.advance(minutes=6)
    with pytest.raises(NotFresh):
        kernel.perform(export_chart, here)


def test_a_proof_is_this_sessions_alone(kernel: Kernel, world: World) -> None:
    ann = world.account()
    here, there = world.sign_in(ann, fresh=False), world.sign_in(ann, fresh=False)
    kernel.perform(prove_session, here, way="password", attempt_ids=[])
    assert kernel.perform(proved_lately, here)
    assert not kernel.perform(proved_lately, there)
    assert sum(one.fresh_at is not None for one in world.rows(Session)) == 1


def test_proofs_are_counted_and_right_ones_are_free(kernel: Kernel, world: World) -> None:
    here = world.sign_in(world.account(password_hash="quick:old"))
    for _ in range(MOST + 3):
        given = kernel.perform(admit_proof, here)
        assert given.password_hash == "quick:old"
        kernel.perform(prove_session, here, way="password", attempt_ids=[str(one) for one in given.attempt_ids])
    for _ in range(MOST):
        kernel.perform(admit_proof, here)
    with pytest.raises(TooMany):
        kernel.perform(admit_proof, here)


def test_the_dialog_offers_what_the_account_has(kernel: Kernel, world: World) -> None:
    ann = world.account()
    here = world.sign_in(ann)
    ways = kernel.perform(ways_to_prove, here)
    assert (ways.password, ways.passkey, ways.code) == (False, False, False)
    ann.password_hash = "quick:x"
    world.store(ann)
    assert kernel.perform(ways_to_prove, here).password


def test_nobody_proves_anything_for_nobody(kernel: Kernel) -> None:
    for case in (admit_proof, ways_to_prove, view_sign_in_facts):
        with pytest.raises(NotSignedIn):
            kernel.perform(case, Anonymous())
