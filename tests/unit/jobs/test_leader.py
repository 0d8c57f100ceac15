"""One worker leads a job, also while the work takes longer than its lease; whoever lost the lease stops."""

from __future__ import annotations

import asyncio
from typing import Any

from rxportal.core.errors import Unavailable
from rxportal.core.kernel import Kernel
from rxportal.core.runtime import Runtime
from rxportal.jobs.leader import LEASE_SECONDS, Lease, while_held
from rxportal.settings import Settings
from tests.factories import World
from tests.fakes import StoppedClock

LOOK = 0.001


class Looked:
    """A lease that is asked; lost at the n-th time."""

    def __init__(self, lost_at: int) -> None:
        self.lost_at, self.asked = lost_at, 0
        self.often = asyncio.Event()

    async def held(self) -> bool:
        self.asked += 1
        if self.asked == 3:
            self.often.set()
        return self.asked < self.lost_at


def test_long_work_keeps_its_lease_and_is_finished() -> None:
    lease: Any = Looked(lost_at=1000)
    done = []

    async def work() -> None:
        await lease.often.wait()
        done.append(True)

    asyncio.run(while_held(lease, work, LOOK))
    assert done == [True]


def test_work_stops_when_another_worker_leads() -> None:
    lease: Any = Looked(lost_at=2)
    ended = []

    async def work() -> None:
        try:
            await asyncio.Event().wait()
        finally:
            ended.append(True)

    asyncio.run(while_held(lease, work, LOOK))
    assert ended == [True]


def test_of_two_workers_one_leads_until_its_lease_is_over(kernel: Kernel, clock: StoppedClock) -> None:
    World(kernel).practice()
    runtime = Runtime(kernel, Settings(env="test", secret_key="s" * 48))

    async def both() -> None:
        one, two = Lease(runtime, "outbox"), Lease(runtime, "outbox")
        assert (await one.held(), await two.held()) == (True, False)
        clock.advance(seconds=LEASE_SECONDS + 1)
        assert await two.held()
        one.until = 0.0
        assert not await one.held()

    asyncio.run(both())


def test_a_lease_lasts_while_the_database_is_away(kernel: Kernel) -> None:
    World(kernel).practice()
    runtime = Runtime(kernel, Settings(env="test", secret_key="s" * 48))

    async def away() -> None:
        lease = Lease(runtime, "outbox")
        assert await lease.held()

        def perform(*_: Any, **__: Any) -> bool:
            raise Unavailable

        kernel.perform = perform  # type: ignore[method-assign]
        lease.until -= LEASE_SECONDS / 2
        assert await lease.held()
        lease.until -= LEASE_SECONDS / 2
        assert not await lease.held()

    asyncio.run(away())
