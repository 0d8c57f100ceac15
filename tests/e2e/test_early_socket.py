"""A page opens its socket before it has loaded (ADR 0016, 0018): with luck one socket is all, without it nothing is lost."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import pytest
from playwright.sync_api import Page, expect

from tests.bad_line import SLOW_SECONDS, BadLine, Fate
from tests.browsing import Opener, Visitor, settled
from tests.serving import Served

pytestmark = pytest.mark.browser
ROWS = "main a.item[href^='/results/']"


@pytest.fixture
def line(request: pytest.FixtureRequest, served: Served) -> Iterator[BadLine]:
    """A line to the portal on which early sockets have the fate that the test names."""
    made = BadLine(served.port, request.param)
    yield made
    made.stop()


def listed(page: Page) -> list[str]:
    """The addresses of the results that stand on the page, in their order."""
    settled(page, "Test results")
    return [str(row.get_attribute("href")) for row in page.locator(ROWS).all()]


def through(served: Served, line: BadLine, visitors: Opener, cookie: str) -> Visitor:
    """Somebody signed in, at the other end of the line."""
    visitor = visitors(replace(served, port=line.port))
    visitor.borrow(cookie)
    return visitor


def test_a_page_says_all_that_it_has_to_on_one_socket(served: Served, visitors: Opener) -> None:
    visitor = visitors(served)
    visitor.borrow(served.cookie("maya"))
    assert listed(visitor.go("/results"))
    sockets = [url for url in visitor.requests if url.startswith("ws:")]
    assert len(sockets) == 1
    assert "&first=40%2F_event%2C" in sockets[0]


@pytest.mark.parametrize("line", list(Fate), indirect=True, ids=lambda fate: fate.name.lower())
def test_whatever_becomes_of_the_early_socket_the_page_shows_all_and_hears_all(
    served: Served, visitors: Opener, line: BadLine
) -> None:
    cookie = served.cookie("maya")
    straight = visitors(served)
    straight.borrow(cookie)
    wanted = listed(straight.go("/results"))
    assert wanted

    visitor = through(served, line, visitors, cookie)
    page = visitor.go("/results")
    assert listed(page) == wanted  # the same, in the same order, nothing twice
    early, own = line.opened
    assert early == 1
    assert own == (0 if line.line.fate is Fate.SLOW else 1)

    before = page.locator("#found").inner_text()
    page.get_by_label("Search results").fill("lipid")
    page.get_by_role("button", name="Search", exact=True).click()
    expect(page.locator("#found")).not_to_have_text(before)
    assert 0 < len(page.locator(ROWS).all()) < len(wanted)
    assert not visitor.faults


@pytest.mark.parametrize("line", [Fate.SLOW], indirect=True, ids=["slow"])
def test_nothing_of_anybody_stands_there_before_the_socket_says_who_it_is(
    served: Served, visitors: Opener, line: BadLine
) -> None:
    visitor = through(served, line, visitors, served.cookie("maya"))
    page = visitor.page
    page.goto(visitor.portal.url + "/results", wait_until="commit")
    expect(page.get_by_text("Opening the results…")).to_be_visible(timeout=SLOW_SECONDS * 1000)
    assert "Maya" not in page.inner_text("body")
    assert listed(page)
    assert line.opened == (1, 0)


@pytest.mark.parametrize("line", [Fate.CUT], indirect=True, ids=["cut"])
def test_who_is_not_signed_in_is_led_to_sign_in_also_on_a_bad_line(
    served: Served, visitors: Opener, line: BadLine
) -> None:
    visitor = visitors(replace(served, port=line.port))
    page = visitor.go("/results")
    page.wait_for_url("**/sign-in**")
    assert not page.locator(ROWS).count()
