"""`/results/[id]`: one result, laid out by its kind."""

from __future__ import annotations

from typing import Any

import reflex as rx

from rxportal.components.frame import PrintButton
from rxportal.components.icons import icon
from rxportal.components.layout import signed_in
from rxportal.components.link import link, plain
from rxportal.components.parts import journey, tag
from rxportal.components.phases import phases
from rxportal.components.trend import trend_card
from rxportal.components.values import value_table
from rxportal.core.text import _
from rxportal.state.result import ResultState

VIEW = ResultState.view


def result() -> rx.Component:
    """The whole page."""
    return signed_in(
        rx.el.p(link(icon("back"), _("All results"), href="/results", class_name="with-icon back")),
        phases(
            ResultState,
            filled=filled(),
            empty=rx.fragment(),
            loading=_("Opening the result…"),
            retry=ResultState.load,
        ),
        rx.cond(ResultState.phase != "ready", rx.el.h1(_("Test result"), class_name="first")),
        active="results",
    )


def filled() -> rx.Component:
    """A released result, or the journey of one on its way."""
    return rx.el.article(
        heading(),
        rx.cond(VIEW.waiting, waiting(), released()),
        rx.el.p(ResultState.news, role="status", class_name="unseen"),
        class_name="sections",
    )


def heading() -> rx.Component:
    """What it is, when it was collected, how it came out in words."""
    return rx.el.header(
        rx.el.h1(VIEW.title),
        rx.el.p(
            VIEW.kind_label,
            rx.cond(VIEW.collected != "", rx.fragment(_(" · collected "), VIEW.collected)),
            rx.cond(VIEW.source != "", rx.fragment(" · ", VIEW.source)),
            class_name="quiet",
        ),
        rx.cond((VIEW.flag != "") & ~VIEW.waiting, rx.el.p(tag(VIEW.flag, VIEW.tone))),
        class_name="stack",
    )


def waiting() -> rx.Component:
    """Where it is on its way, and nothing of what it says."""
    return rx.el.section(
        rx.el.h2(_("On the way")),
        journey(VIEW.steps),
        rx.el.p(VIEW.waiting_sentence),
        rx.el.p(_("You don’t need to do anything. This page moves by itself."), class_name="quiet"),
        class_name="card",
    )


def released() -> rx.Component:
    """Comment first, then what was measured or seen, then how it changed over time."""
    return rx.fragment(
        rx.cond(VIEW.comment != "", comment()),
        rx.cond(
            VIEW["values"].length() > 0,
            rx.el.section(
                rx.el.h2(_("Values"), class_name="unseen"), value_table(VIEW["values"], _("Values")), class_name="card"
            ),
        ),
        rx.cond((VIEW.narrative.length() > 0) | (VIEW.conclusion != ""), report()),
        rx.cond(
            VIEW.trends.length() > 0,
            rx.el.section(
                rx.el.h2(_("Over time"), id="over-time"),
                rx.el.div(rx.foreach(VIEW.trends, trend_card), class_name="trends"),
                class_name="stack",
                aria_labelledby="over-time",
            ),
        ),
        rx.cond(VIEW.attachments.length() > 0, attachments()),
        facts(),
        rx.el.p(PrintButton.create(icon("print"), _("Print"), class_name="button second"), class_name="row"),
    )


def comment() -> rx.Component:
    """What the doctor wrote for this person."""
    return rx.el.section(
        rx.el.h2(VIEW.comment_by, rx.cond(VIEW.comment_by == "", _("Your doctor"), ""), _(" wrote")),
        rx.el.p(VIEW.comment, class_name="lines"),
        rx.cond(VIEW.comment_when != "", rx.el.p(VIEW.comment_when, class_name="quiet")),
        class_name="card comment",
    )


def report() -> rx.Component:
    """The report's own words."""
    return rx.el.section(
        rx.el.h2(_("Report")),
        rx.cond(VIEW.conclusion != "", rx.el.p(rx.el.strong(VIEW.conclusion), class_name="lines")),
        rx.foreach(VIEW.narrative, lambda part: rx.el.p(part, class_name="lines")),
        class_name="card",
    )


def attachments() -> rx.Component:
    """Files that came with the result."""
    return rx.el.section(
        rx.el.h2(_("Files")),
        rx.el.ul(
            rx.foreach(
                VIEW.attachments,
                lambda one: rx.el.li(
                    icon("file"),
                    rx.cond(one.href != "", plain(one.title, href=one.href), rx.el.span(one.title)),
                    rx.el.span(one.size, class_name="quiet"),
                    class_name="with-icon",
                    key=one.id,
                ),
            ),
            class_name="plain",
        ),
        class_name="card",
    )


def facts() -> rx.Component:
    """Who ordered and performed it, on what, and where the record came from."""
    return rx.el.section(
        rx.el.h2(_("About this result")),
        rx.el.dl(
            fact(_("Status"), VIEW.status),
            fact(_("Reported"), VIEW.issued),
            fact(_("Ordered by"), VIEW.ordered_by),
            fact(_("Performed by"), VIEW.performer),
            fact(_("Specimen"), VIEW.specimen),
            fact(_("Came from"), VIEW.provenance),
            class_name="facts",
        ),
        class_name="card",
    )


def fact(name: str, value: Any) -> rx.Component:
    """One line of the facts, absent when it was not sent."""
    return rx.cond(value != "", rx.el.div(rx.el.dt(name), rx.el.dd(value)))
