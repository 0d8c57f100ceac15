"""`/sign-in`: one entry for signing in and signing up. The form posts by itself, without JavaScript too."""

from __future__ import annotations

from typing import Any

import reflex as rx

from rxportal.components.forms import ADDRESS, button, field, native_form, password_input
from rxportal.components.frame import FocusWhenTold
from rxportal.components.icons import icon
from rxportal.components.layout import SETTINGS, public
from rxportal.components.link import link, mail, plain, telephone
from rxportal.components.outside import outside_buttons
from rxportal.components.parts import quiet
from rxportal.components.passkeys import passkey_button
from rxportal.core.text import _
from rxportal.state.session import SessionState, SignInState

PROBLEM = SignInState.problem
PROBLEMS = {
    "wrong": _("This e-mail address and password don’t fit together. Check both, then try again."),
    "form": _("Fill in your e-mail address and your password."),
    "slow": _("Too many tries. Wait 15 minutes, then try again, or call sign-in support on this page."),
    "away": _("We can’t sign you in right now. Nothing is wrong with your password. Try again in a minute."),
    "second": _("The second step was not finished in time, or tried too often. Sign in again from the start."),
    "outside": _("Signing in that way did not work. Nothing was changed. Try again, or use another way on this page."),
}


def sign_in() -> rx.Component:
    """The whole page."""
    return public(
        rx.el.h1(_("Sign in or register")),
        rx.el.div(
            rx.el.section(
                rx.el.h2(_("Sign in")),
                told(),
                form(),
                rx.el.div(passkey_button(_("Use a passkey"), "sign-in", next=SignInState.after)),
                outside_buttons(),
                class_name="card stack",
            ),
            rx.el.div(new_here(), cannot_sign_in(), class_name="stack"),
            class_name="two",
        ),
        FocusWhenTold.create(told=wrong_field()),
        active="sign-in",
    )


def wrong_field() -> Any:
    """Where to go on after a refusal; which of the two is wrong is never told apart."""
    empty = rx.cond(SignInState.typed_email == "", "email 1", "password 1")
    return rx.match(PROBLEM, ("wrong", "password 1"), ("form", empty), "")


def told() -> rx.Component:
    """What went wrong the last time, or that one is signed out, or signed in already."""
    return rx.match(
        PROBLEM,
        *[(code, problem(words)) for code, words in PROBLEMS.items()],
        rx.cond(
            SessionState.signed_in,
            rx.el.div(
                icon("check", 20),
                rx.el.p(
                    _("You are signed in as "),
                    rx.el.strong(SessionState.name),
                    ". ",
                    link(_("Go to your home page"), href="/home"),
                ),
                class_name="notice good",
            ),
            ended(),
        ),
    )


def ended() -> rx.Component:
    """How the session before this page ended."""
    return rx.cond(
        SignInState.removed,
        good(_("Your account is removed. Nobody can sign in with it any more. You can register again at any time.")),
        rx.cond(
            SignInState.changed,
            good(_("Your password is changed. Sign in with the new one.")),
            rx.cond(SignInState.out, good(_("You are signed out. Sign in to go on."))),
        ),
    )


def good(words: str) -> rx.Component:
    """Something went well."""
    return rx.el.div(icon("check", 20), rx.el.p(words), class_name="notice good", role="status")


def problem(words: str) -> rx.Component:
    """One problem; both fields name it as their description."""
    return rx.el.div(icon("alert", 20), rx.el.p(words, id="sign-in-problem"), class_name="notice act", role="alert")


def form() -> rx.Component:
    """E-mail address and password; password managers and paste work. A typed address comes back after a mistake."""
    typed_wrong = (PROBLEM == "wrong") | (PROBLEM == "form")
    said: dict[str, Any] = {
        "aria-describedby": rx.cond(PROBLEM != "", "sign-in-problem", ""),
        "aria-invalid": rx.cond(typed_wrong, "true", "false"),
    }
    return native_form(
        field(
            _("E-mail address"),
            rx.el.input(
                id="email", name="email", auto_complete="username", required=True, max_length=320,
                default_value=SignInState.typed_email, custom_attrs={**ADDRESS, **said},
            ),
            id="email",
        ),
        field(
            _("Password"),
            password_input("password", fill="current-password", facts=said),
            id="password",
        ),
        rx.el.input(type="hidden", name="next", default_value=SignInState.after),
        rx.el.p(button(_("Sign in"))),
        rx.el.p(plain(_("Forgot your password?"), href=and_back("/forgot-password", SignInState.after))),
        action="/session",
        class_name="stack",
    )  # fmt: skip


def and_back(page: str, after: Any) -> Any:
    """The address of a page from which somebody comes back to where they wanted to go ("" for nowhere)."""
    onwards = f"{page}?next=" + after
    return rx.cond(after != "", onwards, page)


def cannot_sign_in() -> rx.Component:
    """The support for those who have an account and stand outside (S11)."""
    return rx.el.section(
        rx.el.h2(_("Can’t sign in?")),
        rx.el.p(_("Call sign-in support: "), telephone(SETTINGS.support_sign_in_phone)),
        rx.el.p(
            _("Or write to "),
            mail(SETTINGS.support_sign_in_email),
            _(". You get an answer within three business days."),
        ),
        class_name="card",
    )


def new_here() -> rx.Component:
    """The way in for whoever has no account, and the other support line: questions and help signing up (S5, S11)."""
    return rx.el.section(
        rx.el.h2(_("New here?")),
        rx.el.p(
            _("Make an account with your e-mail address and a password. It takes two minutes. We ask nothing about "
              "your health for it.")
        ),
        rx.el.p(
            plain(_("Register"), href=and_back("/sign-up", SignInState.after), class_name="button second")
        ),
        help_signing_up(),
        quiet(plain(_("More about signing in and safety"), href="/help#safe")),
        class_name="card",
    )  # fmt: skip


def help_signing_up() -> rx.Component:
    """The support line for those who have no account yet (S11)."""
    return rx.fragment(
        rx.el.p(_("Questions or help signing up: "), telephone(SETTINGS.support_sign_up_phone)),
        rx.el.p(_("Or write to "), mail(SETTINGS.support_sign_up_email), "."),
    )
