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
from rxportal.core.sealing import sealing_key
from rxportal.core.text import _
from rxportal.services.credentials_view import ProofWays
from rxportal.services.factors_second import prove_by_code
from rxportal.services.identities import list_round_trips
from rxportal.services.identity_views import OutsideWay
from rxportal.services.proof import admit_proof, prove_session, proved_lately, ways_to_prove
from rxportal.state.fields import field_of
from rxportal.state.guard import policy, turn_out
from rxportal.state.hashing import fits
from rxportal.state.outside import ways_to_prove_out

T = TypeVar("T")
ELEMENT = re.compile(r"[a-z][a-z-]{0,40}")
NOT_THAT_CODE = _("That is not the code the app shows now. Each code works once. Wait for the next one.")
NOT_THAT = _("That is not your password. Check it, then try again.")


class ProveState(rx.State):
    """`shown`: the dialog is open. `ways`: by what one can prove it. `proved`: counted up, so that the act goes on.

    It goes on with the element that had the focus before, or with the one that `then` names.
    """

    shown: bool = False
    ways: ProofWays = ProofWays()
    trips: list[OutsideWay] = []
    problem: str = ""
    code_problem: str = ""
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
        password = field_of(form, "password")
        given = await self._do(admit_proof)
        if given is None:
            return
        if isinstance(password, str) and await fits(password, given.password_hash):
            await self._done("password", [str(one) for one in given.attempt_ids])
        else:
            self.problem = NOT_THAT

    @rx.event
    @policy(Permission.PROVE_SESSION)
    async def by_code(self, form: dict[str, Any]) -> None:
        """Check the code of the authenticator app that was typed."""
        typed = field_of(form, "code")
        key = sealing_key(current().settings.secret_key)
        right = await self._do(prove_by_code, code=typed[:64] if isinstance(typed, str) else "", key=key)
        if right:
            self._close()
        else:
            self.code_problem, self.problem = self.problem or NOT_THAT_CODE, ""

    @rx.event
    @policy(Permission.PROVE_SESSION)
    async def by_passkey(self) -> None:
        """The browser's script says that a passkey proved it: look whether that is so."""
        if await self._do(proved_lately):
            self._close()

    @rx.event
    @policy(Permission.PROVE_SESSION)
    def cancel(self) -> None:
        """Nothing happens; what was typed on the page stays."""
        self.shown, self.problem, self.code_problem, self.then = False, "", "", ""

    async def _ask(self, then: str = "") -> None:
        """Open the dialog."""
        ways = await self._do(ways_to_prove)
        if ways is not None:
            self.trips = ways_to_prove_out(await self._do(list_round_trips) or [])
            self.ways, self.then, self.shown = ways, then, True
            self.problem = self.code_problem = ""

    async def _done(self, way: str, attempt_ids: list[str]) -> None:
        """It was proved: close, and let the act go on."""
        await self._do(prove_session, way=way, attempt_ids=attempt_ids)
        if not self.problem:
            self._close()

    def _close(self) -> None:
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
