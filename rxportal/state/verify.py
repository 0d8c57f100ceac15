"""`/account/verify`: who somebody is; their request for their own chart, and for charts of others."""

from __future__ import annotations

from typing import Any

import reflex as rx

from rxportal.core.access import Permission
from rxportal.core.runtime import current
from rxportal.core.text import _
from rxportal.services.claims import claim_child_chart, claim_own_chart, view_claims, withdraw_claim
from rxportal.services.claims_codes import send_file_code, try_code
from rxportal.services.claims_open import CLAIMS
from rxportal.services.claims_views import ClaimsPage
from rxportal.state.base import PageState
from rxportal.state.guard import policy
from rxportal.state.telling import Telling

FACTS = ("name", "birth_date", "postal_code", "phone", "mrn")
CHILD = (*FACTS, "kin", "relationship", "proof")


def typed_in(form: Any, names: tuple[str, ...]) -> dict[str, Any]:
    """What a form holds under these names; a browser may send anything."""
    return {name: form.get(name, "") for name in names} if isinstance(form, dict) else dict.fromkeys(names, "")


class VerifyState(Telling, PageState, rx.State):
    """`wrong`: the field at which `problem` stands; `asking`: the form for somebody else's chart is open."""

    view: ClaimsPage = ClaimsPage.empty()
    wrong: str = ""
    asking: bool = False

    _topics = (CLAIMS,)

    @rx.event
    @policy(Permission.VIEW_CLAIMS)
    async def load(self) -> None:
        """Open the page."""
        self._watch()
        self.done = self.problem = self.wrong = ""
        self.asking = False
        await self._show()

    @rx.event
    @policy(Permission.VIEW_CLAIMS)
    async def refresh(self) -> None:
        """Read again because the desk decided, or another tab asked; say what came."""
        before = {(row.title, row.tag) for row in (self.view.own, *self.view.children)}
        await self._show(live=True)
        rows = (self.view.own, *self.view.children)
        news = next((row for row in rows if not row.open and row.tag and (row.title, row.tag) not in before), None)
        if news is not None:
            self.done, self.problem, self.wrong = f"{news.title}: {news.tag}. {news.sentence}", "", ""

    @rx.event
    @policy(Permission.MAKE_CLAIMS)
    async def ask_own(self, form: dict[str, Any]) -> None:
        """Ask for one's own chart."""
        runtime = current()
        made = await self._perform(
            claim_own_chart, practice=runtime.kernel.practice.name, own_from=runtime.settings.own_chart_age,
            **typed_in(form, FACTS),
        )  # fmt: skip
        await self._told(_("We have what you wrote. One step is left.") if made else "", "own")

    @rx.event
    @policy(Permission.MAKE_CLAIMS)
    async def ask_child(self, form: dict[str, Any]) -> None:
        """Ask for somebody else's chart."""
        given = typed_in(form, CHILD)
        made = await self._perform(claim_child_chart, practice=current().kernel.practice.name, **given)
        self.asking = made is None
        await self._told(_("You asked. The front desk answers you here.") if made else "", "child")

    @rx.event
    @policy(Permission.MAKE_CLAIMS)
    def show_form(self, asking: bool) -> None:
        """Open or close the form for somebody else's chart."""
        self.asking, self.done, self.problem, self.wrong = asking is True, "", "", ""
        self._point("child-title" if self.asking else "others")

    @rx.event
    @policy(Permission.MAKE_CLAIMS)
    async def withdraw(self, claim_id: str) -> None:
        """Take a request back."""
        await self._perform(withdraw_claim, claim_id=claim_id)
        await self._told(_("Your request is taken back.") if not self.message else "", "done")

    @rx.event
    @policy(Permission.MAKE_CLAIMS)
    async def send_code(self) -> None:
        """Have a code sent to the address on file."""
        await self._perform(send_file_code, claim_id=self.view.own.id)
        await self._told("" if self.message else _("Look into your mail, and type the code here."), "code")

    @rx.event
    @policy(Permission.MAKE_CLAIMS)
    async def try_code(self, form: dict[str, Any]) -> None:
        """Open the chart with a code."""
        code = typed_in(form, ("code",))["code"]
        age = current().settings.own_chart_age
        tried = await self._perform(try_code, claim_id=self.view.own.id, code=code, own_from=age)
        if tried is not None and not tried.opened:
            self.message, self.field = tried.sentence, "code"
        await self._told(_("Your chart is open.") if tried is not None and tried.opened else "", "code")

    async def _told(self, done: str, where: str) -> None:
        """Say what an act did, or at the field why not, and go there."""
        self.done, self.problem, self.wrong = done, "" if done else self.message, "" if done else self.field
        self.message = self.field = ""
        await self._show(live=True)
        prefix = "child-" if where == "child" else ""
        self._point(prefix + self.wrong if self.wrong else "done")

    async def _show(self, *, live: bool = False) -> None:
        view = await self._perform(view_claims, live=live)
        if view is not None:
            self.view, self.phase = view, "ready"
