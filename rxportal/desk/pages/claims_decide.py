"""The decision on a request: whose chart opens, on which papers, until when; or the reason of a refusal."""

from __future__ import annotations

from typing import Any

import reflex as rx

from rxportal.components.forms import button, field, select
from rxportal.components.parts import quiet
from rxportal.core.text import _
from rxportal.desk.state.claims import DeskClaimsState as Desk


def _control(name: str) -> dict[str, Any]:
    wrong = Desk.wrong == name
    return {"aria-describedby": f"{name}-error {name}-hint", "aria-invalid": rx.cond(wrong, "true", "false")}


def _problem(name: str) -> Any:
    return rx.cond(Desk.wrong == name, Desk.problem, "")


def approve_form(one: Any) -> rx.Component:
    """What was looked at; of somebody else's chart also on which basis and until when."""
    return rx.el.form(
        quiet(
            rx.cond(
                Desk.case.child,
                _("After this, {name} sees this chart and acts in it.").format(name=Desk.case.asked_by),
                _("After this, {name} opens this chart as their own.").format(name=Desk.case.asked_by),
            ),
        ),
        field(
            _("What did you look at?"),
            rx.el.input(id="papers", name="papers", type="text", max_length=1000, custom_attrs=_control("papers")),
            id="papers",
            hint=_("For example a photo ID, a birth certificate, a court order with its number"),
            error=_problem("papers"),
        ),
        rx.cond(Desk.case.child, responsibility()),
        rx.el.div(
            button(_("Open the chart of {name}").format(name=one.name)),
            button(_("Not yet"), kind="second", type="button", on_click=Desk.choose("")),
            class_name="row",
        ),
        on_submit=Desk.approve,
        no_validate=True,
        class_name="stack",
    )


def responsibility() -> rx.Component:
    """Basis, last day, and whether a parent holds it as personal representative."""
    return rx.fragment(
        field(_("On which basis?"), select("kin", "kin", Desk.case.kins, default_value=Desk.case.kin), id="kin"),
        field(
            _("Last day, if there is one"),
            rx.el.input(id="until", name="until", type="date", custom_attrs=_control("until")),
            id="until",
            hint=_("A parent’s access ends by itself on the 18th birthday."),
            error=_problem("until"),
        ),
        rx.el.label(
            rx.el.input(type="checkbox", name="representative", value="yes"),
            _(" As personal representative: a teen can’t narrow it"),
            class_name="row tick",
        ),
    )


def refuse_form() -> rx.Component:
    """Refuse, with the sentence that the person reads."""
    return rx.el.form(
        rx.el.h3(_("None of them, or not now")),
        field(
            _("Reason"),
            select("reason", "reason", Desk.case.reasons, default_value="", custom_attrs=_control("reason")),
            id="reason",
            hint=_("The person reads what to do next, and nothing about anybody’s chart."),
            error=_problem("reason"),
        ),
        rx.el.div(button(_("Refuse the request"), kind="second"), class_name="row"),
        on_submit=Desk.refuse,
        no_validate=True,
        class_name="decide stack",
    )
