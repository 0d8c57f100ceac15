"""The few parts that every screen is made of."""

from __future__ import annotations

from typing import Any

import reflex as rx

from rxportal.components.icons import icon

ICONS = {"good": "check", "look": "alert", "act": "alert", "wait": "clock"}


def tag(text: Any, tone: Any = "good") -> rx.Component:
    """A state in a short phrase; colour and icon only repeat it. `tone`: good, look, act or wait."""
    if isinstance(tone, str):
        return rx.el.span(icon(ICONS[tone], 16), text, class_name=f"tag {tone}")
    return rx.el.span(
        rx.match(tone, ("good", icon("check", 16)), ("wait", icon("clock", 16)), icon("alert", 16)),
        text,
        class_name="tag " + tone.to(str),
    )


def journey(steps: Any) -> rx.Component:
    """Where something is: what was done, who acts next, by when."""
    return rx.el.ol(
        rx.foreach(
            steps,
            lambda step: rx.el.li(
                rx.el.span(step.label, class_name="step"),
                " ",
                rx.el.span(step.when, class_name="when"),
                class_name=step.state,
                key=step.label,
                custom_attrs={"aria-current": rx.cond(step.state == "now", "step", "false")},
            ),
        ),
        class_name="journey",
    )


def card(*children: Any, **props: Any) -> rx.Component:
    """A bordered group."""
    return rx.el.section(*children, class_name=f"card {props.pop('class_name', '')}".strip(), **props)


def stack(*children: Any, **props: Any) -> rx.Component:
    """One under the other."""
    return rx.el.div(*children, class_name=f"stack {props.pop('class_name', '')}".strip(), **props)


def row(*children: Any, **props: Any) -> rx.Component:
    """Side by side, wrapping."""
    return rx.el.div(*children, class_name=f"row {props.pop('class_name', '')}".strip(), **props)


def quiet(*text: Any, **props: Any) -> rx.Component:
    """Less important words."""
    return rx.el.p(*text, class_name="quiet", **props)


def notice(text: Any, tone: str = "wait", **props: Any) -> rx.Component:
    """A sentence that stands out; `tone` as in `tag`."""
    return rx.el.div(icon(ICONS[tone], 20), rx.el.p(text), class_name=f"notice {tone}", **props)
