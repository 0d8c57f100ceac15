"""Which passwords are taken (NIST SP 800-63B-4: long enough, not known to everybody, no composition rules)."""

from __future__ import annotations

import gzip
import unicodedata
from enum import StrEnum
from functools import cache
from pathlib import Path

SHORTEST, LONGEST = 15, 1024
SHORTEST_WITH_FACTOR = 8
FEWEST_DIFFERENT = 5
LEAST_OWN = 8
LEAST_OWN_SHORT = 5
SEQUENCES = ("abcdefghijklmnopqrstuvwxyz", "01234567890123456789", "qwertyuiopasdfghjklzxcvbnm")
# The passwords of at least 8 characters that people choose most, commonest first (ADR 0050 says where it is from).
COMMON = Path(__file__).with_name("common_passwords.txt.gz")


class Weakness(StrEnum):
    """Why a password is not taken."""

    NONE = ""
    TOO_SHORT = "too_short"
    TOO_LONG = "too_long"
    GUESSABLE = "guessable"
    ABOUT_YOU = "about_you"


def weakness(password: str, context: tuple[str, ...] = (), *, shortest: int = SHORTEST) -> Weakness:
    """What is wrong with a password.

    `context`: what anybody could look up, such as the practice's name. `shortest`: how many characters at least, as
    code points of the NFC form.
    """
    typed = unicodedata.normalize("NFC", password)
    if len(typed) < shortest:
        return Weakness.TOO_SHORT
    if len(typed) > LONGEST:
        return Weakness.TOO_LONG
    plain = "".join(typed.lower().split())
    if len(set(plain)) < FEWEST_DIFFERENT or any(plain in sequence * 3 for sequence in SEQUENCES) or is_common(plain):
        return Weakness.GUESSABLE
    known = ["".join(text.lower().partition("@")[0].split()) for text in context]
    own = LEAST_OWN if len(plain) >= SHORTEST else LEAST_OWN_SHORT
    if any(len(word) >= FEWEST_DIFFERENT and word in plain and len(plain.replace(word, "")) < own for word in known):
        return Weakness.ABOUT_YOU
    return Weakness.NONE


def is_common(plain: str) -> bool:
    """Whether it is one of the passwords that everybody tries first, or one of them said again and again."""
    known = common_passwords()
    once = (plain + plain).find(plain, 1)  # how long the part is that repeats; the whole when nothing does
    return plain in known or (once < len(plain) and (once < SHORTEST_WITH_FACTOR or plain[:once] in known))


@cache
def common_passwords() -> frozenset[str]:
    """The blocklist, in lower case."""
    return frozenset(gzip.decompress(COMMON.read_bytes()).decode().split())
