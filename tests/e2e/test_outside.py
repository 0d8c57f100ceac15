"""Signing in with outside providers, on a phone: each a process of its own, that somebody else wrote or documented."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass, field

import pytest
from playwright.sync_api import Page, expect

from tests.browsing import Opener, Visitor, broken_rules, settled, sideways
from tests.e2e.desk_codes import bring, code_of, newcomer, open_with, tell_facts
from tests.mailbox import link_to, wait_for_words
from tests.outside.providers import APP, CLIENT, SECRET, certified_provider, facebook, mock_provider
from tests.serving import Served

pytestmark = pytest.mark.browser
PHONE = 390
LABELS = {"google": "Google", "microsoft": "Microsoft", "yahoo": "Yahoo", "facebook": "Facebook"}


@dataclass
class Newcomer:
    """Somebody with an account at two providers; `known` are those where they agreed before."""

    first: str
    last: str
    born: str
    ways: dict[str, str]
    email: str
    known: set[str] = field(default_factory=set)


# Each begins with one provider and adds another: every provider is once the first and once the second.
PEOPLE = {
    "google": Newcomer("Nia", "Googlesome", "1981-03-04", {"google": "nia", "yahoo": "nia-y"}, "nia@mock.example"),
    "microsoft": Newcomer("Mo", "Liveidson", "1982-03-04", {"microsoft": "mo", "facebook": "2002"}, "mo@mock.example"),
    "yahoo": Newcomer("Yael", "Yahooson", "1983-03-04", {"yahoo": "yael", "google": "yael-g"}, "yael@yahoo.example"),
    "facebook": Newcomer(
        "Paz", "Plainbook", "1984-03-04", {"facebook": "2004", "microsoft": "paz-m"}, "paz@fb.example"
    ),
}
AT_MOCK: list[dict[str, object]] = [
    {"sub": "nia", "name": "Nia Googlesome", "email": "nia@mock.example", "email_verified": True},
    {"sub": "mo", "name": "Mo Liveidson", "email": "mo@mock.example", "xms_edov": True},
    {"sub": "yael-g", "name": "Yael Yahooson", "email": "yael@mock.example", "email_verified": True},
    {"sub": "paz-m", "name": "Paz Plainbook", "email": "paz@mock.example", "xms_edov": True},
    {"sub": "uma", "name": "Uma Unvouched", "email": "uma@mock.example"},
]
AT_YAHOO: dict[str, dict[str, object]] = {
    "nia-y": {"name": "Nia Googlesome", "email": "nia@yahoo.example", "email_verified": True},
    "yael": {"name": "Yael Yahooson", "email": "yael@yahoo.example", "email_verified": True},
}
AT_FACEBOOK = {
    "2002": {"name": "Mo Liveidson", "email": "mo@fb.example"},
    "2004": {"name": "Paz Plainbook", "email": "paz@fb.example"},
    "2005": {"name": "Fay Withoutmail"},
    "2006": {"name": "Kei Keepsmail", "email": "kei@fb.example"},
}


@pytest.fixture(scope="module")
def portal(tmp_path_factory: pytest.TempPathFactory, demo: Served) -> Iterator[Served]:
    """A portal whose Google and Microsoft are one such provider, whose Yahoo is another, and whose Facebook a third."""
    served = Served(tmp_path_factory.mktemp("outside"))
    with ExitStack() as stack:
        known = {"sub": "known", "name": "Somebody", "email": demo.account("maya")["email"], "email_verified": True}
        mock = stack.enter_context(mock_provider(tmp_path_factory.mktemp("mock"), [*AT_MOCK, known]))
        certified = stack.enter_context(
            certified_provider(tmp_path_factory.mktemp("npm"), f"{served.url}/auth/yahoo/callback", AT_YAHOO)
        )
        base = stack.enter_context(
            facebook(tmp_path_factory.mktemp("facebook"), f"{served.url}/auth/facebook/callback", AT_FACEBOOK)
        )
        for name, issuer in (("GOOGLE", mock), ("MICROSOFT", mock), ("YAHOO", certified)):
            served.settings |= {
                f"RXPORTAL_OIDC_{name}_CLIENT_ID": CLIENT, f"RXPORTAL_OIDC_{name}_CLIENT_SECRET": SECRET,
                f"RXPORTAL_OIDC_{name}_ISSUER": issuer,
            }  # fmt: skip
        served.settings |= {
            "RXPORTAL_FACEBOOK_CLIENT_ID": APP, "RXPORTAL_FACEBOOK_CLIENT_SECRET": SECRET,
            "RXPORTAL_FACEBOOK_DIALOG_BASE": base, "RXPORTAL_FACEBOOK_API_BASE": base,
        }  # fmt: skip
        served.copy_demo(demo)
        bring(served, *(newcomer(name, one.first, one.last, one.born) for name, one in PEOPLE.items()))
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


def at_certified(page: Page, login: str) -> None:
    """Sign in and agree at the certified provider."""
    page.get_by_placeholder("Enter any login").fill(login)
    page.get_by_placeholder("and password").fill("any")
    page.get_by_role("button", name="Sign-in").click()
    page.get_by_role("button", name="Continue").click()


def at_facebook(page: Page, number: str, *, keep_email: bool = False) -> None:
    """Log in and agree at Facebook."""
    page.get_by_label("Email or phone").fill(number)
    page.get_by_role("button", name="Log in").click()
    page.get_by_label("Keep my email address to myself").set_checked(keep_email)
    page.get_by_role("button", name="Continue as").click()


def answer(page: Page, who: Newcomer, provider: str) -> None:
    """Say there who one is. Whoever is known there, and agreed before, is asked nothing; the mock always asks."""
    if provider in {"google", "microsoft"}:
        at_mock(page, who.ways[provider])
    elif provider not in who.known:
        (at_certified if provider == "yahoo" else at_facebook)(page, who.ways[provider])
    who.known.add(provider)


def begin(page: Page, portal: Served, label: str) -> None:
    """Press a provider's button on the sign-in page."""
    page.goto(f"{portal.url}/sign-in")
    page.get_by_role("link", name=f"Go on with {label}").click()


def make_account(page: Page, portal: Served, email: str, *, vouched: bool) -> None:
    """Agree to what was taken; an address that the provider does not vouch for is confirmed by our own letter."""
    expect(page.get_by_role("heading", name="Make your account")).to_be_visible()
    expect(page.get_by_text(email).or_(page.get_by_label("Your e-mail address")).first).to_be_visible()
    assert sideways(page) == 0
    assert broken_rules(page) == []
    if not vouched:
        expect(page.get_by_label("Your e-mail address")).to_have_value(email)
    page.get_by_role("button", name="Make my account").click()
    if not vouched:
        confirm_by_letter(page, portal, email)
    page.wait_for_url("**/home*")


def sign_out(page: Page) -> None:
    """Sign out by the menu."""
    page.locator("header summary").click()
    page.locator("header").get_by_role("button", name="Sign out").click()
    page.wait_for_url("**/sign-in*")


def security(page: Page, portal: Served, first: str) -> Page:
    """The security page, at its section."""
    page.goto(f"{portal.url}/account/security")
    expect(page.get_by_role("heading", name=f"Signing in with {first}")).to_be_visible()
    settled(page)
    return page


def confirm_by_letter(page: Page, portal: Served, email: str) -> None:
    """Open the newest link that was sent to this address."""
    expect(page.get_by_role("heading", name="Look in your mailbox")).to_be_visible()
    page.goto(link_to(portal, email, "confirm"))
    page.get_by_role("button", name="Confirm and sign in").click()
    page.wait_for_url("**/home*")


@pytest.mark.parametrize("provider", PEOPLE)
def test_a_person_registers_proves_comes_back_links_a_second_way_and_unlinks_the_first(
    portal: Served, visitors: Opener, provider: str
) -> None:
    who, label = PEOPLE[provider], LABELS[provider]
    second = next(one for one in who.ways if one != provider)
    visitor, page = phone(portal, visitors)
    begin(page, portal, label)
    answer(page, who, provider)
    make_account(page, portal, who.email, vouched=provider != "facebook")

    page.get_by_role("link", name="Show us who you are").first.click()
    year, month, day = (int(part) for part in who.born.split("-"))
    tell_facts(page, f"{who.first} {who.last}", f"{month}/{day}/{year}")
    open_with(page, code_of(portal, visitors, f"V-{provider}", f"{who.first} {who.last}"))
    own = page.get_by_role("heading", level=1, name=f"Hello, {who.first}")
    expect(own).to_be_visible()
    sign_out(page)

    begin(page, portal, label)
    answer(page, who, provider)
    expect(own).to_be_visible()

    security(page, portal, "Google")
    expect(page.get_by_text("Set a password or add a passkey")).to_be_visible()
    expect(page.get_by_role("button", name=f"Unlink {label}")).to_have_count(0)
    page.get_by_role("button", name="Add another way").click()
    page.get_by_role("link", name=f"Add {LABELS[second]}").click()
    answer(page, who, second)
    expect(page.get_by_text("you can now sign in that way too")).to_be_visible()
    assert sideways(page) == 0
    assert broken_rules(page) == []

    page.get_by_role("button", name=f"Unlink {label}").click()
    expect(page.get_by_text(f"Unlinked: {label}.")).to_be_visible()
    sign_out(page)
    begin(page, portal, LABELS[second])
    answer(page, who, second)
    expect(own).to_be_visible()
    begin(page, portal, label)
    answer(page, who, provider)
    expect(page.get_by_role("heading", name="Make your account")).to_be_visible()
    wait_for_words(portal, f"You can now sign in with {LABELS[second]} too.")
    wait_for_words(portal, f"You can no longer sign in with {label}.")
    assert visitor.violations == []


@pytest.mark.parametrize(("number", "keeps"), [("2005", False), ("2006", True)])
def test_facebook_may_give_no_address_and_then_we_ask(
    portal: Served, visitors: Opener, number: str, keeps: bool
) -> None:
    _visitor, page = phone(portal, visitors)
    begin(page, portal, "Facebook")
    at_facebook(page, number, keep_email=keeps)
    expect(page.get_by_label("Your e-mail address")).to_have_value("")
    page.get_by_label("Your e-mail address").fill(f"typed-{number}@mail.example")
    page.get_by_role("button", name="Make my account").click()
    confirm_by_letter(page, portal, f"typed-{number}@mail.example")


def test_an_address_that_nobody_vouches_for_is_confirmed_by_our_link(portal: Served, visitors: Opener) -> None:
    _visitor, page = phone(portal, visitors)
    begin(page, portal, "Google")
    at_mock(page, "uma")
    make_account(page, portal, "uma@mock.example", vouched=False)


def test_where_nothing_is_set_a_stand_in_answers_and_says_so(served: Served, visitors: Opener) -> None:
    _visitor, page = phone(served, visitors)
    begin(page, served, "Facebook")
    expect(page.get_by_role("heading", name="Stand-in for Facebook")).to_be_visible()
    assert broken_rules(page) == []
    page.get_by_role("link", name="Paz Plainly").click()
    expect(page.get_by_text("this is not Facebook, but a stand-in")).to_be_visible()
    page.get_by_label("Your e-mail address").fill("paz@mail.example")
    page.get_by_role("button", name="Make my account").click()
    confirm_by_letter(page, served, "paz@mail.example")


def test_an_address_of_an_account_links_nothing(portal: Served, visitors: Opener) -> None:
    _visitor, page = phone(portal, visitors)
    begin(page, portal, "Google")
    at_mock(page, "known")
    page.get_by_role("button", name="Make my account").click()
    expect(page.get_by_role("heading", name="Look in your mailbox")).to_be_visible()
    page.goto(f"{portal.url}/home")
    page.wait_for_url("**/sign-in*")


@pytest.mark.parametrize(("label", "button"), [("Google", "Deny"), ("Facebook", "Cancel")])
def test_whoever_goes_back_without_signing_in_reads_one_sentence(
    portal: Served, visitors: Opener, label: str, button: str
) -> None:
    _visitor, page = phone(portal, visitors)
    begin(page, portal, label)
    page.get_by_role("button", name=button).click()
    expect(page.get_by_text("Signing in that way did not work. Nothing was changed.")).to_be_visible()
    assert broken_rules(page) == []
