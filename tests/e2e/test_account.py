"""Who looked at a chart, where one is signed in, and the desk for access, as people use them."""

from __future__ import annotations

import json
import re
import time

import pytest
from playwright.sync_api import Page, expect

from rxportal.fhir.display import date_words
from tests.browsing import Opener, Visitor, settled
from tests.serving import Served

pytestmark = pytest.mark.browser
PHONE = 390
LIMIT_SECONDS = 2.0


def arrive(portal: Served, visitors: Opener, who: str, path: str, *, width: int = PHONE) -> tuple[Visitor, Page]:
    """Somebody's page, open."""
    visitor = visitors(portal, width=width)
    visitor.borrow(portal.cookie(who))
    page = visitor.go(path)
    settled(page)
    return visitor, page


def lines(page: Page) -> list[str]:
    """The sentences of the log."""
    return page.get_by_role("main").locator(".sections .sections .title").all_inner_texts()


def test_the_open_log_tells_by_itself_what_a_proxy_opens(served: Served, visitors: Opener) -> None:
    _visitor, maya = arrive(served, visitors, "maya", "/account/access-log")
    maya.evaluate("window.__same = true")
    _other, ben = arrive(served, visitors, "ben", "/home")
    ben.locator("header summary").click()
    link = ben.get_by_role("navigation", name="Switch person").get_by_role("link", name=re.compile("Maya"))
    grant = (link.get_attribute("href") or "").partition("?")[2]
    ben.goto(f"{served.url}/results?{grant}")
    expect(maya.get_by_text("Ben Samplewood looked at the test results.").first).to_be_visible()
    ben.get_by_role("link", name="Basic metabolic panel").first.click()
    expect(maya.get_by_text("Ben Samplewood opened “Basic metabolic panel”.").first).to_be_visible()
    assert maya.evaluate("window.__same"), "the page was loaded again"
    maya.get_by_label("Show").select_option("me")
    expect(maya.get_by_text("Ben Samplewood opened").first).to_have_count(0)
    assert all(line.startswith("You ") for line in lines(maya))


def test_the_question_before_a_removal_can_be_left_and_nothing_happens(served: Served, visitors: Opener) -> None:
    _visitor, page = arrive(served, visitors, "maya", "/account/access-log")
    button = page.get_by_role("button", name="Remove access: Ben Samplewood").first
    button.click()
    dialog = page.get_by_role("dialog")
    expect(dialog).to_contain_text("Pages that are open close at once.")
    expect(dialog.get_by_role("button", name="Keep access")).to_be_focused()
    page.keyboard.press("Escape")
    expect(dialog).to_have_count(0)
    expect(button).to_be_focused()
    expect(page.get_by_role("main")).to_contain_text("Full access · partner")


@pytest.mark.alone
def test_no_it_was_not_me_signs_the_other_browser_out(served: Served, visitors: Opener) -> None:
    _other, there = arrive(served, visitors, "nora", "/results", width=1280)
    _visitor, here = arrive(served, visitors, "nora", "/account/access-log")
    here.get_by_role("button", name=re.compile("Was this you.*test results")).first.click()
    dialog = here.get_by_role("dialog")
    expect(dialog).to_contain_text("You looked at the test results.")
    began = time.monotonic()
    dialog.get_by_role("button", name="No, sign it out").click()
    there.wait_for_url("**/sign-in**", timeout=5_000)
    assert time.monotonic() - began <= LIMIT_SECONDS
    expect(here.get_by_text("Signed out: A browser we don’t know.")).to_be_visible()
    expect(here.locator("#done")).to_be_focused()


def test_a_new_sign_in_appears_by_itself_and_is_ended(served: Served, visitors: Opener) -> None:
    _visitor, here = arrive(served, visitors, "nora", "/account/security")
    sign_out = here.get_by_role("button", name=re.compile("^Sign out: "))
    before = sign_out.count()
    _other, there = arrive(served, visitors, "nora", "/home", width=1280)
    expect(sign_out).to_have_count(before + 1)
    newest = here.get_by_role("listitem").filter(has=sign_out).first
    expect(newest).to_contain_text("Internet address 127.0.0.1")
    while sign_out.count():
        left = sign_out.count()
        sign_out.first.click()
        expect(sign_out).to_have_count(left - 1)
    there.wait_for_url("**/sign-in**", timeout=5_000)
    expect(here.get_by_text("This browser")).to_be_visible()


def test_the_desk_finds_a_patient_and_ends_nothing_without_a_reason(served: Served, visitors: Opener) -> None:
    visitor, desk = arrive(served, visitors, "fran", "/desk/access", width=1280)
    people = json.loads(served.command("patients", "--json").stdout)
    born = next(one["birth_date"] for one in people if one["name"] == "Maya Samplewood")  # counted back from today
    for words in (date_words(born), "900-004-411", "sample maya"):
        desk.get_by_role("searchbox", name="Find a patient").fill(words)
        desk.get_by_role("button", name="Find").click()
        expect(desk.get_by_role("heading", name="1 patient found")).to_be_focused()
    assert desk.url == served.url + "/desk/access"
    desk.get_by_role("button", name=re.compile("Maya Samplewood")).click()
    expect(desk.get_by_role("heading", name="Maya Samplewood")).to_be_focused()
    desk.get_by_role("button", name="End access: Ben Samplewood").click()
    dialog = desk.get_by_role("dialog")
    dialog.get_by_role("button", name="End access").click()
    expect(dialog).to_contain_text("Choose one from the list.")
    expect(dialog.get_by_label("Reason")).to_be_focused()
    dialog.get_by_role("button", name="Keep access").click()
    expect(dialog).to_have_count(0)
    expect(desk.get_by_role("button", name="End access: Ben Samplewood")).to_be_visible()
    _other, maya = arrive(served, visitors, "maya", "/account/access-log")
    expect(maya.get_by_text("Fran Pretendly looked at who may open this chart.").first).to_be_visible()
    assert visitor.violations == []
    assert visitor.strangers == []
