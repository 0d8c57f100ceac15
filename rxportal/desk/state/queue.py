"""The left side of the desk: which results wait, which part of them is shown, and the bulk act on normal ones."""

from __future__ import annotations

from typing import Any

import reflex as rx

from rxportal.core.access import Permission
from rxportal.core.text import plural
from rxportal.services.desk_results import mark_normal_seen, result_queue
from rxportal.services.desk_results_views import BulkAnswer, QueueView
from rxportal.state.guard import policy


class QueuePart(rx.State, mixin=True):
    """`chosen`: the ticked ones of the `normal_here` normal results of this page; `answer`: what the bulk act did.

    `ticks` counts how often the boxes were set from here: the browser keeps its own between two of them.
    `arrived`: rows that came by themselves, `news` the words for it.
    """

    queue: QueueView = QueueView.empty()
    normal_here: int = 0
    chosen: list[str] = []
    ticks: int = 0
    answer: BulkAnswer = BulkAnswer()
    arrived: list[str] = []
    news: str = ""

    @rx.event
    @policy(Permission.SEE_RESULT_QUEUE)
    async def show_only(self, only: str) -> None:
        """Show one part of the queue."""
        await self._show(only, 1)

    @rx.event
    @policy(Permission.SEE_RESULT_QUEUE)
    async def turn(self, page: int) -> None:
        """Turn to another page of the queue; the focus goes to its top."""
        await self._show(self.queue.only, page)
        self._point("queue-title")

    @rx.event
    @policy(Permission.DECIDE_RELEASE)
    def choose(self, record_id: str, ticked: bool) -> None:
        """Tick or untick one normal result."""
        rest = [one for one in self.chosen if one != record_id]
        self.chosen = [*rest, record_id] if ticked is True and record_id in self._normal() else rest

    @rx.event
    @policy(Permission.DECIDE_RELEASE)
    def choose_all(self) -> None:
        """Tick every normal result of this page, or none when all are ticked."""
        normal = self._normal()
        self.chosen = [] if len(self.chosen) == len(normal) else normal
        self.ticks += 1

    @rx.event
    @policy(Permission.DECIDE_RELEASE)
    async def bulk_seen(self) -> None:
        """Mark every ticked result as seen; the answer comes per item and gets the focus."""
        if not self.chosen:
            return
        asked = list(self.chosen)  # a plain list: what Reflex hands out is a proxy, which is no JSON
        answer = await self._perform(mark_normal_seen, record_ids=asked)
        if answer is None:
            self.field = ""  # no control of this page: the reason stands above it
            return
        self.answer, self.chosen, self.done = answer, [], ""
        self.ticks += 1
        left = [one.id for one in answer.refused]
        if self.case.id in asked and self.case.id not in left:
            self._close()
        await self._show(self.queue.only, self.queue.page, live=True)
        self._point("answer-title")

    @rx.event
    @policy(Permission.SEE_RESULT_QUEUE)
    def dismiss(self) -> None:
        """The answer of the bulk act was read."""
        self.answer = BulkAnswer()
        self._point("queue-title")

    def _normal(self) -> list[str]:
        return [row.id for row in self.queue.rows if row.normal]

    async def _show(self, only: Any, page: Any, *, live: bool = False) -> bool:
        """Read a page of the queue; False: it was refused, and `message` says why."""
        view = await self._perform(result_queue, live=live, only=only, page=page)
        if view is None:
            return False
        self.queue = view
        normal = self._normal()
        self.normal_here = len(normal)
        self.chosen = [one for one in self.chosen if one in normal]
        self._judge()
        return True

    def _judge(self) -> None:
        """Empty: nothing waits at all. With a case open the page stays, for what is being typed in it."""
        self.phase = "empty" if not self.queue.total and not self.queue.only and not self.case.id else "ready"

    def _notice(self, before: QueueView) -> None:
        """Say what came into the queue by itself since `before`."""
        known = {row.id for row in before.rows}
        more = self.queue.total - before.total if before.only == self.queue.only else 0
        self.arrived = [row.id for row in self.queue.rows if row.id not in known] if more > 0 else []
        self.news = plural("{count} more result waits.", "{count} more results wait.", more) if more > 0 else ""
