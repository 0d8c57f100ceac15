"""A person reads their health record: the course of a vital sign, all of a part, the way to a visit; by key alone too."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.browsing import Opener, broken_rules, settled, sideways
from tests.e2e.keyboard import press_to
from tests.serving import Served

pytestmark = pytest.mark.browser


def record_of(served: Served, visitors: Opener, who: str) -> Page:
    """The record page of a demo account, on a phone."""
    visitor = visitors(served)
    visitor.borrow(served.cookie(who))
    visitor.page.set_viewport_size({"width": 390, "height": 844})
    page = visitor.go("/record")
    settled(page)
    return page


def test_blood_pressure_is_two_numbers_in_words_picture_and_table(served: Served, visitors: Opener) -> None:
    page = record_of(served, visitors, "maya")
    row = page.get_by_role("listitem").filter(has=page.get_by_role("heading", name="Blood pressure", exact=True))
    expect(row.locator(".amount")).to_have_text(re.compile(r"^\d{2,3}/\d{2,3} mmHg$"))
    expect(row.get_by_role("img", name=re.compile(r"Blood pressure from .*\d{3}.\d{2}.* mmHg"))).to_be_visible()
    row.get_by_text("Show as a table").click()
    expect(row.get_by_role("cell", name=re.compile(r"^\d{2,3}.\d{2,3}$")).first).to_be_visible()


def test_another_vital_sign_is_drawn_when_asked_for(served: Served, visitors: Opener) -> None:
    page = record_of(served, visitors, "maya")
    page.get_by_role("button", name="Over time: Weight").click()
    expect(page.get_by_role("img", name=re.compile("^Weight from "))).to_be_visible()
    expect(page.get_by_role("img", name=re.compile("^Blood pressure from "))).to_have_count(0)
    expect(page.get_by_role("button", name="Over time: Blood pressure")).to_be_visible()
    assert broken_rules(page) == []
    assert sideways(page) <= 0


def test_all_of_a_part_by_key_alone(served: Served, visitors: Opener) -> None:
    page = record_of(served, visitors, "maya")
    press_to(page, "button", re.compile("Show .* more: Notes and documents"))
    before = page.locator("section[aria-labelledby=documents] li").count()
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="Notes and documents")).to_be_focused()
    assert page.locator("section[aria-labelledby=documents] li").count() > before


def test_from_the_record_to_a_visit_and_back(served: Served, visitors: Opener) -> None:
    page = record_of(served, visitors, "maya")
    page.get_by_role("link", name="Open this visit").first.click()
    page.wait_for_url("**/visits/*")
    expect(page.get_by_role("heading", level=1, name="Health record")).to_have_count(0)
    settled(page)
    page.go_back()
    expect(page.get_by_role("heading", level=1, name="Health record")).to_be_visible()
    expect(page.get_by_role("heading", name="Allergies", exact=True)).to_be_visible()


def test_a_new_shot_arrives_on_the_open_page_by_itself(served_wide: Served, visitors: Opener, tmp_path: Path) -> None:
    page = record_of(served_wide, visitors, "grace")
    shot = {
        "resourceType": "Immunization", "id": "live-shot", "status": "completed",
        "vaccineCode": {"text": "Traveler shot"}, "patient": {"reference": "Patient/grace-samplewood"},
        "occurrenceDateTime": "2026-01-02",
    }  # fmt: skip
    file = tmp_path / "shot.json"
    bundle = {"resourceType": "Bundle", "type": "collection", "entry": [{"resource": shot}]}
    file.write_text(json.dumps(bundle))
    done = served_wide.command("import-fhir", str(file), "--organization", "Fairhaven Clinic")
    assert done.returncode == 0, done.stdout + done.stderr
    expect(page.get_by_role("heading", name="Traveler shot")).to_be_visible()
    expect(page.get_by_text("The record was updated.")).to_be_attached()
