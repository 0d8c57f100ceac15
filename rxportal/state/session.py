"""The frame of every page: who is signed in, whose chart is open, and the warning before the session ends by itself."""

from __future__ import annotations

import time
from dataclasses import dataclass

import reflex as rx

from rxportal.core.access import Permission
from rxportal.core.cookies import credentials_of, typed_in
from rxportal.core.errors import NotSignedIn, PortalError
from rxportal.core.identity import SessionToken, token_hash
from rxportal.core.own_path import is_own_page
from rxportal.core.runtime import current
from rxportal.services.shell import Person, Shell, view_shell
from rxportal.state.base import report
from rxportal.state.guard import PUBLIC, leave, policy, tab_of, turn_out
from rxportal.state.tabs import TABS

# Nothing else tells a tab that a frame's chart ended by its date, or at a birthday.
FRAME_LASTS = 60.0
PROBLEMS = ("wrong", "slow", "form", "away", "outside", "second")


@dataclass
class PersonLink:
    """One row of the person switcher."""

    name: str
    initials: str
    href: str
    level: str
    current: bool
    colour: int


def person_link(one: Person) -> PersonLink:
    """A chart as a row of the switcher."""
    href = f"/home?for={one.grant}" if one.grant else "/home"
    level = f"{one.level} · {one.years}" if one.years else one.level
    return PersonLink(one.name, one.initials, href, level, one.current, one.colour)


async def read_shell(cookie: str, chart: str, *, live: bool) -> Shell | None:
    """The frame for whoever is behind this cookie; None: it can't be read now, and the old one stays.

    Raises:
        NotSignedIn: nobody is.
    """
    runtime = current()
    try:
        return await runtime.off_loop(
            runtime.kernel.perform, view_shell, credentials_of(cookie), live=live, chart=chart
        )
    except NotSignedIn:
        raise
    except PortalError:
        return None
    except Exception as fault:  # noqa: BLE001  (a fault of ours becomes a sentence with a code)
        report(fault, "view_shell")
        return None


class SessionState(rx.State):
    """What stands around every signed-in page."""

    signed_in: bool = False
    ready: bool = False
    name: str = ""
    initials: str = ""
    staff: bool = False
    clinician: bool = False
    desk: str = ""
    has_own_chart: bool = True
    chart_name: str = ""
    chart_initials: str = ""
    chart_level: str = ""
    chart_own: bool = True
    chart_log: bool = False
    chart_closed: list[str] = []
    preview: str = ""
    person: int = 1
    text_size: str = ""
    grant: str = ""
    people: list[PersonLink] = []

    @rx.event
    @policy(Permission.VIEW_SESSION, looks=True)
    async def load(self) -> None:
        """Read the frame for this page's address, unless it stands here as it was read a moment ago.

        What ends or changes a chart calls `refresh`; the page itself, which loads next, asks the kernel in any case.
        """
        root = self._get_root_state()
        tab, asked = tab_of(root), self._asked()
        fresh = tab is not None and tab.frame == asked and time.monotonic() - tab.framed_at < FRAME_LASTS
        if not (fresh and self.ready and self.grant == asked[1]):
            await self._read()

    @rx.event
    @policy(Permission.VIEW_SESSION, looks=True)
    async def load_alone(self) -> None:
        """Read the frame of a page that reads nothing else: somebody has to ask who this is."""
        await self._read()

    def _asked(self) -> tuple[str, str]:
        """For which cookie and for whose chart the frame is asked."""
        who = credentials_of(self.router.headers.cookie or "")
        key = token_hash(who.value) if isinstance(who, SessionToken) else ""
        return key, str(self.router.url.query_parameters.get("for", ""))

    @rx.event
    @policy(PUBLIC)
    async def peek(self) -> None:
        """On a page for everybody: the frame of whoever happens to be signed in."""
        tab = TABS.known(self.router.session.client_token)
        if tab and tab.session_id:
            await self._read()

    @rx.event
    @policy(Permission.VIEW_SESSION, looks=True)
    async def refresh(self) -> None:
        """Read the frame again because a grant of this account changed."""
        await self._read(live=True)

    async def _read(self, *, live: bool = False) -> None:
        asked = self._asked()
        grant = asked[1]
        tab = TABS.known(self.router.session.client_token)
        again = live or (self.ready and tab is not None and tab.connecting)  # a reconnect is nobody's act
        if self.grant != grant:
            # another person's chart: nothing of the one before may stay in the tab, not even if we can't read on
            await leave(self._get_root_state(), grant)
            self.grant, self.chart_name, self.chart_initials, self.chart_level = grant, "", "", ""
            self.preview, self.chart_closed = "", []
        try:
            shell = await read_shell(self.router.headers.cookie or "", grant[:64], live=again)
        except NotSignedIn:
            await turn_out(self._get_root_state())
            raise
        if shell is None:
            return
        self._fill(shell, grant)
        if tab:
            tab.frame, tab.framed_at = asked, time.monotonic()
            tab.patient_id = shell.patient_id
            tab.family = frozenset(shell.family)

    def _fill(self, shell: Shell, grant: str) -> None:
        self.signed_in = self.ready = True
        self.name, self.initials = shell.name, shell.initials
        self.staff, self.clinician, self.has_own_chart = shell.staff, shell.clinician, shell.has_own_chart
        self.desk, self.preview, self.text_size = shell.desk, shell.preview, shell.text_size
        chart = shell.chart
        self.grant = grant
        self.chart_own = grant == ""
        self.chart_name = chart.name if chart else ""
        self.chart_initials = chart.initials if chart else ""
        self.chart_level = chart.level if chart else ""
        self.chart_log = chart.log if chart else False
        self.chart_closed = chart.closed if chart else []
        self.person = chart.colour if chart else 1
        self.people = [person_link(one) for one in shell.people]


class SignInState(rx.State):
    """The sign-in page: what was typed comes back after a wrong password, but never through the address."""

    typed_email: str = ""
    problem: str = ""
    after: str = ""
    out: bool = False
    changed: bool = False
    removed: bool = False

    @rx.event
    @policy(PUBLIC)
    def load(self) -> None:
        """Read the problem's code from the address and the e-mail address typed before from its short-lived cookie."""
        asked = self.router.url.query_parameters
        problem, after = str(asked.get("problem", "")), str(asked.get("next", ""))
        self.problem = problem if problem in PROBLEMS else ""
        self.after = after if is_own_page(after) else ""
        self.out = asked.get("out") == "1"
        self.changed = asked.get("changed") == "1"
        self.removed = asked.get("removed") == "1"
        self.typed_email = typed_in(self.router.headers.cookie or "").get("email", "")
