"""The seed's way of inviting a proxy, click by click on a phone, with somebody who has no account yet (S23 to S25, N6)."""

from __future__ import annotations

import base64
import json
import re
import socket
import time
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Page, expect
from sqlmodel import Session

from rxportal.compose import compose
from rxportal.core.access import TABLE, Relationship
from rxportal.core.errors import NotAllowed
from rxportal.core.identity import SessionToken
from rxportal.core.kernel import Kernel
from rxportal.core.scopes import Chart
from rxportal.models.accounts import Grant
from rxportal.models.people import Invitation
from rxportal.settings import load_settings
from tests.browsing import Opener, Visitor, broken_rules, settled, sideways
from tests.e2e.desk_codes import bring
from tests.e2e.proxy_steps import Wish, accept, enter, fill_in, send
from tests.e2e.test_families import ENDED, LIMIT_SECONDS, PHONE
from tests.mailbox import letters_to, link_to
from tests.postgres import Postgres
from tests.redis_server import RedisServer
from tests.security.cells import CASES, converse, handlers, state_in
from tests.security.socket_client import Socket
from tests.security.talk import page as raw_page
from tests.security.talk import settle
from tests.security.test_matrix import inputs_of
from tests.security.town import unknown
from tests.serving import Served, serving
from tests.serving import wide_portal as serving_wide

pytestmark = pytest.mark.browser
PATIENT = "Grace Samplewood"
PASSWORD = "nine quiet rivers at dusk"
REFUSED = "Your access doesn’t cover this"
BIG = 24 << 20
PAPER = "Scan of old papers"
# What a chart can be written with: the use cases that name its chart, read off the registry.
CHART_WRITES = [case for case in CASES if case.kind == "write" and case.scope is Chart]


def with_a_large_paper(portal: Served) -> Served:
    """Grace's chart gets a scan that takes a while over a slow line."""
    scan = base64.b64encode(b"%PDF-1.4 " + bytes(BIG)).decode()
    paper = {
        "resourceType": "DocumentReference", "id": "big-scan", "meta": {"versionId": "1"}, "status": "current",
        "type": {"text": PAPER}, "subject": {"reference": "Patient/grace-samplewood"}, "date": "2026-01-05T09:00:00Z",
        "content": [{"attachment": {"contentType": "application/pdf", "data": scan, "title": PAPER}}],
    }  # fmt: skip
    bring(portal, paper)
    return portal


@pytest.fixture(scope="module")
def home_portal(tmp_path_factory: pytest.TempPathFactory, demo: Served) -> Iterator[Served]:
    """A portal of our own, since people are let in here: one worker on SQLite."""
    with serving(Served(tmp_path_factory.mktemp("seed")), demo) as portal:
        yield with_a_large_paper(portal)


@pytest.fixture(scope="module")
def wide_portal(tmp_path_factory: pytest.TempPathFactory, postgres: Postgres, demo_wide: Served) -> Iterator[Served]:
    """The same on PostgreSQL and Redis with two workers."""
    redis_server = RedisServer()
    with serving_wide(tmp_path_factory.mktemp("seed-wide"), postgres, redis_server, "seed", demo_wide) as portal:
        yield with_a_large_paper(portal)
    redis_server.stop()


def menu(page: Page, item: str) -> None:
    """An item of My Account."""
    page.locator("header summary").click()
    page.locator("header").get_by_role("link", name=item, exact=True).click()
    settled(page, item)


def closed(page: Page, path: str, place: str) -> None:
    """A part that is not granted: no way leads there, and its address says why."""
    expect(page.get_by_role("navigation", name="Main").get_by_role("link", name=place, exact=True)).to_have_count(0)
    address = urlsplit(page.url)
    page.goto(f"{address.scheme}://{address.netloc}{path}?{address.query}")
    expect(page.get_by_role("main")).to_contain_text(REFUSED)


def tried_out(page: Page, wish: Wish) -> None:
    """The preview: the real pages with the rights of the invitation, and back."""
    page.get_by_role("link", name=f"See exactly what {wish.first} will see").click()
    bar = page.get_by_role("region", name="Whose chart is open")
    expect(bar).to_contain_text(f"Preview: this is what {wish.name} will see.")
    places = page.get_by_role("navigation", name="Main")
    places.get_by_role("link", name="Results", exact=True).click()
    expect(page.get_by_role("main")).to_contain_text("Chest X-ray")
    closed(page, "/medicines", "Medicines")
    assert sideways(page) <= 0
    page.get_by_role("link", name="Back to the invitation").click()
    expect(page.get_by_role("heading", name="Check it, then send it")).to_be_visible()


def register(page: Page, wish: Wish) -> None:
    """From the page behind the link: an account of one's own, with one's own details."""
    expect(page.get_by_role("heading", name="Somebody asks you to open their chart")).to_be_visible()
    assert "Grace" not in page.locator("body").inner_text()
    page.get_by_role("main").get_by_role("link", name="Register").click()
    settled(page, "Register")
    page.get_by_label("Your name").fill(wish.name)
    page.get_by_label("E-mail address").fill(wish.email)
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("main").get_by_role("button", name="Register").click()
    expect(page.get_by_text("After that you come back to where you were.")).to_be_visible()


def confirmed(portal: Served, visitors: Opener, guest: Visitor, wish: Wish, invitation: str) -> Visitor:
    """The letter's link, here or in another browser; whoever opens it is back at the invitation."""
    link = link_to(portal, wish.email, "confirm")
    elsewhere = wish.level == "full"
    there = visitors(portal, width=PHONE) if elsewhere else guest
    there.page.goto(link)
    if elsewhere:
        there.page.get_by_label("Password").fill(PASSWORD)
    there.page.get_by_role("button", name="Confirm and sign in").click()
    there.page.wait_for_url(invitation)
    return there


def let_in(page: Page, wish: Wish, passcode: str) -> str:
    """A wrong passcode, the right one, what is offered, yes; the query that names the chart."""
    expect(page.get_by_text(f"You answer as {wish.name}.")).to_be_visible()
    enter(page, "not this one")
    expect(page.get_by_role("main")).to_contain_text("4 tries are left.")
    expect(page.get_by_label("Passcode")).to_be_focused()
    assert broken_rules(page) == []
    enter(page, passcode.lower().replace("-", " "))
    expect(page.get_by_role("heading", name=f"Open the chart of {PATIENT}?")).to_be_visible()
    offer = page.get_by_role("main").inner_text()
    assert ("Read only" if wish.level == "read only" else "Full access") in offer
    assert "Only these parts: test results" in offer
    assert "medicines" not in offer
    assert f"Until {wish.until.day} {wish.until:%b %Y}" in offer
    assert broken_rules(page) == []
    assert sideways(page) <= 0
    return accept(page, PATIENT)


def sees_the_granted_parts_alone(page: Page) -> None:
    """Every place of the chart by the bar below."""
    places = page.get_by_role("navigation", name="Main")
    for place, seen in (("Results", "Chest X-ray"), ("Record", "Chronic kidney disease")):
        places.get_by_role("link", name=place, exact=True).click()
        expect(page.get_by_role("main")).to_contain_text(seen)
        assert "Amlodipine" not in page.locator("body").inner_text()
    closed(page, "/medicines", "Medicines")
    assert "Amlodipine" not in page.locator("body").inner_text()


def kept(kernel: Kernel) -> list[str]:
    """Every access and every invitation there is."""
    with Session(kernel.engine) as session:
        tables = [model.__table__ for model in (Grant, Invitation)]  # type: ignore[attr-defined]
        return sorted(str(row) for table in tables for row in session.connection().execute(table.select()))


def is_refused_every_write(portal: Served, cookie: str, grant: str, level: Relationship) -> int:
    """Each use case that writes a chart and is not this level's says who could; made-up events of the handlers in front of
    them change nothing. How many were refused.
    """
    kernel, token = compose(load_settings(portal.environment, None)).kernel, SessionToken(cookie.partition("=")[2])
    refused = [case for case in CHART_WRITES if level not in TABLE[case.permission]]
    before = kept(kernel)
    for case in refused:
        with pytest.raises(NotAllowed, match=REFUSED):
            kernel.perform(case.function, token, grant, **inputs_of(case, unknown()))
    mine = [(case.name, grant) for case in CHART_WRITES if case not in refused]
    assert all(kernel.still_open(token, mine))
    fronts = [one for one in handlers() if one.permission in {case.permission for case in refused}]
    with Socket(portal.url, cookie=cookie) as wire:
        answers = converse(wire, [(one.name, one.payload(grant), one.address(grant, grant)) for one in fronts])
    said = [str(json.loads(value)) for answer in answers for value in state_in(answer).values()]
    assert any(REFUSED in one for one in said)
    assert kept(kernel) == before
    return len(refused) + len(fronts)


def says_why_on_the_page(page: Page, portal: Served, query: str) -> None:
    """Where an owner acts, a proxy reads who could; what is about signing in is the proxy's own."""
    page.goto(f"{portal.url}/account/invite?{query}")
    expect(page.get_by_role("heading", name="Only the person whose chart it is can invite somebody")).to_be_visible()
    page.goto(f"{portal.url}/account/access-log?{query}")
    expect(page.get_by_role("main")).to_contain_text(REFUSED)
    for path in ("/account/security", "/account/connections", "/account/preferences"):
        page.goto(f"{portal.url}{path}?{query}")
        settled(page)
        main = page.get_by_role("main")
        assert "grace.samplewood@" not in main.inner_text()
        expect(main.get_by_role("link", name="Invite a proxy")).to_have_count(0)


class SlowDownload:
    """A file that is asked for over a line on which nothing is read before `rest`."""

    def __init__(self, portal: Served, cookie: str, path: str) -> None:
        self._line = socket.socket()
        self._line.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 65_536)
        self._line.connect(("localhost", portal.port))
        self._line.settimeout(10)
        host = portal.url.removeprefix("http://")
        self._line.sendall(f"GET {path} HTTP/1.1\r\nHost: {host}\r\nCookie: {cookie}\r\n\r\n".encode())
        self.head = self._line.recv(15)

    def rest(self) -> int:
        """How many more bytes come until the server hangs up."""
        came = 0
        with self._line:
            while part := self._line.recv(1 << 20):
                came += len(part)
        return came


def address_of_the_paper(page: Page, portal: Served, query: str) -> str:
    """Where the large file of this chart stands."""
    page.goto(f"{portal.url}/record?{query}")
    settled(page)
    page.get_by_role("link", name=re.compile(PAPER)).first.click()
    file = page.get_by_role("main").locator("a[href*='/documents/']").first
    return str(file.get_attribute("href"))


def worker_of(wire: Socket, portal: Served) -> str:
    """The process that holds the other end of a raw socket, by what the kernel says of its sockets."""
    mine = wire._wire.socket.getsockname()[1]
    for line in Path("/proc/net/tcp").read_text().splitlines()[1:]:
        parts = line.split()
        if int(parts[1].split(":")[1], 16) == portal.port and int(parts[2].split(":")[1], 16) == mine:
            return next(pid for pid in map(str, _processes()) if f"socket:[{parts[9]}]" in _sockets(pid))
    raise AssertionError("no such socket")


def _processes() -> list[int]:
    return [int(one.name) for one in Path("/proc").iterdir() if one.name.isdigit()]


def _sockets(pid: str) -> set[str]:
    try:
        return {str(one.readlink()) for one in Path(f"/proc/{pid}/fd").iterdir()}
    except OSError:
        return set()


def on_every_worker(stack: ExitStack, portal: Served, cookie: str, grant: str) -> list[Socket]:
    """Open pages of the chart, until each worker holds one."""
    found: dict[str, Socket] = {}
    for _try in range(40):
        if len(found) == portal.workers:
            break
        wire = stack.enter_context(raw_page(portal, cookie, "/results", {"for": grant}))
        assert "Chest X-ray" in wire.text
        found.setdefault(worker_of(wire, portal), wire)
    assert len(found) == portal.workers, "one worker got every page"
    return list(found.values())


def remove(page: Page, portal: Served, wish: Wish) -> float:
    """The owner ends it, from Connections; when the button was pressed."""
    page.goto(f"{portal.url}/account/connections")
    page.get_by_role("button", name=f"Remove the access of {wish.name}").click()
    began = time.monotonic()
    page.get_by_role("dialog").get_by_role("button", name="Remove access", exact=True).click()
    return began


def all_end(began: float, tabs: list[Page], wires: list[Socket], slow: SlowDownload) -> float:
    """Seconds until every page, on each worker, says that it is over; the file never comes whole."""
    for tab in tabs:
        expect(tab.get_by_role("main")).to_contain_text(ENDED, timeout=5_000)
    for wire in wires:
        while not ENDED.search(wire.text):
            assert time.monotonic() < began + 5
            settle(wire, 0.05, 0.2)
    taken = time.monotonic() - began
    time.sleep(max(0.0, began + LIMIT_SECONDS - time.monotonic()))  # the file may take as long, and no longer
    assert slow.rest() < BIG, "a file that was asked for before came whole"
    return taken


WISHES = [
    Wish("Nell Ofsamplewood", "nell@guest.example", level="read only", relationship="niece"),
    Wish("Ned Ofsamplewood", "ned@guest.example", level="full", relationship="nephew", passcode="blue door 7"),
]


@pytest.mark.alone
@pytest.mark.parametrize(
    ("kind", "wish"),
    [("home_portal", WISHES[0]), ("wide_portal", WISHES[0]), ("wide_portal", WISHES[1])],
    ids=lambda value: value if isinstance(value, str) else value.level,
)
def test_somebody_without_an_account_is_invited_registers_accepts_sees_and_is_removed(
    request: pytest.FixtureRequest, visitors: Opener, kind: str, wish: Wish
) -> None:
    portal: Served = request.getfixturevalue(kind)
    owner, guest = visitors(portal, width=PHONE), visitors(portal, width=PHONE)
    page = owner.sign_in("grace")
    menu(page, "Preferences")
    page.get_by_role("link", name="Invite a proxy").click()
    fill_in(page, wish)
    tried_out(page, wish)
    passcode = send(page, wish)

    invitation = link_to(portal, wish.email, "invitations")
    (letter,) = letters_to(portal, wish.email)
    assert not re.search(f"Grace|Samplewood|{wish.first}|result|{re.escape(passcode)}", letter.partition("<pre>")[2])
    guest.page.goto(invitation)
    register(guest.page, wish)
    guest = confirmed(portal, visitors, guest, wish, invitation)
    query = let_in(guest.page, wish, passcode)
    grant = query.removeprefix("for=")
    expect(guest.page.get_by_role("region", name="Whose chart is open")).to_contain_text(PATIENT)
    sees_the_granted_parts_alone(guest.page)

    level = Relationship.READ_ONLY if wish.level == "read only" else Relationship.FULL
    refused = is_refused_every_write(portal, guest.cookie, grant, level)
    says_why_on_the_page(guest.page, portal, query)
    page.goto(f"{portal.url}/account/access-log")
    line = page.get_by_role("listitem").filter(has_text=f"{wish.name} looked at the test results.").first
    expect(line).to_contain_text("Read only" if wish.level == "read only" else "Full access")

    paper = address_of_the_paper(guest.page, portal, query)
    other = guest.tab()
    for tab, path in ((guest.page, "/record"), (other, "/results")):
        tab.goto(f"{portal.url}{path}?{query}")
        settled(tab)
    with ExitStack() as stack:
        wires = on_every_worker(stack, portal, guest.cookie, grant)
        slow = SlowDownload(portal, guest.cookie, paper)
        assert slow.head == b"HTTP/1.1 200 OK"
        taken = all_end(remove(page, portal, wish), [guest.page, other], wires, slow)
    print(f"\n{kind}, {wish.level}: {refused} writes refused; 2 pages and {len(wires)} sockets ended in {taken:.2f} s")
    assert taken <= LIMIT_SECONDS
    assert (owner.violations, guest.violations) == ([], [])
