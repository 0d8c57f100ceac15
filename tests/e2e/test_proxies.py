"""The seed's path click by click on a phone: invite, try out, letter, own account, passcode, accept, see, be ended (S25)."""

from __future__ import annotations

import re
import time
from collections.abc import Iterator

import pytest
from playwright.sync_api import Page, expect

from tests.browsing import Opener, settled, sideways
from tests.e2e.test_families import ENDED, LIMIT_SECONDS, PHONE
from tests.postgres import Postgres
from tests.redis_server import RedisServer
from tests.serving import Served, serving
from tests.serving import wide_portal as serving_wide

pytestmark = pytest.mark.browser


@pytest.fixture(scope="module")
def home_portal(tmp_path_factory: pytest.TempPathFactory, demo: Served) -> Iterator[Served]:
    """A portal of our own, since people are let in here: one worker on SQLite."""
    with serving(Served(tmp_path_factory.mktemp("proxies")), demo) as portal:
        yield portal


@pytest.fixture(scope="module")
def wide_portal(tmp_path_factory: pytest.TempPathFactory, postgres: Postgres, demo_wide: Served) -> Iterator[Served]:
    """The same on PostgreSQL and Redis with two workers."""
    redis_server = RedisServer()
    with serving_wide(tmp_path_factory.mktemp("proxies-wide"), postgres, redis_server, "proxies", demo_wide) as portal:
        yield portal
    redis_server.stop()


def invited(page: Page, level: str) -> str:
    """Grace invites Nora, tries out what Nora will see, and sends the letter; the passcode that was made."""
    page.get_by_role("link", name="Invite a proxy").first.click()
    page.get_by_role("button", name=f"Grant {level} access").click()
    page.get_by_role("button", name="See what they will see").click()
    expect(page.get_by_text("Write the name of the person")).to_be_visible()
    page.get_by_label("Their name").fill("Nora Placeholder")
    page.get_by_label("Their e-mail address").fill("nora.placeholder@demo.example")
    page.get_by_label("Medicines").uncheck()
    page.get_by_role("button", name="See what they will see").click()
    expect(page.get_by_role("heading", name="Check it, then send it")).to_be_visible()
    page.get_by_role("link", name="See exactly what Nora will see").click()
    expect(page.get_by_role("region", name="Whose chart is open")).to_contain_text(
        "Preview: this is what Nora Placeholder will see."
    )
    page.get_by_role("navigation", name="Main").get_by_role("link", name="Medicines").click()
    expect(page.get_by_role("main")).to_contain_text("Your access doesn’t cover this")
    page.get_by_role("link", name="Back to the invitation").click()
    page.get_by_role("button", name="OK, send the invitation").click()
    expect(page.get_by_role("heading", name="The invitation is sent")).to_be_visible()
    assert sideways(page) <= 0
    return page.locator("code.passcode").inner_text()


def link_in_the_letter(page: Page, portal: Served) -> str:
    """The newest link to an invitation in the development mailbox, once it is delivered."""
    deadline = time.monotonic() + 15
    while time.monotonic() < deadline:
        page.goto(f"{portal.url}/dev/mailbox")
        found = re.findall(r"/invitations/[\w-]{20,}", page.content())
        if found:
            return str(found[0])
        page.wait_for_timeout(300)
    raise AssertionError("no letter came")


def accepted(page: Page, portal: Served, path: str, passcode: str) -> str:
    """Nora types a wrong passcode, then the right one in her own writing, and accepts; the chart's address."""
    page.goto(portal.url + path)
    page.get_by_label("Passcode").fill("not this one")
    page.get_by_role("button", name="Go on").click()
    expect(page.get_by_role("main")).to_contain_text("4 tries are left.")
    page.get_by_label("Passcode").fill(passcode.lower().replace("-", " "))
    page.get_by_role("button", name="Go on").click()
    expect(page.get_by_role("heading", name="Open the chart of Grace Samplewood?")).to_be_visible()
    page.get_by_role("button", name="Accept").click()
    page.get_by_role("link", name="Open the chart of Grace Samplewood").click()
    expect(page.get_by_role("heading", level=1, name="Grace Samplewood")).to_be_visible()
    return page.url


@pytest.mark.alone
@pytest.mark.parametrize(("kind", "level", "words"), [
    ("home_portal", "read only", "Read only"), ("wide_portal", "full", "Full access"),
])  # fmt: skip
def test_a_proxy_is_invited_accepts_sees_and_is_removed_while_two_pages_are_open(
    request: pytest.FixtureRequest, visitors: Opener, kind: str, level: str, words: str
) -> None:
    portal: Served = request.getfixturevalue(kind)
    owner, guest = visitors(portal, width=PHONE), visitors(portal, width=PHONE)
    owner.borrow(portal.cookie("grace"))
    page = owner.go("/account/connections")
    settled(page)
    passcode = invited(page, level)
    stranger = visitors(portal, width=PHONE)
    path = link_in_the_letter(stranger.page, portal)
    looked = stranger.go(path)
    expect(looked.get_by_role("heading", name="Somebody asks you to open their chart")).to_be_visible()
    assert "Grace" not in looked.locator("body").inner_text()
    guest.borrow(portal.cookie("nora"))
    address = accepted(guest.page, portal, path, passcode)
    other = guest.tab()
    other.goto(address.replace("/home", "/results"))
    settled(other)
    for tab in (guest.page, other):
        expect(tab.get_by_role("region", name="Whose chart is open")).to_contain_text(words)
    page.goto(f"{portal.url}/account/connections")
    page.get_by_role("button", name="Remove the access of Nora Placeholder").click()
    began = time.monotonic()
    page.get_by_role("dialog").get_by_role("button", name="Remove access", exact=True).click()
    for tab in (guest.page, other):
        expect(tab.get_by_role("main")).to_contain_text(ENDED, timeout=5_000)
    taken = time.monotonic() - began
    print(f"\n{kind}: two open pages closed in {taken * 1000:.0f} ms")
    assert taken <= LIMIT_SECONDS
    stranger.go(path)
    expect(stranger.page.get_by_role("main")).to_contain_text("This invitation was used.")


def test_a_teen_shows_a_part_to_parents_and_hides_it_again(home_portal: Served, visitors: Opener) -> None:
    teen = visitors(home_portal, width=PHONE)
    teen.borrow(home_portal.cookie("noah"))
    page = teen.go("/account/connections")
    settled(page)
    page.get_by_role("button", name="Show to parents: Bills").click()
    expect(page.locator("#done")).to_contain_text("Your parents see it now: Bills.")
    page.get_by_role("button", name="Hide from parents: Bills").click()
    expect(page.locator("#done")).to_contain_text("Hidden from your parents: Bills.")
