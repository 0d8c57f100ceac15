"""Every page: its route, what it is called, what it loads. The access and accessibility tests enumerate this list."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import reflex as rx

from rxportal.core.text import _
from rxportal.desk.pages.results import desk_results
from rxportal.desk.state.results import DeskResultsState
from rxportal.pages.front import front
from rxportal.pages.help import help_page
from rxportal.pages.home import home
from rxportal.pages.not_found import not_found
from rxportal.pages.result import result
from rxportal.pages.results import results
from rxportal.pages.sign_in import sign_in
from rxportal.state.home import HomeState
from rxportal.state.result import ResultState
from rxportal.state.results import ResultsState
from rxportal.state.session import SessionState, SignInState


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
    Page("/desk/results", desk_results, _("Results to see"), on_load=[SessionState.load, DeskResultsState.load]),
)
NOT_FOUND = Page("404", not_found, _("Page not found"), open=True)
