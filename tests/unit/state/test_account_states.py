"""What the screens for access hold after each event, through the whole pipeline: guard, state, use case."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Any

import pytest
from reflex.istate.manager.token import BaseStateToken
from reflex.state import State

from rxportal.core.identity import SessionToken, token_hash
from rxportal.core.kernel import Kernel
from rxportal.models.accounts import Grant, Level, Role, Session
from rxportal.models.audit import AuditEntry
from rxportal.services.grants import revoke_grant
from rxportal.services.results import list_results
from tests.factories import World
from tests.security.pipeline import Pipeline, pipeline, place, portal, run

portal()

from rxportal.desk.state.access import DeskAccessState as Desk  # noqa: E402
from rxportal.state.access_log import AccessLogState as Log  # noqa: E402
from rxportal.state.security import SecurityState as Security  # noqa: E402

TAB = "tab"


@pytest.fixture
def kernel(sqlite_kernel: Kernel) -> Kernel:
    return sqlite_kernel


class Screen:
    """One person's tab."""

    def __init__(self, pipe: Pipeline, cookie: SessionToken, page: Any, at: dict[str, Any]) -> None:
        self.pipe, self.cookie, self.page, self.at = pipe, cookie, page, at

    async def do(self, handler: Any, **payload: Any) -> Any:
        """Send one event; what the page's state holds then."""
        await self.pipe.send(TAB, handler, payload, cookie=self.cookie, at=self.at)
        assert self.pipe.faults == []
        async with self.pipe.states.modify_state(BaseStateToken(ident=TAB, cls=State)) as root:
            return await root.get_state(self.page)


def on(
    kernel: Kernel, cookie: SessionToken, page: Any, path: str, work: Callable[[Screen], Awaitable[None]], **query: str
) -> None:
    """Open the page and do something there."""

    async def whole() -> None:
        async with pipeline(kernel) as pipe:
            screen = Screen(pipe, cookie, page, place(path, query))
            await screen.do(page.load)
            await work(screen)

    run(whole)


def stored(world: World, grant: Grant) -> Grant:
    return next(row for row in world.rows(Grant) if row.id == grant.id)


def session_of(world: World, token: SessionToken) -> Session:
    return next(row for row in world.rows(Session) if row.token_hash == token_hash(token.value))


LOG = "/account/access-log"


def test_access_is_removed_after_the_question_and_only_then(kernel: Kernel, world: World) -> None:
    account, patient = world.owner()
    proxy, grant = world.proxy(patient)

    async def work(screen: Screen) -> None:
        await screen.do(Log.remove)
        assert stored(world, grant).revoked_at is None
        shown = await screen.do(Log.ask_remove, grant_id=str(grant.id))
        assert (shown.asked.kind, shown.asked.who) == ("remove", proxy.name)
        assert (await screen.do(Log.cancel)).asked.kind == ""
        await screen.do(Log.ask_remove, grant_id=str(grant.id))
        shown = await screen.do(Log.remove)
        assert (shown.done, shown.focus) == (f"{proxy.name} can’t open this chart any more.", "done 1")
        assert [row.name for row in shown.view.past] == [proxy.name]
        assert shown._case == "access_log"

    on(kernel, world.sign_in(account), Log, LOG, work)
    assert stored(world, grant).revoked_at == kernel.clock()


def test_a_question_about_what_is_not_on_the_screen_is_not_asked(kernel: Kernel, world: World) -> None:
    account, _ = world.owner()
    _, foreign = world.proxy(world.patient())

    async def work(screen: Screen) -> None:
        for key in (str(foreign.id), "", "x"):
            assert (await screen.do(Log.ask_remove, grant_id=key)).asked.kind == ""
            assert (await screen.do(Log.ask_doubt, line_id=key)).asked.kind == ""
        await screen.do(Log.remove)
        await screen.do(Log.sign_out_there)

    on(kernel, world.sign_in(account), Log, LOG, work)
    assert stored(world, foreign).revoked_at is None


def test_what_somebody_else_removed_meanwhile_is_said_and_not_done_twice(kernel: Kernel, world: World) -> None:
    account, patient = world.owner()
    proxy, grant = world.proxy(patient)
    session = world.sign_in(account)

    async def work(screen: Screen) -> None:
        await screen.do(Log.ask_remove, grant_id=str(grant.id))
        kernel.perform(revoke_grant, session, grant_id=grant.id)
        shown = await screen.do(Log.remove)
        assert (shown.done, shown.problem) == ("", f"The access of {proxy.name} was over before.")
        assert shown.message == ""
        assert shown.view.people == []

    on(kernel, session, Log, LOG, work)


def test_no_that_was_not_me_ends_the_other_sign_in(kernel: Kernel, world: World) -> None:
    account, _ = world.owner()
    there = world.sign_in(account)
    kernel.perform(list_results, there)

    async def work(screen: Screen) -> None:
        line = (await screen.do(Log.refresh)).view.days[0].rows[-1]
        shown = await screen.do(Log.ask_doubt, line_id=line.id)
        assert (shown.asked.kind, shown.asked.detail) == (
            "doubt",
            "You looked at the test results. 23 Nov 2026, 12:00 pm",
        )
        shown = await screen.do(Log.sign_out_there)
        assert shown.done == "Signed out: A browser we don’t know."
        assert shown._case == "access_log"

    on(kernel, world.sign_in(account), Log, LOG, work)
    assert session_of(world, there).ended_at == kernel.clock()


def test_a_live_reading_leaves_no_line_and_another_filter_does(kernel: Kernel, world: World) -> None:
    account, _ = world.owner()

    def looks() -> int:
        return sum(1 for line in world.rows(AuditEntry) if line.use_case == "access_log")

    async def work(screen: Screen) -> None:
        before = looks()
        await screen.do(Log.refresh)
        assert looks() == before
        assert (await screen.do(Log.show_only, who="staff")).view.who == "staff"
        assert looks() == before + 1

    on(kernel, world.sign_in(account), Log, LOG, work)


def test_a_proxy_is_told_that_it_is_not_theirs_to_read(kernel: Kernel, world: World) -> None:
    proxy, grant = world.proxy(world.patient(), Level.FULL)

    async def work(screen: Screen) -> None:
        shown = await screen.do(Log.refresh)
        assert (shown.phase, shown.view.days, shown.view.people) == ("failed", [], [])
        assert shown.message.startswith("Your access doesn’t cover this.")

    on(kernel, world.sign_in(proxy), Log, LOG, work, **{"for": str(grant.id)})


def test_other_browsers_are_signed_out_one_or_all(kernel: Kernel, world: World) -> None:
    account, _ = world.owner()
    others = [world.sign_in(account) for _each in range(3)]

    async def work(screen: Screen) -> None:
        shown = await screen.do(Security.end_one, session_id=str(session_of(world, others[0]).id))
        assert (shown.done, shown.view.others) == ("Signed out: A browser we don’t know.", 2)
        shown = await screen.do(Security.end_one, session_id=str(session_of(world, others[0]).id))
        assert (shown.done, shown.problem) == ("", "That browser was signed out before.")
        shown = await screen.do(Security.end_others)
        assert (shown.done, shown.problem, shown.view.others) == ("Signed out in 2 other browsers.", "", 0)

    on(kernel, world.sign_in(account), Security, "/account/security", work)
    assert all(session_of(world, token).ended_at for token in others)


def test_somebody_elses_sign_in_is_not_ended(kernel: Kernel, world: World) -> None:
    stranger = world.sign_in(world.owner()[0])

    async def work(screen: Screen) -> None:
        for key in (str(session_of(world, stranger).id), "nonsense"):
            shown = await screen.do(Security.end_one, session_id=key)
            assert shown.done == ""
            assert shown.problem
            assert shown.phase == "ready"

    on(kernel, world.sign_in(world.owner()[0]), Security, "/account/security", work)
    assert session_of(world, stranger).ended_at is None


def test_the_desk_finds_looks_and_ends_with_a_reason(kernel: Kernel, world: World) -> None:
    patient = world.patient("Ann Quagga")
    proxy, grant = world.proxy(patient)

    async def work(screen: Screen) -> None:
        assert (await screen.do(Desk.find, form={"words": "a"})).wrong == "words"
        shown = await screen.do(Desk.find, form={"words": "quagga"})
        assert ([row.name for row in shown.found.rows], shown.problem, shown.focus) == (["Ann Quagga"], "", "found 2")
        shown = await screen.do(Desk.choose, patient_id=str(patient.id))
        assert [row.name for row in shown.chosen.people] == [proxy.name]
        await screen.do(Desk.end, form={"reason": "law"})
        assert stored(world, grant).revoked_at is None
        await screen.do(Desk.ask, grant_id=str(grant.id))
        shown = await screen.do(Desk.end, form={"reason": ""})
        assert (shown.wrong, shown.asked.id) == ("reason", str(grant.id))
        shown = await screen.do(Desk.end, form={"reason": "law"})
        assert (shown.done, shown.asked.id) == (f"{proxy.name} can’t open this chart any more.", "")
        assert [row.name for row in shown.chosen.past] == [proxy.name]
        assert (await screen.do(Desk.back)).chosen.id == ""

    on(kernel, world.sign_in(world.staff(Role.FRONT_DESK)), Desk, "/desk/access", work)
    assert stored(world, grant).revoked_at == kernel.clock()


def test_the_desk_keeps_nothing_of_a_patient_that_is_not_its_own(kernel: Kernel, world: World) -> None:
    far = world.patient("Cy Narwhal", practice=world.practice("Elsewhere Clinic"))

    async def work(screen: Screen) -> None:
        shown = await screen.do(Desk.choose, patient_id=str(far.id))
        assert (shown.chosen.id, shown.problem[:20]) == ("", "We can’t find that h")
        assert "Narwhal" not in await screen.pipe.text(TAB)

    on(kernel, world.sign_in(world.staff(Role.FRONT_DESK)), Desk, "/desk/access", work)


def test_who_leaves_the_desk_loses_what_stood_there(kernel: Kernel, world: World) -> None:
    from rxportal.models.accounts import Staff

    patient = world.patient("Ann Quagga")
    staff = world.staff(Role.FRONT_DESK)

    async def work(screen: Screen) -> None:
        await screen.do(Desk.choose, patient_id=str(patient.id))
        seat = world.rows(Staff)[-1]
        seat.until = world.now
        world.store(seat)
        shown = await screen.do(Desk.refresh)
        assert (shown.phase, shown.chosen.id) == ("failed", "")
        assert "Quagga" not in await screen.pipe.text(TAB)

    on(kernel, world.sign_in(staff), Desk, "/desk/access", work)
