"""Appointments and visits: the list of them, one of them, and one document."""

from __future__ import annotations

import reflex as rx

from rxportal.core.access import Permission
from rxportal.core.text import _
from rxportal.services.appointments import list_appointments
from rxportal.services.documents import open_note
from rxportal.services.documents_views import DocumentDetail
from rxportal.services.visits import open_visit
from rxportal.services.visits_views import AppointmentsPage, VisitDetail
from rxportal.state.base import PageState
from rxportal.state.guard import policy


class AppointmentsState(PageState, rx.State):
    """`/appointments`. `focus` says what the focus moves to when the pressed button goes away ("element-id turn")."""

    view: AppointmentsPage = AppointmentsPage.empty()
    news: str = ""
    focus: str = ""

    _topics = ("records", "results")
    _turn: int = 0

    @rx.event
    @policy(Permission.VIEW_APPOINTMENTS, looks=True)
    async def load(self) -> None:
        """Open the page, or come back to where the person was on this chart."""
        if self.chart_key != self._grant():
            self.reset()
        self._watch()
        self.news = ""
        await self._show(self.view.page)

    @rx.event
    @policy(Permission.VIEW_APPOINTMENTS, looks=True)
    async def refresh(self) -> None:
        """Read again because something changed; say so where it shows."""
        before = self.view
        await self._show(before.page, live=True)
        self.news = _("Your appointments were updated.") if self.view != before else ""

    @rx.event
    @policy(Permission.VIEW_APPOINTMENTS)
    async def go(self, page: int) -> None:
        """Turn to another page of past visits."""
        await self._show(page)
        self._turn += 1
        self.focus = f"past {self._turn}"

    async def _show(self, page: int, *, live: bool = False) -> None:
        view = await self._perform(list_appointments, live=live, page=page)
        if view is None:
            return
        self.view = view
        self.phase = "ready" if view.coming or view.total else "empty"


class VisitState(PageState, rx.State):
    """`/visits/[id]`."""

    view: VisitDetail = VisitDetail.empty()
    news: str = ""

    _topics = ("records", "results")

    @rx.event
    @policy(Permission.VIEW_APPOINTMENTS, looks=True)
    async def load(self) -> None:
        """Open the visit that the address names."""
        self._watch()
        wanted = last_of(str(self.router.url.path))
        if self.view.id != wanted:
            self.phase, self.view = "loading", VisitDetail.empty()
        self.news = ""
        await self._show(wanted)

    @rx.event
    @policy(Permission.VIEW_APPOINTMENTS, looks=True)
    async def refresh(self) -> None:
        """Read again because something changed."""
        before = self.view
        await self._show(last_of(str(self.router.url.path)), live=True)
        self.news = _("This visit was updated.") if self.view != before else ""

    async def _show(self, wanted: str, *, live: bool = False) -> None:
        view = await self._perform(open_visit, live=live, visit_id=wanted)
        if view is None:
            self.phase, self.view = "failed", VisitDetail.empty()
            return
        self.view, self.phase = view, "ready"


class NoteState(PageState, rx.State):
    """`/notes/[id]`."""

    view: DocumentDetail = DocumentDetail.empty()
    news: str = ""

    _topics = ("records", "results")

    @rx.event
    @policy(Permission.OPEN_DOCUMENT, looks=True)
    async def load(self) -> None:
        """Open the document that the address names."""
        self._watch()
        wanted = last_of(str(self.router.url.path))
        if self.view.row.id != wanted:
            self.phase, self.view = "loading", DocumentDetail.empty()
        self.news = ""
        await self._show(wanted)

    @rx.event
    @policy(Permission.OPEN_DOCUMENT, looks=True)
    async def refresh(self) -> None:
        """Read again because something changed."""
        before = self.view
        await self._show(last_of(str(self.router.url.path)), live=True)
        self.news = _("This document was updated.") if self.view != before else ""

    async def _show(self, wanted: str, *, live: bool = False) -> None:
        view = await self._perform(open_note, live=live, note_id=wanted)
        if view is None:
            self.phase, self.view = "failed", DocumentDetail.empty()
            return
        self.view, self.phase = view, "ready"


def last_of(path: str) -> str:
    """The last segment of an address: the id that a `/…/[id]` route names."""
    return path.rstrip("/").rpartition("/")[2]
