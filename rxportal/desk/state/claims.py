"""`/desk/claims`: the queue of requests for a chart, one of them open, and the decision on it."""

from __future__ import annotations

from typing import Any

import reflex as rx

from rxportal.core.access import Permission
from rxportal.core.errors import Unavailable
from rxportal.core.runtime import current
from rxportal.core.text import _
from rxportal.services.claims_open import CLAIMS
from rxportal.services.claims_views import ClaimCase, QueueRow
from rxportal.services.desk_claims import approve_claim, list_claims, refuse_claim, see_claim
from rxportal.state.base import PageState
from rxportal.state.fields import field_of
from rxportal.state.guard import policy
from rxportal.state.telling import Refusing

OVER = _("This request was answered or taken back in the meantime.")


class DeskClaimsState(Refusing, PageState, rx.State):
    """`chosen`: the candidate whose chart would be opened."""

    queue: list[QueueRow] = []
    case: ClaimCase = ClaimCase.empty()
    chosen: str = ""

    _topics = (CLAIMS,)

    @rx.event
    @policy(Permission.SEE_CLAIMS)
    async def load(self) -> None:
        """Open the desk with nothing on it."""
        self.reset()
        self._watch()
        await self._read()

    @rx.event
    @policy(Permission.SEE_CLAIMS)
    async def refresh(self) -> None:
        """Read the queue again; a request that somebody else answered is put away, and that is said."""
        await self._read(live=True)
        if (
            self.case.id
            and self.message != Unavailable().message
            and self.case.id not in {one.id for one in self.queue}
        ):
            self._put_away()
            self.problem = OVER
            self._point("done")

    @rx.event
    @policy(Permission.SEE_CLAIMS)
    async def open_case(self, claim_id: str) -> None:
        """Show one request beside the patients who could be meant."""
        self._put_away()
        self.done = ""
        age = current().settings.own_chart_age
        case = await self._perform(see_claim, claim_id=claim_id, own_from=age)
        self._refused("done")
        if case is not None:
            self.case = case
            self._point("case-title")

    @rx.event
    @policy(Permission.SEE_CLAIMS)
    def close_case(self) -> None:
        """Back to the queue."""
        self._put_away()
        self._point("queue-title")

    @rx.event
    @policy(Permission.DECIDE_CLAIMS)
    def choose(self, patient_id: str) -> None:
        """Ask what was looked at before this chart is opened; "" asks no more."""
        known = {one.id for one in self.case.candidates if not one.why_not}
        self.chosen = patient_id if patient_id in known else ""
        self.problem = self.wrong = ""
        self._point("papers" if self.chosen else "case-title")

    @rx.event
    @policy(Permission.DECIDE_CLAIMS)
    async def approve(self, form: dict[str, Any]) -> None:
        """Open the chosen chart to whoever asked."""
        given = form if isinstance(form, dict) else {}
        name = self.case.asked_by
        await self._perform(
            approve_claim, claim_id=self.case.id, patient_id=self.chosen, papers=given.get("papers", ""),
            kin=given.get("kin") or None, until=given.get("until") or None,
            representative=bool(given.get("representative")), own_from=current().settings.own_chart_age,
        )  # fmt: skip
        await self._decided(_("The chart is open to {name}.").format(name=name))

    @rx.event
    @policy(Permission.DECIDE_CLAIMS)
    async def refuse(self, form: dict[str, Any]) -> None:
        """Refuse the open request with a reason."""
        reason = field_of(form, "reason")
        name = self.case.asked_by
        await self._perform(refuse_claim, claim_id=self.case.id, reason=reason)
        await self._decided(_("Refused: {name} reads the reason.").format(name=name))

    async def _decided(self, done: str) -> None:
        fine = not self.message
        self._refused("done")
        if fine:
            self.done = done
            self._put_away()
            await self._read(live=True)
            self._point("done")

    async def _read(self, *, live: bool = False) -> None:
        rows = await self._perform(list_claims, live=live)
        if rows is not None:
            self.queue, self.phase = rows, "ready"

    def _put_away(self) -> None:
        self.case, self.chosen, self.problem, self.wrong = ClaimCase.empty(), "", "", ""
