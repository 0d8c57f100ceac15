"""The frame of every page: whose chart this is, where one can go, how to reach a person."""

from __future__ import annotations

from typing import Any

import reflex as rx
from reflex_components_core.core.banner import has_connection_errors

from rxportal.components.forms import button, native_form
from rxportal.components.frame import ConnectionNotice, FocusOnArrival, FollowLinks, Modal
from rxportal.components.icons import icon
from rxportal.components.link import link, plain, telephone
from rxportal.components.navigation import chart_bar, navigation, who
from rxportal.components.phases import code
from rxportal.components.prove import proof_dialog
from rxportal.core.text import _
from rxportal.settings import load_settings
from rxportal.state.faults import FaultState
from rxportal.state.idle import IdleState
from rxportal.state.session import SessionState

SETTINGS = load_settings()


def signed_in(*children: Any, active: str) -> rx.Component:
    """A page for somebody who is signed in; `children` hold the one h1.

    `active`: home, results, medicines, record, visits, account, help or desk.
    """
    return rx.el.div(
        skip_link(),
        chart_bar(),
        rx.el.header(brand("/home"), who(), class_name="top"),
        rx.el.div(
            navigation(active),
            rx.el.main(fault_banner(), *children, id="main", tab_index=-1),
            class_name="shell",
        ),
        footer(),
        announcer(),
        proof_dialog(),
        idle_warning(),
        connection_notice(),
        FocusOnArrival.create(),
        FollowLinks.create(),
        class_name="page",
        custom_attrs={"data-person": SessionState.person.to(str), "data-text": SessionState.text_size},
    )


def public(*children: Any, active: str = "") -> rx.Component:
    """A page that nobody need be signed in for; without JavaScript its links work too.

    Whoever comes from inside keeps the whole frame around it: whose chart is open, where one can go, the arrow.
    """
    inside = SessionState.signed_in
    visitor = rx.fragment(
        plain(SETTINGS.practice_name, href="/", class_name="brand"),
        rx.fragment()
        if active == "sign-in"
        else rx.el.nav(
            plain(_("Sign in"), href="/sign-in", class_name="button second"),
            class_name="aside",
            aria_label=_("Account"),
        ),
    )
    return rx.el.div(
        skip_link(),
        rx.cond(inside, chart_bar()),
        rx.el.header(rx.cond(inside, rx.fragment(brand("/home"), who()), visitor), class_name="top"),
        rx.el.div(
            rx.cond(inside, navigation(active)),
            rx.el.main(rx.cond(inside, fault_banner()), *children, id="main", tab_index=-1),
            class_name=rx.cond(inside, "shell", "shell alone"),
        ),
        footer(),
        rx.cond(inside, rx.fragment(announcer(), idle_warning(), connection_notice())),
        FocusOnArrival.create(),
        FollowLinks.create(),
        class_name="page",
        custom_attrs={"data-person": SessionState.person.to(str), "data-text": SessionState.text_size},
    )


def skip_link() -> rx.Component:
    """First stop of the Tab key."""
    return plain(_("Skip to content"), href="#main", class_name="skip")


def brand(href: str) -> rx.Component:
    """The practice's name."""
    return link(SETTINGS.practice_name, href=href, class_name="brand")


def footer() -> rx.Component:
    """How to reach a person, the same on every page."""
    phones = SETTINGS.support_sign_up_phone, SETTINGS.support_sign_in_phone
    return rx.el.footer(
        rx.el.p(
            _("Medical emergency? Call 911. Questions or help signing up: "),
            telephone(phones[0]),
            _(". Trouble signing in: "),
            telephone(phones[1]),
            ".",
        ),
        rx.el.p(_("Everything here is encrypted, on its way to you and where it is kept. We never sell or share it.")),
        rx.el.noscript(
            rx.el.p(
                _("This page needs JavaScript to show your records. Without it, call us: "), SETTINGS.practice_phone
            )
        ),
    )


def announcer() -> rx.Component:
    """Status messages, read out politely."""
    return rx.el.div(IdleState.announce, role="status", class_name="unseen", custom_attrs={"aria-live": "polite"})


def fault_banner() -> rx.Component:
    """What no page caught, with its reference code."""
    return rx.cond(
        FaultState.text != "",
        rx.el.div(
            icon("alert", 20),
            rx.el.div(rx.el.p(FaultState.text), code(FaultState.reference)),
            button(_("Close"), kind="second", type="button", on_click=FaultState.dismiss),
            class_name="notice act",
            role="alert",
        ),
    )


def idle_warning() -> rx.Component:
    """Two minutes before the session ends by itself: one key press extends it."""
    return Modal.create(
        rx.el.h2(_("Are you still there?"), id="idle-title"),
        rx.el.p(IdleState.warn_text, id="idle-text"),
        rx.el.div(
            button(_("Stay signed in"), type="button", on_click=IdleState.extend, auto_focus=True),
            native_form(button(_("Sign out now"), kind="second"), action="/session/end"),
            class_name="row",
        ),
        open=IdleState.warn,
        on_answer=IdleState.extend,
        class_name="dialog",
        custom_attrs={"role": "alertdialog", "aria-labelledby": "idle-title", "aria-describedby": "idle-text"},
    )


def connection_notice() -> rx.Component:
    """The connection is lost: what is on the screen may be old, and what is pressed is not sent."""
    return ConnectionNotice.create(
        icon("alert", 20),
        lost=has_connection_errors,
        words={
            "lost": _("The connection is lost. What you see may be old. We try again by ourselves."),
            "pressed": _("Not sent yet: there is no connection. We try again by ourselves."),
            "back": _("The connection is back. Look whether your last step was done. If not, do it again."),
        },
        class_name="notice look offline",
        custom_attrs={"role": "status"},
    )
