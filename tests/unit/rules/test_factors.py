"""Codes of an authenticator and recovery codes."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pyotp
import pytest

from rxportal.rules.factors import as_code, is_authenticator_code, matching_step, new_recovery_code, new_secret

NOW = datetime(2026, 11, 23, 18, 0, 7, tzinfo=UTC)
STEP = int(NOW.timestamp()) // 30


def test_a_code_is_taken_one_step_early_and_late_and_no_further() -> None:
    secret = new_secret()
    totp = pyotp.TOTP(secret)
    steps = [matching_step(secret, totp.generate_otp(STEP + drift), NOW, 0) for drift in range(-3, 4)]
    assert steps == [None, None, STEP - 1, STEP, STEP + 1, None, None]


def test_a_step_that_was_taken_and_those_before_it_are_never_taken_again() -> None:
    secret = new_secret()
    totp = pyotp.TOTP(secret)
    assert matching_step(secret, totp.at(NOW), NOW, STEP) is None
    assert matching_step(secret, totp.at(NOW - timedelta(seconds=30)), NOW, STEP) is None
    assert matching_step(secret, totp.at(NOW + timedelta(seconds=30)), NOW, STEP) == STEP + 1


@pytest.mark.parametrize("typed", ["", "12345", "1234567", "12345a", "١٢٣٤٥٦", "\x00" * 6, "-12345"])
def test_what_is_no_code_is_not_taken(typed: str) -> None:
    assert matching_step(new_secret(), typed, NOW, 0) is None


def test_a_recovery_code_is_read_however_it_is_typed() -> None:
    code = new_recovery_code()
    plain = code.replace("-", "")
    assert len(plain) == 16
    assert {as_code(code), as_code(plain.upper()), as_code(f" {code.replace('-', ' – ')} ")} == {plain}
    assert not is_authenticator_code(plain)
    assert len({new_recovery_code() for _each in range(1_000)}) == 1_000
