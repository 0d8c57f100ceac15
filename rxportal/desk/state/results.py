"""`/desk/results`: the clinician's queue of results and the case that is open beside it."""

from __future__ import annotations

import reflex as rx

from rxportal.core.access import Permission
from rxportal.core.errors import Unavailable
from rxportal.core.text import _
from rxportal.desk.state.case import CasePart
from rxportal.desk.state.queue import QueuePart
from rxportal.services.desk_results import queue_case
from rxportal.services.desk_results_views import BulkAnswer, CaseView, QueueView
from rxportal.state.base import PageState
from rxportal.state.guard import policy

FIELDS = {"comment": "comment", "reason": "hold-reason", "until": "hold-until"}


class DeskResultsState(QueuePart, CasePart, PageState, rx.State):
    """One page, one state: the queue and the case change together."""

    _topics = ("results", "desk_results")

    @rx.event
    @policy(Permission.SEE_RESULT_QUEUE)
    async def load(self) -> None:
        """Open the desk, where one was on it."""
        self._watch()
        self.done = self.news = ""
        self.arrived = []
        if not await self._show(self.queue.only, self.queue.page):
            self._shut()
        elif self.case.id:
            await self._open(self.case.id)

    @rx.event
    @policy(Permission.SEE_RESULT_QUEUE)
    async def refresh(self) -> None:
        """Read queue and case again because something changed; what is being typed stays."""
        before = self.queue
        if not await self._show(before.only, before.page, live=True):
            self._shut()
            return
        self._notice(before)
        if self.case.id:
            view = await self._perform(queue_case, live=True, record_id=self.case.id)
            if view is not None:
                self.case = view
            elif self._refused():
                self.message, self.done = "", _("The result that was open here is gone from the record.")
                self._close()
                self._judge()
                self._point("done")

    def _refuse(self) -> None:
        """The reason moves from the top of the page to the buttons, or to the field that it names."""
        code = " " + _("Code: {code}").format(code=self.reference) if self.reference else ""
        self.problem, self.wrong, self.done = self.message + code, self.field, ""
        self.message = self.reference = self.field = ""
        self._point(FIELDS.get(self.wrong, "problem"))

    def _refused(self) -> bool:
        """Whether the last call was refused for good, rather than failed for the moment."""
        return bool(self.message) and not self.reference and self.message != Unavailable().message

    def _shut(self) -> None:
        """Nothing of the desk stays on the screen of somebody who may no longer stand there."""
        if self._refused():
            self.queue, self.case, self.chosen, self.phase = QueueView.empty(), CaseView.empty(), [], "failed"
            self.answer, self.normal_here, self._drafts, self.typed = BulkAnswer(), 0, {}, ""
