"""Rows of results and results on their way, the same on home and in the list."""

from __future__ import annotations

from typing import Any

import reflex as rx

from rxportal.components.link import link
from rxportal.components.parts import journey, tag
from rxportal.core.text import _


def result_list(rows: Any, arrived: Any, *, months: bool = True) -> rx.Component:
    """Results, newest first; `arrived` are the ids that came by themselves. `months`: with a heading per month."""
    return rx.el.ul(
        rx.foreach(
            rows,
            lambda row: rx.fragment(
                rx.cond(
                    row.starts_month,
                    rx.el.li(rx.el.h2(row.month), class_name="month", key=row.month),
                )
                if months
                else rx.fragment(),
                rx.el.li(result_item(row), class_name=rx.cond(arrived.contains(row.id), "arrived", ""), key=row.id),
                key=row.id,
            ),
        ),
        class_name="list months" if months else "list",
    )


def result_item(row: Any) -> rx.Component:
    """One result: what, when, from whom, how it came out in words."""
    return link(
        rx.el.span(
            row.title,
            rx.cond(row.is_new, rx.el.span(_("New"), class_name="new")),
            class_name="title",
        ),
        rx.el.span(_("Collected "), row.collected, " · ", row.detail, " · ", row.source, class_name="quiet"),
        rx.cond(row.flag != "", tag(row.flag, row.tone)),
        href="/results/" + row.id.to(str),
        class_name="item",
    )


def waiting_list(rows: Any) -> rx.Component:
    """Results on their way: what was done, who acts next, by when."""
    return rx.el.div(
        rx.foreach(
            rows,
            lambda row: rx.el.article(
                rx.el.div(rx.el.h3(row.title), tag(row.tag, "wait"), class_name="row"),
                journey(row.steps),
                rx.el.p(row.sentence, class_name="quiet"),
                class_name="card",
                key=row.id,
            ),
        ),
        class_name="stack",
    )


def on_the_way(rows: Any) -> rx.Component:
    """The section of waiting results, absent when there are none."""
    return rx.cond(
        rows.length() > 0,
        rx.el.section(
            rx.el.h2(_("On the way"), id="on-the-way"),
            waiting_list(rows),
            rx.el.p(_("You don’t need to do anything. This page moves by itself."), class_name="quiet"),
            class_name="stack",
            aria_labelledby="on-the-way",
        ),
    )
