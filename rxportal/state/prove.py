"""The one dialog that asks for a fresh proof, on whatever page an act needs it; then the act goes on."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any, TypeVar

import reflex as rx

from rxportal.core.access import Permission
from rxportal.core.cookies import credentials_of
from rxportal.core.errors import NotSignedIn, PortalError
from rxportal.core.runtime import current
from rxportal.core.text import _
from rxportal.services.credentials_view import ProofWays
from rxportal.services.proof import admit_proof, prove_session, proved_lately, ways_to_prove
from rxportal.state.guard import policy, turn_out
from rxportal.state.hashing import fits

T = TypeVar("T")
ELEMENT = re.compile(r"[a-z][a-z-]{0,40}")
NOT_THAT = _("That is not your password. Check it, then try again.")


class ProveState(rx.State):
    """`shown`: the dialog is open. `ways`: by what one can prove it. `proved`: counted up, so that the act goes on.

    It goes on with the element that had the focus before, or with the one that `then` names.
    """

    shown: bool = False
    ways: ProofWays = ProofWays()
    problem: str = ""
    then: str = ""
    proved: int = 0

    @rx.event
    @policy(Permission.PROVE_SESSION)
    async def arrive(self) -> None:
        """A page was opened to go on with an act (`?prove=` names its button): ask, unless the proof is still there."""
        wanted = str(self.router.url.query_parameters.get("prove", ""))
        if ELEMENT.fullmatch(wanted) and await self._do(proved_lately) is False:
            await self._ask(wanted)

    @rx.event
    @policy(Permission.PROVE_SESSION)
    async def by_password(self, form: dict[str, Any]) -> None:
        """Check the password that was typed."""
        password = form.get("password", "") if isinstance(form, dict) else ""
        given = await self._do(admit_proof)
        if given is None:
            return
        if isinstance(password, str) and await fits(password, given.password_hash):
            await self._done("password", [str(one) for one in given.attempt_ids])
        else:
            self.problem = NOT_THAT

    @rx.event
    @policy(Permission.PROVE_SESSION)
    def cancel(self) -> None:
        """Nothing happens; what was typed on the page stays."""
        self.shown, self.problem, self.then = False, "", ""

    async def _ask(self, then: str = "") -> None:
        """Open the dialog."""
        ways = await self._do(ways_to_prove)
        if ways is not None:
            self.ways, self.then, self.problem, self.shown = ways, then, "", True

    async def _done(self, way: str, attempt_ids: list[str]) -> None:
        """It was proved: close, and let the act go on."""
        await self._do(prove_session, way=way, attempt_ids=attempt_ids)
        if not self.problem:
            self.shown = False
            self.proved += 1

    async def _do(self, case: Callable[..., T], **inputs: Any) -> T | None:
        """Run a use case; None: it was refused, and `problem` says why."""
        runtime = current()
        credentials = credentials_of(self.router.headers.cookie or "")
        try:
            done = await runtime.off_loop(runtime.kernel.perform, case, credentials, **inputs)
        except NotSignedIn:
            await turn_out(self._get_root_state())
            raise
        except PortalError as refusal:
            self.problem = refusal.message
            return None
        self.problem = ""
        return done
