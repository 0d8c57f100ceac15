"""Whole visits, as people make them."""

from __future__ import annotations

import re
import time
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Page, expect

from tests.browsing import Opener, settled
from tests.e2e.keyboard import landed, press_to
from tests.serving import Served

pytestmark = pytest.mark.browser


def test_by_keyboard_alone_one_signs_in_finds_a_result_and_reads_its_trend(served: Served, visitors: Opener) -> None:
    visitor = visitors(served)
    who = served.account("maya")
    page = visitor.go("/")
    settled(page)
    press_to(page, "link", re.compile("sign in", re.IGNORECASE))
    page.keyboard.press("Enter")
    page.wait_for_url("**/sign-in**")
    settled(page)
    press_to(page, "textbox", re.compile("e-mail", re.IGNORECASE))
    page.keyboard.type(who["email"])
    press_to(page, "textbox", re.compile("password", re.IGNORECASE))
    page.keyboard.type(who["password"])
    page.keyboard.press("Enter")
    page.wait_for_url("**/home**")
    settled(page)
    press_to(page, "link", re.compile(r"^(test )?results$", re.IGNORECASE))
    page.keyboard.press("Enter")
    page.wait_for_url("**/results**")
    landed(page, "Test results")
    press_to(page, "searchbox", re.compile("search", re.IGNORECASE))
    page.keyboard.type("metabolic")
    page.keyboard.press("Enter")
    expect(page.get_by_role("link", name=re.compile("lipid", re.IGNORECASE))).to_have_count(0)
    press_to(page, "link", re.compile("basic metabolic panel", re.IGNORECASE))
    page.keyboard.press("Enter")
    page.wait_for_url("**/results/**")
    landed(page, "Basic metabolic panel")
    press_to(page, "disclosure", re.compile("table", re.IGNORECASE))
    page.keyboard.press("Enter")
    table = page.get_by_role("table").filter(has=page.get_by_role("columnheader", name="Collected"))
    expect(table.first).to_be_visible()
    assert table.first.get_by_role("row").count() > 5
    expect(table.first).to_contain_text("112")
    assert visitor.violations == []
    assert visitor.strangers == []


def test_a_wrong_password_says_what_to_do_and_keeps_the_address(served: Served, visitors: Opener) -> None:
    visitor = visitors(served)
    visitor.fill_sign_in("grace.samplewood@demo.example", "this is not the password")
    page = visitor.page
    page.wait_for_url("**/sign-in?**")
    alert = page.get_by_role("alert").filter(has_text=re.compile("password", re.IGNORECASE))
    expect(alert).to_be_visible()
    expect(page.get_by_label("E-mail")).to_have_value("grace.samplewood@demo.example")
    assert "samplewood" not in page.url
    expect(page.get_by_label("Password", exact=True)).to_have_value("")


@pytest.mark.alone
def test_sign_out_in_one_tab_ends_the_other(served: Served, visitors: Opener) -> None:
    visitor = visitors(served)
    first = visitor.sign_in("maya")
    second = visitor.tab()
    second.goto(served.url + "/results")
    settled(second)
    expect(second.get_by_role("main")).to_contain_text("Lipid panel")
    sign_out(first)
    first.wait_for_url("**/sign-in**")
    ended = time.monotonic()
    second.wait_for_url("**/sign-in**", timeout=4_000)
    assert time.monotonic() - ended < 2.5
    assert "Lipid panel" not in second.content()
    assert second.evaluate("JSON.stringify([{...localStorage}, {...sessionStorage}])").count("Lipid") == 0
    second.goto(served.url + "/results")
    second.wait_for_url("**/sign-in**")
    first.go_back()
    first.wait_for_timeout(500)
    assert "Lipid panel" not in first.content()


def sign_out(page: Page) -> None:
    """By the menu behind one's name."""
    button = page.get_by_role("button", name=re.compile("sign out", re.IGNORECASE))
    if not button.first.is_visible():
        open_menu(page)
    button.first.click()


def open_menu(page: Page) -> None:
    """Open the drop-down beside the name, at the top of the page."""
    menu = page.locator("header summary, header button[aria-haspopup], header button[aria-expanded]").first
    menu.click()


def test_the_arrow_beside_the_name_opens_the_mothers_chart_and_nothing_of_ones_own_remains(
    served: Served, visitors: Opener
) -> None:
    visitor = visitors(served)
    page = visitor.sign_in("maya")
    visitor.go("/results")
    settled(page)
    expect(page.get_by_role("main")).to_contain_text("Iron panel")
    open_menu(page)
    page.get_by_role("link", name=re.compile("Grace Samplewood")).click()
    page.wait_for_url(re.compile(r"\?for="))
    settled(page)
    expect(page.locator("body")).to_contain_text("Grace Samplewood")
    expect(page.locator("body")).to_contain_text("Read only")
    page.get_by_role("link", name=re.compile(r"^(test )?results$", re.IGNORECASE)).first.click()
    page.wait_for_url(re.compile(r"/results/?\?for="))
    settled(page)
    expect(page.get_by_role("main")).to_contain_text("Bone density")
    assert "Iron panel" not in page.locator("main").inner_text()
    page.reload()
    settled(page)
    expect(page.get_by_role("main")).to_contain_text("Bone density")
    for _ in range(2):
        page.go_back()
    settled(page)
    expect(page.get_by_role("main")).to_contain_text("Iron panel")
    assert "for=" not in urlsplit(page.url).query
    assert "Bone density" not in page.locator("main").inner_text()


def test_a_proxy_whose_grant_ended_finds_nothing(served: Served, visitors: Opener) -> None:
    visitor = visitors(served)
    page = visitor.sign_in("carl")
    visitor.go("/results")
    settled(page)
    for told in ("Grace", "Maya", "panel"):
        assert told not in page.locator("body").inner_text()


@pytest.mark.parametrize(
    ("who", "seen", "unseen"),
    [
        ("maya", ["Chest X-ray"], ["HIV", "Hepatitis", "Drugs of abuse", "612"]),
        ("ben", [], ["HIV", "Hepatitis", "Drugs of abuse"]),
        ("noah", ["Chlamydia"], []),
    ],
)
def test_a_withheld_result_leaves_no_trace(
    served: Served, visitors: Opener, who: str, seen: list[str], unseen: list[str]
) -> None:
    visitor = visitors(served)
    visitor.borrow(served.cookie(who))
    page = visitor.go("/results")
    settled(page)
    for told in seen:
        expect(page.get_by_role("main")).to_contain_text(told)
    for hidden in unseen:
        page.get_by_role("searchbox").fill(hidden)
        page.get_by_role("searchbox").press("Enter")
        page.wait_for_timeout(400)
        assert hidden not in page.get_by_role("list").all_inner_texts().__str__()


def test_the_front_page_reads_without_javascript(served: Served, visitors: Opener) -> None:
    visitor = visitors(served, script=False)
    page = visitor.go("/")
    expect(page.get_by_role("heading", level=1)).to_be_visible()
    body = page.locator("body").inner_text()
    for service in ("video visit", "bill", "sign in"):
        assert service in body.lower()
    assert "1-877-290-2133" in body
    assert "1-888-670-9775" in body
    page.get_by_role("link", name=re.compile("sign in", re.IGNORECASE)).first.click()
    page.wait_for_url("**/sign-in**")
    who = served.account("lena")
    page.get_by_label("E-mail").fill(who["email"])
    page.get_by_label("Password", exact=True).fill(who["password"])
    page.get_by_role("main").get_by_role("button", name="Sign in", exact=True).click()
    page.wait_for_url("**/home**")
