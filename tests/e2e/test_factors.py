"""Passkeys, authenticator codes and recovery codes, as people use them in the browser."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from typing import Any

import httpx
import pyotp
import pytest
from playwright.sync_api import Page, expect

from tests.browsing import Opener, Visitor, settled
from tests.serving import Served, serving

pytestmark = pytest.mark.browser
PHONE = 390
SECURITY = "/account/security"


@pytest.fixture(scope="module")
def guarded(tmp_path_factory: pytest.TempPathFactory, demo: Served) -> Iterator[Served]:
    """A portal that asks its staff for a second step, as in production."""
    strict = {"RXPORTAL_STAFF_FACTOR": "required"}
    with serving(Served(tmp_path_factory.mktemp("guarded"), settings=strict), demo) as portal:
        yield portal


def with_authenticator(page: Page) -> None:
    """The page's device has a fingerprint reader."""
    devtools = page.context.new_cdp_session(page)
    devtools.send("WebAuthn.enable")
    facts: dict[str, Any] = {
        "protocol": "ctap2",
        "transport": "internal",
        "hasResidentKey": True,
        "hasUserVerification": True,
        "isUserVerified": True,
        "automaticPresenceSimulation": True,
    }
    devtools.send("WebAuthn.addVirtualAuthenticator", {"options": facts})


def signed_in(portal: Served, visitors: Opener, who: str) -> tuple[Visitor, Page]:
    """Somebody's security page on a phone, a moment after signing in."""
    visitor = visitors(portal, width=PHONE)
    visitor.borrow(portal.cookie(who))
    page = visitor.go(SECURITY)
    settled(page)
    return visitor, page


def sign_out(page: Page) -> None:
    page.get_by_role("button", name="Sign out here").click()
    page.wait_for_url("**/sign-in?out=1")


def test_a_passkey_is_added_and_then_signs_in_alone(guarded: Served, visitors: Opener) -> None:
    visitor, page = signed_in(guarded, visitors, "maya")
    with_authenticator(page)
    page.get_by_role("button", name="Add a passkey").click()
    expect(page.get_by_role("heading", name="Your recovery codes")).to_be_focused()
    codes = page.locator(".codes code").all_inner_texts()
    assert len(set(codes)) == 10
    page.get_by_role("button", name="I have kept them").click()
    expect(page.get_by_role("heading", name="Your recovery codes")).to_have_count(0)
    expect(page.get_by_role("button", name=re.compile("Remove the passkey"))).to_be_visible()
    sign_out(page)
    answers: list[Any] = []
    page.on("request", lambda asked: answers.append(asked) if asked.url.endswith("/passkeys/sign-in") else None)
    page.get_by_role("button", name="Use a passkey").click()
    page.wait_for_url("**/home")
    given = answers[0].post_data
    headers = {"origin": guarded.url, "content-type": "application/json"}
    again = httpx.post(f"{guarded.url}/passkeys/sign-in", content=given, headers=headers)
    assert again.status_code == 422, again.text
    assert json.loads(given)["credential"]["id"]
    assert visitor.violations == []
    assert visitor.faults == []

    # the password alone is now only half of it; a recovery code is the other half, once
    who = guarded.account("maya")
    for told in ("/home", "/sign-in/second"):
        other = visitors(guarded, width=PHONE)
        other.fill_sign_in(who["email"], who["password"])
        other.page.wait_for_url("**/sign-in/second")
        other.page.get_by_label("Code").fill(codes[0])
        other.page.get_by_role("main").get_by_role("button", name="Sign in", exact=True).click()
        other.page.wait_for_url(f"**{told}*")
    expect(other.page.get_by_role("alert").first).to_contain_text("That code did not work.")


def test_a_passkey_that_another_device_has_signs_nobody_in(guarded: Served, visitors: Opener) -> None:
    visitor = visitors(guarded, width=PHONE)
    page = visitor.go("/sign-in")
    settled(page)
    with_authenticator(page)
    page.get_by_role("button", name="Use a passkey").click()
    expect(page.get_by_role("alert").filter(has_text="No passkey was used.")).to_be_visible()


def test_staff_set_up_a_second_step_before_their_desk_opens(guarded: Served, visitors: Opener) -> None:
    visitor = visitors(guarded, width=1280)
    page = visitor.sign_in("fran")
    expect(page.get_by_role("heading", level=1, name="Signing in and devices")).to_be_visible()
    expect(page.get_by_text("Your desk opens once your sign-in has a second step.")).to_be_visible()
    visitor.go("/desk/access")
    expect(page.get_by_text("Your desk opens once your sign-in has a second step.")).to_be_visible()
    expect(page.get_by_role("searchbox")).to_have_count(0)
    expect(page.get_by_role("button", name="Try again")).to_have_count(0)
    page.get_by_role("link", name="Add a second step").click()
    page.wait_for_url(f"**{SECURITY}#factors")
    settled(page)
    page.get_by_role("button", name="Add an authenticator app").click()
    expect(page.get_by_role("heading", name="Add it in two steps")).to_be_focused()
    secret = page.locator("p > code").inner_text().replace(" ", "")
    page.get_by_label("2. The six digits that the app shows").fill("000000")
    page.get_by_role("button", name="Turn it on").click()
    expect(page.get_by_text("That is not the code the app shows now.")).to_be_visible()
    page.get_by_label("2. The six digits that the app shows").fill(pyotp.TOTP(secret).now())
    page.get_by_role("button", name="Turn it on").click()
    expect(page.get_by_role("heading", name="Your recovery codes")).to_be_focused()
    assert visitor.violations == []
    visitor.go("/desk/access")
    expect(page.get_by_text("Your desk opens once")).to_have_count(0)
    expect(page.get_by_role("heading", level=1, name="Access to charts")).to_be_visible()
    assert page.get_by_role("main").get_by_role("textbox").or_(page.get_by_role("searchbox")).count() > 0
