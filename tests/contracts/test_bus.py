"""What every carrier of changes does: in memory, remembered, and over Redis."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable

import pytest

from rxportal.core.live import ALL, Bus, Change, MemoryBus, RedisBus
from tests.fakes import RecordingBus
from tests.redis_server import RedisServer

ONE, TWO = Change("chart", "1", "results"), Change("desk", "9", "results")


@pytest.fixture(params=["memory", "recording", pytest.param("redis", marks=pytest.mark.redis)])
def bus(request: pytest.FixtureRequest) -> Bus:
    if request.param == "redis":
        return RedisBus(request.getfixturevalue("redis_server").url)
    return MemoryBus() if request.param == "memory" else RecordingBus()


async def heard(bus: Bus, act: Callable[[], None], count: int, listeners: int = 1) -> list[list[Change]]:
    """What each listener hears while `act` runs in a thread."""

    async def listen() -> list[Change]:
        got: list[Change] = []
        async for change in bus.listen():
            got.append(change)
            if len(got) == count:
                break
        return got

    tasks = [asyncio.create_task(listen()) for _ in range(listeners)]
    await asyncio.sleep(0.3)
    await asyncio.to_thread(act)
    return await asyncio.wait_for(asyncio.gather(*tasks), 5)


def test_every_listener_hears_every_change_in_order(bus: Bus) -> None:
    got = asyncio.run(heard(bus, lambda: bus.publish([ONE, TWO]), 2, listeners=3))
    assert got == [[ONE, TWO]] * 3


def test_publishing_to_nobody_is_quiet(bus: Bus) -> None:
    bus.publish([])
    bus.publish([ONE])
    got = asyncio.run(heard(bus, lambda: bus.publish([TWO]), 1))
    assert got == [[TWO]], "a listener hears only what comes after it began to listen"


@pytest.mark.redis
def test_a_redis_that_is_away_costs_the_push_and_not_the_act() -> None:
    server = RedisServer()
    bus = RedisBus(server.url)
    server.kill()
    began = time.monotonic()
    bus.publish([ONE])
    assert time.monotonic() - began < 2
    server.stop()


@pytest.mark.redis
def test_after_an_interruption_everybody_reads_again() -> None:
    server = RedisServer()
    bus = RedisBus(server.url)

    def interrupt() -> None:
        server.kill()
        time.sleep(0.3)
        server.start()

    assert asyncio.run(heard(bus, interrupt, 1)) == [[ALL]]
    server.stop()
