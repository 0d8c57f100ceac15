"""Choosing when results open, on two pages at once; and a second step that was lost, at the desk."""

from __future__ import annotations

import pyotp
import pytest
from playwright.sync_api import Page, expect

from tests.browsing import Opener, broken_rules, settled, sideways
from tests.e2e.test_register import proved_long_ago
from tests.serving import Served

pytestmark = pytest.mark.browser
PHONE = 390
WORD = "Only after the doctor has written about it or released it."


def choose(page: Page, words: str) -> None:
    """Choose for laboratory results, and save."""
    page.get_by_role("group", name="Laboratory").get_by_label(words).check()
    page.get_by_role("button", name="Save when results open").click()
    expect(page.get_by_text("Saved. It counts from now on; what is open stays open.")).to_be_visible()


def test_when_results_open_is_chosen_on_one_page_and_stands_on_the_other(served: Served, visitors: Opener) -> None:
    here, there = visitors(served, width=PHONE), visitors(served, width=1280)
    cookie = served.cookie("grace")
    for one in (here, there):
        one.borrow(cookie)
        settled(one.go("/account/preferences"))
    page, other = here.page, there.page
    expect(other.get_by_role("group", name="Laboratory").get_by_label(WORD)).not_to_be_checked()
    page.set_viewport_size({"width": PHONE, "height": page.evaluate("document.documentElement.scrollHeight")})
    assert broken_rules(page) == []
    assert sideways(page) == 0
    choose(page, WORD)
    expect(other.get_by_role("group", name="Laboratory").get_by_label(WORD)).to_be_checked()
    expect(page.get_by_role("group", name="Imaging")).to_contain_text("The doctor releases each of them.")
    choose(page, "As soon as the doctor has looked at it.")
    expect(other.get_by_role("group", name="Laboratory").get_by_label(WORD)).not_to_be_checked()
    assert here.violations == there.violations == []


def test_the_desk_takes_a_lost_second_step_off_and_every_sign_in_ends(served: Served, visitors: Opener) -> None:
    grace, fran = served.account("grace"), served.account("fran")
    visitor = visitors(served, width=PHONE)
    visitor.borrow(served.cookie("grace"))
    theirs = visitor.go("/account/security")
    settled(theirs)
    theirs.get_by_role("button", name="Add an authenticator app").click()
    app = pyotp.TOTP(theirs.locator("p > code").inner_text().replace(" ", ""))
    theirs.get_by_label("2. The six digits that the app shows").fill(app.now())
    theirs.get_by_role("button", name="Turn it on").click()
    expect(theirs.get_by_role("heading", name="Your recovery codes")).to_be_visible()

    staff = visitors(served, width=PHONE)
    staff.borrow(served.cookie("fran"))
    page = staff.go("/desk/sign-ins")
    settled(page)
    proved_long_ago(served, fran["email"])
    page.get_by_label("Find an account").fill(grace["email"])
    page.get_by_role("button", name="Find").click()
    page.get_by_role("main").locator("li button", has_text=grace["email"]).click()
    expect(page.get_by_text("authenticator app, 10 recovery codes")).to_be_visible()
    assert broken_rules(page) == []
    assert sideways(page) == 0
    page.get_by_role("button", name="Take it off").click()
    basis, dialog = page.get_by_label("How did they prove who they are?"), page.get_by_role("dialog")
    expect(basis).to_have_attribute("aria-invalid", "true")
    basis.select_option("photo_id")
    page.get_by_role("button", name="Take it off").click()
    dialog.get_by_label("Your password").fill(fran["password"])
    dialog.get_by_role("button", name="Go on").click()
    expect(page.get_by_text("signs in without a second step now")).to_be_visible()
    expect(page.get_by_text("On this account: No second step.")).to_be_visible()
    theirs.wait_for_url("**/sign-in*")
    assert staff.violations == []
    assert staff.faults == []
