"""Every page: its route, what it is called, what it loads. The access and accessibility tests enumerate this list."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import reflex as rx

from rxportal.core.text import _
from rxportal.desk.pages.results import desk_results
from rxportal.desk.state.results import DeskResultsState
from rxportal.state.session import SessionState


@dataclass(frozen=True)
class Page:
    """One route. `title` and `description` never carry patient data; `open`: nobody need be signed in."""

    route: str
    component: Callable[[], rx.Component]
    title: str
    description: str = ""
    on_load: list[Any] = field(default_factory=list)
    open: bool = False


def _stand_in() -> rx.Component:
    return rx.el.main(rx.el.h1("…"))


PAGES: tuple[Page, ...] = (
    Page("/", _stand_in, _("Online services"), open=True),
    Page("/desk/results", desk_results, _("Results to see"), on_load=[SessionState.load, DeskResultsState.load]),
)
NOT_FOUND = Page("404", _stand_in, _("Page not found"), open=True)
