"""One worker at a time runs a job: a lease in the database, renewed while it lives."""

from __future__ import annotations

import asyncio
import logging
import secrets
from collections.abc import Awaitable, Callable

from rxportal.core.errors import PortalError
from rxportal.core.identity import Operator
from rxportal.core.runtime import Runtime
from rxportal.services.notices import take_lease

log = logging.getLogger(__name__)
LEASE_SECONDS = 30


async def lead(runtime: Runtime, job: str, every: float, work: Callable[[], Awaitable[object]]) -> None:
    """Run `work` every so many seconds while this worker holds the lease; a database that is away is tried again."""
    holder, until = secrets.token_hex(8), 0.0
    loop = asyncio.get_running_loop()
    while True:
        await asyncio.sleep(every)
        try:
            if loop.time() >= until - LEASE_SECONDS / 2:
                asked = loop.time()
                held = await runtime.off_loop(
                    runtime.kernel.perform, take_lease, Operator(job), name=job, holder=holder, seconds=LEASE_SECONDS
                )
                until = asked + LEASE_SECONDS if held else 0.0
            if loop.time() < until:
                await work()
        except PortalError as fault:
            log.warning("a job waits: %s", fault.code)
