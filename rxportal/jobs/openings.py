"""What the clock alone brings about: results that open on their day, policy lines that begin or end."""

from __future__ import annotations

from rxportal.core.identity import Operator
from rxportal.core.runtime import Runtime
from rxportal.jobs.leader import lead
from rxportal.services.openings import settle_on_a_new_day, tell_openings

JOB = "openings"
EVERY = 5.0


async def keep_the_days(runtime: Runtime) -> None:
    """Look every few seconds."""

    async def work() -> None:
        await runtime.off_loop(runtime.kernel.perform, settle_on_a_new_day, Operator(JOB))
        await runtime.off_loop(runtime.kernel.perform, tell_openings, Operator(JOB))

    await lead(runtime, JOB, EVERY, work)
