"""The guard before every event: who is behind the tab, what of somebody else is left in it, what leaves a trace."""

from __future__ import annotations

import random
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass

import pytest
from reflex.state import State
from reflex_base.registry import RegistrationContext

from rxportal.core.errors import Unavailable
from rxportal.core.identity import SessionToken
from rxportal.core.kernel import Kernel
from rxportal.models.accounts import Account, Grant, Level, Patient, Session
from rxportal.models.audit import AuditEntry
from tests.factories import World
from tests.fakes import StoppedClock
from tests.security.pipeline import Pipeline, framework, name_of, pipeline, place, portal, redirects, run

portal()

from rxportal.desk.state.results import DeskResultsState  # noqa: E402
from rxportal.state.guard import PUBLIC, is_framework, own_states, policy_of  # noqa: E402
from rxportal.state.home import HomeState  # noqa: E402
from rxportal.state.result import ResultState  # noqa: E402
from rxportal.state.results import ResultsState  # noqa: E402
from rxportal.state.session import SessionState, SignInState  # noqa: E402
from rxportal.state.tabs import TABS  # noqa: E402

CANARY = "Zirconium"
OTHER = "Quixotium"


@dataclass
class Two:
    """Two people with a result each, and a proxy of the first."""

    world: World
    ann: SessionToken
    bob: SessionToken
    patient: Patient
    proxy: SessionToken
    grant: Grant
    account: Account


@pytest.fixture
def two(sqlite_kernel: Kernel) -> Two:
    world = World(sqlite_kernel)
    ann, patient = world.owner(world.patient("Ann Quagga"))
    bob, other = world.owner(world.patient("Bob Okapi"))
    world.released(patient, CANARY)
    world.released(other, OTHER)
    reader, grant = world.proxy(patient, Level.READ_ONLY)
    return Two(world, world.sign_in(ann), world.sign_in(bob), patient, world.sign_in(reader), grant, ann)


@asynccontextmanager
async def opened(two: Two, token: str = "tab") -> AsyncIterator[Pipeline]:
    """A pipeline in which Ann looks at her results."""
    async with pipeline(two.world.kernel) as portal_:
        TABS.of(token).sid = f"sid-{token}"
        await portal_.send(token, ResultsState.load, cookie=two.ann)
        assert CANARY in portal_.heard(token)
        yield portal_


def handlers() -> list[str]:
    return sorted(RegistrationContext.get().event_handlers)


# --- default deny


def test_everything_but_the_public_handlers_turns_an_anonymous_away(two: Two) -> None:
    async def work() -> None:
        async with pipeline(two.world.kernel) as portal_:
            for name in handlers():
                if is_framework(name) or policy_of(name) == PUBLIC:
                    continue
                heard = await portal_.send(name, name, {})
                assert portal_.faults == []
                if policy_of(name) is None:
                    assert heard == [], name
                else:
                    assert redirects(heard) == ["/sign-in?out=1"], name
                text = portal_.heard(name) + await portal_.text(name)
                assert CANARY not in text
                assert OTHER not in text

    run(work)


@pytest.mark.parametrize("wanted", ["setvar", "update_vars_internal", "set_is_hydrated", "on_load_internal"])
def test_the_frameworks_own_handlers_change_nothing_of_ours(two: Two, wanted: str) -> None:
    async def work() -> None:
        async with opened(two) as portal_:
            for name in [one for one in handlers() if one.rpartition(".")[2] == wanted]:
                for payload in (
                    {"var_name": "query", "value": "Alteronium"},
                    {"vars": {"reflex___state____state.x": 1}},
                    {"value": True},
                    {},
                ):
                    await portal_.send("tab", name, payload, cookie=two.ann)
            assert "Alteronium" not in await portal_.text("tab")

    run(work)


def test_public_handlers_show_nothing_of_anybody(two: Two) -> None:
    async def work() -> None:
        async with pipeline(two.world.kernel) as portal_:
            for name in handlers():
                if policy_of(name) == PUBLIC:
                    payload = {"text": "x", "reference": "y"} if name.endswith(".show") else {}
                    await portal_.send("tab", name, payload)
            assert portal_.faults == []
            assert CANARY not in portal_.heard("tab")

    run(work)


# --- whose tab this is


def test_the_next_person_in_the_same_tab_finds_nothing_of_the_one_before(two: Two) -> None:
    async def work() -> None:
        async with opened(two) as portal_:
            await portal_.send("tab", SessionState.load, cookie=two.ann)
            portal_.sent["tab"].clear()
            await portal_.send("tab", ResultsState.load, cookie=two.bob)
            assert OTHER in portal_.heard("tab")
            for text in (portal_.heard("tab"), await portal_.text("tab")):
                assert CANARY not in text
                assert "Ann Quagga" not in text

    run(work)


@pytest.mark.parametrize("event", ["hydrate", "hydrate_and_load", "on_load_internal"])
def test_whoever_takes_over_a_tabs_token_gets_an_empty_tab(two: Two, event: str) -> None:
    """C-06: the token comes from the browser and is no proof of anything."""

    async def work() -> None:
        for thief in (None, two.bob, "__Host-rxportal=made-up"):
            async with opened(two) as portal_:
                portal_.sent["tab"].clear()
                await portal_.send("tab", framework(event), cookie=thief, sid="another-socket")
                for text in (portal_.heard("tab"), await portal_.text("tab")):
                    assert CANARY not in text
                    assert two.ann.value not in text

    run(work)


def test_a_session_that_ended_empties_the_tab_on_its_next_event(two: Two) -> None:
    async def work() -> None:
        async with opened(two) as portal_:
            session = next(row for row in two.world.rows(Session) if row.account_id == two.account.id)
            session.ended_at = two.world.now
            two.world.store(session)
            portal_.sent["tab"].clear()
            heard = await portal_.send("tab", ResultsState.go, {"page": 1}, cookie=two.ann)
            assert redirects(heard) == ["/sign-in?out=1"]
            assert CANARY not in portal_.heard("tab")
            assert CANARY not in await portal_.text("tab")

    run(work)


def test_idle_time_ends_it_whatever_the_page_asks(two: Two) -> None:
    """C-20: neither a live reading nor a reconnect keeps a session alive."""

    async def work() -> None:
        async with opened(two) as portal_:
            await portal_.send("tab", SessionState.load, cookie=two.ann)
            clock = two.world.kernel.clock
            assert isinstance(clock, StoppedClock)
            for _ in range(14):
                clock.advance(minutes=1)
                await portal_.send("tab", ResultsState.refresh, cookie=two.ann)
                TABS.of("tab").connecting = True
                await portal_.send("tab", SessionState.load, cookie=two.ann)
                await portal_.send("tab", ResultsState.load, cookie=two.ann)
                TABS.of("tab").connecting = False
            portal_.sent["tab"].clear()
            clock.advance(minutes=1)
            heard = await portal_.send("tab", ResultsState.refresh, cookie=two.ann)
            assert redirects(heard) == ["/sign-in?out=1"]
            assert CANARY not in await portal_.text("tab")

    run(work)


# --- the database away


def test_with_the_database_away_a_stolen_token_still_shows_nothing(two: Two, monkeypatch: pytest.MonkeyPatch) -> None:
    async def work() -> None:
        async with opened(two) as portal_:
            monkeypatch.setattr(two.world.kernel, "actor_of", _away)
            portal_.sent["tab"].clear()
            for thief in (None, two.bob, "__Host-rxportal=made-up"):
                await portal_.send("tab", framework("hydrate_and_load"), cookie=thief)
            assert CANARY not in portal_.heard("tab")
            assert CANARY not in await portal_.text("tab")

    run(work)


def test_with_the_database_away_the_persons_own_page_stays_and_says_so(
    two: Two, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def work() -> None:
        async with opened(two) as portal_:
            monkeypatch.setattr(two.world.kernel, "actor_of", _away)
            monkeypatch.setattr(two.world.kernel, "perform", _away)
            await portal_.send("tab", ResultsState.go, {"page": 1}, cookie=two.ann)
            assert CANARY in await portal_.text("tab")
            assert Unavailable().message in portal_.heard("tab")
            assert redirects(portal_.sent["tab"]) == []

    run(work)


def _away(*arguments: object, **inputs: object) -> None:
    raise Unavailable


# --- grants that end


@pytest.mark.parametrize("event", ["refresh", "hydrate", "hydrate_and_load"])
def test_a_revoked_proxys_pages_are_emptied_on_the_next_event(two: Two, event: str) -> None:
    """P-15: neither a push nor a reconnect brings what was shown before."""

    async def work() -> None:
        async with pipeline(two.world.kernel) as portal_:
            here = place("/results", {"for": str(two.grant.id)})
            await portal_.send("tab", ResultsState.load, cookie=two.proxy, at=here)
            await portal_.send("tab", HomeState.load, cookie=two.proxy, at=here)
            assert CANARY in portal_.heard("tab")
            two.grant.revoked_at = two.world.now
            two.world.store(two.grant)
            portal_.sent["tab"].clear()
            name = name_of(ResultsState.refresh) if event == "refresh" else framework(event)
            await portal_.send("tab", name, cookie=two.proxy, at=here)
            assert CANARY not in portal_.heard("tab")
            assert CANARY not in await portal_.text("tab")

    run(work)


def test_a_refused_record_does_not_empty_the_pages_that_are_still_open(two: Two) -> None:
    async def work() -> None:
        async with opened(two) as portal_:
            await portal_.send("tab", ResultState.load, cookie=two.ann, at=place("/results/not-a-key"))
            assert CANARY in await portal_.text("tab")

    run(work)


def test_staff_whose_place_ended_are_left_with_nothing(two: Two) -> None:
    async def work() -> None:
        doctor = two.world.staff()
        token = two.world.sign_in(doctor)
        two.world.result(two.patient, "Waitonium")
        async with pipeline(two.world.kernel) as portal_:
            await portal_.send("tab", DeskResultsState.load, cookie=token, at=place("/desk/results"))
            assert "Waitonium" in portal_.heard("tab")
            from rxportal.models.accounts import Staff

            (seat,) = two.world.rows(Staff)
            seat.until = two.world.now
            two.world.store(seat)
            portal_.sent["tab"].clear()
            await portal_.send("tab", framework("hydrate_and_load"), cookie=token, at=place("/desk/results"))
            assert "Waitonium" not in portal_.heard("tab") + await portal_.text("tab")

    run(work)


# --- traces


def views(two: Two) -> list[AuditEntry]:
    return [line for line in two.world.rows(AuditEntry) if line.patient_id == two.patient.id and line.outcome == "done"]


def test_no_view_goes_without_its_line_not_even_through_refresh(two: Two) -> None:
    """A forged `refresh` would have been a way to read a chart unseen."""

    async def work() -> None:
        result = two.world.released(two.patient, "Secondium")
        async with pipeline(two.world.kernel) as portal_:
            here = place(f"/results/{result.id}", {"for": str(two.grant.id)})
            await portal_.send("tab", ResultState.refresh, cookie=two.proxy, at=here)
            assert "Secondium" in portal_.heard("tab")
            seen = len(views(two))
            assert seen >= 1
            await portal_.send("tab", ResultState.refresh, cookie=two.proxy, at=here)
            assert len(views(two)) == seen
            elsewhere = place("/results", {"for": str(two.grant.id)})
            await portal_.send("tab", ResultsState.refresh, cookie=two.proxy, at=elsewhere)
            assert len(views(two)) == seen + 1

    run(work)


def test_a_reconnect_is_no_new_view_and_no_activity(two: Two) -> None:
    async def work() -> None:
        async with opened(two) as portal_:
            before = len(views(two))
            session = next(row for row in two.world.rows(Session) if row.account_id == two.account.id)
            clock = two.world.kernel.clock
            assert isinstance(clock, StoppedClock)
            clock.advance(minutes=3)
            TABS.of("tab").connecting = True
            await portal_.send("tab", ResultsState.load, cookie=two.ann)
            assert len(views(two)) == before
            after = next(row for row in two.world.rows(Session) if row.id == session.id)
            assert after.active_at == session.active_at
            TABS.of("tab").connecting = False
            await portal_.send("tab", ResultsState.load, cookie=two.ann)
            assert len(views(two)) == before + 1

    run(work)


# --- whose chart


def test_forged_addresses_open_nothing(two: Two) -> None:
    """C-05: path, query and route parameters are the browser's word."""

    async def work() -> None:
        hidden = two.world.released(two.patient, "Hiddenium")
        async with pipeline(two.world.kernel) as portal_:
            for grant in (str(two.grant.id), str(two.patient.id), "", "x", "%00", "null"):
                for path in (f"/results/{hidden.id}", "/results", "/desk/results", "/home", "/results/../results"):
                    for handler in (
                        ResultState.load,
                        ResultsState.load,
                        HomeState.load,
                        DeskResultsState.load,
                        SessionState.load,
                    ):
                        await portal_.send(
                            "tab", handler, cookie=two.bob, at=place(path, {"for": grant, "id": str(hidden.id)})
                        )
            await portal_.send("tab", framework("on_load_internal"), cookie=two.bob, at=place(f"/results/{hidden.id}"))
            assert portal_.faults == []
            for text in (portal_.heard("tab"), await portal_.text("tab")):
                assert "Hiddenium" not in text
                assert CANARY not in text
                assert "Ann Quagga" not in text

    run(work)


def test_500_events_of_two_tabs_on_two_charts_never_meet(two: Two) -> None:
    """P-18: one person, two tabs, two people."""

    async def work() -> None:
        account, own = two.world.owner(two.world.patient("Cid Narwhal"))
        two.world.released(own, "Ownium")
        grant = two.world.grant(account, two.patient, Level.FULL)
        token = two.world.sign_in(account)
        tabs = {"one": (place("/results"), "Ownium"), "two": (place("/results", {"for": str(grant.id)}), CANARY)}
        random_ = random.Random(18)
        async with pipeline(two.world.kernel) as portal_:
            for _ in range(200):
                tab = random_.choice(["one", "two"])
                here, mine = tabs[tab]
                handler = random_.choice([ResultsState.load, ResultsState.refresh, HomeState.load, SessionState.load])
                heard = await portal_.send(tab, handler, cookie=token, at=here)
                foreign = CANARY if mine == "Ownium" else "Ownium"
                assert foreign not in str(heard)
            # one tab that goes to and fro
            for number in range(90):
                here, mine = tabs["one" if number % 3 else "two"]
                await portal_.send("third", ResultsState.load, cookie=token, at=here)
                text = await portal_.text("third")
                assert mine in text
                assert (CANARY if mine == "Ownium" else "Ownium") not in text
            assert portal_.faults == []

    run(work)


# --- state itself


def test_every_state_survives_redis() -> None:
    """Memory hides what cannot be pickled."""
    import pickle

    for state in own_states(State):
        root = State(_reflex_internal_init=True)
        made = root.get_substate(tuple(state.get_full_name().split("."))[1:])
        assert pickle.loads(made._serialize()) is not None, state


def test_a_tab_is_forgotten_when_its_socket_goes(two: Two) -> None:
    TABS.of("a").sid = "1"
    TABS.of("b").sid = "2"
    TABS.close("1")
    assert [tab.token for tab in TABS] == ["b"]
    TABS.close("2")


def test_the_typed_address_comes_back_to_nobody_else(two: Two) -> None:
    async def work() -> None:
        async with pipeline(two.world.kernel) as portal_:
            await portal_.send("tab", SignInState.load, cookie='__Host-rxportal-typed="ann@tests.example"')
            assert "ann@tests.example" in portal_.heard("tab")
            await portal_.send("other", SignInState.load)
            assert "ann@tests.example" not in portal_.heard("other")

    run(work)
