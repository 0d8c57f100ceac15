"""A request for a chart: the facts one writes, where it stands, the code that opens it."""

from __future__ import annotations

from typing import Any

import reflex as rx

from rxportal.components.forms import button, field
from rxportal.components.parts import journey, tag
from rxportal.core.text import _
from rxportal.state.verify import VerifyState as Verify

# Each fact as it is asked for: its name, what it is called, a hint, how a browser fills it in
FACTS: tuple[tuple[str, str, str, dict[str, Any]], ...] = (
    ("name", _("Legal name"), _("First and last name, as on an ID"), {"auto_complete": "name", "max_length": 300}),
    ("birth_date", _("Birth date"), _("Month, day and year, such as 3/14/1985"), {"auto_complete": "off"}),
    ("postal_code", _("ZIP code"), _("Or the phone number below: what we have on file"), {
        "auto_complete": "postal-code"}),
    ("phone", _("Phone"), "", {"auto_complete": "tel", "type": "tel"}),
    ("mrn", _("MRN, if you know it"), _("The record number on your papers from us"), {"auto_complete": "off"}),
)  # fmt: skip


def problem_of(prefix: str, name: str) -> dict[str, Any]:
    """Ties a control to the sentence that says what is wrong with it."""
    return {
        "aria-describedby": f"{prefix}{name}-error {prefix}{name}-hint",
        "aria-invalid": rx.cond(Verify.wrong == name, "true", "false"),
    }


def facts_fields(prefix: str, typed: Any) -> list[rx.Component]:
    """Name, birth date, ZIP code, phone and MRN. `typed`: what stood there before, or None.

    Two such forms can stand on the page; a mistake is shown in the one that was sent.
    """
    mine = Verify.asking if prefix else ~Verify.asking
    return [
        field(
            label,
            rx.el.input(
                id=prefix + name,
                name=name,
                type=more.get("type", "text"),
                default_value="" if typed is None else typed[name],
                auto_complete=more["auto_complete"] if not prefix else "off",
                max_length=more.get("max_length", 100),
                custom_attrs=problem_of(prefix, name),
            ),
            id=prefix + name,
            hint=hint,
            error=rx.cond(mine & (Verify.wrong == name), Verify.problem, ""),
        )
        for name, label, hint, more in FACTS
    ]


def request(one: Any, heading: rx.Component) -> rx.Component:
    """One request: for what, where it stands, who acts next."""
    return rx.fragment(
        heading,
        rx.el.p(tag(one.tag, one.tone)),
        rx.el.p(one.sentence),
        journey(one.steps),
    )


def given(one: Any, on_withdraw: Any) -> rx.Component:
    """What was written, and taking it back."""
    return rx.cond(
        one.open,
        rx.el.details(
            rx.el.summary(_("What you wrote")),
            rx.el.dl(
                rx.foreach(
                    one.given,
                    lambda fact: rx.el.div(rx.el.dt(fact.label), rx.el.dd(fact.words), key=fact.label),
                ),
                class_name="facts",
            ),
            rx.el.p(
                button(
                    _("Take this request back"),
                    kind="second",
                    type="button",
                    on_click=on_withdraw,
                    aria_label=_("Take this request back: {title}").format(title=one.title),
                )
            ),
            class_name="past stack",
        ),
    )


def code_form() -> rx.Component:
    """A code, however it came."""
    return rx.el.form(
        field(
            _("Code"),
            rx.el.input(
                id="code",
                name="code",
                type="text",
                auto_complete="one-time-code",
                max_length=40,
                spell_check=False,
                custom_attrs={"autoCapitalize": "characters", **problem_of("", "code")},
            ),
            id="code",
            hint=_("Ten letters and numbers, such as K7QM2-XFP9R"),
            error=rx.cond(Verify.wrong == "code", Verify.problem, ""),
        ),
        rx.el.div(button(_("Open my chart")), class_name="row"),
        on_submit=Verify.try_code,
        no_validate=True,
        class_name="stack",
        aria_label=_("Open my chart with a code"),
    )
