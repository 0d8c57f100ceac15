"""Who may open a chart, as a list; the same for the person whose chart it is and at the desk."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import reflex as rx

from rxportal.components.frame import Modal
from rxportal.components.parts import quiet, tag
from rxportal.core.text import _

Action = Callable[[Any], rx.Component]


def grant_list(rows: Any, action: Action) -> rx.Component:
    """Everybody with access; `action`: what can be done about one of them."""
    return rx.el.ul(rx.foreach(rows, lambda one: grant_item(one, action)), class_name="list")


def grant_item(one: Any, action: Action) -> rx.Component:
    """Who, as what, since when, what they see, and what can be done about it."""
    return rx.el.li(
        rx.el.div(
            rx.el.span(one.name, class_name="title"),
            quiet(
                one.level,
                rx.cond(one.relation != "", rx.fragment(" · ", one.relation)),
                " · ",
                one.when,
            ),
            quiet(one.sees),
            class_name="says",
        ),
        rx.cond(one.tag != "", tag(one.tag, "wait")),
        action(one),
        class_name="line",
        key=one.id,
    )


def past_list(rows: Any) -> rx.Component:
    """Whose access is over, folded away; absent when there is nobody."""
    return rx.cond(
        rows.length() > 0,
        rx.el.details(
            rx.el.summary(_("Access that is over ({count})").format(count=rows.length())),
            rx.el.ul(
                rx.foreach(
                    rows,
                    lambda one: rx.el.li(
                        rx.el.div(
                            rx.el.span(one.name, class_name="title"),
                            quiet(one.level, " · ", one.when),
                            class_name="says",
                        ),
                        tag(one.tag, "wait"),
                        class_name="line",
                        key=one.id,
                    ),
                ),
                class_name="list",
            ),
            class_name="past",
        ),
    )


def question(name: str, *content: Any, title: Any, shown: Any, on_cancel: Any) -> rx.Component:
    """A modal question; Escape is the harmless answer."""
    return Modal.create(
        rx.el.h2(title, id=f"{name}-title"),
        *content,
        open=shown,
        on_answer=on_cancel,
        class_name="dialog",
        aria_labelledby=f"{name}-title",
    )
