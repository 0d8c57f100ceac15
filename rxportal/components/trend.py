"""One analyte over time: the change in words, then the picture, then the same data as a table."""

from __future__ import annotations

from typing import Any

import reflex as rx

from rxportal.core.text import _


def trend_card(trend: Any) -> rx.Component:
    """Headline, picture, table."""
    return rx.el.section(
        rx.el.h3(trend.title),
        rx.el.p(
            rx.el.span(trend.headline, class_name="big"),
            rx.cond(trend.change != "", rx.el.span(" · ", trend.change, class_name="quiet")),
        ),
        picture(trend),
        table(trend),
        class_name="card trend",
        key=trend.series,
    )


def picture(trend: Any) -> rx.Component:
    """Reference band, line and points; flagged points differ in shape as well as colour."""
    return rx.el.svg(
        rx.cond(
            trend.has_band,
            rx.el.svg.rect(x="34", width="276", y=trend.band_y, height=trend.band_height, class_name="band"),
        ),
        rx.cond(trend.high != "", rx.el.svg.text(trend.high, x="0", y=trend.high_y)),
        rx.cond(trend.low != "", rx.el.svg.text(trend.low, x="0", y=trend.low_y)),
        rx.el.svg.polyline(points=trend.path, class_name="line"),
        rx.foreach(trend.points, point),
        rx.foreach(trend.ticks, lambda tick: rx.el.svg.text(tick.label, x=tick.x, y="144", text_anchor="middle")),
        view_box="0 0 320 150",
        role="img",
        class_name="chart",
        custom_attrs={"aria-label": trend.label},
    )


def point(dot: Any) -> rx.Component:
    """A circle in range, a diamond outside it."""
    return rx.cond(
        dot.tone == "good",
        rx.el.svg.circle(cx=dot.x, cy=dot.y, r="4", class_name="dot"),
        rx.el.svg.path(
            d="M0-7l7 7-7 7-7-7z",
            class_name="flag",
            custom_attrs={"transform": "translate(" + dot.x.to(str) + " " + dot.y.to(str) + ")"},
        ),
    )


def table(trend: Any) -> rx.Component:
    """The same points as a table."""
    return rx.el.details(
        rx.el.summary(_("Show as a table")),
        rx.el.table(
            rx.el.caption(trend.title, class_name="unseen"),
            rx.el.thead(
                rx.el.tr(
                    rx.el.th(_("Collected"), scope="col"),
                    rx.el.th(trend.unit, rx.cond(trend.unit == "", _("Value"), ""), scope="col", class_name="num"),
                )
            ),
            rx.el.tbody(
                rx.foreach(
                    trend.points.reverse(),
                    lambda dot: rx.el.tr(
                        rx.el.th(dot.when, scope="row"),
                        rx.el.td(
                            dot.value,
                            rx.cond((dot.flag != "") & (dot.tone != "good"), rx.fragment(" ", dot.flag)),
                            class_name="num",
                        ),
                        key=dot.iso,
                    ),
                )
            ),
        ),
    )
