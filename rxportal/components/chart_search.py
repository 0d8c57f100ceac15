"""The search box of a chart and what it found."""

from __future__ import annotations

from typing import Any

import reflex as rx

from rxportal.components.forms import button, field, text_input
from rxportal.components.frame import ChartGate, FocusWhenTold
from rxportal.components.icons import icon
from rxportal.components.link import link, plain
from rxportal.components.parts import quiet, tag
from rxportal.core.text import _
from rxportal.state.search import SearchState as Search


def chart_search(show: Any) -> rx.Component:
    """The box and, once words were looked for, the answer. `show` gets the name of a part of the page to open."""
    return rx.el.div(
        finder(),
        ChartGate.create(rx.cond(Search.view.sentence != "", answer(show)), grant=Search.chart_key),
        rx.cond(Search.message != "", rx.el.p(Search.message, role="alert", class_name="error")),
        FocusWhenTold.create(told=Search.focus),
        class_name="stack",
    )


def finder() -> rx.Component:
    """What is typed goes over the socket, never into the address."""
    return rx.el.form(
        field(
            _("Search this record"),
            text_input(
                "chart-words", "words", type="search", auto_complete="off", max_length=200,
                default_value=Search.view.query, placeholder=_("For example penicillin"),
            ),
            id="chart-words",
        ),
        button(icon("search"), _("Search"), kind="second"),
        on_submit=Search.search,
        id="chart-finder",
        role="search",
        aria_label=_("This record"),
        class_name="finder",
    )  # fmt: skip


def answer(show: Any) -> rx.Component:
    """What was found, by kind, and the way back."""
    return rx.el.section(
        rx.el.h2(Search.view.sentence, id="matches", tab_index=-1),
        rx.cond(
            (Search.view.groups.length() == 0) & (Search.view.query != ""),
            quiet(_("Look for one word alone, or for another word for the same thing.")),
        ),
        rx.foreach(Search.view.groups, lambda group: matches(group, show)),
        rx.el.p(
            # a reset button of the form, so that the words go from the box too
            button(_("Close the search"), kind="second", type="reset", form="chart-finder", on_click=Search.clear)
        ),
        class_name="card stack",
        aria_labelledby="matches",
    )


def matches(group: Any, show: Any) -> rx.Component:
    """The hits of one kind."""
    return rx.el.div(
        rx.el.h3(group.name),
        rx.el.ul(rx.foreach(group.rows, lambda row: rx.el.li(_way(row, show), key=row.id)), class_name="list"),
        rx.cond(group.more != "", quiet(group.more)),
        class_name="stack",
        key=group.name,
    )


def _way(row: Any, show: Any) -> rx.Component:
    """To a page of its own, or to the part of this page where it stands."""
    return rx.cond(
        row.href != "",
        link(*_words(row), href=row.href, class_name="item"),
        plain(*_words(row), href="#" + row.part.to(str), on_click=show(row.part), class_name="item"),
    )


def _words(row: Any) -> tuple[rx.Component, ...]:
    return (
        rx.el.span(row.title, class_name="title"),
        rx.el.span(
            row.detail,
            rx.cond((row.inside != "") & (row.detail != ""), " · ", ""),
            row.inside,
            class_name="quiet",
        ),
        rx.cond(row.tag != "", tag(row.tag, "wait")),
    )
