"""`/`: choose an online service. Reads well without a socket and without JavaScript."""

from __future__ import annotations

import reflex as rx

from rxportal.components.icons import icon
from rxportal.components.layout import SETTINGS, public
from rxportal.components.link import plain
from rxportal.core.text import _


def front() -> rx.Component:
    """The whole page."""
    return public(
        rx.el.div(
            rx.el.h1(_("Online services for better health")),
            rx.el.p(
                _(
                    "See your test results as soon as they are released, follow those on their way, and look after the "
                    "people you care for. On a phone or a computer, at any time."
                )
            ),
            class_name="hero",
        ),  # fmt: skip
        rx.el.section(
            rx.el.h2(_("Choose an online service"), id="services"),
            rx.el.div(portal(), video(), bills(), class_name="services"),
            class_name="stack",
            aria_labelledby="services",
        ),
        rx.el.section(
            rx.el.h2(_("Is it safe?")),
            rx.el.p(
                _(
                    "Everything is encrypted, on its way to you and where it is kept. We show each person only what they "
                    "may see, and we never sell or share it."
                ),
            ),
            rx.el.p(plain(_("Answers to common questions"), href="/help")),
            class_name="stack",
        ),  # fmt: skip
    )


def portal() -> rx.Component:
    """The secure portal: one entry for signing in and signing up."""
    return rx.el.section(
        rx.el.h3(icon("lock", 22), _("Your health record"), class_name="with-icon"),
        rx.el.p(_("See test results and get answers to questions with one secure tool.")),
        rx.el.p(plain(_("Sign in or register"), href="/sign-in", class_name="button")),
        class_name="card",
    )


def video() -> rx.Component:
    """Scheduled video visits are booked by calling the office."""
    return rx.el.section(
        rx.el.h3(icon("video", 22), _("Scheduled video visits"), class_name="with-icon"),
        rx.el.p(_("Meet your doctor on a computer, phone or tablet, from home. Nothing to download.")),
        rx.el.p(_("To book a visit, call your doctor’s office.")),
        call(),
        class_name="card",
    )


def bills() -> rx.Component:
    """Paying a bill."""
    return rx.el.section(
        rx.el.h3(icon("bill", 22), _("Pay your bill"), class_name="with-icon"),
        rx.el.p(_("Online payment is not open yet. Call us: we read your bill with you and take your payment.")),
        call(),
        class_name="card",
    )


def call() -> rx.Component:
    """The office's phone number, ready to dial."""
    phone = SETTINGS.practice_phone
    return rx.el.p(plain(icon("phone"), _("Call "), phone, href=f"tel:{phone}", class_name="button second"))
