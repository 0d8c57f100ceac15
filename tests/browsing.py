"""A browser as people use it: Chromium, one context per visitor, everything that it asked for written down."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, Request, expect, sync_playwright

from tests.serving import Served

FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-dev-shm-usage",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
SYSTEM = [Path("/usr/bin/chromium"), Path("/usr/bin/chromium-browser"), Path("/usr/bin/google-chrome")]
TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
WATCH_POLICY = """
  window.__violations = [];
  addEventListener('securitypolicyviolation', event =>
    window.__violations.push(event.violatedDirective + ' ' + event.blockedURI));
"""
expect.set_options(timeout=10_000)


@dataclass
class Visitor:
    """One person at one browser. `requests`, `console` and `faults` are everything since the context was opened."""

    page: Page
    portal: Served
    requests: list[str] = field(default_factory=list)
    console: list[str] = field(default_factory=list)
    faults: list[str] = field(default_factory=list)

    def watch(self, page: Page) -> Page:
        """Write down what a page asks for and complains about."""
        page.on("request", self._asked)
        page.on("websocket", lambda socket: self.requests.append(socket.url))
        page.on("console", lambda line: self.console.append(line.text) if line.type == "error" else None)
        page.on("pageerror", lambda fault: self.faults.append(str(fault)))
        return page

    def _asked(self, request: Request) -> None:
        self.requests.append(request.url)

    def tab(self) -> Page:
        """One more tab of the same browser."""
        return self.watch(self.page.context.new_page())

    def go(self, path: str) -> Page:
        """Open a page of the portal."""
        self.page.goto(self.portal.url + path)
        return self.page

    def sign_in(self, first: str) -> Page:
        """Sign in as a demo account, by the form, as a person does."""
        who = self.portal.account(first)
        self.fill_sign_in(who["email"], who["password"])
        self.page.wait_for_url(lambda url: not urlsplit(url).path.startswith(("/sign-in", "/session")))
        return self.page

    def fill_sign_in(self, email: str, password: str) -> None:
        """Fill in the sign-in form and send it."""
        self.go("/sign-in")
        self.page.get_by_label("E-mail").fill(email)
        self.page.get_by_label("Password", exact=True).fill(password)
        self.page.get_by_role("main").get_by_role("button", name="Sign in", exact=True).click()

    def borrow(self, cookie: str) -> None:
        """Go on with a session that was begun over HTTP (saves the form and the argon2 of a sign-in)."""
        name, _, value = cookie.partition("=")
        self.page.context.add_cookies(
            [
                {
                    # a __Host- cookie is only taken for an https address, whatever it is then used for
                    "name": name, "value": value, "url": self.portal.url.replace("http:", "https:"),
                    "secure": True, "httpOnly": True, "sameSite": "Lax",
                }
            ]
        )  # fmt: skip

    @property
    def cookie(self) -> str:
        """The value of the Cookie header of this visitor's session, to ask over HTTP or a raw socket as them."""
        found = self.page.context.cookies(self.portal.url.replace("http:", "https:"))
        return next(f"{one['name']}={one['value']}" for one in found if one["name"] == "__Host-rxportal")

    @property
    def violations(self) -> list[str]:
        """What the content security policy blocked on the page that is open."""
        found: list[str] = self.page.evaluate("window.__violations || []")
        return found

    @property
    def strangers(self) -> list[str]:
        """Requests to anywhere but this portal."""
        own = {urlsplit(self.portal.url).netloc, ""}
        return [url for url in self.requests if urlsplit(url).netloc not in own and not url.startswith("blob:")]


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
    """One Chromium for the run: the system's, else Playwright's own. None at all is a failure."""
    with sync_playwright() as playwright:
        found = next((str(path) for path in SYSTEM if path.exists()), None)
        browser = playwright.chromium.launch(executable_path=found, args=FLAGS)
        yield browser
        browser.close()


Opener = Callable[..., Visitor]


@contextmanager
def opener(chromium: Browser) -> Iterator[Opener]:
    """Opens a browser context per visitor, and closes them all: `visitors(portal, dark=True, width=320, script=False)`."""
    opened: list[Any] = []

    def visitor(portal: Served, *, dark: bool = False, width: int = 1280, script: bool = True) -> Visitor:
        context = chromium.new_context(
            viewport={"width": width, "height": 800},
            color_scheme="dark" if dark else "light",
            java_script_enabled=script,
            reduced_motion="reduce",
        )
        context.add_init_script(WATCH_POLICY)
        opened.append(context)
        person = Visitor(context.new_page(), portal)
        person.watch(person.page)
        return person

    yield visitor
    for context in opened:
        context.close()


@pytest.fixture
def visitors(chromium: Browser) -> Iterator[Opener]:
    """Visitors of one test."""
    with opener(chromium) as made:
        yield made


def broken_rules(page: Page) -> list[str]:
    """What axe finds, all rules of WCAG 2.2 AA and best practice on: one line per element."""
    answer = Axe().run(page, options={"runOnly": TAGS, "resultTypes": ["violations"]})
    return [
        f"{rule['id']}: {node['target']} {node['html'][:120]}"
        for rule in answer.response["violations"]
        for node in rule["nodes"]
    ]


def settled(page: Page, title: str | None = None) -> None:
    """Wait until the page shows what it is about: its heading, and no loading state.

    `title`: the heading of a page to which a link of the open app led. There the address changes before the page does, and
    the page before was settled already.
    """
    expect(page.get_by_role("heading", level=1, name=title).first).to_be_visible()
    expect(page.locator("[aria-busy=true]")).to_have_count(0)


STILL = """async () => {
  const ending = document.getAnimations().filter(one => one.effect.getComputedTiming().endTime !== Infinity);
  await Promise.allSettled(ending.map(one => one.finished));
  for (let frame = 0; frame < 3; frame++) await new Promise(requestAnimationFrame);
}"""


def still(page: Page) -> None:
    """Wait until what moves has arrived, and what measures itself has been drawn anew."""
    page.evaluate(STILL)


def sideways(page: Page) -> int:
    """How many pixels the page is wider than its window."""
    return int(page.evaluate("document.scrollingElement.scrollWidth - document.documentElement.clientWidth"))
