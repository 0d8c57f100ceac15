"""The names of our cookies, and how a token is read out of a Cookie header."""

from __future__ import annotations

import base64
import binascii
import json
from collections.abc import Mapping

from rxportal.core.identity import Anonymous, Credentials, SessionToken

SESSION = "__Host-rxportal"
DEVICE = "__Host-rxportal-device"
TYPED = "__Host-rxportal-typed"
REGISTERING = "__Host-rxportal-registering"
OUTSIDE = "__Host-rxportal-outside"
AFTER = "__Host-rxportal-after"
HALF = "__Host-rxportal-half"
PASSKEY = "__Host-rxportal-passkey"
LONGEST = 512
LONGEST_TYPED = 3_500


def value_of(header: str, name: str, longest: int = LONGEST) -> str:
    """One cookie's value, or ""; two cookies of the same name are refused (a planted one could win).

    Read pair by pair: `http.cookies` drops the whole header when another application's cookie is not to its taste.
    """
    pairs = [pair.strip().partition("=") for pair in header.split(";")]
    values = [value for key, _, value in pairs if key == name]
    return values[0].strip('"') if len(values) == 1 and len(values[0]) <= longest else ""


def credentials_of(header: str) -> Credentials:
    """Who the Cookie header says that this is, to be checked in the database."""
    token = value_of(header, SESSION)
    return SessionToken(token) if token else Anonymous()


def typed_value(typed: Mapping[str, str]) -> str:
    """What was typed into a form, for the cookie that brings it back after a mistake; "" when it is too long for one.

    Never a password: whoever calls says which fields.
    """
    packed = json.dumps(dict(typed), ensure_ascii=False, separators=(",", ":")).encode(errors="replace")
    value = base64.urlsafe_b64encode(packed).decode().rstrip("=")
    return value if len(value) <= LONGEST_TYPED else ""


def typed_in(header: str) -> dict[str, str]:
    """What was typed before, by the names of the fields; {} when nothing was, or the cookie is not as we write it."""
    value = value_of(header, TYPED, LONGEST_TYPED)
    try:
        fields = json.loads(base64.urlsafe_b64decode(value + "=" * (-len(value) % 4)))
    except (binascii.Error, ValueError, RecursionError):
        return {}
    if not isinstance(fields, dict):
        return {}
    return {str(name): said for name, said in fields.items() if isinstance(said, str)}
