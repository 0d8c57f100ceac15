"""The frame of every page: whose chart this is, where one can go, how to reach a person."""

from __future__ import annotations

from typing import Any

import reflex as rx
from reflex_components_core.core.banner import has_connection_errors

from rxportal.components.forms import button, native_form
from rxportal.components.frame import FocusOnArrival, Menu, Modal
from rxportal.components.icons import icon
from rxportal.components.link import link, plain
from rxportal.components.phases import code
from rxportal.core.text import _
from rxportal.settings import load_settings
from rxportal.state.faults import FaultState
from rxportal.state.idle import IdleState
from rxportal.state.session import SessionState

SETTINGS = load_settings()
PLACES = (("home", "/home", _("Home")), ("results", "/results", _("Results")), ("help", "/help", _("Help")))


def signed_in(*children: Any, active: str) -> rx.Component:
    """A page for somebody who is signed in. `active`: home, results, help or desk; `children` hold the one h1."""
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
        idle_warning(),
        connection_notice(),
        FocusOnArrival.create(),
        class_name="page",
        custom_attrs={"data-person": SessionState.person.to(str)},
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
        class_name="page",
        custom_attrs={"data-person": SessionState.person.to(str)},
    )


def skip_link() -> rx.Component:
    """First stop of the Tab key."""
    return plain(_("Skip to content"), href="#main", class_name="skip")


def brand(href: str) -> rx.Component:
    """The practice's name."""
    return link(SETTINGS.practice_name, href=href, class_name="brand")


def chart_bar() -> rx.Component:
    """First on every page of somebody else's chart: whose it is, what may be done, the way back."""
    return rx.cond(
        SessionState.ready & ~SessionState.chart_own & (SessionState.chart_name != ""),
        rx.el.div(
            rx.el.span(
                _("You are in "),
                rx.el.strong(SessionState.chart_name),
                _("’s chart. "),
                rx.cond(SessionState.has_own_chart, link(_("Back to yours"), href="/home", own=True)),
            ),
            rx.el.span(icon("lock"), SessionState.chart_level, class_name="level"),
            class_name="chart-bar",
            role="region",
            aria_label=_("Whose chart is open"),
        ),
    )


def who() -> rx.Component:
    """The drop-down arrow beside the name: switch person, sign out."""
    return rx.cond(
        SessionState.signed_in,
        Menu.create(
            rx.el.summary(
                rx.el.span(SessionState.initials, class_name="face", custom_attrs={"aria-hidden": "true"}),
                rx.el.span(SessionState.name, class_name="who-name"),
                icon("chevron"),
                class_name="who",
                custom_attrs={"data-person": "1"},  # one's own colour, whoever's chart is open
            ),
            rx.el.div(
                rx.cond(SessionState.people.length() > 0, people()),
                native_form(
                    rx.el.p(_("Signed in as "), rx.el.strong(SessionState.name), class_name="quiet"),
                    button(_("Sign out"), kind="second"),
                    action="/session/end",
                ),
                class_name="menu",
            ),
            class_name="who-menu",
        ),
        rx.el.span(class_name="who-space"),
    )


def people() -> rx.Component:
    """Every chart that this account may open."""
    return rx.el.nav(
        rx.el.p(_("Whose chart"), class_name="quiet"),
        rx.el.ul(rx.foreach(SessionState.people, person_row)),
        aria_label=_("Switch person"),
    )


def person_row(person: Any) -> rx.Component:
    """One person of the switcher."""
    return rx.el.li(
        link(
            rx.el.span(person.initials, class_name="face", custom_attrs={"aria-hidden": "true"}),
            rx.el.span(person.name),
            rx.cond(person.level != "", rx.el.span(person.level, class_name="quiet")),
            rx.cond(person.current, rx.fragment(icon("check"), rx.el.span(_("open now"), class_name="unseen"))),
            href=person.href,
            own=True,
            custom_attrs={"aria-current": rx.cond(person.current, "true", "false")},
        ),
        key=person.href,
        custom_attrs={"data-person": person.colour.to(str)},
    )


def navigation(active: str) -> rx.Component:
    """Below on a phone, a rail on a wide screen. Only what works stands here."""
    return rx.el.nav(
        rx.cond(
            SessionState.has_own_chart | ~SessionState.chart_own,
            rx.fragment(*[nav_item(name, href, words, active) for name, href, words in PLACES[:2]]),
        ),
        rx.cond(SessionState.clinician, nav_item("desk", "/desk/results", _("Desk"), active)),
        nav_item(*PLACES[2], active),
        class_name="main",
        aria_label=_("Main"),
    )


def nav_item(name: str, href: str, words: str, active: str) -> rx.Component:
    """One place to go."""
    current = {"aria-current": "page"} if name == active else {}
    return link(icon(name, 24), rx.el.span(words), href=href, custom_attrs=current)


def footer() -> rx.Component:
    """How to reach a person, the same on every page."""
    phones = SETTINGS.support_sign_up_phone, SETTINGS.support_sign_in_phone
    return rx.el.footer(
        rx.el.p(
            _("Medical emergency? Call 911. Questions or help signing up: "),
            plain(phones[0], href=f"tel:{phones[0]}"),
            _(". Trouble signing in: "),
            plain(phones[1], href=f"tel:{phones[1]}"),
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
        role="alertdialog",
        aria_labelledby="idle-title",
        custom_attrs={"aria-describedby": "idle-text"},
    )


def connection_notice() -> rx.Component:
    """The connection is lost: what is on the screen may be old."""
    return rx.cond(
        has_connection_errors,
        rx.el.div(
            icon("alert", 20),
            rx.el.p(_("The connection is lost. What you see may be old. We try again by ourselves.")),
            class_name="notice look offline",
            role="status",
        ),
    )
