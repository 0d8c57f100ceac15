"""The dialog of `state/prove.py`."""

from __future__ import annotations

from typing import Any

import reflex as rx

from rxportal.components.forms import button, field
from rxportal.components.frame import Prover
from rxportal.components.link import plain
from rxportal.components.passkeys import passkey_button
from rxportal.core.text import _
from rxportal.state.prove import ProveState


def proof_dialog() -> rx.Component:
    """Shown only while an act waits for it; Escape leaves everything as it is."""
    return Prover.create(
        rx.el.h2(_("Is it still you?"), id="prove-title"),
        rx.el.p(
            _("This is guarded more than the rest. Show us once more that it is you. Then we go on."), id="prove-text"
        ),
        rx.cond(ProveState.ways.password, by_password()),
        rx.cond(ProveState.ways.code, by_code()),
        rx.cond(ProveState.ways.passkey, by_passkey()),
        rx.cond(
            ProveState.ways.password | ProveState.ways.code | ProveState.ways.passkey, rx.fragment(), without_any()
        ),
        rx.el.div(leave(), class_name="row"),
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
        rx.el.div(button(_("Go on")), class_name="row"),
        on_submit=ProveState.by_password,
        class_name="stack",
    )  # fmt: skip


def by_code() -> rx.Component:
    """The code of the authenticator app."""
    wrong = ProveState.code_problem != ""
    return rx.el.form(
        field(
            _("The code that your authenticator app shows now"),
            rx.el.input(
                id="prove-code", name="code", type="text", auto_complete="one-time-code", required=True, max_length=12,
                custom_attrs={
                    "inputMode": "numeric",
                    "aria-describedby": rx.cond(wrong, "prove-code-error", ""),
                    "aria-invalid": rx.cond(wrong, "true", "false"),
                },
            ),
            id="prove-code",
            error=ProveState.code_problem,
        ),
        rx.el.div(button(_("Go on with the code"), kind="second"), class_name="row"),
        on_submit=ProveState.by_code,
        class_name="stack",
    )  # fmt: skip


def by_passkey() -> rx.Component:
    """A passkey: the browser asks for it."""
    return rx.el.div(passkey_button(_("Use a passkey"), "proof", on_done=ProveState.by_passkey))


def without_any() -> rx.Component:
    """An account without any of them: a new sign-in is the proof, with its provider in a tab of its own."""
    return rx.cond(ProveState.trips.length() > 0, by_round_trip(), by_signing_in())


def by_round_trip() -> rx.Component:
    """The page stays as it is; whoever comes back to it presses the same button again."""
    return rx.fragment(
        rx.el.p(_("Sign in there once more, in a new tab. Then come back here and press the same button again.")),
        rx.el.ul(rx.foreach(ProveState.trips, round_trip), class_name="ways"),
    )


def round_trip(one: Any) -> rx.Component:
    """One provider of this account."""
    words = _("Show it with {provider} (new tab)").format(provider=one.label)
    return rx.el.li(
        plain(words, href=one.href, target="_blank", class_name="button", on_click=ProveState.cancel), key=one.name
    )


def by_signing_in() -> rx.Component:
    """Nothing is linked and nothing is set: by the sign-in page."""
    return rx.fragment(
        rx.el.p(_("Sign in again, then come back and do this within five minutes.")),
        rx.el.div(plain(_("Go to sign-in"), href="/sign-in", class_name="button"), leave(), class_name="row"),
    )


def leave() -> rx.Component:
    """The harmless answer."""
    return button(_("Not now"), kind="second", type="button", on_click=ProveState.cancel)
