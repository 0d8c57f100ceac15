"""Whom a page does not open for: they read why and what they can do, once, and nothing that leads nowhere."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import expect

from tests.browsing import Opener, broken_rules, settled
from tests.serving import Served

pytestmark = pytest.mark.browser
PHONE = 390
DESKS = ("/desk/results", "/desk/claims", "/desk/codes", "/desk/access", "/desk/sign-ins")


@pytest.mark.parametrize("path", DESKS)
def test_a_patient_at_a_desk_sees_no_tabs_and_nothing_to_try_again(served: Served, visitors: Opener, path: str) -> None:
    visitor = visitors(served, width=PHONE)
    visitor.borrow(served.cookie("maya"))
    page = visitor.go(path)
    settled(page)
    expect(page.get_by_text("Only people who work at the practice open it.")).to_be_visible()
    expect(page.get_by_role("navigation", name="Front desk")).to_have_count(0)
    expect(page.get_by_role("button", name="Try again")).to_have_count(0)
    expect(page.get_by_text("Patients read in their own log")).to_have_count(0)
    assert broken_rules(page) == []


def test_another_desk_leads_to_ones_own(served: Served, visitors: Opener) -> None:
    visitor = visitors(served, width=PHONE)
    visitor.borrow(served.cookie("dr.lee"))
    page = visitor.go("/desk/claims")
    settled(page)
    expect(page.get_by_role("heading", name="This desk is not yours")).to_be_visible()
    expect(page.get_by_role("navigation", name="Front desk")).to_have_count(0)
    page.get_by_role("link", name="Go to your desk").click()
    page.wait_for_url("**/desk/results")
    expect(page.get_by_role("heading", level=1, name="Results to see")).to_be_visible()


def test_what_is_wrong_in_a_request_stands_once_at_its_field(served: Served, visitors: Opener) -> None:
    visitor = visitors(served, width=PHONE)
    visitor.borrow(served.cookie("olive"))
    page = visitor.go("/account/verify")
    settled(page)
    typed = page.get_by_label("Code", exact=True)
    typed.fill("no code")
    page.get_by_role("button", name="Open my chart").click()
    expect(typed).to_be_focused()
    expect(typed).to_have_attribute("aria-invalid", "true")
    problem = page.locator("#code-error").inner_text()
    assert problem
    expect(page.get_by_role("main").get_by_text(re.compile(re.escape(problem)))).to_have_count(1)
