"""What becomes of an invitation besides a yes, each with its reason and the next step on the page (S23 to S25, F7)."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import timedelta
from uuid import UUID

import httpx
import pytest
from playwright.sync_api import Page, expect
from sqlmodel import Session

from rxportal.core.identity import SessionToken
from rxportal.models.people import Invitation
from rxportal.services.invitations import withdraw_invitation
from tests.browsing import Opener, broken_rules, settled, sideways
from tests.e2e.proxy_steps import Sent, Wish, accept, cookie_of, enter, fill_in, kernel_of, sent
from tests.e2e.test_families import PHONE
from tests.mailbox import link_to
from tests.serving import Served, serving

pytestmark = pytest.mark.browser
PATIENT = "Grace Samplewood"


@pytest.fixture(scope="module")
def portal(tmp_path_factory: pytest.TempPathFactory, demo: Served) -> Iterator[Served]:
    """A portal of our own, since people are let in here: one worker on SQLite."""
    with serving(Served(tmp_path_factory.mktemp("proxies")), demo) as made:
        yield made


def wish_for(name: str) -> Wish:
    """Somebody to invite."""
    return Wish(f"{name} Guesterson", f"{name.lower()}@guest.example")


def opened(portal: Served, visitors: Opener, who: str, link: str) -> Page:
    """The page behind a link, on somebody's phone."""
    visitor = visitors(portal, width=PHONE)
    if who:
        visitor.borrow(cookie_of(portal, who))
    visitor.page.goto(link)
    settled(visitor.page)
    return visitor.page


def says(page: Page, *words: str) -> None:
    """The reason and the next step, for everybody to read."""
    for one in words:
        expect(page.get_by_role("main")).to_contain_text(one)
    page.set_viewport_size({"width": PHONE, "height": 3000})  # nothing stands under the bar below
    assert broken_rules(page) == []
    assert sideways(page) <= 0
    page.set_viewport_size({"width": PHONE, "height": 800})


def test_scanners_and_other_browsers_open_the_link_and_change_nothing(portal: Served, visitors: Opener) -> None:
    invitation = sent(portal, "grace", wish_for("Scanned"))
    for _time in range(5):
        for method in ("GET", "HEAD"):
            assert httpx.request(method, invitation.link).status_code == httpx.codes.OK
        assert httpx.post(invitation.link, headers={"origin": portal.url}).status_code >= httpx.codes.BAD_REQUEST
    for _time in range(2):
        page = opened(portal, visitors, "", invitation.link)
        says(page, "Somebody asks you to open their chart", "Once you are signed in, you come back here by yourself.")
        assert "Grace" not in page.locator("body").inner_text()
    page = opened(portal, visitors, "carl", invitation.link)
    enter(page, invitation.passcode)
    expect(page.get_by_role("heading", name=f"Open the chart of {PATIENT}?")).to_be_visible()
    page.reload()  # what was typed stays nowhere
    expect(page.get_by_role("heading", name="Type the passcode")).to_be_visible()


def row(portal: Served, invitation: Sent, change: Callable[[Invitation], None]) -> None:
    """Change what is kept of an invitation, as time would."""
    with Session(kernel_of(portal).engine) as database:
        found = database.get_one(Invitation, UUID(invitation.id))
        change(found)
        database.add(found)
        database.commit()


def a_week_goes_by(portal: Served, _page: Page, invitation: Sent) -> None:
    def back(one: Invitation) -> None:
        one.created_at -= timedelta(days=7)
        one.expires_at -= timedelta(days=7)

    row(portal, invitation, back)


def it_is_withdrawn(portal: Served, _page: Page, invitation: Sent) -> None:
    owner = SessionToken(cookie_of(portal, "grace").partition("=")[2])
    kernel_of(portal).perform(withdraw_invitation, owner, invitation_id=invitation.id)


def it_is_declined(_portal: Served, page: Page, invitation: Sent) -> None:
    enter(page, invitation.passcode)
    page.get_by_role("button", name="Decline").click()
    says(page, "You declined", "Nothing was opened to you. Whoever invited you sees that you declined")


def five_wrong_passcodes(_portal: Served, page: Page, _invitation: Sent) -> None:
    for left in ("4 tries are left.", "3 tries are left.", "2 tries are left.", "1 try is left."):
        enter(page, "not this one")
        expect(page.get_by_role("main")).to_contain_text(left)
        expect(page.get_by_role("main")).to_contain_text("Ask whoever invited you, then type it again.")
    enter(page, "not this one")
    says(page, "The passcode was wrong too often, so this invitation is closed. Ask for a new one.")


OVER = {
    "after 7 days": (a_week_goes_by, "This invitation is older than 7 days. Ask for it to be sent again.", "Ran out"),
    "withdrawn": (it_is_withdrawn, "Ask whoever invited you to send it again.", ""),
    "declined": (it_is_declined, "This invitation was declined. Whoever sent it can invite you again.", "Declined"),
    "five wrong": (five_wrong_passcodes, "so this invitation is closed. Ask for a new one.", "wrong 5 times"),
}


@pytest.mark.parametrize("what", OVER)
def test_an_invitation_that_is_over_says_why_and_what_now(portal: Served, visitors: Opener, what: str) -> None:
    happens, words, shown = OVER[what]
    wish = wish_for(what.rsplit(maxsplit=1)[-1].capitalize())
    invitation = sent(portal, "grace", wish)
    happens(portal, opened(portal, visitors, "carl", invitation.link), invitation)
    for who in ("carl", ""):  # the same to whoever opens it, signed in or not
        page = opened(portal, visitors, who, invitation.link)
        says(page, "Nothing to accept here", words)
        way_on = "Go to your home page" if who else "Sign in"
        expect(page.get_by_role("main").get_by_role("link", name=way_on)).to_be_visible()
        expect(page.get_by_label("Passcode")).to_have_count(0)
    owner = opened(portal, visitors, "grace", f"{portal.url}/account/connections")
    line = owner.get_by_role("listitem").filter(has_text=wish.name)
    if shown:
        expect(line).to_contain_text(shown)
        expect(line.get_by_role("link", name=f"Invite again: {wish.name}")).to_be_visible()
    else:
        expect(line).to_have_count(0)
    says(owner, "Connections")


def test_a_letter_that_is_sent_again_ends_the_old_link_and_its_passcode(portal: Served, visitors: Opener) -> None:
    wish = wish_for("Again")
    first = sent(portal, "grace", wish)
    owner = opened(portal, visitors, "grace", f"{portal.url}/account/connections")
    owner.get_by_role("link", name=f"Send the invitation of {wish.name} again").click()
    says(owner, "The new letter has a new link. The old link and the old passcode stop working.")
    owner.get_by_label("Your own passcode").fill("blue door 7")
    owner.get_by_role("button", name="OK, send it again").click()
    expect(owner.get_by_role("heading", name="The invitation is sent")).to_be_visible()
    new = link_to(portal, wish.email, "invitations", but=(first.link,))
    page = opened(portal, visitors, "nora", first.link)
    says(page, "Ask whoever invited you to send it again.")
    page.goto(new)
    enter(page, first.passcode)
    expect(page.get_by_role("main")).to_contain_text("4 tries are left.")
    enter(page, "Blue-Door 7")
    accept(page, PATIENT)
    page.goto(new)
    says(page, "This invitation was used.", "choose the person beside your name")


def test_who_can_not_be_invited_stands_in_the_form_with_the_reason(portal: Served, visitors: Opener) -> None:
    waiting = wish_for("Waiting")
    sent(portal, "grace", waiting)
    page = opened(portal, visitors, "grace", f"{portal.url}/account/invite")
    page.get_by_role("button", name="Grant read only access").click()
    page.get_by_label("Their name").fill("Somebody Else")
    for email, why in (
        (portal.account("grace")["email"], "This is your own address. Invite somebody else"),
        (portal.account("maya")["email"], "Maya Samplewood can open your chart already. To change what they see"),
        (waiting.email, "Send that invitation again, or withdraw it, in Connections."),
    ):
        page.get_by_label("Their e-mail address").fill(email)
        page.get_by_role("button", name="See what they will see").click()
        says(page, why)
        expect(page.get_by_label("Their name")).to_have_value("Somebody Else")
        expect(page.get_by_label("Their e-mail address")).to_have_value(email)


def test_who_can_not_answer_reads_why(portal: Served, visitors: Opener) -> None:
    invitation = sent(portal, "grace", wish_for("Nobody"))
    for who, why in (
        ("grace", "You sent this invitation yourself. The person whom you invited opens it"),
        ("maya", "You can open this chart already: choose the person beside your name. Nothing was changed."),
    ):
        page = opened(portal, visitors, who, invitation.link)
        enter(page, invitation.passcode)
        says(page, why)
        expect(page.get_by_role("main").get_by_role("link", name="Go to your home page")).to_be_visible()


def test_a_proxy_has_no_proxies(portal: Served, visitors: Opener) -> None:
    page = opened(portal, visitors, "ben", f"{portal.url}/home")
    page.locator("header summary").click()
    page.get_by_role("navigation", name="Switch person").get_by_role("link", name="Maya Samplewood").click()
    expect(page.get_by_role("heading", level=1, name="Maya Samplewood")).to_be_visible()
    page.goto(f"{portal.url}/account/invite?{page.url.partition('?')[2]}")
    says(page, "Only the person whose chart it is can invite somebody", "They invite people themselves")
    expect(page.get_by_role("main").get_by_role("link", name="Invite somebody to your own chart")).to_be_visible()


def test_a_teen_shows_a_part_to_parents_and_hides_it_again(portal: Served, visitors: Opener) -> None:
    page = opened(portal, visitors, "noah", f"{portal.url}/account/connections")
    page.get_by_role("button", name="Show to parents: Bills").click()
    expect(page.locator("#done")).to_contain_text("Your parents see it now: Bills.")
    page.get_by_role("button", name="Hide from parents: Bills").click()
    expect(page.locator("#done")).to_contain_text("Hidden from your parents: Bills.")


def test_the_form_says_what_is_missing_and_keeps_what_was_typed(portal: Served, visitors: Opener) -> None:
    page = opened(portal, visitors, "grace", f"{portal.url}/account/invite")
    page.get_by_role("button", name="Grant full access").click()
    page.get_by_label("Their e-mail address").fill("no address")
    page.get_by_role("button", name="See what they will see").click()
    says(page, "Write the name of the person")
    page.get_by_label("Their name").fill("Typed Kept")
    page.get_by_role("button", name="See what they will see").click()
    says(page, "Write their e-mail address, like name@example.com.")
    expect(page.get_by_label("Their name")).to_have_value("Typed Kept")
    page.get_by_role("button", name="Back").click()
    fill_in(page, wish_for("Kept"))
