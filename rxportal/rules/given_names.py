"""Names that people give: to themselves, to a device of theirs. Any script, on one line, of signs that can be seen."""

from __future__ import annotations

import unicodedata

#: Control signs, halves of signs, private and unassigned ones: nothing that a screen can show.
NO_SIGNS = frozenset({"Cc", "Cs", "Co", "Cn"})


def tidied(typed: str) -> str:
    """The name as it is kept: composed, with single spaces."""
    return " ".join(unicodedata.normalize("NFC", typed).split())


def can_be_shown(name: str) -> bool:
    """Whether every sign of it has a look; an empty name has nothing that could not be shown."""
    return not any(unicodedata.category(sign) in NO_SIGNS for sign in name)


def is_blank(name: str) -> bool:
    """Whether nobody would see anything: no sign at all, or only spaces, marks and signs without a width."""
    return all(unicodedata.category(sign)[0] in "ZCM" for sign in name)
