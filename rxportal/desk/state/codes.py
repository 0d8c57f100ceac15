"""`/desk/codes`: a patient's visit codes, and whom a court order keeps from the chart."""

from __future__ import annotations

from typing import Any

import reflex as rx

from rxportal.core.access import Permission
from rxportal.core.text import _
from rxportal.desk.state.orders import OrdersPart
from rxportal.services.access_views import Found
from rxportal.services.claims_views import NewCode, ProofCard
from rxportal.services.court_orders import TOPIC as ORDERS
from rxportal.services.desk_access import find_patients
from rxportal.services.visit_codes import TOPIC as CODES
from rxportal.services.visit_codes import issue_code, see_proof, send_code, withdraw_code
from rxportal.state.base import PageState
from rxportal.state.fields import field_of
from rxportal.state.guard import policy
from rxportal.state.telling import Refusing


class DeskCodesState(OrdersPart, Refusing, PageState, rx.State):
    """`made`: the code that was just made, shown once."""

    found: Found = Found()
    card: ProofCard = ProofCard.empty()
    made: NewCode = NewCode()

    _topics = (CODES, ORDERS)

    @rx.event
    @policy(Permission.SEE_CLAIMS)
    async def load(self) -> None:
        """Open the desk with nobody on it."""
        self.reset()
        self._watch()
        if await self._perform(find_patients, words="") is not None:
            self.phase = "ready"

    @rx.event
    @policy(Permission.SEE_CLAIMS)
    async def refresh(self) -> None:
        """Read again because a code or an order of the chosen patient changed."""
        if self.card.id:
            await self._show(live=True)

    @rx.event
    @policy(Permission.SEE_ACCESS)
    async def find(self, form: dict[str, Any]) -> None:
        """Look for patients."""
        words = field_of(form, "words")
        found = await self._perform(find_patients, words=words)
        self.card, self.made, self.done = ProofCard.empty(), NewCode(), ""
        self._refused("found")
        if found is not None:
            self.found = found
            self._point("found")

    @rx.event
    @policy(Permission.SEE_CLAIMS)
    async def choose(self, patient_id: str) -> None:
        """Show one patient's codes and orders."""
        self.made, self.done = NewCode(), ""
        card = await self._perform(see_proof, patient_id=patient_id)
        self._refused("found")
        if card is not None:
            self.card = card
            self._point("patient")

    @rx.event
    @policy(Permission.SEE_CLAIMS)
    def back(self) -> None:
        """Back to those who were found."""
        self.card, self.made, self.done, self.problem = ProofCard.empty(), NewCode(), "", ""
        self._point("found")

    @rx.event
    @policy(Permission.ISSUE_CODES)
    async def issue(self) -> None:
        """Make a code to be printed."""
        made = await self._perform(issue_code, patient_id=self.card.id)
        await self._acted(made, "made" if made else "done")

    @rx.event
    @policy(Permission.ISSUE_CODES)
    async def send(self) -> None:
        """Send a code to the address on file."""
        made = await self._perform(send_code, patient_id=self.card.id)
        told = _("A code is on its way to the e-mail address on file.")
        await self._acted(NewCode(), "done", told if made else "")

    @rx.event
    @policy(Permission.ISSUE_CODES)
    async def withdraw(self, code_id: str) -> None:
        """Make a code worthless."""
        await self._perform(withdraw_code, code_id=code_id)
        await self._acted(NewCode(), "done", "" if self.message else _("The code doesn’t work any more."))

    async def _acted(self, made: NewCode | None, where: str, done: str = "") -> None:
        self.made, self.done = made or NewCode(), done
        self._refused(where)
        await self._show(live=True)
        self._point(self.wrong or where)

    async def _show(self, *, live: bool) -> None:
        card = await self._perform(see_proof, live=live, patient_id=self.card.id)
        if card is not None:
            self.card = card
