"""Without a connection: the page says so at once, and answers a button that is pressed meanwhile."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from tests.browsing import Opener, settled
from tests.serving import Served

pytestmark = pytest.mark.browser
PHONE = 390
AT_ONCE = 1_000
"""Milliseconds; the socket itself is found dead only after its next ping."""


def test_offline_is_told_at_once_and_a_pressed_button_is_answered(served: Served, visitors: Opener) -> None:
    visitor = visitors(served, width=PHONE)
    visitor.borrow(served.cookie("nora"))
    page = visitor.go("/account/preferences")
    settled(page)
    said = page.locator(".offline")
    expect(said).to_have_count(0)
    page.context.set_offline(True)
    expect(said).to_contain_text("The connection is lost.", timeout=AT_ONCE)
    page.locator("header summary").click()
    expect(said).to_contain_text("The connection is lost.")  # opening a menu asks for nothing
    page.get_by_role("button", name="Save e-mails").click()
    expect(said).to_contain_text("Not sent yet: there is no connection.", timeout=AT_ONCE)
    page.context.set_offline(False)
    expect(said).to_contain_text("The connection is back.")
    page.get_by_role("heading", level=1).click()
    expect(said).to_have_count(0)
