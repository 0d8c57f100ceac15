"""A table of values; under 30rem every row becomes a small stack: name and flag, value, range."""

from __future__ import annotations

from typing import Any

import reflex as rx

from rxportal.components.link import plain
from rxportal.components.parts import tag
from rxportal.core.text import _


def value_table(rows: Any, *, title: str) -> rx.Component:
    """The values of one result with their usual range, and a way to each value's trend below."""
    heads = (_("Test"), _("Result"), _("Usual range"))
    return rx.el.table(
        rx.el.caption(title, class_name="unseen"),
        rx.el.thead(rx.el.tr(*[rx.el.th(words, scope="col") for words in heads])),
        rx.el.tbody(rx.foreach(rows, _row)),
        class_name="values",
    )


def _row(row: Any) -> rx.Component:
    return rx.el.tr(
        rx.el.th(
            rx.el.span(row.name, class_name="name"),
            rx.cond((row.flag != "") & (row.flag != row.value), tag(row.flag, row.tone)),
            rx.cond(row.note != "", rx.el.span(row.note, class_name="quiet note")),
            scope="row",
        ),
        rx.el.td(
            rx.cond(
                row.flag == row.value,
                tag(row.value, row.tone),  # a word that is its own flag: "Resistant"
                rx.el.span(rx.el.strong(row.value), rx.cond(row.unit != "", f" {row.unit}", ""), class_name="amount"),
            ),
            rx.cond(
                row.series != "",
                plain(
                    _("Over time"),
                    href=f"#trend-{row.series}",
                    class_name="over-time",
                    aria_label=_("Over time: {name}").format(name=row.name),
                ),
            ),
        ),
        rx.el.td(rx.cond(row.has_bar, range_bar(row)), rx.el.span(row["range"], class_name="quiet usual")),
        key=row.id,
    )


def range_bar(row: Any) -> rx.Component:
    """Where the value stands against its usual range; the words beside it say the same."""
    return rx.el.div(
        rx.el.i(custom_attrs={"style": rx.Var.create({"insetInlineStart": row.bar_left, "inlineSize": row.bar_width})}),
        rx.el.b(custom_attrs={"style": rx.Var.create({"insetInlineStart": row.mark})}),
        class_name="range",
        custom_attrs={"aria-hidden": "true"},
    )
