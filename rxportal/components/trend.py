"""One analyte over time: value and change in words, then the picture, then the same points as a table."""

from __future__ import annotations

from typing import Any

import reflex as rx

from rxportal.components.link import link
from rxportal.components.parts import tag
from rxportal.core.text import _

LEFT, RIGHT = 34, 308  # the picture's own units; services/trends.py places the points in the same
DIAMOND, TRIANGLE = "M0-7 7 0 0 7-7 0z", "M0-8 8 6H-8z"


def trends(all_of_them: Any) -> rx.Component:
    """Every trend of a result; the first stands open."""
    return rx.el.div(rx.foreach(all_of_them, trend), class_name="trends")


def trend(one: Any, number: Any) -> rx.Component:
    """One disclosure: its summary alone says the value and how it moved."""
    return rx.el.details(
        rx.el.summary(
            rx.el.h3(one.title),
            rx.el.span(
                rx.el.strong(one.headline), rx.cond(one.change != "", f" · {one.change}", ""), class_name="moved"
            ),
        ),
        # the address of the picture, not of the disclosure: a link to something inside makes the browser open it
        rx.el.div(picture(one), id=f"trend-{one.series}", class_name="drawn"),
        points_table(one),
        open=number == 0,
        class_name="trend",
        key=one.series,
    )


def picture(one: Any) -> rx.Component:
    """Usual range as a band, a true time axis, flagged points by shape as well as by colour."""
    svg = rx.el.svg
    return svg(
        rx.cond(
            one.has_band,
            svg.rect(x=str(LEFT), y=one.band_y, width=str(RIGHT - LEFT), height=one.band_height, class_name="band"),
        ),
        _bound(one.high, one.high_y),
        _bound(one.low, one.low_y),
        svg.line(x1=str(LEFT), x2=str(RIGHT), y1="128", y2="128", class_name="axis"),
        svg.polyline(points=one.path, class_name="line"),
        rx.foreach(one.points, _point),
        rx.foreach(one.ticks, _tick),
        view_box="0 0 320 150",
        class_name="picture",
        custom_attrs={"role": "img", "aria-label": one.label},
    )


def _bound(words: Any, height: Any) -> rx.Component:
    return rx.cond(
        words != "",
        rx.el.svg.text(words, x="29", y=height, custom_attrs={"textAnchor": "end", "dominantBaseline": "middle"}),
    )


def _tick(one: Any) -> rx.Component:
    return rx.el.svg.text(one.label, x=one.x, y="145", custom_attrs={"textAnchor": "middle"}, key=one.label)


def _point(one: Any) -> rx.Component:
    svg = rx.el.svg
    shape = rx.match(
        one.tone,
        ("look", svg.path(d=DIAMOND, class_name="look")),
        ("act", svg.path(d=TRIANGLE, class_name="act")),
        svg.circle(cx="0", cy="0", r="4"),
    )
    return svg.g(
        rx.cond(one.current, svg.circle(cx="0", cy="0", r="10", class_name="ring")),
        shape,
        transform=f"translate({one.x} {one.y})",
        class_name="point",
        key=one.iso + one.value,
    )


def points_table(one: Any, *, when: str = _("Collected")) -> rx.Component:
    """The same points, newest first; a point leads to the result it came from. `when`: what its date is called."""
    return rx.el.details(
        rx.el.summary(_("Show as a table")),
        rx.el.table(
            rx.el.caption(one.title, rx.cond(one.unit != "", f", {one.unit}", "")),
            rx.el.thead(
                rx.el.tr(
                    rx.el.th(when, scope="col"),
                    rx.el.th(_("Value"), scope="col", class_name="num"),
                    rx.el.th(_("Flag"), scope="col"),
                )
            ),
            rx.el.tbody(rx.foreach(one.points.reverse(), _line)),
        ),
        class_name="as-table",
    )


def _line(one: Any) -> rx.Component:
    return rx.el.tr(
        rx.el.th(
            rx.cond(
                one.current | (one.result_id == ""),
                rx.el.span(one.when),
                link(one.when, href=f"/results/{one.result_id}"),
            ),
            rx.cond(one.current, rx.el.span(_(" (this one)"), class_name="quiet")),
            scope="row",
        ),
        rx.el.td(one.value, class_name="num"),
        rx.el.td(rx.cond(one.flag != "", tag(one.flag, one.tone), "–")),
        key=one.iso + one.value,
    )
