"""Every page: its route, what it is called, what it loads. The access and accessibility tests enumerate this list."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import reflex as rx

from rxportal.core.text import _
from rxportal.desk.pages.access import desk_access
from rxportal.desk.pages.results import desk_results
from rxportal.desk.state.access import DeskAccessState
from rxportal.desk.state.results import DeskResultsState
from rxportal.pages.access_log import access_log
from rxportal.pages.appointments import appointments
from rxportal.pages.front import front
from rxportal.pages.help import help_page
from rxportal.pages.home import home
from rxportal.pages.medicines import medicines
from rxportal.pages.not_found import not_found
from rxportal.pages.note import note
from rxportal.pages.record import record
from rxportal.pages.result import result
from rxportal.pages.results import results
from rxportal.pages.security import security
from rxportal.pages.sign_in import sign_in
from rxportal.pages.visit import visit
from rxportal.state.access_log import AccessLogState
from rxportal.state.home import HomeState
from rxportal.state.medicines import MedicinesState
from rxportal.state.record import RecordState
from rxportal.state.result import ResultState
from rxportal.state.results import ResultsState
from rxportal.state.security import SecurityState
from rxportal.state.session import SessionState, SignInState
from rxportal.state.visits import AppointmentsState, NoteState, VisitState


@dataclass(frozen=True)
class Page:
    """One route. `title` and `description` never carry patient data; `open`: nobody need be signed in."""

    route: str
    component: Callable[[], rx.Component]
    title: str
    description: str = ""
    on_load: list[Any] = field(default_factory=list)
    open: bool = False


PAGES: tuple[Page, ...] = (
    Page(
        "/",
        front,
        _("Online services"),
        _("See your test results, book a video visit by phone, and get help with your bill."),
        on_load=[SessionState.peek],
        open=True,
    ),
    Page(
        "/sign-in",
        sign_in,
        _("Sign in"),
        _("Sign in or register."),
        on_load=[SessionState.peek, SignInState.load],
        open=True,
    ),
    Page(
        "/help",
        help_page,
        _("Help"),
        _("Answers to common questions about the portal."),
        on_load=[SessionState.peek],
        open=True,
    ),
    Page("/home", home, _("Home"), on_load=[SessionState.load, HomeState.load]),
    Page("/results", results, _("Test results"), on_load=[SessionState.load, ResultsState.load]),
    Page("/results/[id]", result, _("Test result"), on_load=[SessionState.load, ResultState.load]),
    Page("/medicines", medicines, _("Medicines"), on_load=[SessionState.load, MedicinesState.load]),
    Page("/appointments", appointments, _("Appointments"), on_load=[SessionState.load, AppointmentsState.load]),
    Page("/visits/[id]", visit, _("Visit"), on_load=[SessionState.load, VisitState.load]),
    Page("/notes/[id]", note, _("Document"), on_load=[SessionState.load, NoteState.load]),
    Page("/record", record, _("Health record"), on_load=[SessionState.load, RecordState.load]),
    Page(
        "/account/access-log",
        access_log,
        _("Who looked at this chart"),
        on_load=[SessionState.load, AccessLogState.load],
    ),
    Page("/account/security", security, _("Sessions and devices"), on_load=[SessionState.load, SecurityState.load]),
    Page("/desk/results", desk_results, _("Results to see"), on_load=[SessionState.load, DeskResultsState.load]),
    Page("/desk/access", desk_access, _("Access to charts"), on_load=[SessionState.load, DeskAccessState.load]),
)
NOT_FOUND = Page("404", not_found, _("Page not found"), open=True)
