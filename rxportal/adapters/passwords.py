"""argon2id through passlib: 64 MiB and 0.1 s a hash, so never more than two at once, never on the event loop."""

from __future__ import annotations

import threading
import unicodedata
import warnings
from typing import Protocol

with warnings.catch_warnings():
    warnings.simplefilter("ignore", DeprecationWarning)  # passlib 1.7.4 asks argon2-cffi for its version
    from passlib.hash import argon2

AT_ONCE = 2
LONGEST = 1024


class Passwords(Protocol):
    """Hashes and checks passwords."""

    def hash(self, password: str) -> str:
        """A salted hash to store."""

    def verify(self, password: str, stored: str) -> bool:
        """Whether the password fits; an empty `stored` takes as long and never fits."""


class Argon2Passwords:
    """The real one. Blocking: call it in a thread."""

    def __init__(self, rounds: int = 3, memory_kib: int = 65_536) -> None:
        """Parameters of OWASP's password storage cheat sheet, or above."""
        self._hasher = argon2.using(type="ID", rounds=rounds, memory_cost=memory_kib, parallelism=1)
        self._turn = threading.BoundedSemaphore(AT_ONCE)
        self._nobody = self.hash("nobody has this password")

    def hash(self, password: str) -> str:
        """A salted argon2id hash of the NFC form, never cut."""
        with self._turn, warnings.catch_warnings():
            warnings.simplefilter("ignore", DeprecationWarning)
            return str(self._hasher.hash(normal(password)))

    def verify(self, password: str, stored: str) -> bool:
        """Whether the password fits; nobody's hash is checked in place of none, so that the time tells nothing."""
        with self._turn, warnings.catch_warnings():
            warnings.simplefilter("ignore", DeprecationWarning)
            fits = bool(argon2.verify(normal(password)[:LONGEST], stored or self._nobody))
        return fits and bool(stored) and len(password) <= LONGEST


def normal(password: str) -> str:
    """One form for what different keyboards send as the same characters."""
    return unicodedata.normalize("NFC", password).replace("\0", "\N{REPLACEMENT CHARACTER}")
