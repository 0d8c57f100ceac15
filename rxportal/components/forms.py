"""Forms on native elements: a label for every control, the error at the field, nothing typed is lost."""

from __future__ import annotations

from typing import Any

import reflex as rx
from reflex_components_core.el.elements.base import BaseHTML
from reflex_components_core.el.elements.forms import Button

from rxportal.core.text import _

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


class RevealButton(Button):
    """A button that shows what is typed in a password field, by assets/reveal.js."""

    def add_imports(self) -> dict[str, str]:
        """Bring the script in."""
        return {"": "$/public/reveal.js"}


def password_input(id: str, *, fill: str, facts: dict[str, Any]) -> rx.Component:
    """A password, and a button to look at what was typed. `fill`: what a password manager should do with it."""
    return rx.el.div(
        rx.el.input(
            id=id, name="password", type="password", auto_complete=fill, required=True, max_length=1024,
            custom_attrs={"spellCheck": "false", "autoCapitalize": "none", **facts},
        ),
        RevealButton.create(
            _("Show"),
            rx.el.span(" ", _("password"), class_name="unseen"),
            type="button",
            class_name="button second",
            custom_attrs={"data-reveals": id, "aria-pressed": "false"},
        ),
        class_name="secret",
    )  # fmt: skip


def select(id: str, name: str, options: Any, **props: Any) -> rx.Component:
    """A native select over Choice rows (`value`, `label`)."""
    return rx.el.select(
        rx.foreach(options, lambda choice: rx.el.option(choice.label, value=choice.value, key=choice.value)),
        id=id,
        name=name,
        **props,
    )
