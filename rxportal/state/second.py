"""The page of the second step of a sign-in: what it may be answered with, and what was not right the last time."""

from __future__ import annotations

import reflex as rx

from rxportal.core.cookies import HALF, value_of
from rxportal.core.errors import PortalError
from rxportal.core.identity import Anonymous
from rxportal.core.runtime import current
from rxportal.services.factors_second import second_ways
from rxportal.services.factors_view import SecondWays
from rxportal.state.guard import PUBLIC, policy

PROBLEMS = ("wrong", "form", "slow", "away")


class SecondState(rx.State):
    """`/sign-in/second`. `ready`: the ways were read."""

    ways: SecondWays = SecondWays()
    problem: str = ""
    ready: bool = False

    @rx.event
    @policy(PUBLIC)
    async def load(self) -> None:
        """Open the page."""
        said = str(self.router.url.query_parameters.get("problem", ""))
        self.problem = said if said in PROBLEMS else ""
        runtime, token = current(), value_of(self.router.headers.cookie or "", HALF)
        try:
            self.ways = await runtime.off_loop(runtime.kernel.perform, second_ways, Anonymous(), token=token)
        except PortalError:
            self.ways, self.problem = SecondWays(code=True, over=False), "away"
        self.ready = True
