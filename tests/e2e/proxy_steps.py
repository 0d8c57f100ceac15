"""What inviting a proxy takes, step by step, as the person and the invited do it: shared by the journeys of proxies."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

from playwright.sync_api import Page, expect

from rxportal.compose import compose
from rxportal.core.identity import SessionToken
from rxportal.core.kernel import Kernel
from rxportal.models.accounts import Level
from rxportal.rules.invitations import made_passcode
from rxportal.rules.sections import Part
from rxportal.services.invitations import prepare_invitation, sealed, send_invitation
from rxportal.settings import load_settings
from tests.browsing import settled, sideways
from tests.mailbox import link_to
from tests.serving import Served


@dataclass(frozen=True)
class Wish:
    """Who shall be let in, for what. `level`: "read only" or "full"; `parts` are the sections that stay closed."""

    name: str
    email: str
    level: str = "read only"
    relationship: str = "niece"
    closed: tuple[str, ...] = ("Medicines", "Bills")
    days: int = 30
    passcode: str = ""

    @property
    def first(self) -> str:
        """The first name."""
        return self.name.split()[0]

    @property
    def until(self) -> date:
        """The last day."""
        return date.today() + timedelta(days=self.days)  # noqa: DTZ011  (as a person reads it off a calendar)


def fill_in(page: Page, wish: Wish) -> None:
    """From the button of a level through the form to the check before sending."""
    page.get_by_role("button", name=f"Grant {wish.level} access").click()
    expect(page.get_by_role("heading", name=f"Grant {wish.level} access")).to_be_focused()
    page.get_by_label("Their name").fill(wish.name)
    page.get_by_label("Their e-mail address").fill(wish.email)
    page.get_by_label("What they are to you").fill(wish.relationship)
    for part in wish.closed:
        page.get_by_label(part, exact=True).uncheck()
    if wish.days:
        page.get_by_label("Last day").fill(wish.until.isoformat())
    page.get_by_role("button", name="See what they will see").click()
    expect(page.get_by_role("heading", name="Check it, then send it")).to_be_focused()


def send(page: Page, wish: Wish) -> str:
    """Send the letter; the passcode that is told outside it."""
    if wish.passcode:
        page.get_by_label("Your own passcode").fill(wish.passcode)
    page.get_by_role("button", name="OK, send").click()
    expect(page.get_by_role("heading", name="The invitation is sent")).to_be_focused()
    assert sideways(page) <= 0
    if wish.passcode:
        expect(page.locator("code.passcode")).to_have_count(0)
        return wish.passcode
    return page.locator("code.passcode").inner_text()


def enter(page: Page, passcode: str) -> None:
    """Type a passcode behind the link."""
    page.get_by_label("Passcode").fill(passcode)
    page.get_by_role("button", name="Go on").click()


def accept(page: Page, patient: str) -> str:
    """Accept, and open the chart; the query that names it."""
    page.get_by_role("button", name="Accept").click()
    page.get_by_role("link", name=f"Open the chart of {patient}").click()
    expect(page.get_by_role("heading", level=1, name=patient)).to_be_visible()
    settled(page)
    return page.url.partition("?")[2]


@dataclass(frozen=True)
class Sent:
    """An invitation on its way."""

    id: str
    link: str
    passcode: str


COOKIES: dict[tuple[str, str], str] = {}


def cookie_of(portal: Served, who: str) -> str:
    """The cookie of a demo account's session at this portal, begun once: a sign-in costs a tenth of a second of hashing."""
    if (portal.url, who) not in COOKIES:
        COOKIES[portal.url, who] = portal.cookie(who)
    return COOKIES[portal.url, who]


def kernel_of(portal: Served) -> Kernel:
    """A kernel on the same database as a running portal: what it does shows on open pages as another worker's acts do."""
    return compose(load_settings(portal.environment, None)).kernel


def sent(portal: Served, who: str, wish: Wish, *, again: str = "", known: tuple[str, ...] = ()) -> Sent:
    """Invite somebody without walking through the pages. `again`: an invitation that goes out anew; `known`: old links."""
    kernel, owner = kernel_of(portal), SessionToken(cookie_of(portal, who).partition("=")[2])
    level, passcode = (Level.FULL if wish.level == "full" else Level.READ_ONLY), wish.passcode or made_passcode()
    one = (
        again
        or kernel.perform(
            prepare_invitation,
            owner,
            name=wish.name,
            email=wish.email,
            level=level.value,
            parts=[part.value for part in Part],
        ).id
    )
    seal = sealed(load_settings(portal.environment, None).secret_key.encode(), passcode)
    kernel.perform(send_invitation, owner, invitation_id=one, seal=seal)
    return Sent(one, link_to(portal, wish.email, "invitations", but=known), passcode)
