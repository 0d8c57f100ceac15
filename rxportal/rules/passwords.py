"""Which passwords are taken (NIST SP 800-63B-4: at least 15 characters, no composition rules)."""

from __future__ import annotations

from enum import StrEnum

SHORTEST, LONGEST = 15, 1024
FEWEST_DIFFERENT = 5
LEAST_OWN = 8
SEQUENCES = ("abcdefghijklmnopqrstuvwxyz", "01234567890123456789", "qwertyuiopasdfghjklzxcvbnm")


class Weakness(StrEnum):
    """Why a password is not taken."""

    NONE = ""
    TOO_SHORT = "too_short"
    TOO_LONG = "too_long"
    GUESSABLE = "guessable"
    ABOUT_YOU = "about_you"


def weakness(password: str, context: tuple[str, ...] = ()) -> Weakness:
    """What is wrong with a password. `context`: what anybody could look up, such as the practice's name."""
    if len(password) < SHORTEST:
        return Weakness.TOO_SHORT
    if len(password) > LONGEST:
        return Weakness.TOO_LONG
    plain = "".join(password.lower().split())
    if len(set(plain)) < FEWEST_DIFFERENT or any(plain in sequence * 3 for sequence in SEQUENCES):
        return Weakness.GUESSABLE
    known = ["".join(text.lower().partition("@")[0].split()) for text in context]
    if any(len(word) >= FEWEST_DIFFERENT and len(plain.replace(word, "")) < LEAST_OWN for word in known):
        return Weakness.ABOUT_YOU
    return Weakness.NONE
