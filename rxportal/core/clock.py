"""The server's clock, the only one that counts."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

Clock = Callable[[], datetime]


def system_clock() -> datetime:
    """Now, as an aware UTC instant."""
    return datetime.now(UTC)


def day_in(zone: str, now: datetime) -> date:
    """The calendar day of `now` where the practice is."""
    return now.astimezone(ZoneInfo(zone)).date()
