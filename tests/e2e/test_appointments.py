"""Visits and documents in the browser: on a phone, in somebody else's chart, by keyboard, and while the page is open."""

from __future__ import annotations

import json
import re
from datetime import datetime, timedelta
from pathlib import Path
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

import httpx
import pytest
from playwright.sync_api import Page, expect

from tests.browsing import Opener, Visitor, settled, sideways
from tests.e2e.keyboard import landed, press_to
from tests.serving import Served

pytestmark = pytest.mark.browser
PHONE = 390
PRACTICE = ZoneInfo("America/Los_Angeles")


def signed_in(visitors: Opener, portal: Served, who: str, *, width: int = PHONE) -> Visitor:
    """Somebody at a browser of this width."""
    visitor = visitors(portal, width=width)
    visitor.borrow(portal.cookie(who))
    return visitor


def grant_of(page: Page, name: str) -> str:
    """Whose chart the switcher opens by this name."""
    link = page.locator("header").get_by_role("link", name=re.compile(name), include_hidden=True)
    href = link.first.get_attribute("href") or ""
    return urlsplit(href).query.removeprefix("for=")


def test_on_a_phone_one_finds_the_next_visit_and_reads_the_summary_of_the_last(
    served: Served, visitors: Opener
) -> None:
    visitor = signed_in(visitors, served, "maya")
    page = visitor.go("/home")
    settled(page)
    page.get_by_role("navigation", name="Main").get_by_role("link", name="Visits").click()
    page.wait_for_url("**/appointments")
    settled(page, "Appointments and visits")
    coming = page.get_by_role("region", name="Coming up")
    video = coming.get_by_role("article").filter(has=page.get_by_role("heading", name="Talk about your blood sugar"))
    expect(video).to_contain_text(re.compile(r"\w+day \d+ \w+ \d{4}, 10:30 am to "))
    expect(video).to_contain_text("Video visit · Dr. Lee")
    expect(video).to_contain_text("There is nothing to install.")
    expect(coming).to_contain_text("To book, change or cancel a visit, in the office or by video, call")
    off = coming.get_by_role("article").filter(has_text="Cancelled")
    expect(off).to_contain_text("This visit will not take place.")
    page.get_by_role("region", name="Past visits").get_by_role("link", name="Small operation").click()
    page.wait_for_url("**/visits/**")
    settled(page, "Small operation")
    expect(page.get_by_role("main")).to_contain_text("Keep the bandage dry for two days.")
    expect(page.get_by_role("main")).to_contain_text("Spot removed from the left forearm")
    assert sideways(page) <= 0
    for told in ("Small", "Maya"):
        assert told not in page.title() + page.url
    page.get_by_role("heading", name="After-visit summary").get_by_role("link").click()
    page.wait_for_url("**/notes/**")
    expect(page.get_by_role("heading", level=1, name="After-visit summary")).to_be_visible()
    expect(page.get_by_role("main")).to_contain_text("Written at this visit: Small operation")
    page.go_back()
    page.wait_for_url("**/visits/**")
    expect(page.get_by_role("heading", level=1, name="Small operation")).to_be_visible()
    assert visitor.faults == visitor.violations == visitor.strangers == []


def test_a_file_opens_in_its_own_tab_and_cannot_do_anything_there(served: Served, visitors: Opener) -> None:
    visitor = signed_in(visitors, served, "maya", width=1280)
    page = visitor.go("/appointments")
    settled(page)
    page.get_by_role("link", name="Small operation").click()
    picture = page.get_by_role("link", name=re.compile("Photograph of the left forearm.png"))
    with page.context.expect_page() as opened:
        picture.click()
    opened.value.wait_for_load_state()
    assert opened.value.evaluate("document.images[0].naturalWidth") > 0
    assert opened.value.evaluate("window.opener") is None
    address = opened.value.url
    for word in ("forearm", "Photograph", "Maya"):
        assert word not in address
    answer = httpx.get(address, headers={"cookie": served.cookie("maya")})
    assert answer.headers["content-type"] == "image/png"
    assert answer.headers["cache-control"] == "no-store"
    assert "sandbox" in answer.headers["content-security-policy"]
    assert answer.headers["x-content-type-options"] == "nosniff"
    for who in ("ben", "dr.lee"):
        refused = httpx.get(address, headers={"cookie": served.cookie(who), "accept": "text/html"})
        nowhere = httpx.get(
            re.sub("[0-9a-f]{12}$", "0" * 12, address), headers={"cookie": served.cookie(who), "accept": "text/html"}
        )
        assert (refused.status_code, nowhere.status_code) == (404, 404)
        assert refused.content == nowhere.content
    assert httpx.get(address).headers["location"] == "/sign-in"


def test_in_somebody_elses_chart_visits_notes_and_files_stay_theirs(served: Served, visitors: Opener) -> None:
    visitor = signed_in(visitors, served, "maya")
    page = visitor.go("/home")
    settled(page)
    grant = grant_of(page, "Grace Samplewood")
    page.goto(f"{served.url}/appointments?for={grant}")
    settled(page)
    expect(page.get_by_role("main")).not_to_contain_text("Small operation")
    page.get_by_role("link", name="Colonoscopy").click()
    page.wait_for_url(f"**/visits/*?for={grant}")
    expect(page.get_by_role("heading", level=1, name="Colonoscopy")).to_be_visible()
    href = page.get_by_role("link", name=re.compile("pdf")).get_attribute("href") or ""
    assert href.endswith(f"?for={grant}")
    mine = {"cookie": served.cookie("maya")}
    assert httpx.get(served.url + href, headers=mine).content.startswith(b"%PDF-")
    assert httpx.get(served.url + href.partition("?")[0], headers=mine).status_code == 404
    page.get_by_role("link", name="All appointments and visits").click()
    page.wait_for_url(f"**/appointments?for={grant}")
    page.goto(f"{served.url}/appointments")
    settled(page)
    expect(page.get_by_role("main")).to_contain_text("Small operation")
    expect(page.get_by_role("main")).not_to_contain_text("Colonoscopy")


def test_a_parent_of_a_teen_sees_visits_without_notes_and_no_private_one(served: Served, visitors: Opener) -> None:
    visitor = signed_in(visitors, served, "lena")
    page = visitor.go("/home")
    settled(page)
    grant = grant_of(page, "Noah Exampleton")
    page.goto(f"{served.url}/appointments?for={grant}")
    settled(page)
    main = page.get_by_role("main")
    expect(main).to_contain_text("Asthma check")
    expect(main).not_to_contain_text(re.compile("psycholog|mood", re.IGNORECASE))
    page.get_by_role("region", name="Past visits").get_by_role("link", name="Asthma check").click()
    expect(page.get_by_role("heading", level=1, name="Asthma check")).to_be_visible()
    settled(page)
    expect(page.get_by_role("heading", name=re.compile("summary", re.IGNORECASE))).to_have_count(0)
    teen = signed_in(visitors, served, "noah")
    own = teen.go("/appointments")
    settled(own)
    expect(own.get_by_role("main")).to_contain_text("Psychology visit")


def test_by_keyboard_alone_one_opens_a_visit_and_its_summary(served: Served, visitors: Opener) -> None:
    visitor = signed_in(visitors, served, "maya", width=1280)
    page = visitor.go("/appointments")
    settled(page)
    press_to(page, "link", re.compile("Small operation"))
    page.keyboard.press("Enter")
    page.wait_for_url("**/visits/**")
    landed(page, "Small operation")
    press_to(page, "link", re.compile("^After-visit summary$"))
    page.keyboard.press("Enter")
    page.wait_for_url("**/notes/**")
    expect(page.get_by_role("heading", level=1, name="After-visit summary")).to_be_visible()


def test_an_appointment_that_is_booked_appears_on_the_open_page(
    served_wide: Served, visitors: Opener, tmp_path: Path
) -> None:
    visitor = signed_in(visitors, served_wide, "ben")
    page = visitor.go("/appointments")
    settled(page)
    card = page.get_by_role("article").filter(has_text="Live check-up")
    expect(card).to_have_count(0)
    start = (datetime.now(PRACTICE) + timedelta(days=5)).isoformat()  # by the wall clock there, whatever the season
    booked = {
        "resourceType": "Appointment", "id": "booked-live", "status": "booked", "start": start,
        "serviceType": [{"text": "Live check-up"}],
        "participant": [{"actor": {"reference": "Patient/ben-samplewood"}, "status": "accepted"}],
    }  # fmt: skip
    file = tmp_path / "booked.json"
    file.write_text(json.dumps({"resourceType": "Bundle", "type": "collection", "entry": [{"resource": booked}]}))
    done = served_wide.command("import-fhir", str(file), "--organization", "Fairhaven Clinic")
    assert done.returncode == 0, done.stdout + done.stderr
    expect(card).to_contain_text("In 5 days")
    booked["status"] = "cancelled"
    booked["meta"] = {"versionId": "2"}
    file.write_text(json.dumps({"resourceType": "Bundle", "type": "collection", "entry": [{"resource": booked}]}))
    assert served_wide.command("import-fhir", str(file), "--organization", "Fairhaven Clinic").returncode == 0
    expect(card).to_contain_text("Cancelled")
