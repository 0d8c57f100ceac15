"""What the pages of medicines and of search hold after each event, through the whole pipeline."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Any

import pytest
from reflex.istate.manager.token import BaseStateToken
from reflex.state import State

from rxportal.core.identity import SessionToken
from rxportal.core.kernel import Kernel
from rxportal.models.accounts import Level
from rxportal.models.audit import AuditEntry
from rxportal.models.records import Section
from tests.factories import World
from tests.security.pipeline import Pipeline, pipeline, place, portal, run
from tests.unit.services.test_medicines import medicine
from tests.unit.services.visiting import thing

portal()

from rxportal.state.medicines import MedicinesState as Medicines  # noqa: E402
from rxportal.state.record import RecordState as Health  # noqa: E402
from rxportal.state.search import SearchState as Search  # noqa: E402

TAB = "tab"


@pytest.fixture
def kernel(sqlite_kernel: Kernel) -> Kernel:
    return sqlite_kernel


class Screen:
    """One person's tab at one address."""

    def __init__(self, pipe: Pipeline, cookie: SessionToken) -> None:
        self.pipe, self.cookie, self.at = pipe, cookie, place("/record")

    async def do(self, handler: Any, page: Any, at: dict[str, Any] | None = None, **payload: Any) -> Any:
        """Send one event; what a page's state holds then."""
        self.at = at or self.at
        await self.pipe.send(TAB, handler, payload, cookie=self.cookie, at=self.at)
        assert self.pipe.faults == []
        async with self.pipe.states.modify_state(BaseStateToken(ident=TAB, cls=State)) as root:
            return await root.get_state(page)


def on(kernel: Kernel, cookie: SessionToken, work: Callable[[Screen], Awaitable[None]]) -> None:
    """Do something in a tab."""

    async def whole() -> None:
        async with pipeline(kernel) as pipe:
            await work(Screen(pipe, cookie))

    run(whole)


def lines(world: World, case: str) -> int:
    return sum(1 for row in world.rows(AuditEntry) if row.use_case == case)


def test_the_address_may_name_a_medicine_which_then_has_the_focus(kernel: Kernel, world: World) -> None:
    account, patient = world.owner()
    for number in range(12):
        old = medicine(world, patient, f"Old {number}", -100 - number, status="completed")

    async def work(tab: Screen) -> None:
        page = await tab.do(Medicines.load, Medicines, place("/medicines"))
        assert (len(page.view.past), page.focus, page.whole) == (10, "", False)
        at = place("/medicines")
        at["asPath"] += f"#m-{old.id}"
        page = await tab.do(Medicines.load, Medicines, at)
        assert (len(page.view.past), page.focus, page.whole) == (12, f"m-{old.id} 1", True)
        page = await tab.do(Medicines.load, Medicines, place("/medicines") | {"asPath": "/medicines#m-<x>"})
        assert page.focus == f"m-{old.id} 1"

    on(kernel, world.sign_in(account), work)


def test_the_list_reads_again_by_itself_without_a_new_audit_line(kernel: Kernel, world: World) -> None:
    account, patient = world.owner()
    medicine(world, patient, "First")

    async def work(tab: Screen) -> None:
        await tab.do(Medicines.load, Medicines, place("/medicines"))
        before = lines(world, "list_medicines")
        page = await tab.do(Medicines.refresh, Medicines)
        assert page.news == ""
        medicine(world, patient, "Second")
        page = await tab.do(Medicines.refresh, Medicines)
        assert ([row.title for row in page.view.now], page.news) == (
            ["First", "Second"], "The list of medicines was updated.",
        )  # fmt: skip
        assert lines(world, "list_medicines") == before
        page = await tab.do(Medicines.show_all, Medicines)
        assert (page.focus, lines(world, "list_medicines")) == ("past 1", before + 1)

    on(kernel, world.sign_in(account), work)


def test_a_search_follows_its_chart_and_is_gone_in_another(kernel: Kernel, world: World) -> None:
    account, patient = world.owner()
    other = world.patient()
    grant = world.grant(account, other, Level.FULL)
    thing(world, patient, "Condition", Section.CONDITIONS, "Iron lack")

    async def work(tab: Screen) -> None:
        await tab.do(Health.load, Health)
        page = await tab.do(Search.refresh, Search)
        assert page.view.sentence == ""
        page = await tab.do(Search.search, Search, form={"words": "iron"})
        assert (page.view.sentence, page.focus) == ("1 record matches “iron”", "matches 1")
        thing(world, patient, "Condition", Section.CONDITIONS, "Iron overload")
        page = await tab.do(Health.refresh, Search)
        page = await tab.do(Search.refresh, Search)
        assert page.view.sentence == "2 records match “iron”"
        page = await tab.do(Health.load, Search, place("/record", {"for": str(grant.id)}))
        page = await tab.do(Search.refresh, Search)
        assert page.chart_key != str(grant.id)
        page = await tab.do(Search.search, Search, form={"words": "iron"})
        assert (page.view.groups, page.chart_key) == ([], str(grant.id))
        page = await tab.do(Search.clear, Search)
        assert (page.view.query, page.view.sentence, page.chart_key) == ("", "", str(grant.id))

    on(kernel, world.sign_in(account), work)


@pytest.mark.parametrize("form", [None, 5, [], "iron", {"words": ["iron"]}, {"words": None}, {}])
def test_whatever_the_form_holds_nothing_is_found_and_nothing_breaks(kernel: Kernel, world: World, form: Any) -> None:
    account, _patient = world.owner()

    async def work(tab: Screen) -> None:
        page = await tab.do(Search.search, Search, form=form)
        assert page.view.groups == []

    on(kernel, world.sign_in(account), work)
