"""`/appointments`: what is coming, what was, and how to book (S9)."""

from __future__ import annotations

from typing import Any

import reflex as rx

from rxportal.components.forms import button
from rxportal.components.frame import FocusWhenTold
from rxportal.components.layout import signed_in
from rxportal.components.parts import quiet
from rxportal.components.phases import empty_screen, phases
from rxportal.components.visits import coming_card, past_item, phone
from rxportal.core.text import _
from rxportal.state.visits import AppointmentsState as Page

VIEW = Page.view


def appointments() -> rx.Component:
    """The whole page."""
    return signed_in(
        rx.el.h1(_("Appointments and visits")),
        rx.el.p(Page.news, role="status", class_name="unseen"),
        phases(
            Page,
            filled=filled(),
            empty=empty_screen(
                _("No appointments or visits yet"),
                rx.el.p(_("When the office books one, you see it here. Visits show here after they took place.")),
                booking(),
            ),
            loading=_("Opening your appointments…"),
            retry=Page.load,
        ),
        FocusWhenTold.create(told=Page.focus),
        active="visits",
    )


def booking() -> rx.Component:
    """Booking is by phone: the seed's rule (S3)."""
    return rx.el.p(_("To book, change or cancel a visit, in the office or by video, call "), phone(), ".")


def filled() -> rx.Component:
    """Coming, then past."""
    return rx.el.div(
        rx.el.section(
            rx.el.h2(_("Coming up"), id="coming"),
            rx.cond(
                VIEW.coming.length() > 0,
                rx.fragment(
                    rx.foreach(VIEW.coming, coming_card),
                    quiet(_("Times are local to the office.")),
                ),
                rx.el.p(_("Nothing is booked right now.")),
            ),
            booking(),
            class_name="stack",
            aria_labelledby="coming",
        ),
        rx.el.section(
            rx.el.h2(_("Past visits"), id="past", tab_index=-1),
            rx.cond(
                VIEW.total > 0,
                rx.fragment(quiet(VIEW.sentence), rx.foreach(VIEW.years, year), pager()),
                rx.el.p(_("No visits so far.")),
            ),
            class_name="stack",
            aria_labelledby="past",
        ),
        class_name="sections",
    )


def year(one: Any) -> rx.Component:
    """The visits of one year, newest first."""
    return rx.fragment(
        rx.el.h3(one.name),
        rx.el.ul(rx.foreach(one.rows, past_item), class_name="list"),
        key=one.name,
    )


def pager() -> rx.Component:
    """Newer and older, and where one is."""
    page, pages = VIEW.page, VIEW.pages
    return rx.cond(
        pages > 1,
        rx.el.nav(
            rx.cond(page > 1, button(_("Newer"), kind="second", type="button", on_click=Page.go(page - 1))),
            rx.el.span(_("Page {page} of {pages}").format(page=page, pages=pages)),
            rx.cond(page < pages, button(_("Older"), kind="second", type="button", on_click=Page.go(page + 1))),
            class_name="row pager",
            aria_label=_("Pages of past visits"),
        ),
    )
