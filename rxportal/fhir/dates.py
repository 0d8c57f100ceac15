"""FHIR dates, partial ones as partial, told the way the portal writes them: "18 Nov 2026"."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta, timezone, tzinfo
from functools import lru_cache
from typing import Any

from rxportal.core.text import _
from rxportal.fhir.shapes import obj, text

MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
LONG_MONTHS = (
    *("January", "February", "March", "April", "May", "June"),
    *("July", "August", "September", "October", "November", "December"),
)
SHAPE = re.compile(
    r"(\d{4})(?:-(\d\d)(?:-(\d\d)(?:[T ](\d\d):(\d\d)(?::(\d\d)(?:\.\d+)?)?\s*(Z|[+-]\d\d:?\d\d)?)?)?)?$", re.ASCII
)


def starts_at(value: Any, zone: tzinfo) -> datetime | None:
    """The first instant of a FHIR date, dateTime or instant, as aware UTC; `zone` where it names none.

    Absent for anything that is not a date, or lies outside what a clock can hold.
    """
    match = SHAPE.match(text(value))
    if not match:
        return None
    year, month, day, hour, minute, second = (int(part) if part else None for part in match.groups()[:6])
    try:
        moment = datetime(
            year or 0,
            month or 1,
            day or 1,
            hour or 0,
            minute or 0,
            min(second or 0, 59),
            tzinfo=_offset(match[7], zone),
        )
        return moment.astimezone(UTC)
    except (ValueError, OverflowError):
        return None


def _offset(word: str | None, zone: tzinfo) -> tzinfo:
    if word is None:
        return zone
    if word == "Z":
        return UTC
    hours, minutes = int(word[1:3]), int(word[-2:])
    span = timedelta(hours=hours, minutes=minutes)
    return timezone(-span if word[0] == "-" else span) if span < timedelta(hours=24) else UTC


def date_words(value: Any, zone: tzinfo = UTC) -> str:
    """A date as people write it: "18 Nov 2026", "May 2019", "2019"; unknown shapes as they came.

    A time of day moves the date into the practice's zone first.
    """
    given = text(value)
    year, month, day = _day(given, zone)
    if not year:
        return given
    if day:
        return f"{day} {_(MONTHS[month - 1])} {year}"
    return f"{_(LONG_MONTHS[month - 1])} {year}" if month else f"{year:04d}"


@lru_cache(maxsize=20_000)
def _day(given: str, zone: tzinfo) -> tuple[int, int, int]:
    """Year, month and day, 0 where there is none; kept, since lists show the same dates again and again."""
    match = SHAPE.match(given)
    if not match:
        return 0, 0, 0
    year, month, day = (int(part) if part else 0 for part in match.groups()[:3])
    if match[4] and match[7]:
        moment = starts_at(given, zone)
        if moment is not None:
            local = moment.astimezone(zone)
            return local.year, local.month, local.day
    if match[2] and not 1 <= month <= 12:
        return 0, 0, 0
    return year, month, day


def time_words(value: Any, zone: tzinfo = UTC) -> str:
    """A date with its time of day, "18 Nov 2026, 9:05 am", where one was sent."""
    given = text(value)
    match = SHAPE.match(given)
    moment = starts_at(given, zone)
    if not match or not match[4] or moment is None:
        return date_words(given, zone)
    return f"{date_words(given, zone)}, {clock_words(moment.astimezone(zone))}"


def clock_words(moment: datetime) -> str:
    """Twelve-hour time as US readers write it."""
    return f"{moment.hour % 12 or 12}:{moment.minute:02d} {'am' if moment.hour < 12 else 'pm'}"


def period_words(value: Any, zone: tzinfo = UTC) -> str:
    """A Period in words; either end may be missing."""
    start, end = (date_words(obj(value).get(key), zone) for key in ("start", "end"))
    if start and end:
        return start if start == end else _("{start} to {end}").format(start=start, end=end)
    if start:
        return _("since {start}").format(start=start)
    return _("until {end}").format(end=end) if end else ""
