"""The names of our cookies, and how a token is read out of a Cookie header."""

from __future__ import annotations

from rxportal.core.identity import Anonymous, Credentials, SessionToken

SESSION = "__Host-rxportal"
DEVICE = "__Host-rxportal-device"
TYPED = "__Host-rxportal-typed"
LONGEST = 512


def value_of(header: str, name: str) -> str:
    """One cookie's value, or ""; two cookies of the same name are refused (a planted one could win).

    Read pair by pair: `http.cookies` drops the whole header when another application's cookie is not to its taste.
    """
    pairs = [pair.strip().partition("=") for pair in header.split(";")]
    values = [value for key, _, value in pairs if key == name]
    return values[0].strip('"') if len(values) == 1 and len(values[0]) <= LONGEST else ""


def credentials_of(header: str) -> Credentials:
    """Who the Cookie header says that this is, to be checked in the database."""
    token = value_of(header, SESSION)
    return SessionToken(token) if token else Anonymous()
