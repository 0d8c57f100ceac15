"""Results in a list and results on their way, the same on the home page and on the list."""

from __future__ import annotations

from typing import Any

import reflex as rx

from rxportal.components.link import link
from rxportal.components.parts import journey, quiet, tag
from rxportal.core.text import _


def month_list(months: Any, arrived: Any) -> rx.Component:
    """Results newest first, a heading per month; `arrived`: ids of the rows that came by themselves."""
    return rx.foreach(
        months,
        lambda month: rx.el.section(
            rx.el.h2(month.name),
            result_list(month.rows, arrived),
            class_name="stack",
            key=month.name,
        ),
    )


def result_list(rows: Any, arrived: Any) -> rx.Component:
    """One list of results."""
    return rx.el.ul(
        rx.foreach(
            rows,
            lambda row: rx.el.li(
                result_item(row), class_name=rx.cond(arrived.contains(row.id), "arrived", ""), key=row.id
            ),
        ),
        class_name="list",
    )


def result_item(row: Any) -> rx.Component:
    """One result: what, when, from whom, how it came out in words."""
    return link(
        rx.el.span(row.title, rx.cond(row.is_new, rx.el.span(_("New"), class_name="new")), class_name="title"),
        rx.el.span(
            rx.cond(row.collected != "", rx.fragment(_("Collected "), row.collected, " · ")),
            row.detail,
            rx.cond(row.source != "", rx.fragment(" · ", row.source)),
            class_name="quiet",
        ),
        rx.cond(row.flag != "", tag(row.flag, row.tone)),
        href="/results/" + row.id.to(str),
        class_name="item",
    )


def on_the_way(rows: Any) -> rx.Component:
    """The section of results on their way, absent when there are none. Nothing is asked of the reader."""
    return rx.cond(
        rows.length() > 0,
        rx.el.section(
            rx.el.h2(_("On the way"), id="on-the-way"),
            rx.foreach(rows, waiting_card),
            quiet(_("You don’t need to do anything. This page moves by itself.")),
            class_name="stack",
            aria_labelledby="on-the-way",
        ),
    )


def waiting_card(row: Any) -> rx.Component:
    """One result on its way: what was done, who acts next, by when."""
    return rx.el.article(
        rx.el.div(rx.el.h3(link(row.title, href="/results/" + row.id.to(str))), tag(row.tag, "wait"), class_name="row"),
        journey(row.steps),
        quiet(row.sentence),
        class_name="card",
        key=row.id,
    )
