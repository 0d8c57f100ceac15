"""The sign-ins of an account: seen, recognized, ended; nobody else's."""

from __future__ import annotations

from typing import Any
from uuid import uuid4

import pytest

from rxportal.core.errors import Conflict, NotFound, NotSignedIn
from rxportal.core.identity import SessionToken, token_hash
from rxportal.core.kernel import Kernel
from rxportal.core.live import Change
from rxportal.models.accounts import Account, Session
from rxportal.models.audit import AuditEntry
from rxportal.rules.devices import browser_and_device
from rxportal.services.devices import device_words, end_one_session, end_other_sessions, list_sessions
from rxportal.services.sessions import begin_session, end_session
from tests.factories import World
from tests.fakes import RecordingBus

CHROME = "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/130.0 Safari/537.36"
AGENTS = {
    CHROME: "Chrome on Windows",
    CHROME + " Edg/130.0": "Edge on Windows",
    "Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) Version/18.0 Mobile/15E148 Safari/604.1": "Safari on iPhone",
    "Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) CriOS/130.0 Mobile/15E148 Safari/604.1": "Chrome on iPhone",
    "Mozilla/5.0 (Linux; Android 14; SM-S918B) SamsungBrowser/26.0 Chrome/122.0 Mobile": "Samsung Internet on Android",
    "Mozilla/5.0 (Macintosh; Intel Mac OS X 14.6; rv:131.0) Gecko/20100101 Firefox/131.0": "Firefox on Mac",
    "Mozilla/5.0 (X11; CrOS x86_64 14541.0.0) Chrome/130.0 Safari/537.36": "Chrome on Chromebook",
    "Mozilla/5.0 (X11; Linux x86_64; rv:131.0) Gecko/20100101 Firefox/131.0": "Firefox on Linux",
    "Mozilla/5.0 (iPad; CPU OS 17_5 like Mac OS X)": "A browser on iPad",
    "Firefox/1": "Firefox",
    "python-httpx/0.27": "A browser we don’t know",
    "": "A browser we don’t know",
}


@pytest.mark.parametrize("agent", AGENTS, ids=list(AGENTS.values()))
def test_a_browser_is_told_in_words(agent: str) -> None:
    assert device_words(agent) == AGENTS[agent]


def test_what_a_browser_says_of_itself_is_never_shown_as_it_came() -> None:
    assert browser_and_device("<script>alert(1)</script> Chrome/1") == ("Chrome", "")


def stored(world: World, token: SessionToken) -> Session:
    return next(row for row in world.rows(Session) if row.token_hash == token_hash(token.value))


def sign_in(world: World, account: Account, **columns: str) -> SessionToken:
    token = world.sign_in(account)
    session = stored(world, token)
    for name, value in columns.items():
        setattr(session, name, value)
    world.store(session)
    return token


class TestList:
    """`/account/security`."""

    def test_this_browser_comes_first_then_the_others_by_use(self, kernel: Kernel, world: World, clock: Any) -> None:
        account, _ = world.owner()
        sign_in(world, account, browser=CHROME, address="198.51.100.7")
        clock.advance(minutes=4)
        here = sign_in(world, account)
        page = kernel.perform(list_sessions, here)
        assert [(row.device, row.here, row.address) for row in page.rows] == [
            ("A browser we don’t know", True, ""), ("Chrome on Windows", False, "198.51.100.7"),
        ]  # fmt: skip
        assert (page.rows[1].begun, page.rows[1].used) == ("23 Nov 2026, 12:00 pm", "23 Nov 2026, 12:00 pm")
        assert (page.others, page.minutes) == (1, 15)

    def test_what_is_over_is_not_listed(self, kernel: Kernel, world: World, clock: Any) -> None:
        account, _ = world.owner()
        sign_in(world, account)
        clock.advance(minutes=15)
        kernel.perform(end_session, sign_in(world, account))
        assert len(kernel.perform(list_sessions, sign_in(world, account)).rows) == 1

    def test_nobody_elses_is_listed(self, kernel: Kernel, world: World) -> None:
        world.sign_in(world.owner()[0])
        account, _ = world.owner()
        assert len(kernel.perform(list_sessions, world.sign_in(account)).rows) == 1

    def test_somebody_without_any_chart_sees_theirs(self, kernel: Kernel, world: World) -> None:
        for account in (world.account(), world.staff()):
            assert len(kernel.perform(list_sessions, world.sign_in(account)).rows) == 1


class TestEnd:
    """Signing out elsewhere."""

    def test_one_is_ended_audited_and_told(self, kernel: Kernel, world: World) -> None:
        account, _ = world.owner()
        there, here = sign_in(world, account, browser=CHROME), world.sign_in(account)
        other = stored(world, there)
        assert kernel.perform(end_one_session, here, session_id=other.id) == "Chrome on Windows"
        with pytest.raises(NotSignedIn):
            kernel.perform(list_sessions, there)
        assert stored(world, there).ended_because == "ended from another browser"
        assert world.rows(AuditEntry)[-2].use_case == "end_one_session"
        assert isinstance(kernel.bus, RecordingBus)
        assert {Change("session", str(other.id), "ended"), Change("account", str(account.id), "sessions")} <= set(
            kernel.bus.published
        )

    def test_all_others_are_ended_and_this_one_goes_on(self, kernel: Kernel, world: World) -> None:
        account, _ = world.owner()
        others, here = [world.sign_in(account) for _each in range(3)], world.sign_in(account)
        stranger = world.sign_in(world.owner()[0])
        assert kernel.perform(end_other_sessions, here) == 3
        for token in others:
            with pytest.raises(NotSignedIn):
                kernel.perform(list_sessions, token)
        assert len(kernel.perform(list_sessions, here).rows) == 1
        assert len(kernel.perform(list_sessions, stranger).rows) == 1
        assert kernel.perform(end_other_sessions, here) == 0

    def test_this_one_and_one_that_is_over_are_refused(self, kernel: Kernel, world: World) -> None:
        account, _ = world.owner()
        there, here = world.sign_in(account), world.sign_in(account)
        with pytest.raises(Conflict, match="Sign out here instead"):
            kernel.perform(end_one_session, here, session_id=stored(world, here).id)
        kernel.perform(end_session, there)
        with pytest.raises(Conflict, match="signed out before"):
            kernel.perform(end_one_session, here, session_id=stored(world, there).id)

    def test_somebody_elses_and_nobodys_look_the_same(self, kernel: Kernel, world: World) -> None:
        foreign = world.sign_in(world.owner()[0])
        here = world.sign_in(world.owner()[0])
        for key in (stored(world, foreign).id, uuid4()):
            with pytest.raises(NotFound):
                kernel.perform(end_one_session, here, session_id=key)
        assert stored(world, foreign).ended_at is None


def test_signing_in_and_out_moves_the_open_list(kernel: Kernel, world: World) -> None:
    from rxportal.core.identity import Anonymous

    account, _ = world.owner()
    assert isinstance(kernel.bus, RecordingBus)
    told = Change("account", str(account.id), "sessions")
    token = kernel.perform(begin_session, Anonymous(), account_id=account.id, attempt_ids=[])
    assert kernel.bus.published.count(told) == 1
    kernel.perform(end_session, SessionToken(token))
    assert kernel.bus.published.count(told) == 2
