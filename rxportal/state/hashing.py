"""The passwords of this process for states: chosen once by `rxportal.py`, used off the event loop."""

from __future__ import annotations

from rxportal.adapters.passwords import Passwords, normal
from rxportal.core.runtime import current

_installed: list[Passwords] = []


def hash_with(passwords: Passwords) -> None:
    """Make these the process's passwords."""
    _installed[:] = [passwords]


async def hashed(password: str) -> str:
    """A hash to store."""
    return await current().hash_off_loop(_installed[0].hash, password)


async def fits(password: str, stored: str) -> bool:
    """Whether a password is the stored one; an empty `stored` takes as long and never fits."""
    return await current().hash_off_loop(_installed[0].verify, password, stored)


def length_of(password: str) -> int:
    """How many characters a password has, in the form in which it is kept."""
    return len(normal(password))
