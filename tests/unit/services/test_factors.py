"""Second factors: added, asked for at each sign-in, taken once, removed."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pyotp
import pytest

from rxportal.core.errors import Conflict, InvalidInput, NotAllowed, NotFound, NotFresh, NotSignedIn, TooMany
from rxportal.core.identity import Anonymous, Operator, SessionToken, token_hash
from rxportal.core.kernel import Kernel
from rxportal.core.sealing import SealBroken, seal, sealing_key, unseal
from rxportal.models.accounts import Account, Role
from rxportal.models.credentials import Authenticator, Identity, Passkey, RecoveryCode
from rxportal.models.mail import Letter
from rxportal.services.desk_access import find_patients
from rxportal.services.factors import (
    begin_authenticator,
    confirm_authenticator,
    new_recovery_codes,
    remove_authenticator,
    remove_passkey,
    view_factors,
)
from rxportal.services.factors_lost import forget_factors
from rxportal.services.factors_passkeys import (
    ask_new_passkey,
    ask_passkey,
    keep_passkey,
    passkey_used,
    prove_by_passkey,
    rename_passkey,
    take_new_passkey,
    take_passkey,
)
from rxportal.services.factors_second import answer_second, begin_second, finish_half, prove_by_code, second_ways
from tests.factories import World

KEY = sealing_key("a secret of the tests that is long enough for anybody")
NOBODY = Anonymous()


def code_at(world: World, secret: str, steps: int = 0) -> str:
    """What the app shows now, or some steps later."""
    return pyotp.TOTP(secret).at(world.now + timedelta(seconds=30 * steps))


def with_app(world: World, account: Account) -> tuple[SessionToken, str]:
    """An account with an authenticator app; its session and secret. Its code of this step was used."""
    me = world.sign_in(account)
    secret = world.kernel.perform(begin_authenticator, me, key=KEY)
    assert world.kernel.perform(confirm_authenticator, me, key=KEY, code=code_at(world, secret))
    return me, secret


def with_passkey(world: World, me: SessionToken, name: str = "Chrome on Windows", number: str = "1") -> Passkey:
    """A passkey of that session's account."""
    world.kernel.perform(
        keep_passkey, me, credential_id=f"cred-{number}", public_key="AA", sign_count=1, transports="usb", name=name
    )
    found: Passkey = next(one for one in world.rows(Passkey) if one.credential_id == f"cred-{number}")
    return found


def half_of(world: World, account: Account, **more: Any) -> str:
    """The token of a sign-in whose first step is done."""
    begun = world.kernel.perform(
        begin_second, NOBODY, account_id=str(account.id), way="password", after="/results", attempt_ids=[], **more
    )
    return begun.token


def letters(world: World) -> list[str]:
    """What the letters say."""
    return [one.text for one in world.rows(Letter)]


def later(kernel: Kernel, **delta: float) -> None:
    """The clock moves on."""
    kernel.clock.advance(**delta)  # type: ignore[attr-defined]


def test_an_app_counts_only_after_its_first_code(world: World, kernel: Kernel) -> None:
    account = world.account()
    me = world.sign_in(account)
    secret = kernel.perform(begin_authenticator, me, key=KEY)
    assert half_of(world, account) == ""
    assert not kernel.perform(confirm_authenticator, me, key=KEY, code="000000")
    assert kernel.perform(confirm_authenticator, me, key=KEY, code=code_at(world, secret))
    assert half_of(world, account)
    view = kernel.perform(view_factors, me)
    assert (view.codes, view.on, view.recovery_left) == (True, True, 0)
    assert any("authenticator app was added" in text for text in letters(world))
    with pytest.raises(Conflict):
        kernel.perform(begin_authenticator, me, key=KEY)


def test_the_secret_lies_sealed_and_opens_for_nobody_else(world: World) -> None:
    account = world.account()
    _me, secret = with_app(world, account)
    (row,) = world.rows(Authenticator)
    assert secret not in row.secret
    assert unseal(KEY, row.secret, str(account.id)) == secret
    for key, whose in ((KEY, "another"), (sealing_key("another secret of the tests, long enough"), str(account.id))):
        with pytest.raises(SealBroken):
            unseal(key, row.secret, whose)
    with pytest.raises(SealBroken):
        unseal(KEY, "not sealed", "x")
    assert seal(KEY, "a", "b") != seal(KEY, "a", "b")


def test_adding_the_first_factor_ends_every_other_sign_in(world: World, kernel: Kernel) -> None:
    account = world.account()
    other = world.sign_in(account)
    me, _secret = with_app(world, account)
    assert kernel.perform(view_factors, me).on
    with pytest.raises(NotSignedIn):
        kernel.perform(view_factors, other)


def test_nothing_is_changed_without_a_fresh_proof(world: World, kernel: Kernel) -> None:
    me = world.sign_in(world.account(), fresh=False)
    for act, inputs in (
        (begin_authenticator, {"key": KEY}),
        (confirm_authenticator, {"key": KEY, "code": "000000"}),
        (remove_authenticator, {}),
        (new_recovery_codes, {}),
        (remove_passkey, {"passkey_id": "6f2d3a94-7d8f-4b8a-a7ae-111111111111"}),
        (ask_new_passkey, {"challenge": "x"}),
    ):
        with pytest.raises(NotFresh):
            kernel.perform(act, me, **inputs)


def test_one_code_opens_one_of_twenty_sign_ins_at_once(world: World, kernel: Kernel) -> None:
    account = world.account()
    _me, secret = with_app(world, account)
    later(kernel, seconds=60)
    tokens, code = [half_of(world, account) for _each in range(20)], code_at(world, secret)

    def answer(token: str) -> str:
        try:
            return kernel.perform(answer_second, NOBODY, token=token, code=code, key=KEY).outcome
        except TooMany:
            return "slow"

    with ThreadPoolExecutor(20) as threads:
        outcomes = list(threads.map(answer, tokens))
    assert outcomes.count("in") == 1, outcomes
    assert set(outcomes) <= {"in", "wrong", "slow"}


def test_a_recovery_code_opens_one_sign_in_and_a_letter_tells(world: World, kernel: Kernel) -> None:
    account = world.account()
    me, _secret = with_app(world, account)
    codes = kernel.perform(new_recovery_codes, me)
    assert len(set(codes)) == 10
    assert not {one.code_hash for one in world.rows(RecoveryCode)} & set(codes)
    assert any("Recovery codes were made." in text for text in letters(world))
    assert not any("old ones" in text for text in letters(world)), "there were none before"
    done = kernel.perform(answer_second, NOBODY, token=half_of(world, account), code=codes[3].upper(), key=KEY)
    assert (done.outcome, done.account_id, done.after) == ("in", account.id, "/results")
    again = kernel.perform(answer_second, NOBODY, token=half_of(world, account), code=codes[3], key=KEY)
    assert again.outcome == "wrong"
    assert any("9 are left" in text for text in letters(world))
    kernel.perform(new_recovery_codes, me)
    assert any("The old ones no longer work." in text for text in letters(world))
    old = kernel.perform(answer_second, NOBODY, token=half_of(world, account), code=codes[4], key=KEY)
    assert old.outcome == "wrong"


def test_another_accounts_recovery_code_opens_nothing(world: World, kernel: Kernel) -> None:
    mine, yours = world.account(), world.account()
    me, _secret = with_app(world, mine)
    with_app(world, yours)
    codes = kernel.perform(new_recovery_codes, me)
    answer = kernel.perform(answer_second, NOBODY, token=half_of(world, yours), code=codes[0], key=KEY)
    assert answer.outcome == "wrong"


def test_five_wrong_codes_end_the_sign_in_and_ten_stop_the_account_for_a_while(world: World, kernel: Kernel) -> None:
    account = world.account()
    _me, secret = with_app(world, account)
    token = half_of(world, account)
    wrong = [kernel.perform(answer_second, NOBODY, token=token, code="zzzz", key=KEY).outcome for _each in range(6)]
    assert wrong == ["wrong"] * 4 + ["over"] * 2
    token = half_of(world, account)
    for _each in range(5):
        kernel.perform(answer_second, NOBODY, token=token, code="zzzz", key=KEY)
    later(kernel, seconds=60)
    token = half_of(world, account)
    with pytest.raises(TooMany):
        kernel.perform(answer_second, NOBODY, token=token, code=code_at(world, secret), key=KEY)
    later(kernel, minutes=16)
    token = half_of(world, account)
    assert kernel.perform(answer_second, NOBODY, token=token, code=code_at(world, secret), key=KEY).outcome == "in"


def test_a_half_sign_in_ends_after_ten_minutes_and_after_its_use(world: World, kernel: Kernel) -> None:
    account = world.account()
    _me, secret = with_app(world, account)
    token = half_of(world, account)
    assert not kernel.perform(second_ways, NOBODY, token=token).over
    later(kernel, minutes=10)
    assert kernel.perform(second_ways, NOBODY, token=token).over
    assert kernel.perform(answer_second, NOBODY, token=token, code=code_at(world, secret), key=KEY).outcome == "over"
    token = half_of(world, account)
    assert kernel.perform(finish_half, NOBODY, token=token) == "/results"
    assert kernel.perform(answer_second, NOBODY, token=token, code=code_at(world, secret), key=KEY).outcome == "over"
    assert kernel.perform(answer_second, NOBODY, token="nobody", code="000000", key=KEY).outcome == "over"


def test_the_last_factor_of_a_short_password_stays(world: World, kernel: Kernel) -> None:
    account = world.account(password_hash="x")
    me, _secret = with_app(world, account)
    world.store(replace_row(world, account, password_long=False))
    with pytest.raises(Conflict, match="15 characters"):
        kernel.perform(remove_authenticator, me)
    key = with_passkey(world, me)
    kernel.perform(remove_authenticator, me)
    with pytest.raises(Conflict, match="15 characters"):
        kernel.perform(remove_passkey, me, passkey_id=str(key.id))
    world.store(replace_row(world, account, password_long=True))
    kernel.perform(new_recovery_codes, me)
    kernel.perform(remove_passkey, me, passkey_id=str(key.id))
    assert world.rows(RecoveryCode) == []
    assert half_of(world, account) == ""


def replace_row(world: World, account: Account, **change: Any) -> Account:
    """The account as it stands, with a change."""
    row: Account = next(one for one in world.rows(Account) if one.id == account.id)
    for name, value in change.items():
        setattr(row, name, value)
    return row


def test_the_last_way_in_stays(world: World, kernel: Kernel) -> None:
    account = world.account()
    me = world.sign_in(account)
    key = with_passkey(world, me)
    with pytest.raises(Conflict, match="only way"):
        kernel.perform(remove_passkey, me, passkey_id=str(key.id))
    world.store(Identity(account_id=account.id, provider="google", issuer="i", subject="s", linked_at=world.now))
    assert kernel.perform(remove_passkey, me, passkey_id=str(key.id)) == "Chrome on Windows"
    with pytest.raises(NotFound):
        kernel.perform(remove_passkey, me, passkey_id=str(key.id))


def test_somebody_elses_passkey_is_not_there(world: World, kernel: Kernel) -> None:
    key = with_passkey(world, world.sign_in(world.account()))
    other = world.sign_in(world.account())
    with pytest.raises(NotFound):
        kernel.perform(remove_passkey, other, passkey_id=str(key.id))
    with pytest.raises(NotFound):
        kernel.perform(prove_by_passkey, other, passkey_id=str(key.id), sign_count=5)


def test_a_challenge_is_used_once_by_the_browser_that_asked(world: World, kernel: Kernel) -> None:
    account = world.account()
    with_passkey(world, world.sign_in(account))
    asked = {"browser": token_hash("mark"), "address": "home"}
    for challenge in ("one", "two", "three"):
        kernel.perform(ask_passkey, NOBODY, challenge=challenge, **asked)
    answer = {"browser": token_hash("mark"), "credential_id": "cred-1"}
    assert kernel.perform(take_passkey, NOBODY, challenge="one", **{**answer, "browser": token_hash("x")}) is None
    assert kernel.perform(take_passkey, NOBODY, challenge="one", **answer).account_id == account.id
    assert kernel.perform(take_passkey, NOBODY, challenge="one", **answer) is None
    assert kernel.perform(take_passkey, NOBODY, challenge="two", **{**answer, "credential_id": "other"}) is None
    assert kernel.perform(take_passkey, NOBODY, challenge="two", **answer) is None
    later(kernel, minutes=5)
    assert kernel.perform(take_passkey, NOBODY, challenge="three", **answer) is None


def test_a_new_passkey_belongs_to_the_session_that_asked(world: World, kernel: Kernel) -> None:
    account = world.account()
    me, other = world.sign_in(account), world.sign_in(account)
    kernel.perform(ask_new_passkey, me, challenge="one")
    assert not kernel.perform(take_new_passkey, other, challenge="one")
    assert kernel.perform(take_new_passkey, me, challenge="one")
    assert not kernel.perform(take_new_passkey, me, challenge="one")


def test_a_counter_that_does_not_move_on_is_refused(world: World, kernel: Kernel) -> None:
    account = world.account()
    key = with_passkey(world, world.sign_in(account))
    assert kernel.perform(passkey_used, NOBODY, passkey_id=str(key.id), sign_count=2) == account.email
    for stale in (2, 1, 0):
        with pytest.raises(NotFound):
            kernel.perform(passkey_used, NOBODY, passkey_id=str(key.id), sign_count=stale)


def test_a_code_proves_afresh_who_one_is(world: World, kernel: Kernel) -> None:
    account = world.account()
    _me, secret = with_app(world, account)
    me = world.sign_in(account, fresh=False)
    later(kernel, seconds=30)
    assert not kernel.perform(prove_by_code, me, code="000000", key=KEY)
    with pytest.raises(NotFresh):
        kernel.perform(new_recovery_codes, me)
    assert kernel.perform(prove_by_code, me, code=code_at(world, secret), key=KEY)
    assert not kernel.perform(prove_by_code, me, code=code_at(world, secret), key=KEY)
    assert len(kernel.perform(new_recovery_codes, me)) == 10


def test_no_desk_opens_before_there_is_a_second_step(world: World, kernel: Kernel) -> None:
    strict = replace(kernel, staff_factor=True)
    account = world.staff(Role.FRONT_DESK)
    me = world.sign_in(account)
    with pytest.raises(NotAllowed, match="second step"):
        strict.perform(find_patients, me, words="Tester")
    assert strict.still_open(me, [("find_patients", None)]) == [False]
    assert strict.perform(view_factors, me, required=True).needed
    begun = strict.perform(
        begin_second, NOBODY, account_id=str(account.id), way="password", attempt_ids=[], required=True
    )
    assert (begun.token, begun.setup) == ("", True)
    me, _secret = with_app(world, account)
    strict.perform(find_patients, me, words="Tester")
    assert not strict.perform(view_factors, me, required=True).needed


def test_patients_are_not_made_to_have_a_second_step(world: World, kernel: Kernel) -> None:
    account, _patient = world.owner()
    assert half_of(world, account, required=True) == ""
    assert not kernel.perform(view_factors, world.sign_in(account), required=True).needed


def test_whoever_lost_everything_begins_anew_after_the_desk_looked(world: World, kernel: Kernel) -> None:
    account = world.account()
    me, _secret = with_app(world, account)
    with_passkey(world, me)
    kernel.perform(new_recovery_codes, me)
    assert kernel.perform(forget_factors, Operator(), email=account.email.upper()) == 12
    assert half_of(world, account) == ""
    with pytest.raises(NotSignedIn):
        kernel.perform(view_factors, me)
    assert any("front desk" in text for text in letters(world))
    with pytest.raises(NotFound):
        kernel.perform(forget_factors, Operator(), email="nobody@tests.example")


class TestRenaming:
    """A passkey is called what its person calls it."""

    @pytest.mark.parametrize("name", ["  My   phone ", "手機", "א" * 60, "x", "Ключ \u200d🔑"])
    def test_any_script_up_to_sixty_signs_without_a_fresh_proof(self, world: World, name: str) -> None:
        account = world.account()
        key = with_passkey(world, world.sign_in(account))
        told = world.kernel.perform(
            rename_passkey, world.sign_in(account, fresh=False), passkey_id=str(key.id), name=name
        )
        assert told == " ".join(name.split())
        assert [one.name for one in world.rows(Passkey)] == [told]

    @pytest.mark.parametrize("name", ["", "   ", "\u200b\u2060", "x" * 61, "a\x07b", "\ud800", None, 5])
    def test_what_nobody_could_read_changes_nothing(self, world: World, name: Any) -> None:
        account = world.account()
        me = world.sign_in(account)
        key = with_passkey(world, me)
        with pytest.raises(InvalidInput):
            world.kernel.perform(rename_passkey, me, passkey_id=str(key.id), name=name)
        assert [one.name for one in world.rows(Passkey)] == ["Chrome on Windows"]

    def test_another_accounts_passkey_is_not_found_and_open_pages_are_told(
        self, world: World, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        account = world.account()
        me, stranger = world.sign_in(account), world.sign_in(world.account())
        key = with_passkey(world, me)
        with pytest.raises(NotFound):
            world.kernel.perform(rename_passkey, stranger, passkey_id=str(key.id), name="Mine now")
        told: list[Any] = []
        monkeypatch.setattr(world.kernel.bus, "publish", told.extend)
        world.kernel.perform(rename_passkey, me, passkey_id=str(key.id), name="Desk")
        assert ("account", str(account.id), "factors") in {(one.scope, one.id, one.topic) for one in told}
