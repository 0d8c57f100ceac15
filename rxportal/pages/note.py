"""`/notes/[id]`: one document of the chart, to be read here or opened as the file that it is."""

from __future__ import annotations

import reflex as rx

from rxportal.components.documents import paper
from rxportal.components.frame import ChartGate, PrintButton
from rxportal.components.icons import icon
from rxportal.components.layout import signed_in
from rxportal.components.link import link
from rxportal.components.parts import quiet
from rxportal.components.phases import empty_screen, phases
from rxportal.core.text import _
from rxportal.state.session import SessionState
from rxportal.state.visits import NoteState as Page

VIEW = Page.view
ROW = VIEW.row


def note() -> rx.Component:
    """The page; its heading belongs to the chart that the address names, like everything below it."""
    return signed_in(
        rx.el.p(
            link(icon("back"), _("The whole record"), href="/record", class_name="back"),
            class_name="way-back",
        ),
        ChartGate.create(
            rx.el.h1(rx.cond(ROW.title != "", ROW.title, _("Document"))),
            grant=Page.chart_key,
            waiting=rx.el.h1(_("Document")),
        ),
        rx.el.p(Page.news, role="status", class_name="unseen"),
        phases(
            Page,
            filled=filled(),
            empty=empty_screen(_("There is nothing in this document")),
            loading=_("Opening the document…"),
            retry=Page.load,
        ),
        active="record",
    )


def filled() -> rx.Component:
    """Who wrote it and when; its words; its files; the visit it belongs to."""
    return rx.fragment(
        rx.el.p(rx.el.strong(SessionState.chart_name), class_name="print-only"),
        quiet(ROW.detail),
        rx.el.section(paper(ROW), class_name="card"),
        rx.cond(
            VIEW.visit_id != "",
            rx.el.p(_("Written at this visit: "), link(VIEW.visit_title, href="/visits/" + VIEW.visit_id.to(str))),
        ),
        quiet(VIEW.provenance),
        rx.el.p(PrintButton.create(icon("print"), _("Print"), class_name="button second"), class_name="row"),
    )
