"""Preferences, and leaving for good, on a phone: what the page names is what happens, on every open page."""

from __future__ import annotations

import time
from collections.abc import Iterator

import pytest
from playwright.sync_api import expect

from rxportal.demo import people
from tests.browsing import Opener, broken_rules, settled, sideways
from tests.serving import Served, serving

pytestmark = pytest.mark.browser
PHONE = 390
CLOSED = 2.0


@pytest.fixture(scope="module")
def left(tmp_path_factory: pytest.TempPathFactory, demo: Served) -> Iterator[Served]:
    """A portal of its own: whoever leaves it is gone for every other test."""
    with serving(Served(tmp_path_factory.mktemp("left")), demo) as portal:
        yield portal


def test_a_name_a_size_of_text_and_letters_are_chosen(left: Served, visitors: Opener) -> None:
    visitor = visitors(left, width=PHONE)
    visitor.borrow(left.cookie("nora"))
    page = visitor.go("/account/preferences")
    settled(page)
    before = page.evaluate("parseFloat(getComputedStyle(document.documentElement).fontSize)")
    page.get_by_label("Name to use").fill("Nóra B.")
    page.get_by_label("Larger").check()
    page.get_by_role("button", name="Save", exact=True).click()
    expect(page.get_by_text("Saved. Every page shows it from now on.")).to_be_visible()
    expect(page.get_by_role("banner")).to_contain_text("Nóra B.")
    page.wait_for_function(
        "was => parseFloat(getComputedStyle(document.documentElement).fontSize) > was * 1.3", arg=before
    )
    assert sideways(page) <= 0
    assert broken_rules(page) == []
    page.get_by_label("Write to me when there is a new test result").uncheck()
    page.get_by_role("button", name="Save e-mails").click()
    expect(page.get_by_text("We no longer write about new results")).to_be_visible()
    page.reload()
    settled(page)
    expect(page.get_by_label("Name to use")).to_have_value("Nóra B.")
    expect(page.get_by_label("Write to me when there is a new test result")).not_to_be_checked()


def test_whoever_leaves_closes_every_page_that_stood_on_their_account(left: Served, visitors: Opener) -> None:
    hers, his = visitors(left, width=PHONE), visitors(left, width=PHONE)
    his.borrow(left.cookie("ben"))
    chart = his.go("/home")
    settled(chart)
    chart.get_by_role("main").get_by_role("link", name="Maya Samplewood").click()
    expect(chart.get_by_role("region", name="Whose chart is open")).to_contain_text("Maya Samplewood")
    settled(chart)
    hers.borrow(left.cookie("maya"))
    page = hers.go("/account/preferences")
    page.get_by_role("link", name="Permanently remove my account").click()
    expect(page.get_by_role("heading", level=1, name="Permanently remove your account")).to_be_visible()
    said = page.get_by_role("main")
    for told in ("Ben Samplewood can no longer open your chart", "Theo Samplewood", "Grace Samplewood", "law says so"):
        expect(said).to_contain_text(told)
    assert broken_rules(page) == []
    word = page.get_by_label("To go on, type REMOVE")
    word.fill("leave")
    page.get_by_role("button", name="Remove my account").click()
    expect(page.get_by_text("Type the word REMOVE to go on.")).to_be_visible()
    expect(word).to_have_value("leave")
    word.fill("remove")
    page.get_by_role("button", name="Remove my account").click()
    begun = time.monotonic()
    page.wait_for_url("**/sign-in?removed=1")
    expect(page.get_by_role("status").filter(has_text="Your account is removed.")).to_be_visible()
    expect(chart.get_by_role("main")).not_to_contain_text("Maya", timeout=CLOSED * 1000)
    assert time.monotonic() - begun <= CLOSED
    settled(page)
    page.get_by_label("E-mail address").fill(people.MAYA.email)
    page.get_by_label("Password").fill(people.MAYA.password)
    page.get_by_role("main").get_by_role("button", name="Sign in", exact=True).click()
    expect(page.get_by_text("don’t fit together")).to_be_visible()
