"""What holds on every route, in every state, light and dark, at 320 and 1280 px."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, WebSocketRoute, expect

from tests.browsing import Opener, Visitor, broken_rules, opener, settled, sideways, still
from tests.e2e.stops import STOPS, Stop
from tests.serving import Served

pytestmark = pytest.mark.browser
LOOKS = [(dark, width) for dark in (False, True) for width in (320, 1280)]
OTHERS = [(stop, state) for stop in STOPS for state in stop.states if state != "ready"]
COOKIES: dict[str, str] = {}


def arrive(visitor: Visitor, portal: Served, stop: Stop, state: str) -> Page:
    """Bring the route into the state and wait until it shows it."""
    if who := stop.reader(state):
        if who not in COOKIES:
            COOKIES[who] = portal.cookie(who)
        visitor.borrow(COOKIES[who])
    path = stop.path(visitor, state)
    page = visitor.page
    if state == "loading":
        page.route_web_socket("**/_event/**", swallow)
        page.goto(portal.url + path)
        expect(page.get_by_role("heading", level=1)).to_have_count(1)
        page.wait_for_timeout(700)  # what only appears while it waits, has appeared
        return page
    page.goto(portal.url + path)
    settled(page)
    return page


def swallow(socket: WebSocketRoute) -> None:
    """A server that never answers."""
    socket.on_message(lambda _: None)


def test_the_routes_of_the_app_are_the_routes_tested_here() -> None:
    from rxportal.pages.routes import NOT_FOUND, PAGES

    assert {page.route for page in PAGES} | {f"/{NOT_FOUND.route}"} == {stop.route for stop in STOPS}


@pytest.fixture(scope="module", params=STOPS, ids=lambda stop: stop.route)
def ready(request: pytest.FixtureRequest, served: Served, chromium: Browser) -> Iterator[Visitor]:
    """A route as its reader finds it: opened once for all tests that only look at it."""
    with opener(chromium) as visitors:
        visitor = visitors(served)
        arrive(visitor, served, request.param, "ready")
        yield visitor


def test_the_page_is_accessible_and_fits_and_keeps_to_itself(ready: Visitor) -> None:
    look_at(ready)


@pytest.mark.parametrize(("stop", "state"), OTHERS, ids=[f"{stop.route}-{state}" for stop, state in OTHERS])
def test_so_is_every_other_state_of_it(served: Served, visitors: Opener, stop: Stop, state: str) -> None:
    visitor = visitors(served)
    arrive(visitor, served, stop, state)
    look_at(visitor)


def look_at(visitor: Visitor) -> None:
    """No barrier, nothing too wide, nothing blocked, nothing asked for elsewhere, no script fault: in every look."""
    page = visitor.page
    found: list[str] = []
    for dark, width in LOOKS:
        page.emulate_media(color_scheme="dark" if dark else "light", reduced_motion="reduce")
        page.set_viewport_size({"width": width, "height": 800})
        # the whole page at once: what the bar at the bottom of a phone half covers depends on the day's content, and a
        # person scrolls; every rule counts for every element all the same
        page.set_viewport_size({"width": width, "height": page.evaluate("document.documentElement.scrollHeight")})
        look = f"{'dark' if dark else 'light'} {width}"
        found += [f"{look}: {rule}" for rule in broken_rules(page)]
        if sideways(page) > 0:
            found.append(f"{look}: {sideways(page)} px too wide")
    found += [f"policy: {violation}" for violation in visitor.violations]
    found += [f"third party: {url}" for url in visitor.strangers]
    found += [f"script fault: {fault}" for fault in visitor.faults]
    assert not found, "\n".join(found)


def test_the_page_is_one_heading_with_landmarks_and_a_title_that_tells_nothing(ready: Visitor) -> None:
    page = ready.page
    expect(page.get_by_role("heading", level=1)).to_have_count(1)
    expect(page.get_by_role("main")).to_have_count(1)
    expect(page.get_by_role("contentinfo")).to_have_count(1)
    assert page.locator("html").get_attribute("lang") == "en"
    title = page.title()
    assert title
    for told in ("Samplewood", "Maya", "metabolic", "Exampleton"):
        assert told not in title
        assert told not in page.url


def test_text_at_200_percent_stays_on_the_page(ready: Visitor) -> None:
    page = ready.page
    page.emulate_media(color_scheme="light", reduced_motion="reduce")
    page.add_style_tag(content="html { font-size: 200% !important }")
    for width in (640, 1280):
        page.set_viewport_size({"width": width, "height": 800})
        still(page)
        assert sideways(page) <= 0, f"{sideways(page)} px too wide at {width} px"


def test_the_page_for_an_address_inside_the_app_that_leads_nowhere(served: Served, visitors: Opener) -> None:
    """The server answers a wrong address itself; a wrong link inside the open app meets this one."""
    page = visitors(served).go("/help")
    settled(page)
    page.evaluate("history.pushState({}, '', '/nowhere'); dispatchEvent(new PopStateEvent('popstate', {state: {}}))")
    expect(page.get_by_role("heading", level=1, name="We can’t find that page")).to_be_visible()
    assert broken_rules(page) == []


def test_the_look_for_barriers_bites(chromium: Browser) -> None:
    page = chromium.new_page()
    page.set_content("<title>t</title><main><h1>x</h1><img src='x.png'><p style='color:#aaa;background:#fff'>pale</p>")
    found = " ".join(broken_rules(page))
    page.close()
    assert all(rule in found for rule in ("image-alt", "color-contrast", "html-has-lang"))


@pytest.mark.parametrize("stop", [stop for stop in STOPS if stop.who], ids=lambda stop: stop.route)
def test_a_stranger_is_sent_to_sign_in_and_sees_nothing(served: Served, visitors: Opener, stop: Stop) -> None:
    visitor = visitors(served)
    page = visitor.go(stop.route.replace("[id]", "6b1f0a52-8a55-4f6e-9c58-0a9c4f3c2b11"))
    page.wait_for_url("**/sign-in**")
    settled(page)
    for told in ("Samplewood", "Exampleton", "Lee"):
        assert told not in page.content()
