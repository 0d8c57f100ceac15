"""The time until the first result can be read in a browser, and what a first visit weighs."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

import httpx
from playwright.sync_api import Browser, Page, sync_playwright

from bench.figures import Figure, Samples, percentile
from bench.served import Target
from bench.stage import Stage
from rxportal.build.places import SITE
from rxportal.build.sizes import SCRIPT, SCRIPT_LIMIT, STYLE_LIMIT, weights
from tests.browsing import FLAGS, SYSTEM

# Lighthouse's slow 4G (150 ms, 1.6 Mbit/s) in the form in which the browser takes it, as its own "Slow 4G" preset does
SLOW = {"offline": False, "latency": 562.5, "downloadThroughput": 184_320, "uploadThroughput": 84_375}
SLOWER_PROCESSOR = 4
PATIENCE = 60.0
LOOK, LOOK_SLOW = 0.03, 0.2  # seconds between questions whether the page is ready; the page itself says when it was
# In the page itself: when the row stands there, at the frame in which it is painted
WATCH = """row => {
  const seen = () => [...document.querySelectorAll(row)].some(each => each.getClientRects().length)
  const look = () => {
    if (window.__ready || !seen()) return
    window.__ready = -1
    requestAnimationFrame(() => { window.__ready = performance.now() })
  }
  new MutationObserver(look).observe(document, {childList: true, subtree: true, attributes: true})
}"""


# A page of nobody's: its link leads as a letter's or a bookmark does, and the browser starts a process for what comes
ELSEWHERE = "data:text/html,<p>A letter with a link"


@dataclass(frozen=True)
class Visit:
    """One way of coming: how often it is measured, from where, with which network and processor."""

    name: str
    times: int
    warm: bool = False
    slow: bool = False
    inside: bool = False
    bound: float | None = 1.3
    empty: bool = False


VISITS = (
    Visit("cold, by a link from elsewhere", 15),
    Visit("warm, by a link from elsewhere", 21, warm=True),
    Visit("cold, by a link of the same origin", 15, inside=True),
    Visit("warm, by a link of the same origin", 21, warm=True, inside=True),
    Visit("warm, in an empty tab of a test browser", 15, warm=True, empty=True, bound=None),
    Visit("cold, slow 4G and 4 × slower processor", 5, slow=True),
    Visit("warm, slow 4G and 4 × slower processor", 5, warm=True, slow=True),
)


def pages(stage: Stage) -> list[Figure]:
    """From the start of the navigation to the frame in which the first result is painted, told by the page itself.

    Cold: a browser that was never here. Warm: its files are in the browser's cache. In turns with the bare app, and
    both apps in the same way: by a link from elsewhere, as out of a letter; by a link of the same origin, from a page
    that has nothing to load. In an empty tab (about:blank), where this was measured until 23 Nov 2026, a page without
    Cross-Origin-Opener-Policy, as the bare app's, takes over the tab's own process, and ours begins in a new one: that
    is reported and not bounded.
    """
    figures = []
    pair = (stage.plain, stage.ours)
    with chromium() as browser:
        found = [compared(browser, pair, visit) for visit in VISITS]
    for visit, (plain, own) in zip(VISITS, found, strict=True):
        figures.append(
            Figure(
                f"/results, {visit.name}, p50", percentile(own, 50), "ms", percentile(plain, 50), most_times=visit.bound
            )
        )
    return figures


@contextmanager
def chromium() -> Iterator[Browser]:
    """A Chromium for the block: its loop would be in the way of ours."""
    with sync_playwright() as playwright:
        found = next((str(path) for path in SYSTEM if path.exists()), None)
        browser = playwright.chromium.launch(executable_path=found, args=FLAGS)
        yield browser
        browser.close()


def compared(browser: Browser, pair: tuple[Target, Target], visit: Visit) -> tuple[Samples, Samples]:
    """Milliseconds of each load, in turns; the first of either is not counted."""
    kept: tuple[Samples, Samples] = ([], [])
    warmed = [_newcomer(browser, target) for target in pair] if visit.warm else []
    for number in range(visit.times + 1):
        for at, target in enumerate(pair):
            page = warmed[at].context.new_page() if visit.warm else _newcomer(browser, target)
            spent = _load(page, target, visit)
            if number:  # the first pair of loads warms servers and browser
                kept[at].append(spent)
            page.close() if visit.warm else page.context.close()
    for page in warmed:
        page.context.close()
    return kept


def _newcomer(browser: Browser, target: Target) -> Page:
    """A page of a browser that was never here, signed in. A __Host- cookie is only taken for an https address."""
    context = browser.new_context()
    if target.cookie:
        name, _, value = target.cookie.partition("=")
        url = target.url.replace("http:", "https:")
        context.add_cookies(
            [{"name": name, "value": value, "url": url, "secure": True, "httpOnly": True, "sameSite": "Lax"}]
        )
    return context.new_page()


def _load(page: Page, target: Target, visit: Visit) -> float:
    if visit.slow:
        session = page.context.new_cdp_session(page)
        session.send("Network.enable")
        session.send("Network.emulateNetworkConditions", SLOW)
        session.send("Emulation.setCPUThrottlingRate", {"rate": SLOWER_PROCESSOR})
    _arrive(page, target, visit)
    until = time.monotonic() + PATIENCE
    while (ready := float(page.evaluate("window.__ready || 0"))) <= 0:
        if time.monotonic() > until:
            raise TimeoutError(target.url + target.page)
        time.sleep(LOOK_SLOW if visit.slow else LOOK)
    return ready


def _arrive(page: Page, target: Target, visit: Visit) -> None:
    """Open the page: from elsewhere or from its own origin by a link, or as the first of an empty tab."""
    address = target.url + target.page
    if not visit.empty:
        page.goto(target.url + target.door if visit.inside else ELSEWHERE)
    page.add_init_script(f"({WATCH})({target.row!r})")
    if visit.empty:
        page.goto(address, wait_until="commit")
        return
    page.evaluate("address => { setTimeout(() => location.assign(address)) }", address)
    page.wait_for_url(address, wait_until="commit")


def size(stage: Stage) -> list[Figure]:
    """What the heaviest page loads before it can be used, gzipped; and whether brotli is served where it is taken."""
    found = weights()
    scripts, styles = max(found, key=lambda one: one.scripts), max(found, key=lambda one: one.styles)
    served, unpacked = _brotli(stage.ours)
    return [
        Figure(f"JavaScript of {scripts.page}", round(scripts.scripts / 1000, 1), "kB", most=SCRIPT_LIMIT / 1000),
        Figure(f"CSS of {styles.page}", round(styles.styles / 1000, 1), "kB", most=STYLE_LIMIT / 1000),
        Figure("/results with all its scripts, as brotli over the wire", served, "kB"),
        Figure("files served without brotli where it is accepted", unpacked, "", most=0),
    ]


def _brotli(target: Target) -> tuple[float, int]:
    """Kilobytes that come over the wire for a page and its scripts, and how many files came without brotli."""
    own = (SITE / "results" / "index.html").read_text(encoding="utf-8")
    paths = [target.page, *sorted({path for pair in SCRIPT.findall(own) for path in pair if path})]
    received, unpacked = 0, 0
    with httpx.Client(base_url=target.url, headers={"accept-encoding": "br, gzip"}) as client:
        for path in paths:
            with client.stream("GET", path) as answer:
                received += sum(len(part) for part in answer.iter_raw())
                unpacked += answer.headers.get("content-encoding") != "br"
    return round(received / 1000, 1), unpacked
