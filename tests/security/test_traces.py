"""After switching the person nothing of the first is left: page, state, address, counts, push; on every page there is.

Made from pages/routes.py: one account with two charts, its own and a proxy's, walks from every page to every page.
"""

from __future__ import annotations

import random
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import event

from tests.counts import proved
from tests.kernels import kernel_on, sqlite_engine
from tests.security.canaries import word_of, words_in
from tests.security.cells import CASES, converse, handlers
from tests.security.conftest import ServedTown
from tests.security.pipeline import Pipeline, name_of, pipeline, place, portal, run
from tests.security.socket_client import Socket, router_data
from tests.security.town import ADULT, CHARTS, STRANGER, Builder, Town, Who, closed_to

portal()

from rxportal.pages.routes import PAGES, Page  # noqa: E402
from rxportal.state.session import SessionState  # noqa: E402

OPEN_TO_READERS = {
    handler.page for handler in handlers() if handler.loads and not handler.page.startswith("/desk")
}  # fmt: skip
WALKED = [page for page in PAGES if page.route in OPEN_TO_READERS]
READS = [handler for handler in handlers() if not handler.writes and not handler.page.startswith("/desk")]
INTERLEAVED = 500


@pytest.fixture(scope="module")
def town(tmp_path_factory: pytest.TempPathFactory, sqlite_file: Path) -> Iterator[Town]:
    folder = tmp_path_factory.mktemp("traces")
    engine = sqlite_engine(sqlite_file, folder)
    event.listen(engine, "connect", lambda raw, _: raw.execute("PRAGMA synchronous=OFF"))
    yield Builder(kernel_on(engine), folder).build()
    engine.dispose()


def address(town: Town, page: Page, chart: str, grant: str) -> dict[str, Any]:
    """The page's address in one chart; a page of one record shows one of its own."""
    keys = town.records(chart, {"open"})
    path = page.route.replace("[id]", keys[0] if keys else "")
    return place(path, {"for": grant} if grant else None)


async def visit(portal_: Pipeline, who: Who, page: Page, where: dict[str, Any], *, use: bool = False) -> None:
    """What the browser fires when the page opens; `use`: and everything that one can press there without writing."""
    for load in page.on_load:
        await portal_.send("tab", name_of(load), cookie=who.credentials, at=where)
    if use:
        for handler in READS:
            if handler.page == page.route and not handler.loads:
                await portal_.send("tab", handler.name, handler.payload("glyph"), cookie=who.credentials, at=where)


def family(page: Page) -> bool:
    """Whether this page speaks of everybody whom one cares for, when no other chart is named in its address."""
    return page.route == "/home"


@pytest.mark.parametrize("first", WALKED, ids=lambda page: page.route)
def test_nothing_of_the_first_person_is_left_in_the_tab_on_any_page(town: Town, first: Page) -> None:
    """The state on the server, and with it what a reload or reconnect would send to the browser again."""
    who = town.who("two charts")

    async def work() -> None:
        for second in WALKED:
            for before, after in ((STRANGER, ADULT), (ADULT, STRANGER)):
                if after == STRANGER and family(second):
                    continue
                async with pipeline(town.world.kernel) as portal_:
                    where = address(town, first, before, who.charts[before][0])
                    await visit(portal_, who, first, where, use=True)
                    portal_.sent["tab"].clear()
                    await visit(portal_, who, second, address(town, second, after, who.charts[after][0]))
                    assert portal_.faults == []
                    left = {chart for chart, _ in words_in(portal_.heard("tab") + await portal_.text("tab"), CHARTS)}
                    assert before not in left, (first.route, second.route, before)
                    proved("ways from one person's page to another's with nothing of the first left in state or frames")

    run(work)


def test_the_walk_shows_something(town: Town) -> None:
    who = town.who("two charts")

    async def work() -> set[str]:
        shown = set()
        for page in WALKED:
            async with pipeline(town.world.kernel) as portal_:
                await visit(portal_, who, page, address(town, page, ADULT, who.charts[ADULT][0]))
                if words_in(portal_.heard("tab"), [ADULT]):
                    shown.add(page.route)
        return shown

    assert run(work) >= {"/results"}


def test_what_happens_in_the_first_chart_is_not_pushed_to_the_second(town: Town) -> None:
    """A page that is told of a change reads its own chart again, never the changed one."""
    who = town.who("two charts")

    async def work() -> None:
        for page in WALKED:
            refresh = getattr(type_of(page), "refresh", None)
            if refresh is None:
                continue
            async with pipeline(town.world.kernel) as portal_:
                await visit(portal_, who, page, address(town, page, STRANGER, ""))
                where = address(town, page, ADULT, who.charts[ADULT][0])
                await visit(portal_, who, page, where)
                portal_.sent["tab"].clear()
                await portal_.send("tab", refresh, cookie=who.credentials, at=where)
                assert STRANGER not in {chart for chart, _ in words_in(portal_.heard("tab"), CHARTS)}, page.route
                proved("pages of a second person whose live reading told nothing of the first")

    run(work)


def type_of(page: Page) -> Any:
    """The state that a page loads."""
    from reflex.state import State

    from rxportal.state.guard import own_states

    full = name_of(page.on_load[-1]).rpartition(".")[0]
    return next((state for state in own_states(State) if state.get_full_name() == full), None)


def test_500_interleaved_events_of_two_tabs_with_two_people_are_all_of_the_right_chart(served_town: ServedTown) -> None:
    """Over the raw socket: one browser, two tabs, two people, every page, in any order."""
    town = served_town.town
    who = town.who("two charts")
    random_ = random.Random(18)
    reads = [one for one in READS if not closed_to(one.permission, CASES, who) and not one.page.startswith("/account")]
    wrong = looked = told = 0
    with (
        Socket(served_town.portal.url, cookie=who.cookie) as one,
        Socket(served_town.portal.url, cookie=who.cookie) as two,
    ):
        tabs = {STRANGER: one, ADULT: two}
        while looked < INTERLEAVED:
            chart = random_.choice([STRANGER, ADULT])
            handler = random_.choice(reads)
            grant = who.charts[chart][0]
            key = random_.choice(town.records(chart, {"open"}))
            if family_page(handler.page) and chart == STRANGER:
                continue
            (answer,) = converse(tabs[chart], [(handler.name, handler.payload(key), handler.address(grant, key))])
            other = ADULT if chart == STRANGER else STRANGER
            wrong += other in {name for name, _ in words_in(answer, CHARTS)}
            told += bool(words_in(answer, [chart]))
            looked += 1
        # one tab that goes to and fro
        for number in range(100):
            chart = STRANGER if number % 3 else ADULT
            grant = who.charts[chart][0]
            (answer,) = converse(
                one, [(name_of(SessionState.load), {}, router_data("/results", {"for": grant} if grant else None))]
            )
            listed = next(
                handler
                for handler in reads
                if handler.page == "/results" and handler.loads and "results_state" in handler.name
            )
            (answer,) = converse(one, [(listed.name, {}, listed.address(grant, ""))])
            other = ADULT if chart == STRANGER else STRANGER
            wrong += word_of(other, "open").lower() in answer.lower()
    assert wrong == 0
    assert told > INTERLEAVED // 10, "hardly anything was told: this proves nothing"
    proved("interleaved events of two tabs with two people, none on the wrong chart", looked + 100)


def family_page(route: str) -> bool:
    return route == "/home"
