"""When a visit is, as people say it: "Thursday 26 Nov 2026, 10:30 am to 10:55 am"; how far away that is."""

from __future__ import annotations

from datetime import date, datetime, tzinfo

from rxportal.core.text import _, plural
from rxportal.fhir.dates import SHAPE, clock_words, date_words, starts_at

WEEKDAYS = (
    _("Monday"), _("Tuesday"), _("Wednesday"), _("Thursday"), _("Friday"), _("Saturday"), _("Sunday"),
)  # fmt: skip
SOON = 14


def when_words(start: str, end: str, zone: tzinfo, *, weekday: bool = False) -> str:
    """From when to when, in the practice's zone; `weekday` where it is still to be. "" where no date was sent."""
    if not start:
        return _("until {end}").format(end=date_words(end, zone)) if end else ""
    day = _named(start, zone) if weekday else date_words(start, zone)
    begins, ends = _clock(start, zone), _clock(end, zone)
    last = date_words(end, zone) if end else ""
    if last and last != date_words(start, zone):
        return _("{start} to {end}").format(start=day, end=last)
    if not begins:
        return day
    spell = _("{start} to {end}").format(start=begins, end=ends) if ends and ends != begins else begins
    return _("{day}, {clock}").format(day=day, clock=spell)


def _named(value: str, zone: tzinfo) -> str:
    moment = starts_at(value, zone)
    if moment is None or len(value) < 10:
        return date_words(value, zone)
    return f"{WEEKDAYS[moment.astimezone(zone).weekday()]} {date_words(value, zone)}"


def _clock(value: str, zone: tzinfo) -> str:
    """The time of day, "" where only a date was sent."""
    match, moment = SHAPE.match(value), starts_at(value, zone)
    return clock_words(moment.astimezone(zone)) if match and match[4] and moment else ""


def how_far(start: str, zone: tzinfo, today: date) -> str:
    """How near a day is: "Today", "Tomorrow", "In 3 days"; "" beyond two weeks, and for what has no day."""
    moment = starts_at(start, zone)
    if moment is None:
        return ""
    days = (moment.astimezone(zone).date() - today).days
    if days in {0, 1}:
        return _("Tomorrow") if days else _("Today")
    return plural("In {count} day", "In {count} days", days) if 1 < days <= SOON else ""


def year_of(occurred: str, occurred_at: datetime | None, zone: tzinfo) -> str:
    """The heading that a past visit stands under."""
    if occurred_at is None:
        return _("Date not known")
    return str(occurred_at.astimezone(zone).year) if len(occurred) > 10 else occurred[:4]
