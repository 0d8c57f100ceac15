"""The letters in the development mailbox of a running portal, as a person reads them."""

from __future__ import annotations

import re
import time
from html import unescape

import httpx

from tests.serving import Served

SECONDS = 20


def letters_to(portal: Served, to: str) -> list[str]:
    """What stands in the mailbox for this address, the newest first."""
    text = httpx.get(f"{portal.url}/dev/mailbox").text
    return [unescape(part) for part in text.split("<li>") if f"→ {to}" in unescape(part)]


def wait_for_words(portal: Served, words: str) -> None:
    """Until a letter says so: letters are sent after the act, by a job of their own."""
    until = time.monotonic() + SECONDS
    while words not in unescape(httpx.get(f"{portal.url}/dev/mailbox").text):
        assert time.monotonic() < until, f"no letter says {words!r}"
        time.sleep(0.1)


def link_to(portal: Served, to: str, what: str, but: tuple[str, ...] = ()) -> str:
    """The link of a sort ("confirm") in the newest letter to somebody, once it is there. `but`: those known before."""
    link = re.compile(rf"{re.escape(portal.url)}/{what}/[^\s\"<]+")
    until = time.monotonic() + SECONDS
    while time.monotonic() < until:
        for letter in letters_to(portal, to):
            found = link.search(letter)
            if found and found[0] not in but:
                return found[0]
        time.sleep(0.1)
    raise AssertionError(f"no letter to {to} with a link to {what}")
