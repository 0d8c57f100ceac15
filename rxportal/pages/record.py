"""`/record`: the health record on one page, in parts; each thing says where it came from."""

from __future__ import annotations

from typing import Any

import reflex as rx

from rxportal.components.chart_search import chart_search
from rxportal.components.documents import document_list
from rxportal.components.download import download_chart
from rxportal.components.frame import FocusWhenTold
from rxportal.components.layout import signed_in
from rxportal.components.link import link, plain
from rxportal.components.parts import quiet
from rxportal.components.phases import empty_screen, phases
from rxportal.components.record_items import now_and_past, record_section
from rxportal.components.vitals import vital_signs
from rxportal.core.text import _
from rxportal.state.record import RecordState as Page
from rxportal.state.session import SessionState

VIEW = Page.view


def record() -> rx.Component:
    """The whole page."""
    return signed_in(
        rx.el.h1(_("Health record")),
        quiet(
            _("What the practice and other organizations have on file, each with who sent it and the day it came. "),
            link(_("Test results"), href="/results"),
            ", ",
            link(_("medicines"), href="/medicines"),
            _(" and "),
            link(_("visits"), href="/appointments"),
            _(" have pages of their own."),
        ),
        rx.el.p(Page.news, role="status", class_name="unseen"),
        phases(
            Page,
            filled=filled(),
            empty=empty_screen(
                rx.cond(VIEW.partly != "", _("Nothing here that you can see"), _("Nothing is on file yet")),
                rx.el.p(_("When an organization sends records, they stand here. The page moves by itself.")),
                rx.cond(VIEW.partly != "", rx.el.p(VIEW.partly)),
            ),
            loading=_("Opening the record…"),
            retry=Page.load,
        ),
        FocusWhenTold.create(told=Page.focus),
        active="record",
    )


def filled() -> rx.Component:
    """The parts, and the way to each of them."""
    return rx.el.div(
        rx.el.p(rx.el.strong(SessionState.chart_name), class_name="print-only"),  # paper has no header that says whose
        rx.cond(VIEW.partly != "", rx.el.p(VIEW.partly, class_name="why")),
        chart_search(Page.show_all),
        rx.el.div(
            contents(), rx.el.div(rx.foreach(VIEW.sections, part_of_record), class_name="sections"), class_name="record"
        ),
        download_chart(Page.chart_key),
        class_name="sections",
    )


def part_of_record(part: Any) -> rx.Component:
    """One part; vital signs and documents have rows of their own."""
    inside = rx.match(
        part.name,
        ("vitals", vital_signs(VIEW.vitals, Page.show_vital)),
        ("documents", document_list(VIEW.documents)),
        now_and_past(part),
    )
    return record_section(part, inside, Page.show_all)


def contents() -> rx.Component:
    """What stands on this page: behind a word on a phone, a list beside the record on a wide screen."""
    return rx.el.nav(
        rx.el.details(
            rx.el.summary(_("On this page")),
            rx.el.ul(
                rx.foreach(
                    VIEW.sections,
                    lambda part: rx.el.li(
                        plain(part.title, rx.cond(part.count != "", f" {part.count}", ""), href=f"#{part.name}"),
                        key=part.name,
                    ),
                ),
            ),
        ),
        aria_label=_("On this page"),
        class_name="contents",
    )
