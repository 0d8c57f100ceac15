"""The outside providers that a page offers: read when it opens, so that the built pages fit every setting."""

from __future__ import annotations

import reflex as rx

from rxportal.core.own_path import is_own_page
from rxportal.core.providers import providers_of
from rxportal.core.runtime import current
from rxportal.services.identity_views import OutsideWay
from rxportal.state.guard import PUBLIC, policy


def ways_out(query: str = "") -> list[OutsideWay]:
    """Every provider with the address where its round trip begins. `query`: added to it."""
    found = providers_of(current().settings).values()
    return [OutsideWay(one.name, one.label, f"/auth/{one.name}/start{query}", one.stand_in) for one in found]


def ways_to_prove_out(names: list[str]) -> list[OutsideWay]:
    """Where a fresh proof by a new round trip begins, for the providers of an account that has nothing else."""
    return [one for one in ways_out("?for=fresh") if one.name in names]


class OutsideState(rx.State):
    """The buttons on the pages for signing in and registering. `stand_ins`: some are played by ours."""

    ways: list[OutsideWay] = []
    stand_ins: bool = False

    @rx.event
    @policy(PUBLIC)
    def load(self) -> None:
        """Read the settings of this worker."""
        after = str(self.router.url.query_parameters.get("next", ""))
        self.ways = ways_out(f"?next={after}" if is_own_page(after) else "")
        self.stand_ins = any(one.stand_in for one in self.ways)
