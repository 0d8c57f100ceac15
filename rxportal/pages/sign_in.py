"""`/sign-in`: one entry for signing in and signing up. The form posts by itself, without JavaScript too."""

from __future__ import annotations

import reflex as rx

from rxportal.components.forms import button, native_form
from rxportal.components.icons import icon
from rxportal.components.layout import SETTINGS, public
from rxportal.components.link import plain
from rxportal.core.text import _
from rxportal.state.session import SignInState

PROBLEMS = {
    "wrong": _("This e-mail address and password don’t fit together. Check both, then try again."),
    "form": _("Fill in your e-mail address and your password."),
    "slow": _("Too many tries. Wait 15 minutes, then try again, or call sign-in support below."),
    "away": _("We could not sign you in right now. Nothing is wrong with your password. Try again in a minute."),
}


def sign_in() -> rx.Component:
    """The whole page."""
    return public(
        rx.el.h1(_("Sign in")),
        rx.el.div(rx.el.div(told(), form(), class_name="card"), support(), class_name="two"),
        active="sign-in",
    )


def told() -> rx.Component:
    """What went wrong the last time, or that one is signed out."""
    return rx.el.div(
        rx.match(
            SignInState.problem,
            *[(code, problem(words)) for code, words in PROBLEMS.items()],
            rx.cond(
                SignInState.out,
                rx.el.div(
                    icon("check", 20),
                    rx.el.p(_("You are signed out. Nothing of your record is left on this screen.")),
                    class_name="notice good",
                ),
            ),
        ),
        role="status",
    )


def problem(words: str) -> rx.Component:
    """One problem, tied to the fields by its id."""
    return rx.el.div(icon("alert", 20), rx.el.p(words, id="sign-in-problem"), class_name="notice act", role="alert")


def form() -> rx.Component:
    """E-mail address and password; password managers and paste work."""
    wrong = {
        "aria-describedby": rx.cond(SignInState.problem != "", "sign-in-problem", ""),
        "aria-invalid": rx.cond((SignInState.problem == "wrong") | (SignInState.problem == "form"), "true", "false"),
    }
    return native_form(
        rx.el.div(
            rx.el.label(_("E-mail address"), html_for="email"),
            rx.el.input(
                id="email", name="email", type="email", auto_complete="username", required=True, max_length=254,
                default_value=SignInState.typed_email, key=SignInState.typed_email, custom_attrs=wrong,
            ),
            class_name="field",
        ),
        rx.el.div(
            rx.el.label(_("Password"), html_for="password"),
            rx.el.input(
                id="password", name="password", type="password", auto_complete="current-password", required=True,
                max_length=1024, custom_attrs=wrong,
            ),
            class_name="field",
        ),
        rx.el.input(type="hidden", name="next", value=SignInState.after, read_only=True),
        rx.el.p(button(_("Sign in"))),
        action="/session",
        class_name="stack",
    )  # fmt: skip


def support() -> rx.Component:
    """Help that fits: for those who can't sign in, and for those who are new."""
    sign_in_phone, sign_up_phone = SETTINGS.support_sign_in_phone, SETTINGS.support_sign_up_phone
    return rx.el.div(
        rx.el.section(
            rx.el.h2(_("Can’t sign in?")),
            rx.el.p(_("Call sign-in support: "), plain(sign_in_phone, href=f"tel:{sign_in_phone}")),
            rx.el.p(
                _("Or write to "),
                plain(SETTINGS.support_sign_in_email, href=f"mailto:{SETTINGS.support_sign_in_email}"),
                _(". You get an answer within three business days."),
            ),
            class_name="card",
        ),
        rx.el.section(
            rx.el.h2(_("New here?")),
            rx.el.p(
                _("The practice opens your account after checking who you are. For questions or help signing up, call ")
            ),
            rx.el.p(
                plain(sign_up_phone, href=f"tel:{sign_up_phone}"),
                _(" or write to "),
                plain(SETTINGS.support_sign_up_email, href=f"mailto:{SETTINGS.support_sign_up_email}"),
                ".",
            ),
            class_name="card",
        ),
        class_name="stack",
    )
