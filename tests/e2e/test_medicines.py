"""Medicines, search and download, as people use them."""

from __future__ import annotations

import json
import re

import pytest
from playwright.sync_api import expect

from tests.browsing import Opener, settled
from tests.e2e.keyboard import press_to
from tests.serving import Served

pytestmark = pytest.mark.browser


def test_each_medicine_says_where_it_stands_and_what_to_do_next(served: Served, visitors: Opener) -> None:
    visitor = visitors(served, width=390)
    visitor.borrow(served.cookie("maya"))
    page = visitor.go("/medicines")
    settled(page)
    pill = page.get_by_role("article").filter(has=page.get_by_role("heading", name="Lisinopril"))
    for words in ("Take one tablet by mouth", "3 refills left", "Nothing has been requested.", "Dr. Lee", "Fairhaven"):
        expect(pill).to_contain_text(words)
    empty = page.get_by_role("article").filter(has=page.get_by_role("heading", name="Metformin"))
    expect(empty).to_contain_text("No refills left")
    expect(empty.get_by_role("link")).to_have_attribute("href", re.compile("^tel:"))
    drops = page.get_by_role("article").filter(has=page.get_by_role("heading", name="Eye drops"))
    expect(drops).to_contain_text("can’t be renewed online because it was entered in free words")
    expect(page.get_by_text("Warfarin")).to_have_count(0)
    expect(page.get_by_role("listitem").filter(has_text="Hydrochlorothiazide")).to_contain_text("It made you dizzy.")
    assert visitor.violations == []


def test_by_keyboard_one_searches_the_record_and_lands_on_what_was_found(served: Served, visitors: Opener) -> None:
    visitor = visitors(served)
    visitor.borrow(served.cookie("maya"))
    page = visitor.go("/record")
    settled(page)
    press_to(page, "searchbox", re.compile("search", re.IGNORECASE))
    page.keyboard.type("metformin")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="match")).to_be_focused()
    press_to(page, "link", re.compile("Metformin"))
    page.keyboard.press("Enter")
    page.wait_for_url("**/medicines#m-**")
    settled(page, "Medicines")
    found = page.get_by_role("article").filter(has=page.get_by_role("heading", name="Metformin"))
    expect(found).to_be_focused()
    assert not [url for url in visitor.requests if "metformin" in url.lower()]
    page.go_back()
    settled(page)
    page.get_by_label("Search this record").fill("xyzzy")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="Nothing here matches “xyzzy”")).to_be_visible()
    page.get_by_role("button", name="Close the search").click()
    expect(page.get_by_label("Search this record")).to_have_value("")
    expect(page.get_by_text("xyzzy")).to_have_count(0)


def test_what_was_searched_in_one_chart_is_gone_in_the_next(served: Served, visitors: Opener) -> None:
    visitor = visitors(served)
    visitor.borrow(served.cookie("maya"))
    page = visitor.go("/record")
    settled(page)
    page.get_by_label("Search this record").fill("metformin")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="match")).to_be_visible()
    page.locator("header summary").click()
    page.get_by_role("link", name=re.compile("Theo Samplewood")).first.click()
    page.wait_for_url("**for=**")
    page.get_by_role("navigation", name="Main").get_by_role("link", name="Record").click()
    page.wait_for_url("**/record?for=**")
    settled(page, "Health record")
    expect(page.get_by_label("Search this record")).to_have_value("")
    expect(page.get_by_text("metformin", exact=False)).to_have_count(0)


def test_the_download_is_the_chart_that_is_open(served: Served, visitors: Opener) -> None:
    visitor = visitors(served, width=390)
    visitor.borrow(served.cookie("maya"))
    page = visitor.go("/record")
    settled(page)
    with page.expect_download() as begun:
        page.get_by_role("button", name="Download the record").click()
    assert re.fullmatch(r"health-record-\d{4}-\d\d-\d\d\.json", begun.value.suggested_filename)
    bundle = json.loads(begun.value.path().read_text())
    assert bundle["resourceType"] == "Bundle"
    people = [each["resource"] for each in bundle["entry"] if each["resource"]["resourceType"] == "Patient"]
    assert [one["name"][0]["given"][0] for one in people] == ["Maya"]
    assert "Warfarin" not in json.dumps(bundle)
    assert page.url.endswith("/record")
    assert visitor.violations == []
