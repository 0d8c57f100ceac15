"""The right side of the desk: one result, the comment that is being written, and what was decided."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import reflex as rx

from rxportal.core.access import Permission
from rxportal.core.text import _
from rxportal.services.desk_results import hold_result, mark_seen, queue_case, release_result
from rxportal.services.desk_results_views import CaseView
from rxportal.state.guard import policy

ACTS = {"seen": mark_seen, "release": release_result, "hold": hold_result}
DONE = {
    "seen": _("Marked as seen: {title}, {patient}."),
    "release": _("Released: {title}, {patient}."),
    "hold": _("Held: {title}, {patient}."),
}
MOST_DRAFTS = 50
LONGEST_DRAFT = 20_000


def next_case(before: Sequence[str], now: Sequence[str], acted: str) -> str:
    """The result to go on with: the one that stood after `acted`, else the first one that waits, else ""."""
    after = list(before[before.index(acted) + 1 :]) if acted in before else []
    waiting = [one for one in now if one != acted]
    return next((one for one in after if one in waiting), waiting[0] if waiting else "")


class CasePart(rx.State, mixin=True):
    """`typed`: the comment as typed; `problem` and `wrong`: why an act was refused, and at which field.

    `done`: what the last act did; `focus`: the id of the element to go to, with a turn number.
    """

    case: CaseView = CaseView.empty()
    holding: bool = False
    typed: str = ""
    done: str = ""
    problem: str = ""
    wrong: str = ""
    focus: str = ""

    _drafts: dict[str, str] = {}
    _turn: int = 0

    @rx.event
    @policy(Permission.SEE_RESULT_QUEUE)
    async def open_case(self, record_id: str) -> None:
        """Open one result and go to it."""
        self.done = ""
        if await self._open(record_id):
            self._point("case-title")

    @rx.event
    @policy(Permission.SEE_RESULT_QUEUE)
    def close_case(self) -> None:
        """Back to the queue, to the row that one came from."""
        left = self.case.id
        self.case, self.holding = CaseView.empty(), False
        self._judge()
        here = any(row.id == left for row in self.queue.rows)
        self._point(f"row-{left}" if here else "queue-title")

    @rx.event
    @policy(Permission.DECIDE_RELEASE)
    def keep_comment(self, record_id: str, text: str) -> None:
        """Remember what was typed for this result, whatever is opened next."""
        if isinstance(text, str) and record_id == self.case.id:
            self._draft(self.case.id, text)

    @rx.event
    @policy(Permission.DECIDE_RELEASE)
    def hold(self, wanted: bool) -> None:
        """Show reason and end date of a hold in place of the other acts, or those again."""
        self.holding, self.problem, self.wrong = wanted is True, "", ""
        self._point("hold-reason" if self.holding else "start-hold")

    @rx.event
    @policy(Permission.DECIDE_RELEASE)
    async def act(self, form: dict[str, Any], which: str) -> None:
        """Seen, release or hold. A form of a result that is no longer open (a second click) does nothing."""
        given = form if isinstance(form, dict) else {}
        case = self.case
        if which not in list(ACTS) or not case.id or given.get("record") != case.id:
            return
        self._draft(case.id, str(given.get("comment", "")))
        inputs: dict[str, Any] = {"record_id": case.id, "comment": self.typed.strip()}
        if which == "hold":
            inputs |= {"reason": given.get("reason", ""), "until": given.get("until", "")}
        await self._perform(ACTS[which], **inputs)
        if self.message:
            self._refuse()
            return
        self._drafts.pop(case.id, None)
        self.done = DONE[which].format(title=case.title, patient=case.patient)
        await self._go_on(case.id)

    async def _go_on(self, acted: str) -> None:
        """After an act: the next case, or back to the words that say what was done."""
        before = [row.id for row in self.queue.rows]
        self._close()
        await self._show(self.queue.only, self.queue.page, live=True)
        following = next_case(before, [row.id for row in self.queue.rows], acted)
        opened = bool(following) and await self._open(following)
        self._point("case-title" if opened else "done")

    async def _open(self, record_id: Any) -> bool:
        view = await self._perform(queue_case, record_id=record_id)
        if view is None:
            return False
        self._close()
        self.case, self.typed = view, self._drafts.get(view.id, "")
        return True

    def _close(self) -> None:
        self.case, self.typed, self.problem, self.wrong, self.holding = CaseView.empty(), "", "", "", False

    def _draft(self, record_id: str, text: str) -> None:
        kept = {key: value for key, value in self._drafts.items() if key != record_id}
        self.typed = text[:LONGEST_DRAFT]
        self._drafts = dict([*kept.items(), (record_id, self.typed)][-MOST_DRAFTS:])

    def _point(self, where: str) -> None:
        self._turn += 1
        self.focus = f"{where} {self._turn}"
