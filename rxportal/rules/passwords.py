"""Which passwords are taken (NIST SP 800-63B-4: at least 15 characters alone, no composition rules, context words refused)."""

from __future__ import annotations

from rxportal.core.text import _

SHORTEST, LONGEST = 15, 1024
FEWEST_DIFFERENT = 5
SEQUENCES = ("abcdefghijklmnopqrstuvwxyz", "01234567890123456789", "qwertyuiopasdfghjklzxcvbnm")


def why_not(password: str, context: tuple[str, ...] = ()) -> str:
    """Why this password is not taken and what to do, or "". `context`: the e-mail address, the practice's name…"""
    if len(password) < SHORTEST:
        return _("Use at least 15 characters. A sentence only you would say is easy to remember.")
    if len(password) > LONGEST:
        return _("That is longer than we can keep. Use at most 1,024 characters.")
    plain = "".join(password.lower().split())
    if len(set(plain)) < FEWEST_DIFFERENT or any(plain in sequence * 3 for sequence in SEQUENCES):
        return _("That is too easy to guess. Use words that don’t belong together.")
    words = {word for text in context for word in (text.lower(), text.lower().partition("@")[0]) if len(word) > 3}
    if any(
        plain.replace(word.replace(" ", ""), "") == "" or len(plain.replace(word.replace(" ", ""), "")) < 8
        for word in words
    ):
        return _("That is mostly your address or our name. Use words that nobody can look up.")
    return ""
