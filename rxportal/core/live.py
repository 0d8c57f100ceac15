"""Publish and subscribe: "this chart changed: topic", told after commit, to every worker."""

from __future__ import annotations

import asyncio
import json
import logging
import threading
from collections.abc import AsyncIterator, Iterable
from dataclasses import asdict, dataclass
from typing import Any, Protocol

import redis
import redis.asyncio

log = logging.getLogger(__name__)
CHANNEL = "rxportal:live"
ACCESS_LOG = "access_log"
"""Topic of a chart in which somebody did something that left an audit line."""
GRANTS = "grants"
"""Topic of an account whose grants changed: its open pages must be asked at once whether they may stay."""


@dataclass(frozen=True)
class Change:
    """What changed. `scope` is chart, desk, account, session or all; `id` its public or internal id."""

    scope: str
    id: str
    topic: str


ALL = Change("all", "", "all")


class Bus(Protocol):
    """Carries changes between workers. Losing one is harmless: pages read again when they reconnect."""

    def publish(self, changes: Iterable[Change]) -> None:
        """Tell every worker. Called after commit, from any thread; never raises."""

    def listen(self) -> AsyncIterator[Change]:
        """Every change, until cancelled; `ALL` after an interruption."""


class MemoryBus:
    """One process: hands changes to the listeners of this process."""

    def __init__(self) -> None:
        """Start with nobody listening."""
        self._listeners: list[tuple[asyncio.AbstractEventLoop, asyncio.Queue[Change]]] = []
        self._lock = threading.Lock()

    def publish(self, changes: Iterable[Change]) -> None:
        """Put the changes into every listener's queue, on its own loop."""
        told = list(changes)
        with self._lock:
            listeners = list(self._listeners)
        for loop, queue in listeners:
            for change in told:
                if not loop.is_closed():
                    loop.call_soon_threadsafe(queue.put_nowait, change)

    async def listen(self) -> AsyncIterator[Change]:
        """Every change from now on."""
        queue: asyncio.Queue[Change] = asyncio.Queue()
        entry = (asyncio.get_running_loop(), queue)
        with self._lock:
            self._listeners.append(entry)
        try:
            while True:
                yield await queue.get()
        finally:
            with self._lock:
                self._listeners.remove(entry)


class RedisBus:
    """Several workers: Redis publish/subscribe, with a new subscription whenever Redis comes back."""

    def __init__(self, url: str) -> None:
        """Connect lazily, with short time-outs: nobody waits for a dead Redis."""
        self._url = url
        self._client = redis.Redis.from_url(url, socket_timeout=1, socket_connect_timeout=1)

    def publish(self, changes: Iterable[Change]) -> None:
        """Tell every worker; a Redis that is away costs the push, never the act."""
        told = [json.dumps(asdict(change)) for change in changes]
        try:
            if len(told) == 1:  # a read tells of its own line alone, and a pipeline costs more than the word
                self._client.publish(CHANNEL, told[0])
                return
            pipe = self._client.pipeline(transaction=False)
            for each in told:
                pipe.publish(CHANNEL, each)
            pipe.execute()
        except redis.RedisError as fault:
            log.warning("live update not sent: %s", type(fault).__name__)

    async def listen(self) -> AsyncIterator[Change]:
        """Every change; after an interruption first `ALL`, so that every open page reads again."""
        interrupted = False
        while True:
            client = redis.asyncio.Redis.from_url(self._url, socket_connect_timeout=1, health_check_interval=5)
            try:
                async with client.pubsub() as channel:
                    await channel.subscribe(CHANNEL)
                    if interrupted:
                        yield ALL
                    async for message in channel.listen():
                        if message.get("type") == "message":
                            yield _read(message["data"])
            except (redis.RedisError, OSError) as fault:
                log.warning("live updates interrupted: %s", type(fault).__name__)
            finally:
                await client.aclose()
            interrupted = True
            await asyncio.sleep(0.5)


def _read(data: Any) -> Change:
    try:
        return Change(**json.loads(data))
    except (ValueError, TypeError):
        return ALL


def open_bus(redis_url: str) -> Bus:
    """Redis where there is one, else memory."""
    return RedisBus(redis_url) if redis_url else MemoryBus()
