"""The door in front of the socket: which events pass, which connections are cut, what is forgotten."""

from __future__ import annotations

import asyncio
from types import SimpleNamespace
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.security.pipeline import framework, name_of, place, portal

portal()

from rxportal.state import door  # noqa: E402
from rxportal.state.door import plain, plain_address, well_formed  # noqa: E402
from rxportal.state.results import ResultsState  # noqa: E402
from rxportal.state.tabs import TABS  # noqa: E402

LOAD = name_of(ResultsState.load)
GO = name_of(ResultsState.go)


NESTED: Any = 1
for _level in range(60):
    NESTED = [NESTED]


def event(name: Any = LOAD, payload: Any = None, router: Any = None) -> dict[str, Any]:
    return {
        "name": name,
        "payload": {} if payload is None else payload,
        "router_data": place() if router is None else router,
    }


@pytest.mark.parametrize(
    "data",
    [
        event(),
        event(GO, {"page": 2}),
        event(GO, {"page": "2"}),
        event(framework("hydrate_and_load")),
        event(framework("hydrate_and_load"), {"hashes": ["a"]}),
        event(framework("on_load_internal")),
        {"name": LOAD},
        event(router=place("/results", {"for": "x"})),
    ],
)
def test_what_our_pages_send_passes(data: Any) -> None:
    assert well_formed(data)


@pytest.mark.parametrize(
    "data",
    [
        None, [], "x", 1, {}, event(None), event(1), event(["x"]), event("nobody.knows"), event(LOAD + "\0"),
        event(payload=[]), event(payload="x"), event(payload={"extra": 1}), event(GO), event(GO, {"page": None}),
        event(GO, {"page": [1]}), event(GO, {"page": "x"}), event(GO, {"page": 1, "other": 2}),
        event(router=[]), event(router={"asPath": 1}), event(router={"asPath": "x" * 3000}), event(router={"query": []}),
        event(router={"asPath": "http://[::1"}), event(router={"asPath": "/a\nb"}), event(router={"token": {}}),
        event(router={"a": NESTED}),
        event(framework("hydrate_and_load"), {"vars": {"": 1}}), event(framework("set_is_hydrated"), {"value": "yes"}),
        event(framework("set_is_hydrated"), {"value": 1}),
        event(f"{ResultsState.get_full_name()}.setvar", {"var_name": "query", "value": 1}),
        event(name_of(ResultsState.search), {"form": {"query": "x" * 300_000}}),
        event(name_of(ResultsState.search), {"form": {"query": b"bytes"}}),
    ],
)  # fmt: skip
def test_everything_else_is_dropped(data: Any) -> None:
    assert well_formed(data) is False


@settings(max_examples=300, deadline=None)
@given(st.text(max_size=80))
def test_any_address_is_read_or_refused(address: str) -> None:
    from reflex.istate.data import ReflexURL

    if plain_address(address):
        ReflexURL(f"http://localhost:8000{address}")


def test_deep_and_long_values_are_measured_without_recursion() -> None:
    deep: Any = []
    for _ in range(100_000):
        deep = [deep]
    assert plain(deep) is False
    assert plain({"a": "x" * 300_000}) is False
    assert plain({"x" * 300_000: 1}) is False
    assert plain({"a": [{"b": ["c"]}]})


def test_who_leaves_without_having_signed_in_leaves_no_state(monkeypatch: pytest.MonkeyPatch) -> None:
    from reflex.istate.manager.memory import StateManagerMemory
    from reflex.istate.manager.token import BaseStateToken
    from reflex.state import State

    monkeypatch.setattr(door, "STRANGERS_SECONDS", 0.01)

    async def run() -> list[str]:
        states = StateManagerMemory()
        sids = {"s1": "stranger", "s2": "member", "s3": "again"}
        namespace = SimpleNamespace(sid_to_token=sids, token_to_sid={"again": "s4"}, on_disconnect=lambda sid, *_: None)
        door.forget_strangers(SimpleNamespace(event_namespace=namespace, state_manager=states, _state=State))
        for token in sids.values():
            async with states.modify_state(BaseStateToken(ident=token, cls=State)):
                pass
        TABS.of("member").session_id = "somebody"
        for sid in sids:
            namespace.on_disconnect(sid)
        await asyncio.sleep(0.1)
        left = sorted(states.states)
        await states.close()
        return left

    try:
        assert [key.split("_")[0] for key in asyncio.run(run())] == ["again", "member"]
    finally:
        TABS._tabs.clear()
