"""From nobody to an account and back in, on a phone: register, confirm by letter, sign out, forget, reset, sign in."""

from __future__ import annotations

import httpx
import pytest
from playwright.sync_api import Page, expect
from sqlmodel import Session as Database
from sqlmodel import col, select

from rxportal.core.database import open_engine
from rxportal.models.accounts import Account, Session
from rxportal.settings import load_settings
from tests.browsing import Opener, broken_rules, settled, sideways
from tests.mailbox import link_to
from tests.serving import Served

pytestmark = pytest.mark.browser
PHONE = 390
FIRST, SECOND = "seven green boats at noon", "eight red trains at dawn"


def fill_sign_up(page: Page, name: str, email: str, password: str) -> None:
    page.get_by_label("Your name").fill(name)
    page.get_by_label("E-mail address").fill(email)
    page.get_by_label("Password").fill(password)
    page.get_by_role("main").get_by_role("button", name="Register").click()


@pytest.mark.parametrize("width", [PHONE])
def test_a_newcomer_registers_confirms_forgets_and_comes_back(served: Served, visitors: Opener, width: int) -> None:
    visitor = visitors(served, width=width)
    page, email = visitor.go("/sign-in"), "lee+portal@newcomer.example"
    page.get_by_role("main").get_by_role("link", name="Register").click()
    settled(page)
    # a mistake first: what was typed is there again, but the password
    fill_sign_up(page, "Lee Newcomer", email, "too short")
    page.wait_for_url("**/sign-up?problem=too_short*")
    expect(page.get_by_text("Use at least 15 characters.")).to_be_visible()
    expect(page.get_by_label("Your name")).to_have_value("Lee Newcomer")
    expect(page.get_by_label("E-mail address")).to_have_value(email)
    expect(page.get_by_label("Password")).to_have_value("")
    assert broken_rules(page) == []
    fill_sign_up(page, "Lee Newcomer", email, FIRST)
    expect(page.get_by_role("heading", name="Look into your mailbox")).to_be_visible()
    expect(page.get_by_text(email)).to_be_visible()
    assert broken_rules(page) == []
    # the letter
    page.goto(link_to(served, email, "confirm"))
    expect(page.get_by_role("heading", level=1, name="Confirm your address")).to_be_visible()
    assert sideways(page) <= 0
    assert broken_rules(page) == []
    page.get_by_role("button", name="Confirm and sign in").click()
    page.wait_for_url("**/home")
    settled(page)
    page.locator("header summary").click()
    expect(page.get_by_text("Signed in as Lee Newcomer")).to_be_visible()
    page.get_by_role("button", name="Sign out").click()
    page.wait_for_url("**/sign-in?out=1")
    # forgotten
    settled(page)
    page.get_by_role("link", name="Forgot your password?").click()
    page.get_by_label("E-mail address").fill(email)
    page.get_by_role("button", name="Send the link").click()
    expect(page.get_by_role("heading", name="Look into your mailbox")).to_be_visible()
    page.goto(link_to(served, email, "reset"))
    page.get_by_label("New password").fill("passwordpassword")
    page.get_by_role("button", name="Save password").click()
    expect(page.get_by_role("alert")).to_contain_text("too easy to guess")
    assert broken_rules(page) == []
    page.get_by_label("New password").fill(SECOND)
    page.get_by_role("button", name="Save password").click()
    page.wait_for_url("**/sign-in?changed=1")
    expect(page.get_by_text("Your password is changed.")).to_be_visible()
    page.get_by_label("E-mail address").fill(email)
    page.get_by_label("Password", exact=True).fill(FIRST)
    page.get_by_role("main").get_by_role("button", name="Sign in", exact=True).click()
    expect(page.get_by_text("don’t fit together")).to_be_visible()
    expect(page.get_by_label("E-mail address")).to_have_value(email)
    page.get_by_label("Password", exact=True).fill(SECOND)
    page.get_by_role("main").get_by_role("button", name="Sign in", exact=True).click()
    page.wait_for_url("**/home")
    assert visitor.violations == []
    assert visitor.strangers == []


def test_the_forms_work_without_javascript(served: Served, visitors: Opener) -> None:
    page = visitors(served, script=False).go("/sign-up")
    fill_sign_up(page, "يوسف بن إبراهيم", "yusuf@newcomer.example", FIRST)
    page.wait_for_url("**/sign-up?sent=1*")
    page.goto(link_to(served, "yusuf@newcomer.example", "confirm"))
    page.get_by_role("button", name="Confirm and sign in").click()
    page.wait_for_url("**/home")


def test_in_another_browser_the_link_asks_for_the_password(served: Served, visitors: Opener) -> None:
    here = visitors(served, width=PHONE).go("/sign-up")
    fill_sign_up(here, "Kim Newcomer", "kim@newcomer.example", FIRST)
    here.wait_for_url("**/sign-up?sent=1*")
    there = visitors(served).page
    there.goto(link_to(served, "kim@newcomer.example", "confirm"))
    there.get_by_label("Password").fill("what a scanner would type")
    there.get_by_role("button", name="Confirm and sign in").click()
    expect(there.get_by_role("alert")).to_contain_text("That is not the password you chose")
    assert broken_rules(there) == []
    there.get_by_label("Password").fill(FIRST)
    there.get_by_role("button", name="Confirm and sign in").click()
    there.wait_for_url("**/home")


# --- the fresh proof


def newcomer(served: Served, email: str) -> str:
    """Somebody who registered over HTTP and is signed in; the value of the Cookie header."""
    with httpx.Client(base_url=served.url, headers={"origin": served.url}) as client:
        client.post("/registration", data={"name": "Pat Newcomer", "email": email, "password": FIRST})
        link = link_to(served, email, "confirm")
        answer = client.post(link, data={"password": FIRST})
        made = [line.split(";")[0] for line in answer.headers.get_list("set-cookie")]
    return next(pair for pair in made if pair.startswith("__Host-rxportal="))


def proved_long_ago(served: Served, email: str) -> None:
    """The sign-ins of this person are older than five minutes."""
    settings = load_settings({**served.environment}, None)
    engine = open_engine(settings.database_url, settings.database_key, settings.var)
    with Database(engine) as database:
        own = select(Session).join(Account, col(Account.id) == col(Session.account_id)).where(Account.email == email)
        for session in database.exec(own):
            session.fresh_at = None
        database.commit()
    engine.dispose()


def test_what_is_guarded_asks_for_a_proof_and_then_goes_on_by_itself(served: Served, visitors: Opener) -> None:
    visitor = visitors(served, width=PHONE)
    page, email = visitor.page, "pat@newcomer.example"
    visitor.borrow(newcomer(served, email))
    proved_long_ago(served, email)
    settled(visitor.go("/account/security"))
    field = page.get_by_label("New password")
    field.fill(SECOND)
    field.press("Enter")
    dialog = page.get_by_role("dialog", name="Is it still you?")
    typed = dialog.get_by_label("Your password")
    expect(typed).to_be_focused()
    assert broken_rules(page) == []
    for _ in range(6):  # the focus stays inside
        page.keyboard.press("Tab")
        assert page.evaluate("!document.activeElement.closest('main')")
    page.keyboard.press("Escape")
    expect(dialog).to_have_count(0)
    expect(field).to_be_focused()
    expect(field).to_have_value(SECOND)
    field.press("Enter")
    typed.fill("not that one")
    dialog.get_by_role("button", name="Go on").click()
    expect(dialog).to_contain_text("That is not your password.")
    typed.fill(FIRST)
    dialog.get_by_role("button", name="Go on").click()
    expect(page.get_by_text("Your password is changed. You are signed out everywhere else.")).to_be_visible()
    expect(dialog).to_have_count(0)
    expect(page.locator("#sign-in-done")).to_be_focused()
    # another address, within the five minutes: no second question
    page.get_by_label("New e-mail address").fill("pat@elsewhere.example")
    page.get_by_role("button", name="Change e-mail address").click()
    expect(page.get_by_text("A letter is on its way to pat@elsewhere.example.")).to_be_visible()
    page.goto(link_to(served, "pat@elsewhere.example", "new-email"))
    page.get_by_role("button", name="Use this address").click()
    expect(page.get_by_text("From now on you sign in with pat@elsewhere.example.")).to_be_visible()


def test_a_download_of_everything_asks_for_a_proof_and_then_comes(served: Served, visitors: Opener) -> None:
    visitor, who = visitors(served), served.account("grace")
    visitor.borrow(served.cookie("grace"))
    proved_long_ago(served, who["email"])
    page = visitor.go("/record")
    settled(page)
    page.get_by_role("button", name="Download the record").click()
    dialog = page.get_by_role("dialog", name="Is it still you?")
    dialog.get_by_label("Your password").fill(who["password"])
    with page.expect_download() as coming:
        dialog.get_by_role("button", name="Go on").click()
    assert coming.value.suggested_filename.startswith("health-record-")
