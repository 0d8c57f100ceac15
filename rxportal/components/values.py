"""The values of a result as a table; stacked rows on a narrow screen."""

from __future__ import annotations

from typing import Any

import reflex as rx

from rxportal.components.parts import tag
from rxportal.core.text import _


def value_table(rows: Any, caption: str) -> rx.Component:
    """Name and flag, value with unit, usual range with a bar; a column head and a row head for every cell."""
    return rx.el.table(
        rx.el.caption(caption, class_name="unseen"),
        rx.el.thead(
            rx.el.tr(
                rx.el.th(_("Test"), scope="col"),
                rx.el.th(_("Your value"), scope="col", class_name="num"),
                rx.el.th(_("Usual range"), scope="col"),
            )
        ),
        rx.el.tbody(rx.foreach(rows, value_row)),
        class_name="values",
    )


def value_row(row: Any) -> rx.Component:
    """One value."""
    return rx.el.tr(
        rx.el.th(
            rx.el.span(row.name),
            " ",
            rx.cond((row.flag != "") & (row.tone != "good"), tag(row.flag, row.tone)),
            rx.cond(row.note != "", rx.el.span(row.note, class_name="quiet note")),
            scope="row",
        ),
        rx.el.td(rx.el.strong(row.value), " ", row.unit, class_name="num"),
        rx.el.td(
            rx.cond(row.has_bar, range_bar(row)),
            rx.el.span(rx.cond(row["range"] != "", row["range"], "–"), class_name="quiet"),
            class_name="usual",
        ),
        key=row.id,
    )


def range_bar(row: Any) -> rx.Component:
    """Where the value lies in its range; the words beside it say the same."""
    return rx.el.div(
        rx.el.i(style={"insetInlineStart": row.bar_left, "inlineSize": row.bar_width}),
        rx.el.b(style={"insetInlineStart": row.mark}),
        class_name="range",
        custom_attrs={"aria-hidden": "true"},
    )
