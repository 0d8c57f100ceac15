"""Everything lost: the desk finds the account, looks who it is, and takes passkeys and codes off."""

from __future__ import annotations

from typing import Any
from uuid import uuid4

import pytest

from rxportal.core.errors import Conflict, InvalidInput, NotAllowed, NotFound, NotFresh
from rxportal.core.identity import SessionToken
from rxportal.core.kernel import Kernel
from rxportal.models.accounts import Account, Level, Role, Staff
from rxportal.models.audit import AuditEntry
from rxportal.models.credentials import Authenticator, Passkey, RecoveryCode
from rxportal.models.mail import Letter
from rxportal.services.access_log import access_log
from rxportal.services.desk_sign_ins import Seen, find_sign_ins, free_sign_in, see_sign_in
from tests.factories import World, lives

BASIS = Seen.PHOTO_ID.value


class Lost:
    """A patient with a passkey, an app and two recovery codes, and the front desk."""

    def __init__(self, world: World) -> None:
        self.world, self.kernel = world, world.kernel
        self.account, self.patient = world.owner()
        self.me = world.sign_in(self.account)
        self.protect(self.account)
        self.fran = world.sign_in(world.staff(Role.FRONT_DESK))
        self.adam = world.sign_in(world.staff(Role.ADMINISTRATOR))

    def protect(self, account: Account) -> None:
        """Give an account every second factor."""
        key, now = account.id, self.world.now
        self.world.store(
            Passkey(account_id=key, credential_id=str(uuid4()), public_key="A", name="Key", created_at=now)
        )
        self.world.store(Authenticator(account_id=key, secret="s", created_at=now, confirmed_at=now))
        for number in range(2):
            self.world.store(RecoveryCode(account_id=key, code_hash=f"{key}{number}", created_at=now))

    def free(self, account: Account, by: SessionToken | None = None, basis: Any = BASIS) -> Any:
        """What the desk's button does."""
        return self.kernel.perform(free_sign_in, by or self.fran, account_id=str(account.id), basis=basis)

    def left(self, account: Account) -> int:
        """How many factors an account has."""
        found = [one for model in (Passkey, Authenticator, RecoveryCode) for one in self.world.rows(model)]
        return sum(one.account_id == account.id for one in found)


@pytest.fixture
def lost(world: World) -> Lost:
    return Lost(world)


def test_everything_goes_every_sign_in_ends_and_a_letter_tells(kernel: Kernel, lost: Lost) -> None:
    before = kernel.perform(see_sign_in, lost.fran, account_id=str(lost.account.id))
    assert before.steps == "1 passkey, authenticator app, 2 recovery codes"
    assert lost.patient.mrn in before.tie
    after = lost.free(lost.account)
    assert (after.steps, lost.left(lost.account)) == ("No second step", 0)
    assert not lives(kernel, lost.me)
    (letter,) = lost.world.rows(Letter)
    assert letter.to == lost.account.email
    assert "front desk" in letter.text


def test_the_line_says_who_did_it_and_on_which_basis_and_its_owner_reads_it(kernel: Kernel, lost: Lost) -> None:
    lost.free(lost.account)
    (line,) = [one for one in lost.world.rows(AuditEntry) if one.use_case == "free_sign_in"]
    assert BASIS in line.detail
    assert line.patient_id == lost.patient.id
    page = kernel.perform(access_log, lost.world.sign_in(lost.account))
    said = [row.sentence for day in page.days for row in day.rows]
    assert any("took passkeys and codes off the owner’s sign-in" in one for one in said)


def test_a_password_too_short_to_stand_alone_opens_nothing_any_more(lost: Lost) -> None:
    lost.account.password_hash, lost.account.password_long = "hash", False
    lost.world.store(lost.account)
    lost.free(lost.account)
    (account,) = [one for one in lost.world.rows(Account) if one.id == lost.account.id]
    assert account.password_hash == ""
    assert "Forgot your password?" in lost.world.rows(Letter)[0].text


def test_it_asks_for_a_fresh_proof_of_the_member_of_staff(lost: Lost) -> None:
    stale = lost.world.sign_in(lost.world.staff(Role.FRONT_DESK), fresh=False)
    with pytest.raises(NotFresh):
        lost.free(lost.account, stale)
    assert lost.left(lost.account) == 4


@pytest.mark.parametrize("basis", ["", "they said so", None, 1])
def test_without_a_basis_nothing_is_taken_off(lost: Lost, basis: Any) -> None:
    with pytest.raises(InvalidInput) as refused:
        lost.free(lost.account, basis=basis)
    assert refused.value.field == "basis"
    assert lost.left(lost.account) == 4


def test_staff_get_it_from_an_administrator_and_nobody_from_themselves(lost: Lost) -> None:
    colleague, boss = lost.world.staff(), lost.world.staff(Role.ADMINISTRATOR)
    for one in (colleague, boss):
        lost.protect(one)
    with pytest.raises(Conflict, match="works here"):
        lost.free(colleague)
    with pytest.raises(Conflict, match="your own account"):
        lost.free(boss, lost.world.sign_in(boss))
    assert [lost.left(one) for one in (colleague, boss)] == [4, 4]
    assert lost.free(colleague, lost.adam).why_not != ""
    lost.free(boss, lost.adam)
    assert [lost.left(one) for one in (colleague, boss)] == [0, 0]


def test_staff_of_two_practices_are_left_to_the_operator(lost: Lost) -> None:
    both = lost.world.staff()
    elsewhere = lost.world.practice("Elsewhere Clinic")
    lost.world.store(Staff(account_id=both.id, practice_id=elsewhere.id, role=Role.CLINICIAN, since=lost.world.now))
    lost.protect(both)
    with pytest.raises(Conflict, match="another practice"):
        lost.free(both, lost.adam)


def test_what_has_no_second_step_is_told_so(lost: Lost) -> None:
    lost.free(lost.account)
    with pytest.raises(Conflict, match="nothing to take off"):
        lost.free(lost.account)


def test_found_by_address_and_by_patient_with_those_who_open_the_chart(kernel: Kernel, lost: Lost) -> None:
    proxy, _grant = lost.world.proxy(lost.patient, Level.READ_ONLY)
    by_address = kernel.perform(find_sign_ins, lost.fran, words=f" {lost.account.email.upper()} ")
    assert [one.id for one in by_address.rows] == [str(lost.account.id)]
    by_patient = kernel.perform(find_sign_ins, lost.fran, words=lost.patient.mrn)
    assert {one.id for one in by_patient.rows} == {str(lost.account.id), str(proxy.id)}
    assert kernel.perform(find_sign_ins, lost.fran, words="").rows == []
    nobody = kernel.perform(find_sign_ins, lost.fran, words="nobody@tests.example")
    assert (nobody.rows, nobody.sentence) == ([], "No account of this practice fits.")
    with pytest.raises(InvalidInput):
        kernel.perform(find_sign_ins, lost.fran, words="x")


def test_too_many_are_said_and_the_line_counts_what_was_shown(kernel: Kernel, lost: Lost) -> None:
    for _each in range(21):
        lost.world.owner(lost.world.patient("Bea Okapi"))
    found = kernel.perform(find_sign_ins, lost.fran, words="okapi")
    assert (len(found.rows), found.sentence) == (20, "The first 20. Write more of the name.")
    assert lost.world.rows(AuditEntry)[-1].detail == '{"found": 20}'


def test_another_practices_accounts_and_those_of_nobody_do_not_exist_here(kernel: Kernel, lost: Lost) -> None:
    far, _patient = lost.world.owner(lost.world.patient(practice=lost.world.practice("Far Clinic")))
    tied_to_nothing = lost.world.account()
    for account in (far, tied_to_nothing):
        lost.protect(account)
        assert kernel.perform(find_sign_ins, lost.fran, words=account.email).rows == []
        with pytest.raises(NotFound):
            kernel.perform(see_sign_in, lost.fran, account_id=str(account.id))
        with pytest.raises(NotFound):
            lost.free(account, lost.adam)
        assert lost.left(account) == 4


@pytest.mark.parametrize("role", [Role.CLINICIAN, Role.BILLING])
def test_only_front_desk_and_administration_may(lost: Lost, role: Role) -> None:
    with pytest.raises(NotAllowed):
        lost.free(lost.account, lost.world.sign_in(lost.world.staff(role)))


def test_colleagues_pages_are_told(kernel: Kernel, lost: Lost, monkeypatch: pytest.MonkeyPatch) -> None:
    told: list[Any] = []
    monkeypatch.setattr(kernel.bus, "publish", told.extend)
    lost.free(lost.account)
    assert {("desk", "desk_sign_ins"), ("account", "factors")} <= {(one.scope, one.topic) for one in told}
