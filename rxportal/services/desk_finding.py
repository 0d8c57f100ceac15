"""What the desk's searches have in common: what may be asked, how many are shown, what the audit line keeps."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TypeVar

from rxportal.core.errors import InvalidInput
from rxportal.core.scopes import Desk

T = TypeVar("T")
MOST_FOUND = 20
SHORTEST, LONGEST, LONGEST_EMAIL = 2, 100, 320


def looked_for(words: str, ask: str, *, longest: int = LONGEST) -> str:
    """The words of a search with single spaces; "" where nothing is looked for.

    Raises:
        InvalidInput: one character, or more than `longest`; says `ask`.
    """
    given = " ".join(words.split())
    if given and not SHORTEST <= len(given) <= longest:
        raise InvalidInput("words", ask)
    return given


def first_found(
    desk: Desk, found: Sequence[T], counted: Callable[[int], str], *, nobody: str, more: str
) -> tuple[Sequence[T], str]:
    """What is shown of up to `MOST_FOUND` + 1 rows, and the sentence above it; how many goes into the audit line.

    `counted`: the sentence for so many rows. `nobody`: for none. `more`: for too many, with `{count}`.
    """
    shown = found[:MOST_FOUND]
    desk.note(found=len(shown))
    if not shown:
        return shown, nobody
    return shown, more.format(count=MOST_FOUND) if len(found) > MOST_FOUND else counted(len(shown))
