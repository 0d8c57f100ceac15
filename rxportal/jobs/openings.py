"""What the clock alone brings about: results that open on their day, policy lines that begin or end."""

from __future__ import annotations

from rxportal.core.identity import Operator
from rxportal.core.runtime import Runtime
from rxportal.jobs.leader import lead
from rxportal.services.openings import look_at_the_clock, settle_on_a_new_day, tell_openings

JOB = "openings"
EVERY = 5.0


async def keep_the_days(runtime: Runtime) -> None:
    """Look every few seconds."""

    async def work() -> None:
        perform, who = runtime.kernel.perform, Operator(JOB)
        due = await runtime.off_loop(perform, look_at_the_clock, who, live=True)
        if due.new_day:
            await runtime.off_loop(perform, settle_on_a_new_day, who)
        if due.openings:
            await runtime.off_loop(perform, tell_openings, who)

    await lead(runtime, JOB, EVERY, work)
