"""The section of `/account/security` for the address and the password."""

from __future__ import annotations

from typing import Any

import reflex as rx

from rxportal.components.forms import ADDRESS, button, field, password_input
from rxportal.components.frame import FocusWhenTold
from rxportal.components.parts import notice, quiet
from rxportal.components.phases import phases
from rxportal.core.text import _
from rxportal.state.account_password import AccountPasswordState as Own


def account_password() -> rx.Component:
    """Both forms, and what came of the last act."""
    return rx.el.section(
        rx.el.h2(_("E-mail address and password"), id="own-sign-in"),
        rx.cond(Own.done != "", notice(Own.done, "good", id="sign-in-done", tab_index=-1, role="status")),
        phases(
            Own,
            filled=rx.el.div(new_email(), new_password(), class_name="stack"),
            empty=rx.fragment(),
            loading=_("Looking up your address…"),
            retry=Own.load,
            by_chart=False,
        ),
        FocusWhenTold.create(told=Own.focus),
        class_name="stack",
        aria_labelledby="own-sign-in",
    )


def new_email() -> rx.Component:
    """Today's address, and another one in its place."""
    return rx.el.form(
        rx.el.h3(_("E-mail address")),
        rx.el.p(_("You sign in with "), rx.el.strong(Own.view.email, dir="auto"), "."),
        rx.cond(
            Own.view.waiting != "",
            quiet(_("A link waits in the mailbox of {email}.").format(email=Own.view.waiting)),
        ),
        field(
            _("New e-mail address"),
            rx.el.input(
                id="new-email", name="email", auto_complete="email", required=True, max_length=320,
                custom_attrs={**ADDRESS, **_facts("email", "new-email-hint")},
            ),
            id="new-email",
            hint=rx.fragment(_("We send a link there. Nothing changes before you open it.")),
            error=rx.cond(Own.field == "email", Own.problem, ""),
        ),
        rx.el.p(button(_("Change e-mail address"), kind="second")),
        on_submit=Own.save_email,
        class_name="card",
        key="email " + Own.changes.to(str),
    )  # fmt: skip


def new_password() -> rx.Component:
    """A new password; the one before was asked for as the fresh proof."""
    return rx.el.form(
        rx.el.h3(_("Password")),
        rx.cond(Own.view.has_password, rx.fragment(), quiet(_("Your account has no password now."))),
        # a password manager needs to know whose password this is
        rx.el.input(type="text", auto_complete="username", value=Own.view.email, read_only=True, hidden=True),
        field(
            _("New password"),
            password_input("new-password", fill="new-password", facts=_facts("password", "new-password-hint")),
            id="new-password",
            hint=rx.fragment(
                _("At least {count} characters. A sentence only you would say is easy to remember.").format(
                    count=Own.view.shortest
                )
            ),
            error=rx.cond(Own.field == "password", Own.problem, ""),
        ),
        rx.el.p(button(rx.cond(Own.view.has_password, _("Change password"), _("Add a password")), kind="second")),
        on_submit=Own.save_password,
        class_name="card",
        key="password " + Own.changes.to(str),
    )  # fmt: skip


def _facts(name: str, hint: str) -> dict[str, Any]:
    wrong = Own.field == name
    return {
        "aria-describedby": rx.cond(wrong, f"{hint} new-{name}-error", hint),
        "aria-invalid": rx.cond(wrong, "true", "false"),
    }
