"""Results in a list and results on their way, of few elements each: people wait for this page most."""

from __future__ import annotations

from typing import Any

import reflex as rx

from rxportal.components.link import in_chart
from rxportal.components.parts import journey, quiet, tag
from rxportal.core.text import _


def month_list(months: Any, arrived: Any, chart: Any) -> rx.Component:
    """Results newest first, a heading per month; `arrived`: ids of the rows that came by themselves.

    `chart`: the page's `chart_key`.
    """
    return rx.foreach(
        months,
        lambda month: rx.el.section(
            rx.el.h2(month.name),
            result_list(month.rows, arrived, chart),
            class_name="stack",
            key=month.name,
        ),
    )


def result_list(rows: Any, arrived: Any, chart: Any) -> rx.Component:
    """One list of results."""
    return rx.el.ul(
        rx.foreach(
            rows,
            lambda row: rx.el.li(
                result_item(row, chart),
                class_name=rx.cond(arrived.contains(row.id), "arrived", ""),
                key=row.id,
            ),
        ),
        class_name="list",
    )


def result_item(row: Any, chart: Any) -> rx.Component:
    """One result: what, when, from whom, how it came out in words."""
    collected = rx.cond(row.collected == "", "", _("Collected ") + row.collected + " · ")
    source = rx.cond(row.source == "", "", " · " + row.source)
    return in_chart(
        rx.el.span(row.title, rx.cond(row.is_new, rx.el.span(_("New"), class_name="new")), class_name="title"),
        rx.el.span(collected + row.detail + source, class_name="quiet"),
        rx.cond(row.flag != "", tag(row.flag, row.tone)),
        path="/results/" + row.id.to(str),
        chart=chart,
        class_name="item",
    )


def on_the_way(rows: Any, chart: Any) -> rx.Component:
    """The section of results on their way, absent when there are none. Nothing is asked of the reader."""
    return rx.cond(
        rows.length() > 0,
        rx.el.section(
            rx.el.h2(_("On the way"), id="on-the-way"),
            rx.foreach(rows, lambda row: waiting_card(row, chart)),
            quiet(_("You don’t need to do anything. This page moves by itself.")),
            class_name="stack",
            aria_labelledby="on-the-way",
        ),
    )


def waiting_card(row: Any, chart: Any) -> rx.Component:
    """One result on its way: what was done, who acts next, by when."""
    title = in_chart(row.title, path="/results/" + row.id.to(str), chart=chart)
    return rx.el.article(
        rx.el.div(rx.el.h3(title), tag(row.tag, "wait"), class_name="row"),
        journey(row.steps),
        quiet(row.sentence),
        class_name="card",
        key=row.id,
    )
