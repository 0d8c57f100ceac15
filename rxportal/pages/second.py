"""`/sign-in/second`: the second step. A code's form posts by itself, without JavaScript too; a passkey needs it."""

from __future__ import annotations

from typing import Any

import reflex as rx

from rxportal.components.forms import button, field, native_form
from rxportal.components.frame import FocusWhenTold
from rxportal.components.icons import icon
from rxportal.components.layout import SETTINGS, public
from rxportal.components.link import plain, telephone
from rxportal.components.parts import quiet
from rxportal.components.passkeys import passkey_button
from rxportal.core.text import _
from rxportal.state.second import SecondState

PROBLEMS = {
    "wrong": _("That code did not work. Each code works once. Wait for the next one, then type it here."),
    "form": _("Type a code, then press “Sign in”."),
    "slow": _("Too many tries. Wait 15 minutes, then try again, or call sign-in support on this page."),
    "away": _("We can’t sign you in right now. Nothing is wrong with your code. Try again in a minute."),
}
Second = SecondState


def second() -> rx.Component:
    """The whole page."""
    return public(
        rx.el.h1(_("One more step")),
        rx.cond(
            Second.ready & Second.ways.over,
            gone(),
            rx.el.div(rx.el.div(codes(), passkey(), class_name="stack"), lost(), class_name="two"),
        ),
        FocusWhenTold.create(told=rx.match(Second.problem, ("wrong", "code 1"), ("form", "code 1"), "")),
        active="sign-in",
    )


def gone() -> rx.Component:
    """Nobody is half signed in here."""
    return rx.el.section(
        rx.el.p(_("There is no sign-in to finish here, or it took too long. Begin again.")),
        rx.el.p(plain(_("Go to sign-in"), href="/sign-in", class_name="button")),
        class_name="card",
    )


def codes() -> rx.Component:
    """One field for both kinds of codes. Where the account has a passkey alone, it takes recovery codes."""
    said: dict[str, Any] = {
        "aria-describedby": rx.cond(Second.problem != "", "code-hint second-problem", "code-hint"),
        "aria-invalid": rx.cond((Second.problem == "wrong") | (Second.problem == "form"), "true", "false"),
    }
    only_recovery = Second.ready & ~Second.ways.code
    return rx.el.section(
        rx.el.h2(rx.cond(only_recovery, _("With a recovery code"), _("With a code"))),
        rx.match(Second.problem, *[(code, problem(words)) for code, words in PROBLEMS.items()], rx.fragment()),
        native_form(
            field(
                _("Code"),
                rx.el.input(
                    id="code", name="code", type="text", auto_complete="one-time-code", required=True, max_length=40,
                    custom_attrs={"autoCapitalize": "none", "spellCheck": "false", **said},
                ),
                id="code",
                hint=rx.cond(
                    only_recovery,
                    _("One of the ten recovery codes that you kept. Each works once."),
                    _("The six digits that your authenticator app shows now. No app here? Type a recovery code."),
                ),
            ),
            rx.el.p(button(_("Sign in"))),
            action="/session/second",
            class_name="stack",
        ),
        class_name="card",
    )  # fmt: skip


def problem(words: str) -> rx.Component:
    """What was not right; the field names it as its description."""
    return rx.el.div(icon("alert", 20), rx.el.p(words, id="second-problem"), class_name="notice act", role="alert")


def passkey() -> rx.Component:
    """A passkey in place of a code."""
    return rx.cond(
        Second.ways.passkey,
        rx.el.section(
            rx.el.h2(_("With a passkey")),
            rx.el.p(_("Your device asks for your finger, your face or its PIN.")),
            passkey_button(_("Use a passkey"), "sign-in"),
            class_name="card",
        ),
    )


def lost() -> rx.Component:
    """Everything lost: the desk looks at who it is, as it did at the first time."""
    number = SETTINGS.support_sign_in_phone
    return rx.el.section(
        rx.el.h2(_("Nothing of this at hand?")),
        rx.el.p(
            _("Your recovery codes work too: one of the ten that we showed you when you set this up.")
        ),
        rx.el.p(
            _("Everything lost? Come to the front desk with a photo ID. They check who you are, as they did the first "
              "time, and let you set this up again. For your safety nobody can do it by phone or e-mail alone.")
        ),
        rx.el.p(_("Ask us what to bring: "), telephone(number)),
        quiet(plain(_("Sign in as somebody else"), href="/sign-in")),
        class_name="card",
    )  # fmt: skip
