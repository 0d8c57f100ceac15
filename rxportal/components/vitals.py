"""Vital signs: the newest value of each, and the one that is asked for over time."""

from __future__ import annotations

from typing import Any

import reflex as rx

from rxportal.components.forms import button
from rxportal.components.parts import tag
from rxportal.components.pressure import pressure_picture, pressure_table
from rxportal.components.trend import picture, points_table
from rxportal.core.text import _


def vital_signs(signs: Any, show: Any) -> rx.Component:
    """Every vital sign; `show` gets the name of the series to draw."""
    return rx.el.ul(rx.foreach(signs.rows, lambda row: _row(row, signs, show)), class_name="list entries vitals")


def _row(row: Any, signs: Any, show: Any) -> rx.Component:
    shown = (row.series != "") & (row.series == signs.shown)
    return rx.el.li(
        rx.el.div(
            rx.el.h3(row.name),
            rx.el.span(rx.el.strong(row.value), rx.cond(row.unit != "", f" {row.unit}", ""), class_name="amount"),
            rx.cond(row.flag != "", tag(row.flag, row.tone)),
            class_name="row heading",
        ),
        rx.cond(row.change != "", rx.el.p(row.change)),
        rx.cond(shown & (row.times > 1), _course(row, signs)),
        rx.el.div(
            rx.el.p(row.when, " · ", row.origin, class_name="quiet origin"),
            rx.cond(
                (row.times > 1) & ~shown,
                button(
                    _("Over time"),
                    kind="quiet",
                    type="button",
                    on_click=show(row.series),
                    aria_label=_("Over time: {name}").format(name=row.name),
                ),
            ),
            class_name="row heading",
        ),
        key=row.name + row.series,
    )


def _course(row: Any, signs: Any) -> rx.Component:
    """The picture and the table of the series that is shown."""
    return rx.cond(
        row.series == "pressure",
        rx.el.div(pressure_picture(signs.pressure), pressure_table(signs.pressure), class_name="drawn"),
        rx.el.div(picture(signs.trend), points_table(signs.trend, when=_("Measured")), class_name="drawn"),
    )
