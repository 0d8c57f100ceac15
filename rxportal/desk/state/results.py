"""The clinician's queue of results and the case that is open beside it."""

from __future__ import annotations

from typing import Any

import reflex as rx

from rxportal.core.access import Permission
from rxportal.core.text import _
from rxportal.services.desk_results import (
    hold_result,
    mark_normal_seen,
    mark_seen,
    queue_case,
    release_result,
    result_queue,
)
from rxportal.services.desk_results_views import BulkAnswer, CaseView, QueueView
from rxportal.state.base import PageState
from rxportal.state.guard import policy

ACTS = {"seen": mark_seen, "release": release_result, "hold": hold_result}


class DeskResultsState(PageState, rx.State):
    """`/desk/results`. `done`: what the last act did, in words; `typed`: the comment as typed, kept when refused."""

    queue: QueueView = QueueView.empty()
    case: CaseView = CaseView.empty()
    chosen: list[str] = []
    answer: BulkAnswer = BulkAnswer()
    done: str = ""
    holding: bool = False
    typed: str = ""

    _topics = ("results", "desk_results")

    @rx.event
    @policy(Permission.SEE_RESULT_QUEUE)
    async def load(self) -> None:
        """Open the desk."""
        self._watch()
        self.done = ""
        await self._show(self.queue.only, self.queue.page)

    @rx.event
    @policy(Permission.SEE_RESULT_QUEUE)
    async def refresh(self) -> None:
        """Read queue and case again because somebody acted."""
        await self._show(self.queue.only, self.queue.page, live=True)
        if self.case.id:
            await self._open(self.case.id, live=True)

    @rx.event
    @policy(Permission.SEE_RESULT_QUEUE)
    async def filter(self, only: str) -> None:
        """Show one part of the queue."""
        await self._show(only, 1)

    @rx.event
    @policy(Permission.SEE_RESULT_QUEUE)
    async def go(self, page: int) -> None:
        """Turn to another page of the queue."""
        await self._show(self.queue.only, page)

    @rx.event
    @policy(Permission.SEE_RESULT_QUEUE)
    async def open(self, record_id: str) -> None:
        """Open one case."""
        self.done, self.holding, self.typed = "", False, ""
        await self._open(record_id)

    @rx.event
    @policy(Permission.DECIDE_RELEASE)
    def start_hold(self) -> None:
        """Show the reason and end date of a hold."""
        self.holding = not self.holding

    @rx.event
    @policy(Permission.DECIDE_RELEASE)
    async def act(self, form: dict[str, Any]) -> None:
        """Seen, release or hold: which button of the form was pressed stands in `act`."""
        given = form if isinstance(form, dict) else {}
        case = ACTS.get(str(given.get("act", "")))
        self.typed = str(given.get("comment", ""))[:4000]
        if case is None or not self.case.id:
            return
        inputs: dict[str, Any] = {"record_id": self.case.id, "comment": self.typed}
        if case is hold_result:
            inputs |= {"reason": given.get("reason", ""), "until": given.get("until", "")}
        title = self.case.title
        if await self._perform(case, **inputs) is None and self.message:
            return
        self.holding, self.typed = False, ""
        self.done = _("Done: {title}.").format(title=title)
        await self._show(self.queue.only, self.queue.page, live=True)
        await self._open(self.case.id, live=True)

    @rx.event
    @policy(Permission.DECIDE_RELEASE)
    def choose(self, record_id: str) -> None:
        """Tick or untick one result for the bulk act."""
        known = {row.id for row in self.queue.rows if row.normal}
        if record_id in known:
            self.chosen = (
                [one for one in self.chosen if one != record_id]
                if record_id in self.chosen
                else [*self.chosen, record_id]
            )

    @rx.event
    @policy(Permission.DECIDE_RELEASE)
    async def bulk_seen(self) -> None:
        """Mark every ticked normal result as seen; the answer comes per item."""
        answer = await self._perform(mark_normal_seen, record_ids=self.chosen)
        if answer is None:
            return
        self.answer, self.chosen = answer, []
        await self._show(self.queue.only, self.queue.page, live=True)

    async def _show(self, only: Any, page: Any, *, live: bool = False) -> None:
        view = await self._perform(result_queue, live=live, only=only, page=page)
        if view is None:
            return
        self.queue = view
        self.phase = "empty" if view.total == 0 and not view.only else "ready"

    async def _open(self, record_id: str, *, live: bool = False) -> None:
        view = await self._perform(queue_case, live=live, record_id=record_id)
        self.case = view or CaseView.empty()
