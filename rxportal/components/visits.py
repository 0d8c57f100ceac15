"""Appointments and visits in lists: what is coming as cards, what was as lines."""

from __future__ import annotations

from typing import Any

import reflex as rx

from rxportal.components.icons import icon
from rxportal.components.layout import SETTINGS
from rxportal.components.link import link, telephone
from rxportal.components.parts import quiet, tag
from rxportal.core.text import _


def coming_card(row: Any) -> rx.Component:
    """One visit that is still to be: when, with whom, where, how, and what to do before."""
    return rx.el.article(
        rx.el.div(
            rx.el.h3(link(row.title, href="/visits/" + row.id.to(str))),
            rx.cond(row.tag != "", tag(row.tag, row.tone)),
            class_name="row",
        ),
        rx.el.p(rx.el.strong(row.when)),
        quiet(row.detail),
        rx.cond(row.said != "", rx.el.p(row.said)),
        rx.cond(
            row.off,
            rx.el.p(_("This visit will not take place."), class_name="why"),
            rx.fragment(
                rx.foreach(row.instructions, lambda words: rx.el.p(words, class_name="why", key=words)),
                rx.cond(row.way == "video", video_words()),
            ),
        ),
        class_name="card",
        key=row.id,
    )


def past_item(row: Any) -> rx.Component:
    """One visit that was: when, what, with whom, what there is to read of it."""
    return rx.el.li(
        link(
            rx.el.span(row.title, class_name="title"),
            rx.el.span(row.detail, class_name="quiet"),
            rx.cond(row.said != "", rx.el.span(row.said, class_name="quiet")),
            rx.cond(
                row.tag != "",
                rx.el.span(row.tag, class_name="tag " + row.tone.to(str)),
                rx.cond(row.papers != "", rx.el.span(icon("file", 16), row.papers, class_name="tag wait")),
            ),
            href="/visits/" + row.id.to(str),
            class_name="item",
        ),
        key=row.id,
    )  # fmt: skip


def video_words() -> rx.Component:
    """How a video visit works here: true for what this portal can do today."""
    return rx.el.p(
        _("A video visit works on a computer, phone or tablet. There is nothing to install. The office tells you how "
          "to join: joining from this page is not possible yet. Questions? Call "),
        phone(),
        ".",
    )  # fmt: skip


def phone() -> rx.Component:
    """The practice's number."""
    return telephone(SETTINGS.practice_phone)
