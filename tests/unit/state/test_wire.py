"""Frames say what Reflex would say, whichever writer writes them."""

from __future__ import annotations

import dataclasses
import json
from datetime import UTC, date, datetime
from enum import StrEnum
from typing import Any, get_args, get_type_hints
from uuid import UUID

import pytest
import reflex as rx
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from reflex.istate.data import RouterData
from reflex.state import StateUpdate
from reflex_base.utils.format import json_dumps

from rxportal import rxportal
from rxportal.state.guard import own_states
from rxportal.state.wire import dumps


def views() -> list[type]:
    """Every dataclass that stands in a var of a state, or in one that does."""
    found: dict[str, type] = {}
    waiting: list[Any] = [hint for state in own_states(rx.State) for hint in get_type_hints(state).values()]
    while waiting:
        hint = waiting.pop()
        waiting += get_args(hint)
        if isinstance(hint, type) and dataclasses.is_dataclass(hint) and hint.__module__.startswith("rxportal."):
            name = f"{hint.__module__}.{hint.__name__}"
            if name not in found:
                found[name] = hint
                waiting += get_type_hints(hint).values()
    return [found[name] for name in sorted(found)]


assert rxportal.app
VIEWS = views()


def read(packet: Any) -> tuple[Any, Any]:
    """What a browser reads of a packet, by either writer."""
    return json.loads(dumps(packet)), json.loads(json_dumps(packet, separators=(",", ":")))


def test_there_are_views_to_compare() -> None:
    assert len(VIEWS) > 60


@pytest.mark.parametrize("view", VIEWS, ids=lambda view: view.__name__)
@settings(max_examples=5, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large], deadline=None)
@given(data=st.data())
def test_every_view_is_written_as_reflex_writes_it(view: type, data: st.DataObject) -> None:
    ours, theirs = read(["event", StateUpdate(delta={"state": {"view": data.draw(st.from_type(view))}})])
    assert ours == theirs
    assert set(ours[1]["delta"]["state"]["view"]) == {field.name for field in dataclasses.fields(view)}


class Kind(StrEnum):
    """A kind that is text."""

    ONE = "one"


def test_what_reflex_writes_in_its_own_way_stays_so() -> None:
    ours, theirs = read([
        RouterData(), date(2026, 11, 24), datetime(2026, 11, 24, 3, 4, tzinfo=UTC), UUID(int=7), Kind.ONE, {1, }, (1, 2),
        {1: "a", None: "b", False: "c"}, "ü\u2028ñ", 2**80, object,
    ])  # fmt: skip
    assert ours == theirs
    assert ours[-2] == 2**80


def test_a_mutable_value_of_a_state_is_written_as_itself() -> None:
    class Holder(rx.State):
        rows: rx.Field[list[dict[str, list[int]]]] = rx.field(default_factory=lambda: [{"a": [1]}])

    assert json.loads(dumps({"rows": Holder().rows})) == {"rows": [{"a": [1]}]}


def test_not_a_number_is_nothing_and_breaks_no_browser() -> None:
    assert dumps({"low": float("nan")}) == '{"low":null}'


def test_the_portals_server_writes_so() -> None:
    sio = rxportal.app.sio
    assert sio is not None
    assert sio.packet_class.json.dumps is dumps
    assert sio.packet_class.json.loads('{"a":1}') == {"a": 1}
