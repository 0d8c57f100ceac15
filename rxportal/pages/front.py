"""`/`: choose an online service. Reads well, and leads on, without a socket and without JavaScript."""

from __future__ import annotations

from typing import Any

import reflex as rx

from rxportal.components.icons import icon
from rxportal.components.layout import SETTINGS, public
from rxportal.components.link import link, plain
from rxportal.core.text import _
from rxportal.state.session import SessionState


def front() -> rx.Component:
    """The whole page."""
    return public(
        rx.el.div(
            rx.el.h1(_("Your care online")),
            rx.el.p(
                _("See your test results at any time, on a computer or a phone, and where those on their way are. For "
                  "you, and for the people you care for.")
            ),
            class_name="hero",
        ),
        rx.el.section(
            rx.el.h2(_("Choose an online service"), id="services"),
            rx.el.div(portal(), video(), bills(), class_name="services"),
            class_name="stack",
            aria_labelledby="services",
        ),
        rx.el.section(
            rx.el.h2(_("Good to know"), id="good-to-know"),
            good_to_know(),
            class_name="stack",
            aria_labelledby="good-to-know",
        ),
    )  # fmt: skip


def portal() -> rx.Component:
    """The secure portal: one entry for signing in and signing up."""
    return service(
        "lock",
        _("Your health record"),
        rx.el.p(_("Your test results and the answers to your questions, in one secure place.")),
        rx.cond(
            SessionState.signed_in,
            link(_("Go to your home page"), href="/home", class_name="button"),
            plain(_("Sign in or register"), href="/sign-in", class_name="button"),
        ),
    )


def video() -> rx.Component:
    """Scheduled video visits are booked by calling the office."""
    return service(
        "video",
        _("Scheduled video visits"),
        rx.el.p(
            _("Meet your doctor on a computer, phone or tablet, without leaving home. There is nothing to download. "
              "To book a video visit, call us.")
        ),
        call(),
    )  # fmt: skip


def bills() -> rx.Component:
    """Paying a bill: by phone for now, said in so many words."""
    return service(
        "bill",
        _("Pay your bill"),
        rx.el.p(
            _("Paying online is not open yet. Call us with your statement at hand: we go through it with you, and you "
              "can pay right away.")
        ),
        call(),
    )  # fmt: skip


def service(picture: str, name: str, about: rx.Component, act: rx.Component) -> rx.Component:
    """One of the three services."""
    return rx.el.section(
        rx.el.h3(icon(picture, 22), name, class_name="with-icon"), about, rx.el.p(act), class_name="card service"
    )


def call() -> rx.Component:
    """The office's phone number, ready to dial."""
    phone = SETTINGS.practice_phone
    return plain(icon("phone"), _("Call {phone}").format(phone=phone), href=f"tel:{phone}", class_name="button second")


def good_to_know() -> rx.Component:
    """What one can do here, what is never here, and that it is kept safe; each with its full answer."""
    return rx.el.ul(
        item(
            "family",
            _("Look after somebody else"),
            _("Your child, your parent, your partner: with read only or full access, given by them."),
        ),
        item(
            "why-not-here",
            _("Know where things stand"),
            _("A result on its way shows who acts next and by when. Some tests are never shown online because of law."),
        ),
        item(
            "safe",
            _("Your information stays yours"),
            _("All of it is encrypted, on its way to you and where it is kept. We never sell or release it."),
        ),
        item(
            "questions",
            _("Answers to common questions"),
            _("Signing in, results, renewals, proxies, leaving."),
        ),
        class_name="list",
    )


def item(anchor: str, title: str, about: str) -> Any:
    """One line that leads to its answer."""
    return rx.el.li(
        plain(
            rx.el.span(title, class_name="title"),
            rx.el.span(about, class_name="quiet"),
            href=f"/help#{anchor}",
            class_name="item",
        )
    )
