"""Who uses the `var` folder: a serving portal holds a shared lock on it, a restore needs it alone."""

from __future__ import annotations

import fcntl
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from rxportal.commands.outcome import Stopped

LOCK = "serving.lock"


@contextmanager
def present(var: Path) -> Iterator[None]:
    """While serving. The lock goes with the process, however it ends."""
    with (var / LOCK).open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_SH)
        yield


@contextmanager
def alone(var: Path) -> Iterator[None]:
    """While nobody serves from this folder.

    Raises:
        Stopped: a portal is serving from it.
    """
    with (var / LOCK).open("w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise Stopped(f"A portal is serving from {var}. Stop it first. Nothing was changed.") from None
        yield
