"""`/results/[id]`: one result, laid out by its kind, or its journey while it is on its way."""

from __future__ import annotations

from typing import Any

import reflex as rx

from rxportal.components.documents import file_list
from rxportal.components.frame import ChartGate, PrintButton
from rxportal.components.icons import icon
from rxportal.components.layout import signed_in
from rxportal.components.link import link
from rxportal.components.parts import journey, quiet, tag
from rxportal.components.phases import empty_screen, phases
from rxportal.components.trend import trends
from rxportal.components.values import value_table
from rxportal.core.text import _
from rxportal.state.result import ResultState as Page
from rxportal.state.session import SessionState

VIEW = Page.view


def result() -> rx.Component:
    """The page; its heading belongs to the chart that the address names, like everything below it."""
    return signed_in(
        rx.el.p(link(icon("back"), _("All results"), href="/results", class_name="back"), class_name="way-back"),
        ChartGate.create(
            rx.el.h1(rx.cond(VIEW.title != "", VIEW.title, _("Test result"))),
            grant=Page.chart_key,
            waiting=rx.el.h1(_("Test result")),
        ),
        rx.el.div(Page.news, role="status", class_name="unseen"),
        phases(
            Page,
            filled=rx.cond(VIEW.waiting, waiting(), shown()),
            empty=empty_screen(_("There is nothing in this result")),
            loading=_("Loading the result"),
            retry=Page.load,
        ),
        active="results",
    )


def waiting() -> rx.Component:
    """Not released yet: what was done, who acts next, and by when."""
    return rx.fragment(
        rx.el.section(
            rx.el.div(rx.el.h2(_("On its way")), tag(_("Not shown yet"), "wait"), class_name="row"),
            journey(VIEW.steps),
            rx.el.p(VIEW.waiting_sentence),
            quiet(_("You don’t need to do anything. This page moves by itself.")),
            class_name="card",
        ),
        rx.el.p(link(_("Why isn’t my result here?"), href="/help#why-not-here")),
    )


def shown() -> rx.Component:
    """Words first where the report is words; the table first where it is numbers."""
    in_words = (VIEW.layout == "pathology") | (VIEW.layout == "imaging")
    return rx.fragment(
        rx.el.p(rx.el.strong(SessionState.chart_name), class_name="print-only"),  # paper has no header that says whose
        summary(),
        comment(),
        rx.cond(in_words, rx.fragment(report(), numbers()), rx.fragment(numbers(), report())),
        files(),
        facts(),
        rx.el.p(PrintButton.create(icon("print"), _("Print"), class_name="button second"), class_name="row"),
    )


def summary() -> rx.Component:
    """What it says in a phrase, when it was collected, and from where."""
    return rx.el.div(
        rx.cond(VIEW.flag != "", tag(VIEW.flag, VIEW.tone)),
        quiet(
            VIEW.kind_label,
            rx.cond(VIEW.collected != "", rx.fragment(_(" · Collected "), VIEW.collected), ""),
            rx.cond(VIEW.source != "", f" · {VIEW.source}", ""),
        ),
        class_name="row summary",
    )


def comment() -> rx.Component:
    """The clinician's own words come before any number."""
    return rx.cond(
        VIEW.comment != "",
        rx.el.section(
            rx.el.h2(
                rx.cond(VIEW.comment_by != "", _("From {who}").format(who=VIEW.comment_by), _("From your doctor"))
            ),
            rx.el.p(VIEW.comment, class_name="told"),
            rx.cond(VIEW.comment_when != "", quiet(VIEW.comment_when)),
            class_name="card why",
        ),
    )


def numbers() -> rx.Component:
    """Values and, beside them on a wide screen, how each moved over time."""
    return rx.el.div(
        values(),
        over_time(),
        class_name=rx.cond(
            (VIEW["values"].length() > 0) & (VIEW.trends.length() > 0), "two numbers", "sections numbers"
        ),
    )


def values() -> rx.Component:
    """The table of values."""
    return rx.cond(
        VIEW["values"].length() > 0,
        rx.el.section(
            rx.el.h2(rx.cond(VIEW.layout == "microbiology", _("What was found"), _("Values"))),
            value_table(VIEW["values"], title=_("Values of this result")),
            class_name=f"card layout-{VIEW.layout}",
        ),
    )


def report() -> rx.Component:
    """The report in words, its conclusion first: that is what the reader came for."""
    return rx.cond(
        (VIEW.narrative.length() > 0) | (VIEW.conclusion != ""),
        rx.el.section(
            rx.el.h2(_("Report")),
            rx.cond(
                VIEW.conclusion != "",
                rx.el.div(
                    rx.el.h3(_("In short")),
                    rx.el.p(VIEW.conclusion, class_name="told"),
                    class_name="in-short",
                ),
            ),
            rx.foreach(VIEW.narrative, lambda text, number: rx.el.p(text, class_name="told", key=number.to(str))),
            class_name="card",
        ),
    )


def over_time() -> rx.Component:
    """The trends of the values above."""
    return rx.cond(
        VIEW.trends.length() > 0,
        rx.el.section(rx.el.h2(_("Over time")), trends(VIEW.trends), class_name="card"),
    )


def files() -> rx.Component:
    """What came with the result."""
    return rx.cond(
        VIEW.attachments.length() > 0,
        rx.el.section(
            rx.el.h2(_("Files")),
            file_list(VIEW.attachments),
            class_name="card",
        ),
    )


def facts() -> rx.Component:
    """Where it comes from, and the way it took."""
    pairs = (
        (_("Sample"), VIEW.specimen),
        (_("Ordered by"), VIEW.ordered_by),
        (_("Done by"), VIEW.performer),
        (_("Report"), VIEW.status),
        (_("Report date"), VIEW.issued),
        (_("Record"), VIEW.provenance),
    )
    return rx.el.section(
        rx.el.h2(_("About this result")),
        rx.el.dl(*[_fact(name, words) for name, words in pairs], class_name="facts"),
        rx.cond(VIEW.steps.length() > 0, journey(VIEW.steps)),
        class_name="card",
    )


def _fact(name: str, words: Any) -> rx.Component:
    return rx.cond(words != "", rx.el.div(rx.el.dt(name), rx.el.dd(words)))
