"""Signing in with outside providers, on a phone, against providers that somebody else wrote; Facebook's is a stand-in."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import ExitStack

import httpx
import pytest
from playwright.sync_api import Page, expect

from tests.browsing import Opener, Visitor, broken_rules, settled, sideways
from tests.outside.providers import CLIENT, SECRET, certified_provider, mock_provider
from tests.serving import Served

pytestmark = pytest.mark.browser
PHONE = 390
PEOPLE: list[dict[str, object]] = [
    {"sub": "nia", "name": "Nia Newcomer", "email": "nia@mock.example", "email_verified": True},
    {"sub": "mo", "name": "Mo Microsoft", "email": "mo@mock.example", "xms_edov": True},
    {"sub": "uma", "name": "Uma Unvouched", "email": "uma@mock.example"},
]
YAEL: dict[str, object] = {"name": "Yael Yahoo", "email": "yael@yahoo.example", "email_verified": True}


@pytest.fixture(scope="module")
def portal(tmp_path_factory: pytest.TempPathFactory, demo: Served) -> Iterator[Served]:
    """A portal whose Google and Microsoft are one such provider, and whose Yahoo is another."""
    served = Served(tmp_path_factory.mktemp("outside"))
    with ExitStack() as stack:
        known = {"sub": "known", "name": "Somebody", "email": demo.account("maya")["email"], "email_verified": True}
        mock = stack.enter_context(mock_provider(tmp_path_factory.mktemp("mock"), [*PEOPLE, known]))
        certified = stack.enter_context(
            certified_provider(tmp_path_factory.mktemp("npm"), f"{served.url}/auth/yahoo/callback", YAEL)
        )
        for name, issuer in (("GOOGLE", mock), ("MICROSOFT", mock), ("YAHOO", certified)):
            served.settings |= {
                f"RXPORTAL_OIDC_{name}_CLIENT_ID": CLIENT, f"RXPORTAL_OIDC_{name}_CLIENT_SECRET": SECRET,
                f"RXPORTAL_OIDC_{name}_ISSUER": issuer,
            }  # fmt: skip
        served.copy_demo(demo)
        served.start()
        yield served
        served.stop()


def phone(portal: Served, visitors: Opener) -> tuple[Visitor, Page]:
    """A visitor at 390 pixels; the mock's page asks for a stylesheet of the internet, which it does not get."""
    visitor = visitors(portal, width=PHONE)
    visitor.page.context.route("https://cdn.jsdelivr.net/**", lambda route: route.abort())
    return visitor, visitor.page


def at_mock(page: Page, subject: str) -> None:
    """Say to the mock who one is."""
    page.get_by_placeholder("sub").fill(subject)
    page.get_by_role("button", name="Authorize").click()


def at_certified(page: Page, login: str = "yael") -> None:
    """Sign in and agree at the certified provider."""
    page.get_by_placeholder("Enter any login").fill(login)
    page.get_by_placeholder("and password").fill("any")
    page.get_by_role("button", name="Sign-in").click()
    page.get_by_role("button", name="Continue").click()


def begin(page: Page, portal: Served, label: str) -> None:
    """Press a provider's button on the sign-in page."""
    page.goto(f"{portal.url}/sign-in")
    page.get_by_role("link", name=f"Go on with {label}").click()


def make_account(page: Page) -> None:
    """Agree to what was taken, and arrive."""
    expect(page.get_by_role("heading", name="Make your account")).to_be_visible()
    page.get_by_role("button", name="Make my account").click()
    page.wait_for_url("**/home*")


def sign_out(page: Page) -> None:
    """Sign out by the menu."""
    page.locator("header summary").click()
    page.locator("header").get_by_role("button", name="Sign out").click()
    page.wait_for_url("**/sign-in*")


def ways(page: Page, portal: Served) -> Page:
    """The security page, at its section."""
    page.goto(f"{portal.url}/account/security")
    expect(page.get_by_role("heading", name="Signing in with Google")).to_be_visible()
    settled(page)
    return page


def test_a_person_registers_comes_back_links_a_second_way_and_unlinks_the_first(
    portal: Served, visitors: Opener
) -> None:
    visitor, page = phone(portal, visitors)
    begin(page, portal, "Google")
    at_mock(page, "nia")
    expect(page.get_by_text("nia@mock.example")).to_be_visible()
    assert sideways(page) == 0
    assert broken_rules(page) == []
    make_account(page)
    expect(page.get_by_role("link", name="Show us who you are").first).to_be_visible()
    page.get_by_role("link", name="Show us who you are").first.click()
    page.wait_for_url("**/account/verify*")
    sign_out(page)

    begin(page, portal, "Google")
    at_mock(page, "nia")
    page.wait_for_url("**/home*")

    ways(page, portal)
    expect(page.get_by_text("Set a password or add a passkey")).to_be_visible()
    page.get_by_role("button", name="Add another way").click()
    page.get_by_role("link", name="Add Yahoo").click()
    at_certified(page)
    expect(page.get_by_text("you can now sign in that way too")).to_be_visible()
    expect(page.get_by_text("yael@yahoo.example")).to_be_visible()
    assert sideways(page) == 0
    assert broken_rules(page) == []

    page.get_by_role("button", name="Unlink Google, nia@mock.example").click()
    expect(page.get_by_text("Unlinked: Google.")).to_be_visible()
    sign_out(page)
    begin(page, portal, "Yahoo")  # who is known there, and agreed before, is asked nothing
    page.wait_for_url("**/home*")
    begin(page, portal, "Google")
    at_mock(page, "nia")
    expect(page.get_by_role("heading", name="Make your account")).to_be_visible()
    letters = httpx.get(f"{portal.url}/dev/mailbox").text
    assert "You can now sign in with Yahoo too." in letters
    assert "You can no longer sign in with Google." in letters
    assert visitor.violations == []


def test_microsoft_and_yahoo_make_accounts_too(portal: Served, visitors: Opener) -> None:
    _visitor, page = phone(portal, visitors)
    begin(page, portal, "Microsoft")
    at_mock(page, "mo")
    make_account(page)
    _other, second = phone(portal, visitors)
    begin(second, portal, "Yahoo")
    at_certified(second, "yola")
    expect(second.get_by_text("yola", exact=True)).to_be_visible()


def confirm_by_letter(page: Page, portal: Served, email: str) -> None:
    """Open the newest link that was sent to this address."""
    expect(page.get_by_role("heading", name="Look in your mailbox")).to_be_visible()
    letters: list[str] = []

    def sent() -> bool:
        text = httpx.get(f"{portal.url}/dev/mailbox").text
        letters[:] = re.findall(rf"→ {re.escape(email)}.*?(/confirm/[\w-]+)", text, re.DOTALL)
        return bool(letters)

    for _try in range(100):
        if sent():
            break
        page.wait_for_timeout(100)
    page.goto(portal.url + letters[0])
    page.get_by_role("button", name="Confirm and sign in").click()
    page.wait_for_url("**/home*")


def test_facebook_and_an_address_that_nobody_vouches_for_are_confirmed_by_our_link(
    portal: Served, visitors: Opener
) -> None:
    _visitor, page = phone(portal, visitors)
    begin(page, portal, "Facebook")
    expect(page.get_by_role("heading", name="Stand-in for Facebook")).to_be_visible()
    assert broken_rules(page) == []
    page.get_by_role("link", name="Paz Plainly").click()
    expect(page.get_by_text("this is not Facebook, but a stand-in")).to_be_visible()
    page.get_by_label("Your e-mail address").fill("paz@mail.example")
    page.get_by_role("button", name="Make my account").click()
    confirm_by_letter(page, portal, "paz@mail.example")
    sign_out(page)
    begin(page, portal, "Facebook")
    page.get_by_role("link", name="Paz Plainly").click()
    page.wait_for_url("**/home*")

    _other, second = phone(portal, visitors)
    begin(second, portal, "Google")
    at_mock(second, "uma")
    expect(second.get_by_label("Your e-mail address")).to_have_value("uma@mock.example")
    second.get_by_role("button", name="Make my account").click()
    confirm_by_letter(second, portal, "uma@mock.example")


def test_an_address_of_an_account_links_nothing(portal: Served, visitors: Opener) -> None:
    _visitor, page = phone(portal, visitors)
    begin(page, portal, "Google")
    at_mock(page, "known")
    page.get_by_role("button", name="Make my account").click()
    expect(page.get_by_role("heading", name="Look in your mailbox")).to_be_visible()
    page.goto(f"{portal.url}/home")
    page.wait_for_url("**/sign-in*")


def test_whoever_goes_back_without_signing_in_reads_one_sentence(portal: Served, visitors: Opener) -> None:
    _visitor, page = phone(portal, visitors)
    begin(page, portal, "Google")
    page.get_by_role("button", name="Deny").click()
    expect(page.get_by_text("Signing in that way did not work. Nothing was changed.")).to_be_visible()
    assert broken_rules(page) == []
