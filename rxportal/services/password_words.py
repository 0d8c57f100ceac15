"""What a person reads about passwords: what is asked for, and why one is not taken."""

from __future__ import annotations

from rxportal.core.text import _
from rxportal.rules.passwords import LONGEST, Weakness


def password_hint(shortest: int) -> str:
    """What to type."""
    return _("At least {count} characters. A sentence only you would say is easy to remember.").format(count=shortest)


def weakness_words(weakness: Weakness, shortest: int) -> str:
    """What to do about a password that is not taken; "" when it is."""
    return {
        Weakness.NONE: "",
        Weakness.TOO_SHORT: _("That is too short. Use at least {count} characters.").format(count=shortest),
        Weakness.TOO_LONG: _("That is longer than we can keep. Use at most {count} characters.").format(
            count=f"{LONGEST:,}"
        ),
        Weakness.GUESSABLE: _("That is too easy to guess. Use words that don’t belong together."),
        Weakness.ABOUT_YOU: _("That is mostly a name anybody can look up. Use other words."),
    }[weakness]
