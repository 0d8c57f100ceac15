"""How much may come over a socket, and that coming back buys nothing."""

from __future__ import annotations

import asyncio
from types import SimpleNamespace
from typing import Any

import pytest

from rxportal.core.cookies import SESSION
from rxportal.settings import Settings
from rxportal.state.meter import OUT_OF_BUDGET_CLOSES, OUTSIDE_SECONDS, STRANGERS_TIMES, Budget, Senders, meter_the_wire
from rxportal.state.tabs import TABS


def test_a_budget_refills_to_its_burst_and_no_further() -> None:
    budget = Budget(rate=2, burst=3, left=3, at=0)
    assert [budget.take(0) for _ in range(4)] == [True, True, True, False]
    assert [budget.take(1) for _ in range(3)] == [True, True, False]
    assert [budget.take(1000) for _ in range(4)] == [True, True, True, False]
    assert budget.refused == 3


class Wire:
    """As much of Engine.IO as the meter touches."""

    def __init__(self) -> None:
        self.taken: list[str] = []
        self.queue: asyncio.Queue[Any] = asyncio.Queue()
        self.sockets = {"w": SimpleNamespace(queue=self.queue)}
        self.handlers: dict[str, Any] = {"connect": self.come, "message": self.take, "disconnect": self.gone}
        self.eio = self

    async def come(self, wire: str, environ: dict[str, Any]) -> None:
        self.sockets[wire] = SimpleNamespace(queue=self.queue)

    async def take(self, wire: str, data: str) -> None:
        if data == "2broken":
            raise KeyError(data)
        self.taken.append(data)

    async def gone(self, wire: str, *reason: Any) -> None:
        self.sockets.pop(wire, None)

    def on(self, name: str, handler: Any) -> None:
        self.handlers[name] = handler


def metered(*frames: Any, settings_: Settings | None = None) -> Wire:
    wire = Wire()
    meter_the_wire(wire, settings_ or Settings(env="test", events_burst=5, events_per_second=1))

    async def run() -> None:
        for frame in frames:
            await wire.handlers["message"]("w", frame)

    asyncio.run(run())
    return wire


@pytest.mark.parametrize("frame", [b"2bytes", "5binary", "6binary", "4", "", "x", "2broken"])
def test_a_packet_that_no_page_of_ours_sends_ends_the_connection(frame: Any) -> None:
    wire = metered(frame, "2later")
    assert wire.taken == []
    assert wire.queue.get_nowait() is None
    assert wire.queue.empty()


def test_over_the_budget_messages_are_dropped_and_then_the_connection_is_cut() -> None:
    wire = metered(*["2x"] * 100)
    assert len(wire.taken) == 5
    assert wire.queue.empty()
    wire = metered(*["2x"] * (5 + OUT_OF_BUDGET_CLOSES + 50))
    assert len(wire.taken) == 5
    assert wire.queue.qsize() == 1


def test_every_sort_of_message_costs() -> None:
    """Connects, acknowledgements and pings too: none of them is a way round."""
    assert len(metered(*["0/_event,", "1/_event,", "3/_event,1[]", "2x"] * 10).taken) == 5


def test_the_budget_is_lifted_only_by_a_setting_of_the_tests() -> None:
    free = Settings(env="test", events_burst=5, events_per_second=1, budget_off=True)
    assert len(metered(*["2x"] * 500, settings_=free).taken) == 500
    with pytest.raises(ValueError, match="BUDGET_OFF"):
        Settings(env="production", budget_off=True)
    with pytest.raises(ValueError, match="BUDGET_OFF"):
        Settings(env="development", budget_off=True)


FEW = Settings(env="test", events_burst=5, events_per_second=1)


def environ(cookie: str = "", token: str = "t", address: str = "192.0.2.7") -> dict[str, Any]:
    """What Engine.IO knows of a socket that connects."""
    return {
        "HTTP_COOKIE": f"{SESSION}={cookie}" if cookie else "",
        "QUERY_STRING": f"EIO=4&token={token}",
        "asgi.scope": {"type": "websocket", "headers": [], "client": (address, 5)},
    }


def test_whoever_was_cut_for_flooding_waits_before_coming_back() -> None:
    wire = Wire()
    meter_the_wire(wire, FEW)

    async def run() -> list[Any]:
        await wire.handlers["connect"]("w", environ("mine"))
        for _ in range(5 + OUT_OF_BUDGET_CLOSES + 50):
            await wire.handlers["message"]("w", "2x")
        await wire.handlers["disconnect"]("w")
        return [
            await wire.handlers["connect"](name, environ(cookie)) for name, cookie in (("w2", "mine"), ("w3", "hers"))
        ]

    assert asyncio.run(run()) == [False, None]


def test_the_wait_ends() -> None:
    senders = Senders(FEW)
    assert senders.welcome("w", environ("mine"), 0)
    senders.bar("w", 0)
    assert not senders.welcome("w2", environ("mine"), OUTSIDE_SECONDS - 1)
    assert senders.welcome("w2", environ("mine"), OUTSIDE_SECONDS + 1)


def test_an_address_is_shared_and_never_barred() -> None:
    senders = Senders(FEW)
    assert senders.welcome("w", environ(), 0)
    senders.bar("w", 0)
    assert senders.welcome("w2", environ(), 1)


def test_all_who_are_not_signed_in_share_what_their_address_may_send_however_often_they_come_back() -> None:
    senders = Senders(FEW)
    passed = 0
    for number in range(100):
        wire = f"w{number}"
        assert senders.welcome(wire, environ(f"made-up-{number}", token=f"t{number}"), 0)
        passed += senders.may_send(wire, 0)
        senders.gone(wire)
    assert passed == FEW.events_burst * STRANGERS_TIMES
    assert senders.welcome("other", environ(address="192.0.2.8"), 0)
    assert senders.may_send("other", 0)


def test_who_is_signed_in_has_nothing_to_do_with_them() -> None:
    senders = Senders(FEW)
    TABS.of("mine").session_id = "a session that the guard found"
    try:
        assert senders.welcome("w", environ("cookie", token="mine"), 0)
        assert all(senders.may_send("w", 0) for _ in range(FEW.events_burst * STRANGERS_TIMES + 50))
    finally:
        TABS._tabs.clear()
