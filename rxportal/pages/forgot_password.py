"""`/forgot-password`: asks for a link to set a new password. The answer is the same for every address."""

from __future__ import annotations

import reflex as rx

from rxportal.components.forms import button, native_form
from rxportal.components.layout import public
from rxportal.components.link import plain
from rxportal.core.text import _
from rxportal.pages.sign_in import and_back, cannot_sign_in
from rxportal.pages.sign_up import email_field, not_there, sent_to, to_wrong_field, trouble
from rxportal.state.sign_up import SignUpState


def forgot_password() -> rx.Component:
    """The whole page."""
    return public(
        rx.el.h1(_("Forgot your password?")),
        rx.el.div(
            rx.cond(SignUpState.sent, letter_sent(), rx.el.section(trouble(), form(), class_name="card")),
            rx.el.div(cannot_sign_in(), class_name="stack"),
            class_name="two",
        ),
        to_wrong_field(),
        active="sign-in",
    )


def form() -> rx.Component:
    """The address, and what comes of it."""
    return native_form(
        rx.el.p(_("We send you a link. With it you choose a new password.")),
        email_field(),
        rx.el.input(type="hidden", name="next", default_value=SignUpState.after),
        rx.el.p(button(_("Send the link"))),
        back(),
        action="/reset",
        class_name="stack",
    )


def letter_sent() -> rx.Component:
    """What to do with the letter."""
    return rx.el.section(
        rx.el.h2(_("Look into your mailbox")),
        sent_to(),
        rx.el.p(_("If there is an account with this address, the link in it works once, for 30 minutes.")),
        not_there(),
        back(),
        class_name="card",
        role="status",
    )


def back() -> rx.Component:
    """The way back to the door, and on from there to where they wanted to go."""
    return rx.el.p(plain(_("Back to sign-in"), href=and_back("/sign-in", SignUpState.after)))
