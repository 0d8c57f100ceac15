"""The fresh proof by a code, by a passkey and by a new round trip: the act goes on, and what was typed is kept."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pyotp
import pytest
from playwright.sync_api import Locator, Page, expect

from tests.browsing import Opener, Visitor, broken_rules, settled, sideways
from tests.e2e.test_factors import with_authenticator
from tests.e2e.test_register import newcomer, proved_long_ago
from tests.serving import Served

pytestmark = pytest.mark.browser
PHONE = 390
SECURITY = "/account/security"


def begun(served: Served, visitors: Opener, email: str) -> tuple[Visitor, Page]:
    """Somebody who registered a moment ago, on the security page of a phone."""
    visitor = visitors(served, width=PHONE)
    visitor.borrow(newcomer(served, email))
    page = visitor.go(SECURITY)
    settled(page)
    return visitor, page


def asked(page: Page, served: Served, email: str, wanted: str) -> tuple[Locator, Locator]:
    """The proof is too old, and another address is typed and sent: its field, and the dialog that asks."""
    proved_long_ago(served, email)
    field = page.get_by_label("New e-mail address")
    field.fill(wanted)
    field.press("Enter")
    dialog = page.get_by_role("dialog", name="Is it still you?")
    expect(dialog).to_be_visible()
    return field, dialog


def went_on(page: Page, wanted: str) -> None:
    """The act was done after the proof, without typing anything again."""
    expect(page.get_by_text(f"A letter is on its way to {wanted}.")).to_be_visible()
    expect(page.get_by_role("dialog")).to_have_count(0)


def kept(page: Page) -> None:
    """The recovery codes are shown this once."""
    expect(page.get_by_role("heading", name="Your recovery codes")).to_be_focused()
    page.get_by_role("button", name="I have kept them").click()
    expect(page.locator(".codes")).to_have_count(0)


def test_by_a_code_of_the_app_each_of_which_works_once(served: Served, visitors: Opener) -> None:
    email, wanted = "cody@newcomer.example", "cody@elsewhere.example"
    visitor, page = begun(served, visitors, email)
    page.get_by_role("button", name="Add an authenticator app").click()
    app = pyotp.TOTP(page.locator("p > code").inner_text().replace(" ", ""))
    first_at = datetime.now(UTC)
    page.get_by_label("2. The six digits that the app shows").fill(app.at(first_at))
    page.get_by_role("button", name="Turn it on").click()
    kept(page)
    expect(page.get_by_text("At least 8 characters.")).to_be_visible()  # without a reload

    field, dialog = asked(page, served, email, wanted)
    typed = dialog.get_by_label("The code that your authenticator app shows now")
    assert broken_rules(page) == []
    assert sideways(page) == 0
    typed.fill(app.at(first_at))
    dialog.get_by_role("button", name="Go on with the code").click()
    expect(dialog).to_contain_text("Each code works once.")
    expect(field).to_have_value(wanted)
    typed.fill(app.at(first_at + timedelta(seconds=30)))
    dialog.get_by_role("button", name="Go on with the code").click()
    went_on(page, wanted)
    settled(visitor.go(SECURITY))
    expect(page.locator(".codes")).to_have_count(0)
    expect(page.get_by_text("You have 10 left.")).to_be_visible()
    assert visitor.violations == []
    assert visitor.faults == []


def test_by_a_passkey_which_is_then_called_something_else(served: Served, visitors: Opener) -> None:
    email, wanted = "kay@newcomer.example", "kay@elsewhere.example"
    visitor, page = begun(served, visitors, email)
    with_authenticator(page)
    page.get_by_role("button", name="Add a passkey").click()
    kept(page)
    field, dialog = asked(page, served, email, wanted)
    expect(field).to_have_value(wanted)
    dialog.get_by_role("button", name="Use a passkey").click()
    went_on(page, wanted)

    page.get_by_text("Rename", exact=True).click()
    page.get_by_label("Name of this passkey").fill("廚房 tablet")
    assert broken_rules(page) == []
    assert sideways(page) == 0
    page.get_by_role("button", name="Save name").click()
    expect(page.get_by_text("The passkey is now called “廚房 tablet”.")).to_be_visible()
    expect(page.get_by_role("button", name="Remove the passkey 廚房 tablet")).to_be_visible()
    assert visitor.violations == []
    assert visitor.faults == []


def test_by_a_new_round_trip_where_there_is_nothing_else(served: Served, visitors: Opener) -> None:
    email, wanted = "nia.newcomer@mail.example", "nia@elsewhere.example"
    visitor = visitors(served, width=PHONE)
    page = visitor.go("/sign-in")
    page.get_by_role("link", name="Go on with Google").click()
    page.get_by_role("link", name="Nia Newcomer").click()
    page.get_by_role("button", name="Make my account").click()
    page.wait_for_url("**/home*")
    settled(visitor.go(SECURITY))
    field, dialog = asked(page, served, email, wanted)
    expect(dialog.get_by_label("Your password")).to_have_count(0)
    assert broken_rules(page) == []
    with page.context.expect_page() as opened:
        dialog.get_by_role("link", name="Show it with Google").click()
    there = opened.value
    there.get_by_role("link", name="Nia Newcomer").click()
    there.wait_for_url(f"{served.url}/**")
    there.get_by_role("heading", level=1).first.wait_for()
    there.close()
    expect(dialog).to_have_count(0)
    expect(field).to_have_value(wanted)
    page.get_by_role("button", name="Change e-mail address").click()
    went_on(page, wanted)
