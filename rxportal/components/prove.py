"""The dialog of `state/prove.py`."""

from __future__ import annotations

import reflex as rx

from rxportal.components.forms import button, field
from rxportal.components.frame import Prover
from rxportal.components.link import plain
from rxportal.core.text import _
from rxportal.state.prove import ProveState


def proof_dialog() -> rx.Component:
    """Shown only while an act waits for it; Escape leaves everything as it is."""
    return Prover.create(
        rx.el.h2(_("Is it still you?"), id="prove-title"),
        rx.el.p(
            _("This is guarded more than the rest. Show us once more that it is you. Then we go on."), id="prove-text"
        ),
        rx.cond(ProveState.ways.password, by_password(), without_password()),
        open=ProveState.shown,
        proved=ProveState.proved,
        then=ProveState.then,
        on_answer=ProveState.cancel,
        class_name="dialog",
        aria_labelledby="prove-title",
        custom_attrs={"aria-describedby": "prove-text"},
    )


def by_password() -> rx.Component:
    """The password of the account."""
    wrong = ProveState.problem != ""
    return rx.el.form(
        field(
            _("Your password"),
            rx.el.input(
                id="prove-password", name="password", type="password", auto_complete="current-password",
                required=True, auto_focus=True, max_length=1024,
                custom_attrs={
                    "aria-describedby": rx.cond(wrong, "prove-password-error", ""),
                    "aria-invalid": rx.cond(wrong, "true", "false"),
                },
            ),
            id="prove-password",
            error=ProveState.problem,
        ),
        rx.el.div(button(_("Go on")), leave(), class_name="row"),
        on_submit=ProveState.by_password,
        class_name="stack",
    )  # fmt: skip


def without_password() -> rx.Component:
    """An account without a password: a new sign-in is the proof."""
    return rx.fragment(
        rx.el.p(_("Sign in again, then come back and do this within five minutes.")),
        rx.el.div(plain(_("Go to sign-in"), href="/sign-in", class_name="button"), leave(), class_name="row"),
    )


def leave() -> rx.Component:
    """The harmless answer."""
    return button(_("Not now"), kind="second", type="button", on_click=ProveState.cancel)
