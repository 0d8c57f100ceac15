"""What the pages of requests for a chart hold after each event: a person's, the desk's, and that of codes and orders."""

from __future__ import annotations

import pytest

from rxportal.core.kernel import Kernel
from rxportal.models.people import Claim, ClaimState, CourtOrder, VisitCode
from rxportal.services.claims import withdraw_claim
from tests.factories import World
from tests.security.pipeline import portal
from tests.unit.services.proving import FACTS, ann, asker, asks, asks_for_child, front_desk, grants_of, visit_code
from tests.unit.state.test_account_states import TAB, Screen, on

portal()

from rxportal.desk.state.claims import DeskClaimsState as Desk  # noqa: E402
from rxportal.desk.state.codes import DeskCodesState as Codes  # noqa: E402
from rxportal.state.home import HomeState as Home  # noqa: E402
from rxportal.state.verify import VerifyState as Verify  # noqa: E402


@pytest.fixture
def kernel(sqlite_kernel: Kernel) -> Kernel:
    return sqlite_kernel


def test_a_person_asks_mistypes_and_opens_their_chart(kernel: Kernel, world: World) -> None:
    patient = ann(world)
    account, who = asker(world)
    code = visit_code(world, patient)

    async def work(screen: Screen) -> None:
        shown = await screen.do(Verify.ask_own, form={**FACTS, "birth_date": "soon"})
        assert (shown.wrong, shown.focus.split()[0], shown.view.own.open) == ("birth_date", "birth_date", False)
        shown = await screen.do(Verify.ask_own, form=FACTS)
        assert (shown.wrong, shown.problem, shown.view.own.open) == ("", "", True)
        shown = await screen.do(Verify.send_code)
        assert "a code went to that address" in shown.view.own.code
        shown = await screen.do(Verify.try_code, form={"code": "22222-22222"})
        assert (shown.wrong, shown.focus.split()[0], shown.view.has_own) == ("code", "code", False)
        shown = await screen.do(Verify.try_code, form={"code": code})
        assert (shown.done, shown.problem, shown.view.has_own) == ("Your chart is open.", "", True)

    on(kernel, who, Verify, "/account/verify", work)
    assert len(grants_of(world, account)) == 1


def test_a_persons_open_page_tells_what_the_desk_decided(kernel: Kernel, world: World) -> None:
    patient = ann(world)
    account, who = asker(world)
    claim = asks(kernel, who)

    async def work(screen: Screen) -> None:
        world.grant(account, patient)
        row = world.rows(Claim)[0]
        row.state, row.decided_at, row.patient_id = ClaimState.APPROVED, world.now, patient.id
        world.store(row)
        shown = await screen.do(Verify.refresh)
        assert (shown.view.has_own, shown.done[:34]) == (True, "Your own chart: Open to you. It is")
        assert str(claim) not in repr(shown.view.own.id)

    on(kernel, who, Verify, "/account/verify", work)


def test_the_home_page_tells_of_what_waits_at_the_desk_until_it_is_answered(kernel: Kernel, world: World) -> None:
    ann(world)
    _account, who = asker(world)
    claim = asks(kernel, who)
    asks_for_child(kernel, who)

    async def work(screen: Screen) -> None:
        shown = await screen.do(Home.load)
        own = next(line for line in shown.requests if line.title == "Your own chart")
        assert (own.tag, own.href) == ("The front desk looks at it", "/account/verify#own")
        assert own.detail.startswith("You get an answer by ")
        assert len(shown.requests) == 2
        kernel.perform(withdraw_claim, who, claim_id=claim)
        shown = await screen.do(Home.refresh)
        assert [line.href for line in shown.requests] == ["/account/verify#others"]

    on(kernel, who, Home, "/home", work)


def test_a_browser_may_send_anything(kernel: Kernel, world: World) -> None:
    _account, who = asker(world)

    async def work(screen: Screen) -> None:
        for form in ({}, {"name": ["x"]}, {"name": {"a": 1}, "birth_date": None}):
            shown = await screen.do(Verify.ask_own, form=form)
            assert shown.wrong, form
        shown = await screen.do(Verify.ask_child, form={"kin": 7})
        assert (shown.wrong != "", shown.asking) == (True, True)

    on(kernel, who, Verify, "/account/verify", work)
    assert world.rows(Claim) == []


def test_the_desk_opens_a_chart_only_with_papers_and_only_for_a_candidate(kernel: Kernel, world: World) -> None:
    patient, other = ann(world), ann(world, name="Bea Okapi")
    account, who = asker(world)
    claim = asks(kernel, who)

    async def work(screen: Screen) -> None:
        shown = await screen.do(Desk.open_case, claim_id=str(claim))
        assert [one.id for one in shown.case.candidates] == [str(patient.id)]
        assert (await screen.do(Desk.choose, patient_id=str(other.id))).chosen == ""
        await screen.do(Desk.choose, patient_id=str(patient.id))
        shown = await screen.do(Desk.approve, form={"papers": " "})
        assert (shown.wrong, shown.case.id, shown.chosen) == ("papers", str(claim), str(patient.id))
        shown = await screen.do(Desk.refuse, form={"reason": ""})
        assert shown.wrong == "reason"
        shown = await screen.do(Desk.approve, form={"papers": "ID"})
        assert (shown.case.id, shown.queue, shown.done[:17]) == ("", [], "The chart is open")

    on(kernel, front_desk(world), Desk, "/desk/claims", work)
    assert [one.patient_id for one in grants_of(world, account)] == [patient.id]


def test_a_request_that_somebody_else_answered_is_put_away(kernel: Kernel, world: World) -> None:
    ann(world)
    _account, who = asker(world)
    claim = asks(kernel, who)

    async def work(screen: Screen) -> None:
        assert (await screen.do(Desk.open_case, claim_id=str(claim))).case.id
        row = world.rows(Claim)[0]
        row.state, row.decided_at = ClaimState.WITHDRAWN, world.now
        world.store(row)
        shown = await screen.do(Desk.refresh)
        assert (shown.case.id, shown.queue) == ("", [])
        assert "in the meantime" in shown.problem
        assert "Quagga" not in await screen.pipe.text(TAB)

    on(kernel, front_desk(world), Desk, "/desk/claims", work)


def test_a_code_is_shown_once_and_orders_are_recorded_and_ended(kernel: Kernel, world: World) -> None:
    patient = ann(world)

    async def work(screen: Screen) -> None:
        assert (await screen.do(Codes.find, form={"words": "a"})).wrong == "words"
        await screen.do(Codes.find, form={"words": "quagga"})
        assert (await screen.do(Codes.choose, patient_id=str(patient.id))).card.id == str(patient.id)
        shown = await screen.do(Codes.issue)
        assert (len(shown.made.code), shown.focus.split()[0]) == (11, "made")
        shown = await screen.do(Codes.withdraw, code_id=shown.card.codes[0].id)
        assert (shown.made.code, shown.card.codes[0].live) == ("", False)
        assert (await screen.do(Codes.send)).done.startswith("A code is on its way")
        assert (await screen.do(Codes.record, form={"name": "Fa Quagga"})).wrong == "reason"
        shown = await screen.do(Codes.record, form={"name": "Fa Quagga", "reason": "22-1", "until": ""})
        assert (shown.done, [one.name for one in shown.card.orders]) == ("Recorded. 0 accesses ended.", ["Fa Quagga"])
        shown = await screen.do(Codes.lift, order_id=shown.card.orders[0].id)
        assert shown.card.orders == []
        assert (await screen.do(Codes.back)).card.id == ""

    on(kernel, front_desk(world), Codes, "/desk/codes", work)
    assert (len(world.rows(VisitCode)), len(world.rows(CourtOrder))) == (2, 1)
