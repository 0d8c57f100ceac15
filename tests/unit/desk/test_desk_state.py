"""What the desk's screen holds after each event, through the whole pipeline: guard, state, use case."""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import timedelta
from types import SimpleNamespace
from typing import Any

import pytest
from reflex.istate.manager.token import BaseStateToken
from reflex.state import State
from sqlmodel import col, select

from rxportal.core.errors import Unavailable
from rxportal.core.identity import SessionToken
from rxportal.core.kernel import Kernel
from rxportal.models.accounts import Patient, Staff
from rxportal.models.records import Kind, Reading, Record
from rxportal.models.releases import ReleaseEvent
from tests.factories import World
from tests.security.pipeline import Pipeline, pipeline, place, portal, run
from tests.unit.desk.screens import snapshot

portal()

from rxportal.desk.state.case import LONGEST_DRAFT, MOST_DRAFTS, next_case  # noqa: E402
from rxportal.desk.state.results import DeskResultsState as Desk  # noqa: E402

TAB = "desk"
HERE = place("/desk/results")
PICTURES = ("Oldest", "Middle", "Newest")


@dataclass
class Clinic:
    """A clinician, a colleague, a patient and the results that wait."""

    world: World
    doctor: SessionToken
    colleague: SessionToken
    patient: Patient
    results: dict[str, str]


@pytest.fixture
def clinic(sqlite_kernel: Kernel) -> Clinic:
    world = World(sqlite_kernel)
    patient = world.patient("Ann Quagga")
    results = {}
    for number, title in enumerate(PICTURES):
        arrived = world.now - timedelta(days=3 - number)
        row = world.result(patient, title, kind=Kind.RADIOLOGY, final_at=arrived, arrived_at=arrived)
        results[title] = str(row.id)
    doctor, colleague = world.sign_in(world.staff()), world.sign_in(world.staff())
    return Clinic(world, doctor, colleague, patient, results)


def normal(world: World, patient: Patient, title: str) -> Record:
    """An ordinary result with its one value in range."""
    row = world.result(patient, title, values=1)
    world.store(
        Reading(record_id=row.id, patient_id=patient.id, analyte="a", name="A", value=1, display="1", flag="Normal")
    )
    return row


class Screen:
    """One clinician's tab."""

    def __init__(self, pipe: Pipeline, cookie: SessionToken, token: str) -> None:
        self.pipe, self.cookie, self.token = pipe, cookie, token

    async def do(self, handler: Any, **payload: Any) -> SimpleNamespace:
        """Send one event; what the screen shows then. Nothing may have gone wrong on our side."""
        await self.pipe.send(self.token, handler, payload, cookie=self.cookie, at=HERE)
        assert self.pipe.faults == []
        return await self.shows()

    async def shows(self) -> SimpleNamespace:
        """What the screen shows now."""
        async with self.pipe.states.modify_state(BaseStateToken(ident=self.token, cls=State)) as root:
            return snapshot(await root.get_state(Desk))

    async def act(self, which: str, **form: Any) -> SimpleNamespace:
        """Press one of the form's buttons for the case that is open."""
        shown = await self.shows()
        return await self.do(Desk.act, form={"record": shown.case.id, **form}, which=which)


@asynccontextmanager
async def at_desk(clinic: Clinic, cookie: SessionToken | None = None) -> AsyncIterator[Screen]:
    """The desk, open."""
    async with pipeline(clinic.world.kernel) as pipe:
        screen = Screen(pipe, cookie or clinic.doctor, TAB)
        await screen.do(Desk.load)
        yield screen


def desk_test(work: Callable[[Clinic, Screen], Awaitable[None]]) -> Callable[[Clinic], None]:
    """A test that begins with the desk open."""

    def test(clinic: Clinic) -> None:
        async def whole() -> None:
            async with at_desk(clinic) as screen:
                await work(clinic, screen)

        run(whole)

    test.__name__ = work.__name__
    return test


def titles(shown: SimpleNamespace) -> list[str]:
    return [row.title for row in shown.queue.rows]


@desk_test
async def test_the_queue_is_there_and_nothing_is_open(clinic: Clinic, screen: Screen) -> None:
    shown = await screen.shows()
    assert shown.phase == "ready"
    assert titles(shown) == list(PICTURES)
    assert shown.case.id == ""


@desk_test
async def test_opening_a_case_moves_the_focus_to_it(clinic: Clinic, screen: Screen) -> None:
    shown = await screen.do(Desk.open_case, record_id=clinic.results["Middle"])
    assert shown.case.title == "Middle"
    assert shown.focus.startswith("case-title ")
    shown = await screen.do(Desk.close_case)
    assert shown.case.id == ""
    assert shown.focus.startswith(f"row-{clinic.results['Middle']} ")


@desk_test
async def test_after_a_release_the_next_case_is_open_and_the_words_say_what_was_done(
    clinic: Clinic, screen: Screen
) -> None:
    await screen.do(Desk.open_case, record_id=clinic.results["Middle"])
    shown = await screen.act("release", comment="  All fine. ")
    assert shown.done == "Released: Middle, Ann Quagga."
    assert titles(shown) == ["Oldest", "Newest"]
    assert shown.case.title == "Newest"
    assert shown.typed == ""
    assert shown.focus.startswith("case-title ")
    assert [event.comment for event in clinic.world.rows(ReleaseEvent)] == ["All fine."]


@desk_test
async def test_a_second_click_of_the_same_form_does_not_touch_the_next_case(clinic: Clinic, screen: Screen) -> None:
    await screen.do(Desk.open_case, record_id=clinic.results["Oldest"])
    form = {"record": clinic.results["Oldest"], "comment": ""}
    await screen.do(Desk.act, form=form, which="release")
    shown = await screen.do(Desk.act, form=form, which="release")
    assert shown.case.title == "Middle"
    assert len(clinic.world.rows(ReleaseEvent)) == 1


@desk_test
async def test_when_the_last_one_is_done_the_page_is_empty_and_says_what_was_done(
    clinic: Clinic, screen: Screen
) -> None:
    await screen.do(Desk.open_case, record_id=clinic.results["Oldest"])
    for _title in PICTURES:
        shown = await screen.act("release", comment="")
    assert shown.phase == "empty"
    assert shown.done == "Released: Newest, Ann Quagga."
    assert shown.focus.startswith("done ")


@pytest.mark.parametrize(
    ("form", "field", "focus"),
    [
        ({"reason": "", "until": "2026-12-03"}, "reason", "hold-reason"),
        ({"reason": "talk_first", "until": ""}, "until", "hold-until"),
        ({"reason": "talk_first", "until": "2001-01-01"}, "until", "hold-until"),
        ({"reason": "talk_first", "until": ["x"]}, "until", "hold-until"),
        ({"reason": {"a": 1}, "until": "2026-12-03"}, "reason", "hold-reason"),
    ],
)
def test_a_refused_hold_names_the_field_and_loses_nothing(
    clinic: Clinic, form: dict[str, Any], field: str, focus: str
) -> None:
    async def work() -> None:
        async with at_desk(clinic) as screen:
            await screen.do(Desk.open_case, record_id=clinic.results["Oldest"])
            await screen.do(Desk.hold, wanted=True)
            shown = await screen.act("hold", comment="Call me first.", **form)
            assert (shown.wrong, shown.holding, shown.typed) == (field, True, "Call me first.")
            assert shown.problem
            assert shown.message == ""
            assert shown.focus.startswith(focus + " ")
            shown = await screen.do(Desk.refresh)
            assert (shown.wrong, shown.typed) == (field, "Call me first.")
            assert clinic.world.rows(ReleaseEvent) == []

    run(work)


@desk_test
async def test_each_case_keeps_its_own_half_written_comment(clinic: Clinic, screen: Screen) -> None:
    first, second = clinic.results["Oldest"], clinic.results["Newest"]
    await screen.do(Desk.open_case, record_id=first)
    await screen.do(Desk.keep_comment, record_id=first, text="Half a sent")
    shown = await screen.do(Desk.open_case, record_id=second)
    assert shown.typed == ""
    await screen.do(Desk.keep_comment, record_id=first, text="for another case")
    shown = await screen.do(Desk.open_case, record_id=first)
    assert shown.typed == "Half a sent"
    shown = await screen.do(Desk.load)
    assert (shown.case.title, shown.typed) == ("Oldest", "Half a sent")


@desk_test
async def test_half_written_comments_are_bounded(clinic: Clinic, screen: Screen) -> None:
    first = clinic.results["Oldest"]
    await screen.do(Desk.open_case, record_id=first)
    shown = await screen.do(Desk.keep_comment, record_id=first, text="x" * (LONGEST_DRAFT + 5))
    assert len(shown.typed) == LONGEST_DRAFT
    assert len(shown.drafts) <= MOST_DRAFTS


@desk_test
async def test_what_a_colleague_did_shows_and_what_is_being_written_stays(clinic: Clinic, screen: Screen) -> None:
    first = clinic.results["Oldest"]
    await screen.do(Desk.open_case, record_id=first)
    await screen.do(Desk.keep_comment, record_id=first, text="Half a sent")
    other = Screen(screen.pipe, clinic.colleague, "colleague")
    await other.do(Desk.load)
    await other.do(Desk.open_case, record_id=first)
    await other.act("release", comment="")
    shown = await screen.do(Desk.refresh)
    assert "released it" in shown.case.why_not
    assert not shown.case.can_release
    assert (shown.case.id, shown.typed) == (first, "Half a sent")
    shown = await screen.act("release", comment="Half a sent")
    assert "already done" in shown.problem
    assert shown.focus.startswith("problem ")


@desk_test
async def test_a_result_that_arrives_is_announced_and_marked(clinic: Clinic, screen: Screen) -> None:
    came = clinic.world.result(clinic.patient, "Arrived")
    shown = await screen.do(Desk.refresh)
    assert shown.arrived == [str(came.id)]
    assert shown.news == "1 more result waits."
    shown = await screen.do(Desk.refresh)
    assert (shown.arrived, shown.news) == ([], "")


@desk_test
async def test_a_result_that_is_struck_while_it_is_open_closes_with_a_word(clinic: Clinic, screen: Screen) -> None:
    shown = await screen.do(Desk.open_case, record_id=clinic.results["Oldest"])
    with clinic.world.database() as session:
        row = session.exec(select(Record).where(col(Record.title) == "Oldest")).one()
        row.struck = True
        session.add(row)
    shown = await screen.do(Desk.refresh)
    assert shown.case.id == ""
    assert shown.done == "The result that was open here is gone from the record."
    assert shown.phase == "ready"


def test_normal_results_are_ticked_and_marked_together(clinic: Clinic) -> None:
    rows = [str(normal(clinic.world, clinic.patient, title).id) for title in ("One", "Two")]

    async def work() -> None:
        async with at_desk(clinic) as screen:
            shown = await screen.do(Desk.choose_all)
            assert (sorted(shown.chosen), shown.normal_here) == (sorted(rows), 2)
            shown = await screen.do(Desk.choose_all)
            assert shown.chosen == []
            await screen.do(Desk.choose, record_id=rows[0], ticked=True)
            await screen.do(Desk.choose, record_id=rows[0], ticked=True)
            shown = await screen.do(Desk.choose, record_id=clinic.results["Oldest"], ticked=True)
            assert shown.chosen == [rows[0]]
            shown = await screen.do(Desk.bulk_seen)
            assert shown.answer.sentence == "1 result marked as seen."
            assert shown.answer.done == ["One · Ann Quagga"]
            assert shown.chosen == []
            assert "One" not in titles(shown)
            assert shown.focus.startswith("answer-title ")
            shown = await screen.do(Desk.dismiss)
            assert shown.answer.sentence == ""

    run(work)


@desk_test
async def test_a_filter_without_rows_is_not_an_empty_desk(clinic: Clinic, screen: Screen) -> None:
    shown = await screen.do(Desk.show_only, only="held")
    assert (shown.phase, titles(shown), shown.queue.only) == ("ready", [], "held")
    shown = await screen.do(Desk.show_only, only="")
    assert titles(shown) == list(PICTURES)


@desk_test
async def test_who_loses_the_place_at_the_desk_keeps_nothing_of_it(clinic: Clinic, screen: Screen) -> None:
    await screen.do(Desk.open_case, record_id=clinic.results["Oldest"])
    with clinic.world.database() as session:
        for place_ in session.exec(select(Staff)):
            place_.until = clinic.world.now - timedelta(minutes=1)
            session.add(place_)
    shown = await screen.do(Desk.refresh)
    assert shown.phase == "failed"
    assert (shown.case.id, titles(shown)) == ("", [])
    assert "Quagga" not in await screen.pipe.text(TAB)


def test_the_database_away_for_a_moment_empties_nothing(clinic: Clinic, monkeypatch: pytest.MonkeyPatch) -> None:
    async def work() -> None:
        async with at_desk(clinic) as screen:
            await screen.do(Desk.open_case, record_id=clinic.results["Oldest"])
            with monkeypatch.context() as away:
                away.setattr(clinic.world.kernel, "_run", _away)
                shown = await screen.act("release", comment="Kept")
                assert shown.problem == Unavailable().message
                shown = await screen.do(Desk.refresh)
                assert (shown.case.title, shown.typed, shown.phase) == ("Oldest", "Kept", "ready")
                assert titles(shown) == list(PICTURES)

    run(work)


def _away(*_: Any) -> Any:
    raise Unavailable


@pytest.mark.parametrize("who", ["patient", "other practice"])
def test_a_stranger_to_the_desk_sees_that_it_cannot_be_opened(clinic: Clinic, who: str) -> None:
    world = clinic.world
    account = world.owner()[0] if who == "patient" else world.staff(practice=world.practice("Elsewhere"))

    async def work() -> None:
        async with at_desk(clinic, world.sign_in(account)) as screen:
            shown = await screen.do(Desk.open_case, record_id=clinic.results["Oldest"])
            assert shown.case.id == ""
            assert "Quagga" not in await screen.pipe.text(TAB)
            assert shown.phase == ("failed" if who == "patient" else "empty")
            assert shown.message

    run(work)


WILD = [None, True, 7, 1.5, "", "x", "\u0000", [], ["a"], {}, {"$ne": 1}, "9" * 400]


@desk_test
async def test_wrong_types_over_the_socket_change_nothing_and_fault_nothing(clinic: Clinic, screen: Screen) -> None:
    await screen.do(Desk.open_case, record_id=clinic.results["Oldest"])
    for value in WILD:
        await screen.do(Desk.show_only, only=value)
        await screen.do(Desk.turn, page=value)
        await screen.do(Desk.open_case, record_id=value)
        await screen.do(Desk.choose, record_id=value, ticked=value)
        await screen.do(Desk.keep_comment, record_id=value, text=value)
        await screen.do(Desk.hold, wanted=value)
        await screen.do(Desk.act, form=value, which=value)
        await screen.act("hold", comment=value, reason=value, until=value)
        await screen.do(Desk.act, form={"record": value}, which="release")
    assert clinic.world.rows(ReleaseEvent) == []


@pytest.mark.parametrize(
    ("before", "now", "acted", "wanted"),
    [
        (["a", "b", "c"], ["a", "c"], "b", "c"),
        (["a", "b", "c"], ["a", "b"], "c", "a"),
        (["a", "b", "c"], ["a", "b", "c"], "b", "c"),
        (["a"], ["a"], "a", ""),
        (["a"], [], "a", ""),
        (["a", "b"], ["x"], "a", "x"),
        (["a", "b"], ["a", "b"], "elsewhere", "a"),
    ],
)
def test_the_next_case(before: list[str], now: list[str], acted: str, wanted: str) -> None:
    assert next_case(before, now, acted) == wanted
