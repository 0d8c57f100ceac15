"""Which passwords are taken."""

from __future__ import annotations

import pytest

from rxportal.rules.passwords import Weakness, weakness


@pytest.mark.parametrize(
    ("password", "expected"),
    [
        ("correct horse battery", Weakness.NONE),
        ("Ein Satz, den nur ich sage ü", Weakness.NONE),
        ("fourteen chars", Weakness.TOO_SHORT),
        ("x" * 1025, Weakness.TOO_LONG),
        ("aaaaaaaaaaaaaaaa", Weakness.GUESSABLE),
        ("123456789012345", Weakness.GUESSABLE),
        ("qwertyuiopasdfgh", Weakness.GUESSABLE),
        ("fairhaven clinic", Weakness.ABOUT_YOU),
        ("Fairhaven Clinic 12", Weakness.ABOUT_YOU),
        ("Fairhaven Clinic is where I walk", Weakness.NONE),
    ],
)
def test_a_password_is_taken_or_its_weakness_named(password: str, expected: Weakness) -> None:
    assert weakness(password, ("Fairhaven Clinic",)) is expected
