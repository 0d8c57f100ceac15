"""What every hasher of passwords does: the real one and the quick one of the tests."""

from __future__ import annotations

import pytest

from rxportal.adapters.passwords import Argon2Passwords, Passwords
from tests.fakes import QuickPasswords


@pytest.fixture(scope="module", params=["argon2", "quick"])
def passwords(request: pytest.FixtureRequest) -> Passwords:
    return Argon2Passwords() if request.param == "argon2" else QuickPasswords()


def test_the_right_password_fits_and_no_other(passwords: Passwords) -> None:
    stored = passwords.hash("correct horse battery staple")
    assert passwords.verify("correct horse battery staple", stored)
    assert not passwords.verify("correct horse battery stapl", stored)
    assert not passwords.verify("", stored)


def test_nobody_has_an_empty_hash(passwords: Passwords) -> None:
    assert not passwords.verify("anything at all", "")
    assert not passwords.verify("", "")


@pytest.mark.parametrize(
    "password", ["a" * 72 + "x", "😀 пароль 密码 पासवर्ड long enough", "tab\tand  two spaces", "x" * 200]
)
def test_no_password_is_cut_or_bent(passwords: Passwords, password: str) -> None:
    stored = passwords.hash(password)
    assert passwords.verify(password, stored)
    assert not passwords.verify(password[:-1], stored)


def test_the_stored_hash_of_the_real_one_is_salted_argon2id() -> None:
    real = Argon2Passwords()
    first, second = real.hash("fairhaven demo maya"), real.hash("fairhaven demo maya")
    assert first != second
    assert first.startswith("$argon2id$")
