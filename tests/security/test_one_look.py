"""One look at the session for an event: what the guard leaves out, the handler does before anything is sent (ADR 0005)."""

from __future__ import annotations

from typing import Any
from uuid import uuid4

import pytest
from reflex_base.registry import RegistrationContext

from rxportal.core.identity import SessionToken
from rxportal.core.kernel import Kernel
from rxportal.models.accounts import Account, Level, Session
from tests.factories import World
from tests.security.pipeline import Pipeline, framework, name_of, pipeline, place, portal, redirects, run

portal()

from rxportal.pages.routes import PAGES  # noqa: E402
from rxportal.state import guard, session  # noqa: E402
from rxportal.state.home import HomeState  # noqa: E402
from rxportal.state.results import ResultsState  # noqa: E402
from rxportal.state.session import SessionState  # noqa: E402
from rxportal.state.tabs import TABS  # noqa: E402

CANARY, NAME = "Zirconium", "Ann Quagga"
PAYLOADS: dict[str, dict[str, Any]] = {
    "search": {"form": {"query": "x"}},
    "choose_kind": {"kind": "lab"},
    "go": {"page": 1},
}


@pytest.fixture
def world(sqlite_kernel: Kernel) -> World:
    return World(sqlite_kernel)


def ann(world: World) -> tuple[Account, SessionToken]:
    account, patient = world.owner(world.patient(NAME))
    world.released(patient, CANARY)
    return account, world.sign_in(account)


def end(world: World, account: Account) -> None:
    for row in world.rows(Session):
        if row.account_id == account.id:
            row.ended_at = world.now
            world.store(row)


async def look_around(portal_: Pipeline, cookie: SessionToken, tab: str = "tab") -> None:
    TABS.of(tab).sid = f"sid-{tab}"
    await portal_.send(tab, framework("hydrate_and_load"), cookie=cookie)
    for handler in (SessionState.load, ResultsState.load, HomeState.load):
        await portal_.send(tab, handler, cookie=cookie)
    assert CANARY in portal_.heard(tab)
    assert NAME in portal_.heard(tab)
    portal_.sent[tab].clear()


def looking() -> list[str]:
    """Every handler before which the guard does not look."""
    return sorted(name for name in RegistrationContext.get().event_handlers if guard.looks(name))


class Looks:
    """Counts who asks the database who somebody is."""

    def __init__(self, kernel: Kernel, monkeypatch: pytest.MonkeyPatch) -> None:
        self.guard = self.cases = 0
        actor_of, perform = kernel.actor_of, kernel.perform

        def asked(*given: Any) -> Any:
            self.guard += 1
            return actor_of(*given)

        def performed(*given: Any, **inputs: Any) -> Any:
            self.cases += 1
            return perform(*given, **inputs)

        monkeypatch.setattr(kernel, "actor_of", asked)
        monkeypatch.setattr(kernel, "perform", performed)


def test_there_are_such_handlers() -> None:
    assert name_of(ResultsState.load) in looking()
    assert len(looking()) > 10


@pytest.mark.parametrize("name", looking())
def test_a_session_that_ended_gets_nothing_from_a_handler_that_looks_itself(world: World, name: str) -> None:
    account, cookie = ann(world)

    async def work() -> None:
        async with pipeline(world.kernel) as portal_:
            await look_around(portal_, cookie)
            TABS.of("tab").framed_at = float("-inf")
            end(world, account)
            heard = await portal_.send("tab", name, PAYLOADS.get(name.rpartition(".")[2], {}), cookie=cookie)
            assert redirects(heard) == ["/sign-in?out=1"]
            for text in (portal_.heard("tab"), await portal_.text("tab")):
                assert CANARY not in text
                assert NAME not in text
            assert TABS.of("tab").session_id == ""
            assert "phase" in portal_.heard("tab")  # the emptied page was sent, not only emptied here

    run(work)


@pytest.mark.parametrize("name", looking())
def test_every_such_handler_looks_at_the_session_exactly_once(
    world: World, name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    _account, cookie = ann(world)

    async def work() -> None:
        async with pipeline(world.kernel) as portal_:
            await look_around(portal_, cookie)
            TABS.of("tab").framed_at = float("-inf")
            looks = Looks(world.kernel, monkeypatch)
            payload, here = PAYLOADS.get(name.rpartition(".")[2], {}), place(f"/results/{uuid4()}")
            await portal_.send("tab", name, payload, cookie=cookie, at=here)
            assert (looks.guard, looks.cases >= 1) == (0, True)

    run(work)


@pytest.mark.parametrize("page", ["x", -1, None, {"a": 1}])
def test_what_nobody_could_mean_is_no_way_past_the_look(world: World, page: Any) -> None:
    account, cookie = ann(world)

    async def work() -> None:
        async with pipeline(world.kernel) as portal_:
            await look_around(portal_, cookie)
            end(world, account)
            heard = await portal_.send("tab", ResultsState.go, {"page": page}, cookie=cookie)
            assert redirects(heard) == ["/sign-in?out=1"]
            assert CANARY not in await portal_.text("tab")

    run(work)


def test_another_cookie_is_always_looked_at_by_the_guard(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    _account, cookie = ann(world)
    bob, _patient = world.owner(world.patient("Bob Okapi"))
    other = world.sign_in(bob)

    async def work() -> None:
        async with pipeline(world.kernel) as portal_:
            for thief in (None, other, "__Host-rxportal=made-up"):
                await look_around(portal_, cookie)
                looks = Looks(world.kernel, monkeypatch)
                await portal_.send("tab", ResultsState.refresh, cookie=thief)
                assert looks.guard == (0 if thief is None else 1)
                for text in (portal_.heard("tab"), await portal_.text("tab")):
                    assert CANARY not in text
                    assert NAME not in text

    run(work)


def test_a_state_that_another_worker_filled_for_another_cookie_is_looked_at(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    """This worker last looked at Ann; meanwhile the tab's state, in Redis, was filled for somebody else."""
    _account, cookie = ann(world)

    async def work() -> None:
        async with pipeline(world.kernel) as portal_:
            await look_around(portal_, cookie)
            from reflex.istate.manager.token import BaseStateToken
            from reflex.state import State

            async with portal_.states.modify_state(BaseStateToken(ident="tab", cls=State)) as root:
                (await root._get_root_state().get_state(guard.TabState))._whose = "somebody else"
            looks = Looks(world.kernel, monkeypatch)
            await portal_.send("tab", SessionState.refresh, cookie=cookie)
            assert looks.guard == 1
            assert CANARY not in await portal_.text("tab")

    run(work)


def test_the_guard_looks_again_after_a_while(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    _account, cookie = ann(world)

    async def work() -> None:
        async with pipeline(world.kernel) as portal_:
            await look_around(portal_, cookie)
            looks = Looks(world.kernel, monkeypatch)
            TABS.of("tab").looked_at -= guard.LOOK_EVERY
            await portal_.send("tab", ResultsState.load, cookie=cookie)
            assert looks.guard == 1
            await portal_.send("tab", ResultsState.load, cookie=cookie)
            assert looks.guard == 1

    run(work)


# --- the frame is not read anew on every page


def test_following_a_link_reads_the_frame_no_more(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    _account, cookie = ann(world)

    async def work() -> None:
        async with pipeline(world.kernel) as portal_:
            await look_around(portal_, cookie)
            looks = Looks(world.kernel, monkeypatch)
            await portal_.send("tab", SessionState.load, cookie=cookie, at=place("/home"))
            assert (looks.guard, looks.cases) == (0, 0)
            assert NAME not in portal_.heard("tab")
            TABS.of("tab").framed_at -= session.FRAME_LASTS
            await portal_.send("tab", SessionState.load, cookie=cookie, at=place("/home"))
            assert looks.cases == 1

    run(work)


def test_a_frame_is_read_for_another_chart_after_a_reconnect_and_when_a_grant_changed(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    _account, cookie = ann(world)
    carer, grant = world.proxy(world.patient("Cid Narwhal"), Level.READ_ONLY)
    theirs = world.sign_in(carer)

    async def work() -> None:
        async with pipeline(world.kernel) as portal_:
            await look_around(portal_, cookie)
            await portal_.send("tab", SessionState.load, cookie=theirs, at=place("/home", {"for": str(grant.id)}))
            assert "Cid Narwhal" in portal_.heard("tab")
            grant.revoked_at = world.now
            world.store(grant)
            await portal_.send("tab", SessionState.refresh, cookie=theirs, at=place("/home", {"for": str(grant.id)}))
            assert "Cid Narwhal" not in await portal_.text("tab")
            TABS.close("sid-tab")
            TABS.of("tab").sid = "sid-tab"
            looks = Looks(world.kernel, monkeypatch)
            await portal_.send("tab", SessionState.load, cookie=theirs, at=place("/home"))
            assert looks.cases == 1

    run(work)


def test_after_every_frame_that_was_not_read_a_page_asks_the_kernel_itself() -> None:
    for page in PAGES:
        loads = [name_of(load) for load in page.on_load]
        if name_of(SessionState.load) in loads:
            assert loads[0] == name_of(SessionState.load)
            assert len(loads) > 1, page.route
