"""Blood pressure over time: two numbers a measurement, joined by a line, and the same as a table."""

from __future__ import annotations

from typing import Any

import reflex as rx

from rxportal.components.parts import tag
from rxportal.components.trend import LEFT, RIGHT
from rxportal.core.text import _


def pressure_picture(one: Any) -> rx.Component:
    """Every measurement is a line from the lower to the upper number on a true time axis."""
    svg = rx.el.svg
    return svg(
        rx.foreach(one.marks, _mark),
        svg.line(x1=str(LEFT), x2=str(RIGHT), y1="128", y2="128", class_name="axis"),
        rx.foreach(one.points, _point),
        rx.foreach(
            one.ticks,
            lambda tick: svg.text(tick.label, x=tick.x, y="145", custom_attrs={"textAnchor": "middle"}, key=tick.label),
        ),
        view_box="0 0 320 150",
        class_name="picture",
        custom_attrs={"role": "img", "aria-label": one.label},
    )


def _mark(mark: Any) -> rx.Component:
    svg = rx.el.svg
    return svg.g(
        svg.line(x1=str(LEFT), x2=str(RIGHT), y1=mark.x, y2=mark.x, class_name="grid"),
        svg.text(mark.label, x="29", y=mark.x, custom_attrs={"textAnchor": "end", "dominantBaseline": "middle"}),
        key=mark.label,
    )


def _point(one: Any) -> rx.Component:
    svg = rx.el.svg
    return svg.g(
        svg.line(x1=one.x, x2=one.x, y1=one.upper_y, y2=one.lower_y),
        rx.cond(one.has_upper, svg.circle(cx=one.x, cy=one.upper_y, r="3.5")),
        rx.cond(one.has_lower, svg.circle(cx=one.x, cy=one.lower_y, r="3.5", class_name="lower")),
        class_name="point both " + one.tone.to(str),
        key=one.iso + one.value,
    )


def pressure_table(one: Any) -> rx.Component:
    """The same measurements, newest first."""
    return rx.el.details(
        rx.el.summary(_("Show as a table")),
        rx.el.table(
            rx.el.caption(_("Blood pressure, mmHg: upper number / lower number")),
            rx.el.thead(
                rx.el.tr(
                    rx.el.th(_("Measured"), scope="col"),
                    rx.el.th(_("Value"), scope="col", class_name="num"),
                    rx.el.th(_("Flag"), scope="col"),
                )
            ),
            rx.el.tbody(
                rx.foreach(
                    one.points.reverse(),
                    lambda point: rx.el.tr(
                        rx.el.th(point.when, scope="row"),
                        rx.el.td(point.value, class_name="num"),
                        rx.el.td(rx.cond(point.flag != "", tag(point.flag, point.tone), "–")),
                        key=point.iso + point.value,
                    ),
                )
            ),
        ),
        class_name="as-table",
    )
