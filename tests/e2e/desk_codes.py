"""People whose chart nobody holds yet, and the front desk that prints them a code: shared by the journeys to one's chart."""

from __future__ import annotations

import json
import re
from typing import Any

from playwright.sync_api import Page, expect

from tests.browsing import Opener, settled
from tests.serving import Served

CODE = re.compile(r"\b[2-9A-HJ-NP-Z]{5}-[2-9A-HJ-NP-Z]{5}\b")
PHONE_ON_FILE = "(415) 555-0123"


def newcomer(name: str, first: str, last: str, born: str, **more: Any) -> dict[str, Any]:
    """A patient as another program of the practice sends them; the number is V-{name}."""
    return {
        "resourceType": "Patient", "id": name, "meta": {"versionId": "1"}, "birthDate": born,
        "identifier": [{"value": f"V-{name}"}], "name": [{"family": last, "given": [first]}],
        "address": [{"use": "old", "postalCode": "11111"}, {"postalCode": "94016-1234"}],
        "telecom": [{"system": "phone", "value": PHONE_ON_FILE}, *more.get("telecom", [])],
    }  # fmt: skip


def bring(portal: Served, *resources: dict[str, Any]) -> None:
    """Import people, or what belongs to them, as the practice's other programs send it."""
    file = portal.home / "sent.json"
    entries = [{"resource": one} for one in resources]
    file.write_text(json.dumps({"resourceType": "Bundle", "type": "collection", "entry": entries}))
    done = portal.command("import-fhir", str(file), "--organization", "Fairhaven Clinic")
    assert done.returncode == 0, done.stdout + done.stderr


def find_at_desk(page: Page, words: str, name: str) -> None:
    """Choose a patient at the desk."""
    page.get_by_role("searchbox", name="Find a patient").fill(words)
    page.get_by_role("button", name="Find").click()
    page.get_by_role("button", name=re.compile(name)).click()
    expect(page.get_by_role("heading", name=name)).to_be_focused()


def print_code(page: Page) -> str:
    """Make a code for the patient who is chosen at the desk."""
    page.get_by_role("button", name="Make a code to print").click()
    expect(page.get_by_role("heading", name=re.compile("Your code for"))).to_be_focused()
    found = CODE.search(page.get_by_role("main").inner_text())
    assert found
    return found[0]


def code_of(portal: Served, visitors: Opener, number: str, name: str) -> str:
    """A code that the front desk prints for a patient."""
    staff = visitors(portal)
    staff.borrow(portal.cookie("fran"))
    page = staff.go("/desk/codes")
    settled(page)
    find_at_desk(page, number, name)
    return print_code(page)


def tell_facts(page: Page, name: str, born: str) -> None:
    """Write the facts about oneself, on the page that asks for them. `born`: 4/5/1979."""
    page.get_by_label("Legal name").fill(name)
    page.get_by_label("Birth date").fill(born)
    page.get_by_label("Phone").fill(PHONE_ON_FILE)
    page.get_by_role("button", name="Go on").click()
    expect(page.get_by_role("heading", name="Open it now with a code")).to_be_visible()


def open_with(page: Page, code: str) -> None:
    """Type the code, and go to one's own chart."""
    page.get_by_role("textbox", name="Code").fill(code)
    page.get_by_role("button", name="Open my chart").click()
    expect(page.get_by_role("heading", name="Your own chart is open to you")).to_be_visible()
    page.get_by_role("link", name="Go to your chart").click()
