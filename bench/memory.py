"""How much memory one more signed-in tab costs the server."""

from __future__ import annotations

import asyncio
import gc

from bench.clients import Tab
from bench.figures import Figure
from bench.practice import Practice, embedded
from bench.stage import Stage

FIRST, MORE = 60, 200
AT_ONCE = 10
SETTLE = 3.0


def memory(stage: Stage) -> list[Figure]:
    """60 tabs are opened first, so that threads, pools and caches are there; then 200 more, each its own session.

    Each has loaded /results and stays open. Counted is what belongs to the server's processes alone (USS); with Redis
    also what Redis holds.
    """
    with embedded() as practice:
        own = asyncio.run(_each(practice))
    with stage.hospital.wide() as practice:
        shared = asyncio.run(_each(practice))
        redis = practice.redis_kb() / (FIRST + MORE)
    return [
        Figure("a signed-in tab, states in memory", own, "kB", most=400),
        Figure("a signed-in tab, PostgreSQL and Redis, two workers", round(shared + redis), "kB", most=500),
        Figure("of that, in Redis", round(redis), "kB"),
    ]


async def _each(practice: Practice) -> float:
    target = practice.target()
    people = [practice.account(first) for first in ("maya", "ben", "grace", "lena", "noah")]
    tabs: list[Tab] = []

    async def grow(number: int) -> None:
        while number > 0:
            cookies = [practice.cookie(people[at % len(people)]) for at in range(min(AT_ONCE, number))]
            tabs.extend(await asyncio.gather(*(Tab.open(target.url, target.page, one) for one in cookies)))
            number -= AT_ONCE
        gc.collect()
        await asyncio.sleep(SETTLE)

    await grow(FIRST)
    before = target.memory_kb()
    await grow(MORE)
    grown = target.memory_kb() - before
    await asyncio.gather(*(tab.close() for tab in tabs))
    return round(grown / MORE)
