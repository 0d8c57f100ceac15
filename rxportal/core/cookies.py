"""The names of our cookies, and how a token is read out of a Cookie header."""

from __future__ import annotations

from http.cookies import CookieError, SimpleCookie

from rxportal.core.identity import Anonymous, Credentials, SessionToken

SESSION = "__Host-rxportal"
DEVICE = "__Host-rxportal-device"
TYPED = "__Host-rxportal-typed"
LONGEST = 512


def value_of(header: str, name: str) -> str:
    """One cookie's value, or ""; two cookies of the same name are refused (a planted one could win)."""
    if header.count(f"{name}=") != 1:
        return ""
    try:
        jar = SimpleCookie(header)
    except CookieError:
        return ""
    morsel = jar.get(name)
    return morsel.value if morsel and len(morsel.value) <= LONGEST else ""


def credentials_of(header: str) -> Credentials:
    """Who the Cookie header says that this is, to be checked in the database."""
    token = value_of(header, SESSION)
    return SessionToken(token) if token else Anonymous()
