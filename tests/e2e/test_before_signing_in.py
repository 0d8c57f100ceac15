"""The forms in front of the portal: what was wrong has the focus, and a password can be looked at while it is typed."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect

from tests.browsing import Opener, settled
from tests.mailbox import link_to
from tests.serving import Served

pytestmark = pytest.mark.browser
PHONE = 390
SECRET = "a sentence only I would say"


def look_at_it(page: Page, label: str) -> None:
    """Type a password, look at it by keyboard, and hide it again: nothing typed is lost."""
    typed, shows = page.get_by_label(label), page.get_by_role("button", name="Show password")
    expect(shows).to_have_attribute("aria-pressed", "false")
    typed.fill(SECRET)
    typed.press("Tab")
    expect(shows).to_be_focused()
    page.keyboard.press("Space")
    expect(shows).to_have_attribute("aria-pressed", "true")
    expect(typed).to_have_attribute("type", "text")
    expect(typed).to_have_value(SECRET)
    page.keyboard.press("Enter")
    expect(typed).to_have_attribute("type", "password")
    expect(typed).to_have_value(SECRET)
    shows.click()


def test_a_password_can_be_looked_at_and_is_sent_as_one(served: Served, visitors: Opener) -> None:
    visitor = visitors(served, width=PHONE)
    page = visitor.go("/sign-in")
    settled(page)
    look_at_it(page, "Password")
    sent: list[str] = []

    def hears(kind: str) -> None:
        sent.append(kind)

    page.expose_function("sent", hears)
    page.evaluate("addEventListener('submit', () => sent(document.getElementById('password').type))")
    page.get_by_label("E-mail address").fill("nobody@tests.example")
    page.get_by_role("main").get_by_role("button", name="Sign in", exact=True).click()
    page.wait_for_url("**/sign-in?problem=wrong*")
    assert sent == ["password"], "the browser would offer it later as a text that was typed"
    settled(page)
    expect(page.get_by_label("Password")).to_be_focused()
    expect(page.get_by_label("E-mail address")).to_have_value("nobody@tests.example")
    settled(visitor.go("/sign-up"))
    look_at_it(page, "Password")
    assert (visitor.violations, visitor.faults) == ([], [])


def test_what_was_wrong_has_the_focus(served: Served, visitors: Opener) -> None:
    page = visitors(served, width=PHONE).go("/sign-up")
    for name, email, password, wrong in (
        (" ", "new@tests.example", SECRET, "Your name"),
        ("Ann", "nowhere", SECRET, "E-mail address"),
        ("Ann", "new@tests.example", "short", "Password"),
    ):
        settled(page)
        page.get_by_label("Your name").fill(name)
        page.get_by_label("E-mail address").fill(email)
        page.get_by_label("Password").fill(password)
        page.get_by_role("main").get_by_role("button", name="Register").click()
        page.wait_for_url("**/sign-up?problem=*")
        expect(page.get_by_label(wrong)).to_be_focused()
        expect(page.get_by_label(wrong)).to_have_attribute("aria-invalid", "true")


def test_a_forgotten_password_is_looked_at_and_leads_on_to_where_one_wanted_to_go(
    served: Served, visitors: Opener
) -> None:
    visitor = visitors(served, width=PHONE)
    page, email = visitor.go("/sign-in?next=/medicines"), served.account("nora")["email"]
    settled(page)
    page.get_by_role("link", name="Forgot your password?").click()
    page.wait_for_url("**/forgot-password?next=/medicines")
    settled(page)
    page.get_by_label("E-mail address").fill("nowhere")
    page.get_by_role("button", name="Send the link").click()
    page.wait_for_url("**problem=email**")
    expect(page.get_by_label("E-mail address")).to_be_focused()
    page.get_by_label("E-mail address").fill(email)
    page.get_by_role("button", name="Send the link").click()
    expect(page.get_by_role("heading", name="Look into your mailbox")).to_be_visible()
    page.goto(link_to(served, email, "reset"))
    look_at_it(page, "New password")
    assert (visitor.violations, visitor.faults) == ([], [])
