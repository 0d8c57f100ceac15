"""`/sign-up`: an account with an e-mail address and a password. It asks for nothing medical (S5, S13)."""

from __future__ import annotations

from typing import Any

import reflex as rx

from rxportal.components.forms import ADDRESS, button, field, native_form, password_input
from rxportal.components.frame import FocusWhenTold
from rxportal.components.icons import icon
from rxportal.components.layout import public
from rxportal.components.link import plain
from rxportal.components.outside import outside_buttons
from rxportal.components.parts import quiet
from rxportal.core.text import _
from rxportal.pages.sign_in import and_back, help_signing_up
from rxportal.rules.addresses import LONGEST_NAME
from rxportal.rules.passwords import SHORTEST, Weakness
from rxportal.services.password_words import password_hint, weakness_words
from rxportal.state.outside import OutsideState
from rxportal.state.sign_up import SignUpState

PROBLEM = SignUpState.problem
NAME_WORDS = _("Write your name, in at most 300 characters.")
EMAIL_WORDS = _("Write an e-mail address, for example lee@mail.example.")
TROUBLES = {
    "slow": _("Too many tries. Look into your mailbox: there may be a letter of ours. Or wait 15 minutes."),
    "away": _("We can’t do this right now. Nothing was changed. Try again in a minute."),
}


def sign_up() -> rx.Component:
    """The whole page."""
    return public(
        rx.el.h1(_("Register")),
        rx.el.div(
            rx.cond(
                SignUpState.sent,
                letter_sent(),
                rx.el.section(trouble(), form(), outside_buttons(), class_name="card"),
            ),
            rx.el.div(what_follows(), have_one(), class_name="stack"),
            class_name="two",
        ),
        to_wrong_field(),
        active="sign-in",
    )


def to_wrong_field() -> rx.Component:
    """After a refusal the focus goes to the field that is not right yet."""
    weak = [(one.value, "password 1") for one in Weakness if one]
    told = rx.match(PROBLEM, ("name", "name 1"), ("email", "email 1"), *weak, "")
    return FocusWhenTold.create(told=told)


def trouble() -> rx.Component:
    """What stands in the way now and is no field's fault."""
    return rx.match(
        PROBLEM,
        *[
            (code, rx.el.div(icon("alert", 20), rx.el.p(words), class_name="notice act", role="alert"))
            for code, words in TROUBLES.items()
        ],
        ("", rx.fragment()),
        # the words stand at the field; this is read out first
        rx.el.p(_("One thing is not right yet. It is marked in the form."), class_name="unseen", role="alert"),
    )


def form() -> rx.Component:
    """Name, address, password; everything but the password comes back after a mistake."""
    weak = {one.value: weakness_words(one, SHORTEST) for one in Weakness if one}
    return native_form(
        field(
            _("Your name"),
            rx.el.input(
                id="name", name="name", type="text", auto_complete="name", required=True, max_length=LONGEST_NAME,
                default_value=SignUpState.typed_name, dir="auto", custom_attrs=facts("name", ["name"]),
            ),
            id="name",
            error=rx.match(PROBLEM, ("name", NAME_WORDS), ""),
        ),
        email_field(),
        field(
            _("Password"),
            password_input("password", fill="new-password", facts=facts("password", list(weak), hint=True)),
            id="password",
            hint=rx.fragment(password_hint(SHORTEST)),
            error=rx.match(PROBLEM, *weak.items(), ""),
        ),
        rx.el.input(type="hidden", name="next", default_value=SignUpState.after),
        rx.el.p(button(_("Register"))),
        action="/registration",
        class_name="stack",
    )  # fmt: skip


def email_field() -> rx.Component:
    """The address to which the letter goes."""
    return field(
        _("E-mail address"),
        rx.el.input(
            id="email", name="email", auto_complete="email", required=True, max_length=320,
            default_value=SignUpState.typed_email, custom_attrs={**ADDRESS, **facts("email", ["email"])},
        ),
        id="email",
        error=rx.match(PROBLEM, ("email", EMAIL_WORDS), ""),
    )  # fmt: skip


def facts(name: str, codes: list[str], *, hint: bool = False) -> dict[str, Any]:
    """What assistive technology is told of a field: its hint, and its error while there is one."""
    wrong = rx.match(PROBLEM, *[(code, True) for code in codes], False)
    own = f"{name}-hint" if hint else ""
    return {
        "aria-describedby": rx.cond(wrong, f"{own} {name}-error".strip(), own),
        "aria-invalid": rx.cond(wrong, "true", "false"),
    }


def letter_sent() -> rx.Component:
    """The same for an address with an account and without one: the letter says which."""
    return rx.el.section(
        rx.el.h2(_("Look into your mailbox")),
        sent_to(),
        rx.el.p(_("Open the link in it within 24 hours, best in this browser. Your account is made then.")),
        rx.cond(SignUpState.after != "", rx.el.p(_("After that you come back to where you were."))),
        not_there(),
        rx.el.p(plain(_("Use another address"), href=and_back("/sign-up", SignUpState.after))),
        rx.cond(OutsideState.stand_ins, development_mailbox()),
        class_name="card",
        role="status",
    )


def development_mailbox() -> rx.Component:
    """In development no letter leaves the machine."""
    return rx.el.p(_("Development: letters land in "), plain("/dev/mailbox", href="/dev/mailbox"), ".")


def sent_to() -> rx.Component:
    """Where the letter went."""
    typed = SignUpState.typed_email
    return rx.cond(
        typed != "",
        rx.el.p(_("A letter is on its way to "), rx.el.strong(typed, dir="auto"), "."),
        rx.el.p(_("A letter is on its way to the address that you typed.")),
    )


def not_there() -> rx.Component:
    """What to do when no letter comes."""
    return quiet(_("Nothing there after a few minutes? Look into the folder for spam, and check the address."))


def what_follows() -> rx.Component:
    """What registering is and is not."""
    return rx.el.section(
        rx.el.h2(_("What happens next")),
        rx.el.ol(
            rx.el.li(_("We send you a letter by e-mail. Its link makes your account.")),
            rx.el.li(_("You sign in. We ask for a few facts, to be sure whose health record is yours.")),
            rx.el.li(_("Then your record opens.")),
        ),
        quiet(_("We ask nothing about your health here.")),
        class_name="card",
    )


def have_one() -> rx.Component:
    """The way back, and the support line for signing up."""
    return rx.el.section(
        rx.el.h2(_("You have an account?")),
        rx.el.p(plain(_("Sign in"), href=and_back("/sign-in", SignUpState.after), class_name="button second")),
        help_signing_up(),
        class_name="card",
    )  # fmt: skip
