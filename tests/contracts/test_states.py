"""Who holds the states of open tabs in Redis: Reflex's manager and ours are one and the same to each other."""

from __future__ import annotations

import asyncio
import itertools
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Any

import pytest
from redis.asyncio import Redis
from reflex.istate.manager.redis import StateManagerRedis
from reflex.istate.manager.token import BaseStateToken
from reflex_base.utils.exceptions import LockExpiredError

from rxportal.state.guard import TabState
from rxportal.state.session import SessionState
from rxportal.state.sharing import SharedStates
from tests.redis_server import RedisServer

pytestmark = pytest.mark.redis
KINDS = {"ours": SharedStates, "Reflex's": StateManagerRedis}
PAIRS = list(itertools.product(KINDS, KINDS))
NUMBERS = itertools.count(1)


@dataclass
class Worker:
    """One worker's manager with a client of its own."""

    states: StateManagerRedis
    token: BaseStateToken

    async def event(self, act: Callable[[Any], Awaitable[None]]) -> None:
        """What an event does: under the lock, with the state it asked for."""
        async with self.states.modify_state(self.token) as root:
            await act(await root.get_state(SessionState))

    async def name(self) -> str:
        """What stands in Redis."""
        found = await self.states.get_state(self.token)
        return str((await found.get_state(SessionState)).name)

    @property
    def lock(self) -> bytes:
        """Where the lock stands."""
        return self.states._lock_key(self.token)


def run(server: RedisServer, kinds: tuple[str, ...], act: Callable[..., Awaitable[None]]) -> None:
    """Give an act one worker of each kind, all of the same tab."""

    async def go() -> None:
        token = BaseStateToken(ident=f"tab-{next(NUMBERS)}", cls=SessionState)
        clients = [Redis.from_url(server.url) for _ in kinds]
        workers = [Worker(KINDS[kind](redis=each), token) for kind, each in zip(kinds, clients, strict=True)]
        try:
            await act(*workers)
        finally:
            for each in workers:
                await each.states.close()

    asyncio.run(asyncio.wait_for(go(), 30))


def written(word: str) -> Callable[[Any], Awaitable[None]]:
    async def act(state: Any) -> None:
        state.name += word

    return act


@pytest.mark.parametrize("kinds", PAIRS)
def test_what_one_worker_writes_the_other_reads(redis_server: RedisServer, kinds: tuple[str, ...]) -> None:
    async def act(one: Worker, other: Worker) -> None:
        await one.event(written("a"))
        await other.event(written("b"))
        assert [await one.name(), await other.name()] == ["ab", "ab"]
        assert await one.states.redis.exists(one.lock) == 0

    run(redis_server, kinds, act)


@pytest.mark.parametrize("kinds", PAIRS)
def test_no_event_is_lost_where_two_workers_have_the_same_tab(
    redis_server: RedisServer, kinds: tuple[str, ...]
) -> None:
    async def act(*workers: Worker) -> None:
        async def slow(state: Any) -> None:
            name = state.name
            await asyncio.sleep(0.002)
            state.name = name + "x"

        await asyncio.gather(*(each.event(slow) for each in workers * 10))
        assert await workers[0].name() == "x" * 20

    run(redis_server, kinds, act)


def test_an_event_waits_for_redis_twice_and_writes_what_it_touched(redis_server: RedisServer) -> None:
    async def act(one: Worker) -> None:
        redis = one.states.redis
        await one.event(written("a"))
        await redis.config_resetstat()

        async def guarded(state: Any) -> None:
            assert (await state.get_state(TabState))._whose == ""
            state.name += "b"

        await one.event(guarded)
        asked = {
            name.removeprefix("cmdstat_"): each["calls"] for name, each in (await redis.info("commandstats")).items()
        }
        # what the script does within Redis is counted as well: it asks for the lock, writes the one state, lets go
        inside = {"get": 1, "pttl": 1, "del": 1}
        assert {name: calls for name, calls in asked.items() if not name.startswith(("config", "info"))} == {
            "set": 2, "mget": 1, "eval": 1, **inside,
        }  # fmt: skip

    run(redis_server, ("ours",), act)


def test_an_event_that_fails_keeps_nothing_and_lets_go(redis_server: RedisServer) -> None:
    async def act(one: Worker) -> None:
        async def fail(state: Any) -> None:
            state.name = "half"
            raise ValueError

        with pytest.raises(ValueError):
            await one.event(fail)
        assert [await one.name(), await one.states.redis.exists(one.lock)] == ["", 0]

    run(redis_server, ("ours",), act)


def test_an_event_that_took_too_long_keeps_nothing_and_leaves_the_next_ones_lock(redis_server: RedisServer) -> None:
    async def act(one: Worker) -> None:
        redis = one.states.redis

        async def overtaken(state: Any) -> None:
            state.name = "late"
            await redis.set(one.lock, b"somebody else's")

        with pytest.raises(LockExpiredError):
            await one.event(overtaken)
        assert [await one.name(), await redis.get(one.lock)] == ["", b"somebody else's"]

    run(redis_server, ("ours",), act)


def test_an_event_that_is_called_off_while_it_takes_the_lock_leaves_none(redis_server: RedisServer) -> None:
    async def act(one: Worker) -> None:
        for turns in range(60):  # of the event loop: before the question is sent, before its answer is read, after
            task = asyncio.create_task(one.event(written("a")))
            for _ in range(turns):
                await asyncio.sleep(0)
            task.cancel()
            await asyncio.gather(task, return_exceptions=True)
            assert await one.states.redis.exists(one.lock) == 0, f"called off after {turns} turns"

    run(redis_server, ("ours",), act)


def test_a_state_of_another_version_begins_anew(redis_server: RedisServer) -> None:
    async def act(one: Worker) -> None:
        await one.event(written("a"))
        key, redis = one.token._state_key(SessionState), one.states.redis
        kept = await redis.get(key)
        await redis.set(key, kept.replace(SessionState._to_schema().encode(), b"0" * 32))
        await one.event(written("b"))
        assert await one.name() == "b"

    run(redis_server, ("ours",), act)
