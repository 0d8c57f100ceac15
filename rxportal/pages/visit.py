"""`/visits/[id]`: one visit or appointment, its notes to read, and what came of it."""

from __future__ import annotations

from typing import Any

import reflex as rx

from rxportal.components.documents import paper
from rxportal.components.frame import ChartGate, PrintButton
from rxportal.components.icons import icon
from rxportal.components.layout import signed_in
from rxportal.components.link import link
from rxportal.components.parts import quiet, tag
from rxportal.components.phases import empty_screen, phases
from rxportal.components.visits import phone, video_words
from rxportal.core.text import _
from rxportal.state.session import SessionState
from rxportal.state.visits import VisitState as Page

VIEW = Page.view


def visit() -> rx.Component:
    """The page; its heading belongs to the chart that the address names, like everything below it."""
    return signed_in(
        rx.el.p(
            link(icon("back"), _("All appointments and visits"), href="/appointments", class_name="back"),
            class_name="way-back",
        ),
        ChartGate.create(
            rx.el.h1(rx.cond(VIEW.title != "", VIEW.title, _("Visit"))),
            grant=Page.chart_key,
            waiting=rx.el.h1(_("Visit")),
        ),
        rx.el.p(Page.news, role="status", class_name="unseen"),
        phases(
            Page,
            filled=filled(),
            empty=empty_screen(_("There is nothing in this visit")),
            loading=_("Opening the visit…"),
            retry=Page.load,
        ),
        active="visits",
    )


def filled() -> rx.Component:
    """When first; then what to do before or what is to be read; then what came of it."""
    return rx.fragment(
        rx.el.p(rx.el.strong(SessionState.chart_name), class_name="print-only"),
        rx.el.div(
            rx.el.p(rx.el.strong(VIEW.when)),
            rx.cond(VIEW.tag != "", tag(VIEW.tag, VIEW.tone)),
            class_name="row",
        ),
        rx.cond(VIEW.off, rx.el.p(VIEW.off_sentence, class_name="why")),
        rx.cond(VIEW.coming & ~VIEW.off, before()),
        rx.foreach(VIEW.notes, note),
        facts(),
        rx.foreach(VIEW.parts, part),
        rx.cond(VIEW.more != "", quiet(VIEW.more)),
        rx.cond(
            ~VIEW.coming & ~VIEW.off & (VIEW.notes.length() == 0),
            quiet(_("No notes came with this visit. Ask the office if you expected some.")),
        ),
        quiet(VIEW.provenance),
        rx.el.p(PrintButton.create(icon("print"), _("Print"), class_name="button second"), class_name="row"),
    )


def before() -> rx.Component:
    """What to do before the visit, how it will work, and how to change it."""
    return rx.el.section(
        rx.el.h2(_("Before the visit")),
        rx.foreach(VIEW.instructions, lambda words: rx.el.p(words, key=words)),
        rx.cond(VIEW.way == "video", video_words()),
        rx.el.p(_("To change or cancel, call "), phone(), "."),
        class_name="card why",
    )


def note(one: Any) -> rx.Component:
    """One note or summary, to be read here."""
    return rx.el.section(
        rx.el.h2(link(one.title, href=one.href)), quiet(one.detail), paper(one), class_name="card", key=one.id
    )


def facts() -> rx.Component:
    """Who, where, how, what for."""
    pairs = (
        (_("With"), VIEW.who),
        (_("Where"), VIEW.place),
        (_("How"), VIEW.way_words),
        (_("What for"), VIEW.reasons),
        (_("About"), VIEW.about),
        (_("Organization"), VIEW.provider),
        (_("Went to afterward"), VIEW.went),
        (_("Times"), rx.cond(VIEW.zone != "", _("Local to the office ({zone})").format(zone=VIEW.zone), "")),
    )
    return rx.el.section(
        rx.el.h2(_("About this visit")),
        rx.el.dl(*[_fact(name, words) for name, words in pairs], class_name="facts"),
        class_name="card",
    )


def _fact(name: str, words: Any) -> rx.Component:
    return rx.cond(words != "", rx.el.div(rx.el.dt(name), rx.el.dd(words)))


def part(one: Any) -> rx.Component:
    """Things of one sort; measured values side by side, everything else as a list."""
    return rx.el.section(
        rx.el.h2(one.name),
        rx.cond(one.origin != "", quiet(one.origin)),
        rx.cond(
            one["values"],
            rx.el.dl(rx.foreach(one.rows, value), class_name="facts card"),
            rx.el.ul(rx.foreach(one.rows, thing), class_name="list"),
        ),
        class_name="stack",
        key=one.name,
    )


def value(row: Any) -> rx.Component:
    """One measured value."""
    return rx.el.div(
        rx.el.dt(row.title),
        rx.el.dd(
            row.said,
            rx.cond(row.tag != "", rx.fragment(" ", tag(row.tag, row.tone))),
            rx.cond(row.detail != "", quiet(row.detail)),
        ),
        key=row.id,
    )


def thing(row: Any) -> rx.Component:
    """One thing: a link where it has a page of its own."""
    inside = rx.fragment(
        rx.el.span(row.title, class_name="title"),
        rx.cond(row.said != "", rx.el.span(row.said, class_name="said")),
        rx.cond(row.detail != "", rx.el.span(row.detail, class_name="quiet")),
        rx.cond(row.tag != "", tag(row.tag, row.tone)),
    )
    return rx.el.li(
        rx.cond(
            row.href != "",
            link(inside, href=row.href, class_name="item"),
            rx.el.div(inside, class_name="item"),
        ),
        key=row.id,
    )
