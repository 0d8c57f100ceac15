"""What a socket receives is what its page shows: every frame of every role on every page, searched for anything else.

Every text in every frame must stand in the page that the browser made of it (its text, addresses, labels, fields), or
be a word of our own program. A text that came from somebody's record and is not on the screen is a leak.
"""

from __future__ import annotations

import ast
import json
import re
from collections.abc import Iterator
from functools import cache
from typing import Any
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Page, WebSocket

from tests.browsing import Opener, Visitor, settled
from tests.counts import proved
from tests.security.pipeline import portal
from tests.serving import ROOT, Served

portal()

from rxportal.pages.routes import PAGES  # noqa: E402

pytestmark = pytest.mark.browser
# Who, and which of the charts that they may open: each relationship of the demo practice once, and each role.
WHO = [
    ("maya", ""), ("maya", "Grace Samplewood"), ("maya", "Theo Samplewood"), ("ben", "Maya Samplewood"),
    ("lena", "Noah Exampleton"), ("noah", ""), ("carl", ""), ("dr.lee", ""), ("fran", ""), ("bill", ""), ("ada", ""),
]  # fmt: skip
ROUTES = sorted((page.route for page in PAGES if not page.open), key=lambda route: "[id]" in route)
STAFFS = ("/home", "/account", "/desk")
# What the browser itself had just sent, given back to it (never its cookies: test_socket).
ECHO = ".state.rx_router"
# Handles by which a page asks again for a row that it shows (what the row says is looked for like everything else).
HANDLE = re.compile(r"[0-9a-f]{12}|(m-)?[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}|v\d+")
HANDLES = (".id", ".key", ".series", ".shown", ".vital", ".session", ".grant", ".told[]", "_id")
# Where a picture's lines go, and the machine's form of a date that stands beside it in words.
DRAWN = re.compile(r"[\d.,% -]+|[mlhvz\d., -]+|\d{4}(-\d{2}){0,2}(t[\d:.+z-]+)?")
DRAWINGS = (".iso", ".bar_left", ".bar_width", ".mark", ".path")
EVENT = re.compile(r"^42/_event,")
SHOWN = """() => [
  document.documentElement.outerHTML, document.body.innerText, document.title, location.href,
  ...[...document.querySelectorAll('input, select, textarea')].map(one => one.value)].join('\\n')"""


@cache
def own_words() -> frozenset[str]:
    """Every text that stands in our program itself: names of tones and phases, sentences for a state that is empty."""
    found: set[str] = set()
    for file in (ROOT / "rxportal").rglob("*.py"):
        if "demo" not in file.parts:
            for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
                if isinstance(node, ast.Constant) and isinstance(node.value, str):
                    found.add(node.value)
    return frozenset(found)


def leaves(value: Any, way: str = "") -> Iterator[tuple[str, str]]:
    """Every text in a frame, with the way to it."""
    if isinstance(value, dict):
        for key, inner in value.items():
            yield from leaves(inner, f"{way}.{key.removesuffix('_rx_state_').rpartition('____')[2]}")
    elif isinstance(value, list):
        for inner in value:
            yield from leaves(inner, f"{way}[]")
    elif isinstance(value, str):
        yield way, value


def plain(text: str) -> str:
    """A text without its markup's escapes and line breaks."""
    for escaped, sign in (
        ("&amp;", "&"),
        ("&lt;", "<"),
        ("&gt;", ">"),
        ("&quot;", '"'),
        ("&nbsp;", " "),
        ("\xa0", " "),
    ):
        text = text.replace(escaped, sign)
    return re.sub(r"\s+", " ", text)


class Ear:
    """Hears every frame that a page's sockets receive."""

    def __init__(self, page: Page) -> None:
        self.frames: list[str] = []
        page.on("websocket", self._listen)

    def _listen(self, socket: WebSocket) -> None:
        socket.on(
            "framereceived", lambda frame: self.frames.append(frame if isinstance(frame, str) else frame.decode())
        )

    def quiet(self, page: Page) -> None:
        """Wait until nothing more comes, and what came is drawn."""
        heard = -1
        while heard != len(self.frames):
            heard = len(self.frames)
            page.wait_for_timeout(250)

    def texts(self) -> set[tuple[str, str]]:
        """Every text in the state that was sent."""
        found: set[tuple[str, str]] = set()
        for frame in self.frames:
            if EVENT.match(frame):
                name, *said = json.loads(EVENT.sub("", frame))
                if name == "event" and said and isinstance(said[0], dict):
                    found |= set(leaves(said[0].get("delta") or {}))
        return found


def grant_of(visitor: Visitor, chart: str) -> str:
    """The grant to a chart, from the person switcher."""
    if not chart:
        return ""
    settled(visitor.go("/home"))
    link = visitor.page.locator("a[href*='for=']", has_text=chart).first
    return str(link.get_attribute("href")).partition("for=")[2].partition("&")[0].partition("#")[0]


def links_on(page: Page) -> list[str]:
    """Where the links of the page's main part lead."""
    found: list[str] = page.locator("main a[href]").evaluate_all("all => all.map(one => one.getAttribute('href'))")
    return found


@pytest.mark.parametrize(("first", "chart"), WHO, ids=lambda one: one or "own")
def test_every_frame_of_every_page_says_what_the_page_shows(
    served: Served, visitors: Opener, first: str, chart: str
) -> None:
    visitor = visitors(served, width=390)
    visitor.borrow(served.cookie(first))
    grant = grant_of(visitor, chart)
    links: list[str] = []
    hidden: list[str] = []
    heard = looked = 0
    for route in ROUTES:
        if served.account(first)["role"] not in {"patient", "proxy"} and not route.startswith(STAFFS):
            continue
        path = route + (f"?for={grant}" if grant else "")
        if "[id]" in route:
            path = next((link for link in links if link.startswith(route.partition("[")[0])), "")
        if not path:
            continue
        ear = Ear(visitor.page)
        visitor.page.goto(served.url + path)
        settled(visitor.page)
        ear.quiet(visitor.page)
        shown = plain(visitor.page.evaluate(SHOWN)).lower()
        links += links_on(visitor.page)
        for way, text in sorted(ear.texts()):
            said = plain(text).strip().lower()
            known = said in shown or text in own_words() or said.isdecimal() or way.startswith(ECHO)
            known = known or (way.endswith(HANDLES) and HANDLE.fullmatch(said) is not None)
            known = known or (way.endswith(DRAWINGS) and DRAWN.fullmatch(said) is not None)
            known = known or (way.endswith(".label") and all(one in shown for one in said.split()))
            if len(said) > 1 and not known:
                hidden.append(f"{first} {urlsplit(path).path} {way}: {said[:90]}")
        heard += len(ear.frames)
        looked += 1
        visitor.page.goto("about:blank")
    assert heard
    assert looked >= 3
    assert not hidden, f"{len(hidden)} texts that no screen shows:\n" + "\n".join(sorted(set(hidden))[:60])
    proved("frames of every role on every page: nothing in them that is not on the screen", heard)
