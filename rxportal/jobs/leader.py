"""One worker at a time runs a job: a lease in the database, renewed while it lives and while it works."""

from __future__ import annotations

import asyncio
import logging
import secrets
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field

from rxportal.core.errors import PortalError
from rxportal.core.identity import Operator
from rxportal.core.runtime import Runtime
from rxportal.services.notices import take_lease

log = logging.getLogger(__name__)
LEASE_SECONDS = 30


@dataclass
class Lease:
    """Whether this worker leads a job. `until`: on the clock of the event loop."""

    runtime: Runtime
    job: str
    holder: str = field(default_factory=lambda: secrets.token_hex(8))
    until: float = 0.0

    async def held(self) -> bool:
        """Whether this worker leads now; renewed when half of it is over, and kept while the database is away."""
        loop, perform = asyncio.get_running_loop(), self.runtime.kernel.perform
        asked = loop.time()
        if asked >= self.until - LEASE_SECONDS / 2:
            wish = {"name": self.job, "holder": self.holder, "seconds": LEASE_SECONDS}
            try:
                held = await self.runtime.off_loop(perform, take_lease, Operator(self.job), **wish)
                self.until = asked + LEASE_SECONDS if held else 0.0
            except PortalError as fault:
                log.warning("a job waits: %s", fault.code)
        return loop.time() < self.until


async def lead(runtime: Runtime, job: str, every: float, work: Callable[[], Awaitable[object]]) -> None:
    """Run `work` every so many seconds while this worker holds the lease; a database that is away is tried again."""
    lease = Lease(runtime, job)
    while True:
        await asyncio.sleep(every)
        try:
            if await lease.held():
                await while_held(lease, work)
        except PortalError as fault:
            log.warning("a job waits: %s", fault.code)


async def while_held(lease: Lease, work: Callable[[], Awaitable[object]], look: float = LEASE_SECONDS / 3) -> None:
    """Do the work, however long it takes, as long as this worker leads: two at it at once would do it twice."""
    doing = asyncio.ensure_future(work())
    try:
        while not (await asyncio.wait({doing}, timeout=look))[0]:
            if not await lease.held():
                return
        await doing
    finally:
        doing.cancel()
