"""`/desk/access`: the patients who were found, who may open the chart of one, and the end of one access."""

from __future__ import annotations

from typing import Any

import reflex as rx

from rxportal.core.access import Permission
from rxportal.core.errors import Unavailable
from rxportal.core.text import _
from rxportal.services.access_views import Found, GrantRow, PatientAccess
from rxportal.services.desk_access import TOPIC, end_access, find_patients, see_access
from rxportal.services.grants import GRANTS_TOPIC
from rxportal.state.base import PageState
from rxportal.state.fields import field_of
from rxportal.state.guard import policy
from rxportal.state.telling import Telling


class DeskAccessState(Telling, PageState, rx.State):
    """`found`: who fits the words; `chosen`: one of them; `asked`: the access that is about to be ended.

    `wrong`: the field at which `problem` stands.
    """

    found: Found = Found()
    chosen: PatientAccess = PatientAccess.empty()
    asked: GrantRow = GrantRow()
    wrong: str = ""

    _topics = (TOPIC, GRANTS_TOPIC)

    @rx.event
    @policy(Permission.SEE_ACCESS)
    async def load(self) -> None:
        """Open the desk with nobody on it."""
        self.reset()
        self._watch()
        if await self._perform(find_patients, words="") is not None:
            self.phase = "ready"

    @rx.event
    @policy(Permission.SEE_ACCESS)
    async def refresh(self) -> None:
        """Read again because an access of the chosen patient changed."""
        if not self.chosen.id:
            return
        view = await self._perform(see_access, live=True, patient_id=self.chosen.id)
        if view is not None:
            self.chosen = view
        elif self.message != Unavailable().message and not self.reference:
            self.found, self.chosen, self.asked = Found(), PatientAccess.empty(), GrantRow()

    @rx.event
    @policy(Permission.SEE_ACCESS)
    async def find(self, form: dict[str, Any]) -> None:
        """Look for patients."""
        words = field_of(form, "words")
        found = await self._perform(find_patients, words=words)
        self.done, self.chosen = "", PatientAccess.empty()
        self._refused("find")
        if found is not None:
            self.found = found
            self._point("found")

    @rx.event
    @policy(Permission.SEE_ACCESS)
    async def choose(self, patient_id: str) -> None:
        """Show who may open one patient's chart."""
        view = await self._perform(see_access, patient_id=patient_id)
        self.done = ""
        self._refused("found")
        if view is not None:
            self.chosen = view
            self._point("patient")

    @rx.event
    @policy(Permission.SEE_ACCESS)
    def back(self) -> None:
        """Back to those who were found."""
        self.chosen, self.done, self.problem = PatientAccess.empty(), "", ""
        self._point("found")

    @rx.event
    @policy(Permission.DECIDE_ACCESS)
    def ask(self, grant_id: str) -> None:
        """Ask for the reason before an access is ended."""
        self.problem = self.wrong = ""
        self.asked = next((one for one in self.chosen.people if one.id == grant_id), GrantRow())

    @rx.event
    @policy(Permission.DECIDE_ACCESS)
    def cancel(self) -> None:
        """Everything stays as it is."""
        self.asked, self.problem, self.wrong = GrantRow(), "", ""

    @rx.event
    @policy(Permission.DECIDE_ACCESS)
    async def end(self, form: dict[str, Any]) -> None:
        """End the access that was asked about."""
        reason = field_of(form, "reason")
        if not self.asked.id:
            return
        view = await self._perform(end_access, grant_id=self.asked.id, reason=reason)
        self._refused("done")
        if view is not None:
            self.done = _("{name} can’t open this chart any more.").format(name=self.asked.name)
            self.chosen = view
            self._point("done")
        if self.wrong != "reason":
            self.asked = GrantRow()

    def _refused(self, where: str) -> None:
        """The reason of a refusal stands where the act was, and is gone with the next act."""
        self.problem, self.wrong = self.message, self.field
        self.message = self.field = ""
        if self.problem:
            self._point(self.wrong or where)
