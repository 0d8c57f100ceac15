"""The state of the record page: what was asked for stays, what nobody knows does not."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest

from rxportal.services.record_views import RecordPage, RecordSection, Vitals
from rxportal.state.record import RecordState


@pytest.fixture
def state(monkeypatch: pytest.MonkeyPatch) -> RecordState:
    """A page whose use case always gives a record of two parts and two vital signs."""
    parts = [RecordSection(name="shots"), RecordSection(name="documents")]

    async def perform(_self: Any, _case: Any, **inputs: Any) -> RecordPage:
        shown = inputs["vital"] if inputs["vital"] == "abc" else "pressure"
        return RecordPage(sections=parts, vitals=Vitals(shown=shown), nothing=False)

    monkeypatch.setattr(RecordState, "_perform", perform)
    return RecordState(_reflex_internal_init=True)  # type: ignore[call-arg]


def test_what_reads_again_by_itself_asks_the_same(state: Any) -> None:
    asyncio.run(state._show([], ""))
    assert (state.vital, state.view.vitals.shown) == ("", "pressure")
    asyncio.run(state._show(["shots"], "abc"))
    assert (list(state.opened), state.vital) == (["shots"], "abc")


def test_names_that_nobody_knows_are_not_kept(state: Any) -> None:
    asyncio.run(state._show(["shots", "nonsense"], "x" * 5_000))
    assert (list(state.opened), state.vital) == (["shots"], "")
