"""The few parts that every screen is made of."""

from __future__ import annotations

from typing import Any

import reflex as rx

from rxportal.components.icons import icon

ICONS = {"good": "check", "look": "alert", "act": "alert", "wait": "clock"}


def tag(text: Any, tone: Any = "good") -> rx.Component:
    """A state in a short phrase; colour and icon only repeat it. `tone`: good, look, act or wait."""
    return rx.el.span(text, class_name=f"tag {tone}" if isinstance(tone, str) else "tag " + tone.to(str))


def journey(steps: Any) -> rx.Component:
    """Where something is: what was done, who acts next, by when."""
    return rx.el.ol(
        rx.foreach(
            steps,
            lambda step: rx.el.li(
                step.label + " ",
                rx.el.span(step.when, class_name="when"),
                class_name=step.state,
                key=step.label,
                custom_attrs={"aria-current": rx.cond(step.state == "now", "step", rx.Var("undefined"))},
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
