"""What is measured: one event to the server and back, and the time until a list stands on the page."""

from __future__ import annotations

import time
from collections.abc import Callable
from statistics import quantiles

from playwright.sync_api import Browser, BrowserContext

from bench.served import Target
from tests.security.socket_client import Socket, router_data

EVENTS = 300
LOADS = 20
WARM = 20

Samples = list[float]
BOOT = "reflex___state____state.hydrate_and_load"


def round_trips(target: Target) -> Samples:
    """Milliseconds from sending the event that fills the list to the update that brings the list."""
    where = router_data(target.page)
    state = target.event.rpartition(".")[0]
    with Socket(target.url, cookie=target.cookie) as socket:
        socket.send(BOOT, router_data=where)
        socket.listen(2)

        def ask() -> None:
            socket.send(target.event, router_data=where)
            if not socket.listen(5, until=lambda frame: state in frame):
                raise TimeoutError(f"{target.name} does not answer {target.event}")

        return _timed(ask, EVENTS)


def page_loads(target: Target, browser: Browser) -> Samples:
    """Milliseconds from asking for the page to the first row of its list, files from the browser's cache."""
    context = browser.new_context()
    if target.cookie:
        _sign_in(context, target)
    page = context.new_page()

    def load() -> None:
        page.goto(target.url + target.page, wait_until="commit")
        page.locator("main li").first.wait_for(state="visible", timeout=15_000)

    samples = _timed(load, LOADS, warm=3)
    context.close()
    return samples


def _sign_in(context: BrowserContext, target: Target) -> None:
    """Give the browser a session that was begun over HTTP. A __Host- cookie is only taken for an https address."""
    name, _, value = target.cookie.partition("=")
    url = target.url.replace("http:", "https:")
    context.add_cookies(
        [{"name": name, "value": value, "url": url, "secure": True, "httpOnly": True, "sameSite": "Lax"}]
    )


def _timed(act: Callable[[], object], times: int, warm: int = WARM) -> Samples:
    samples = []
    for number in range(warm + times):
        started = time.perf_counter()
        act()
        if number >= warm:
            samples.append((time.perf_counter() - started) * 1000)
    return samples


def percentile(samples: Samples, percent: int) -> float:
    """A percentile, in milliseconds."""
    return round(quantiles(samples, n=100, method="inclusive")[percent - 1], 2)
