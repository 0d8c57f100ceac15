"""Visible strings: gettext, with the English source text as the key."""

from __future__ import annotations

import gettext
from functools import cache, lru_cache
from pathlib import Path

LOCALES = Path(__file__).resolve().parent.parent / "locales"
DOMAIN = "rxportal"


@cache
def catalogue(language: str = "en") -> gettext.NullTranslations:
    """The catalogue of one language; the source text where it has none."""
    return gettext.translation(DOMAIN, localedir=LOCALES, languages=[language], fallback=True)


def languages() -> list[str]:
    """The languages in which the portal can be read: English, and those with a catalogue."""
    return ["en", *sorted(one.parent.parent.name for one in LOCALES.glob(f"*/LC_MESSAGES/{DOMAIN}.mo"))]


@lru_cache(maxsize=5_000)
def _(text: str) -> str:
    """The text in the reader's language; asked some two hundred times an event, always for the same few."""
    return catalogue().gettext(text)


def plural(one: str, many: str, count: int) -> str:
    """`one` or `many` in the reader's language, with `{count}` filled in."""
    return catalogue().ngettext(one, many, count).format(count=count)
