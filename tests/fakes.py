"""Fakes that behave: a clock that stands until it is moved, a bus that remembers, quick passwords."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, datetime, timedelta

from rxportal.adapters.mail import Letter, MailFailed
from rxportal.core.live import Change, MemoryBus


class StoppedClock:
    """A clock for the kernel: it stands still until a test moves it."""

    def __init__(self, now: datetime | None = None) -> None:
        self.now = now or datetime(2026, 11, 23, 20, 0, tzinfo=UTC)

    def __call__(self) -> datetime:
        return self.now

    def advance(self, **by: float) -> datetime:
        """Move on, by the arguments of `timedelta`."""
        self.now += timedelta(**by)
        return self.now


class RecordingBus(MemoryBus):
    """The bus of one process, which also keeps what was published."""

    def __init__(self) -> None:
        super().__init__()
        self.published: list[Change] = []

    def publish(self, changes: Iterable[Change]) -> None:
        """Remember, and tell whoever listens."""
        told = list(changes)
        self.published += told
        super().publish(told)


class Postbox:
    """Mail that is kept; `closed`: the server does not take any, or none to an address that is `refused`."""

    def __init__(self, refused: set[str] | None = None) -> None:
        self.letters: list[Letter] = []
        self.closed = False
        self.refused = refused or set()

    def send(self, letter: Letter) -> None:
        """Keep the letter.

        Raises:
            MailFailed: the box is closed, to everybody or to this address.
        """
        if self.closed or letter.to in self.refused:
            raise MailFailed("closed")
        self.letters.append(letter)


class QuickPasswords:
    """Passwords without the 64 MiB and the tenth of a second: for tests about other things."""

    def hash(self, password: str) -> str:
        """Not a hash at all."""
        return f"quick:{password}"

    def verify(self, password: str, stored: str) -> bool:
        """Whether it is the one that was stored."""
        return bool(stored) and stored == f"quick:{password}"
