"""`/medicines`: what is taken and what was, where each stands, and what to do next."""

from __future__ import annotations

from typing import Any

import reflex as rx

from rxportal.components.forms import button
from rxportal.components.frame import FocusWhenTold
from rxportal.components.layout import signed_in
from rxportal.components.medicines import given, medicine_card, past_medicine
from rxportal.components.parts import quiet
from rxportal.components.phases import empty_screen, phases
from rxportal.components.visits import phone
from rxportal.core.text import _
from rxportal.state.medicines import MedicinesState as Page
from rxportal.state.session import SessionState

VIEW = Page.view


def medicines() -> rx.Component:
    """The whole page."""
    return signed_in(
        rx.el.h1(_("Medicines")),
        quiet(
            _("Medicines can’t be renewed here yet. For a refill ask the pharmacy; for a new prescription call "),
            phone(),
            ".",
        ),
        rx.el.p(Page.news, role="status", class_name="unseen"),
        phases(
            Page,
            filled=filled(),
            empty=empty_screen(
                _("No medicines are on file here"),
                rx.el.p(_("Medicines from somewhere else may be missing. Tell your care team what is taken.")),
                rx.cond(VIEW.partly != "", rx.el.p(VIEW.partly)),
            ),
            loading=_("Opening the medicines…"),
            retry=Page.load,
        ),
        FocusWhenTold.create(told=Page.focus),
        active="medicines",
    )


def filled() -> rx.Component:
    """Now, past, and what was given at a visit."""
    return rx.el.div(
        rx.el.p(rx.el.strong(SessionState.chart_name), class_name="print-only"),  # paper has no header that says whose
        rx.cond(VIEW.partly != "", rx.el.p(VIEW.partly, class_name="why")),
        section(
            "now",
            rx.cond(VIEW.own, _("You take now"), _("Taken now")),
            rx.cond(
                VIEW.now.length() > 0,
                rx.el.div(rx.foreach(VIEW.now, medicine_card), class_name="medicines"),
                rx.el.p(_("No medicine on file is taken now."), class_name="card"),
            ),
        ),
        rx.cond(VIEW.past.length() > 0, section("past", _("Not taken any more"), past())),
        rx.cond(
            VIEW.given.length() > 0,
            section("given", _("Given at a visit"), rx.el.ul(rx.foreach(VIEW.given, given), class_name="list entries")),
        ),
        class_name="sections",
    )


def past() -> rx.Component:
    """What is not taken any more, and the way to the rest of it."""
    return rx.fragment(
        rx.el.ul(rx.foreach(VIEW.past, past_medicine), class_name="list entries"),
        rx.cond(
            VIEW.more != "",
            rx.el.p(
                button(
                    VIEW.more,
                    rx.el.span(_(" medicines that are not taken any more"), class_name="unseen"),
                    kind="second",
                    type="button",
                    on_click=Page.show_all,
                )
            ),
        ),
    )


def section(name: str, title: Any, *inside: Any) -> rx.Component:
    """One part of the page under its heading."""
    return rx.el.section(rx.el.h2(title, id=name, tab_index=-1), *inside, class_name="stack part", aria_labelledby=name)
