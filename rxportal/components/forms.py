"""Forms on native elements: a label for every control, the error at the field, nothing typed is lost."""

from __future__ import annotations

from typing import Any

import reflex as rx
from reflex_components_core.el.elements.base import BaseHTML

# An e-mail address as any mail server takes it: browsers refuse quotes in `type=email`, and rewrite other scripts.
ADDRESS = {"type": "text", "inputMode": "email", "autoCapitalize": "none", "spellCheck": "false"}


class NativeForm(BaseHTML):
    """A form that posts by itself: `rx.el.form` without a handler would swallow the submit."""

    tag = "form"
    action: rx.Var[str]
    method: rx.Var[str]


def native_form(*children: Any, action: str, method: str = "post", **props: Any) -> rx.Component:
    """A plain HTML form, answered by an HTTP route."""
    return NativeForm.create(*children, action=action, method=method, **props)


def button(*label: Any, kind: str = "primary", **props: Any) -> rx.Component:
    """A button. `kind`: primary (one per screen), second, or quiet."""
    look = {"primary": "button", "second": "button second", "quiet": "button quiet-button"}[kind]
    props.setdefault("type", "submit")
    return rx.el.button(*label, class_name=look, **props)


def field(label: Any, control: rx.Component, *, id: str, hint: Any = "", error: Any = "") -> rx.Component:
    """Label, hint, error and control, tied together by id; the control names them in aria-describedby itself."""
    wrong = error != "" if isinstance(error, str) else error.to(str) != ""
    return rx.el.div(
        rx.el.label(label, html_for=id),
        rx.el.span(hint, id=f"{id}-hint", class_name="quiet") if not isinstance(hint, str) or hint else rx.fragment(),
        rx.cond(
            wrong,
            rx.el.span(error, id=f"{id}-error", class_name="error"),
            rx.fragment(),
        ),
        control,
        class_name=rx.cond(wrong, "field wrong", "field"),
    )


def text_input(id: str, name: str, **props: Any) -> rx.Component:
    """An uncontrolled text input: what is typed stays in the browser until it is sent."""
    props.setdefault("type", "text")
    return rx.el.input(id=id, name=name, **props)


def select(id: str, name: str, options: Any, **props: Any) -> rx.Component:
    """A native select over Choice rows (`value`, `label`)."""
    return rx.el.select(
        rx.foreach(options, lambda choice: rx.el.option(choice.label, value=choice.value, key=choice.value)),
        id=id,
        name=name,
        **props,
    )
