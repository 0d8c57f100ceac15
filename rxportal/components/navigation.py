"""Where one can go: the places of a chart, the drop-down arrow beside the name, the bar that names the open chart."""

from __future__ import annotations

from typing import Any

import reflex as rx

from rxportal.components.forms import button, native_form
from rxportal.components.frame import ChartGate, Menu
from rxportal.components.icons import icon
from rxportal.components.link import link
from rxportal.core.text import _
from rxportal.services.shell import PLACES as GRANTED
from rxportal.state.session import SessionState

HOME = ("home", "/home", _("Home"))
PLACES = (
    ("results", "/results", _("Results")),
    ("medicines", "/medicines", _("Medicines")),
    ("record", "/record", _("Record")),
    ("visits", "/appointments", _("Visits")),
)
HELP = ("help", "/help", _("Help"))


def navigation(active: str) -> rx.Component:
    """Below on a phone, a rail on a wide screen; there desk and help stand in it too, on a phone in the menu."""
    return rx.el.nav(
        rx.cond((SessionState.people.length() > 0) | ~SessionState.staff, nav_item(*HOME, active=active)),
        rx.cond(
            SessionState.has_own_chart | ~SessionState.chart_own,
            rx.fragment(*[granted(place[0], nav_item(*place, active=active, class_name="place")) for place in PLACES]),
        ),
        rx.cond(
            SessionState.desk != "",
            nav_item("desk", SessionState.desk, _("Desk"), active=active, class_name="rail"),
        ),
        nav_item(*HELP, active=active, class_name="rail"),
        class_name="main",
        aria_label=_("Main"),
    )


def granted(place: str, shown: rx.Component) -> rx.Component:
    """Only where the grant to the open chart reaches; `place` as in `services.shell.PLACES`."""
    if place not in GRANTED:
        return shown
    return rx.cond(SessionState.chart_closed.contains(place), rx.fragment(), shown)


def nav_item(name: str, href: Any, words: str, *, active: str, class_name: str = "") -> rx.Component:
    """One place to go."""
    here = name == active or (name, active) == ("desk", "access")
    current = {"aria-current": "page"} if here else {}
    return link(icon(name, 24), rx.el.span(words), href=href, class_name=class_name, custom_attrs=current)


def chart_bar() -> rx.Component:
    """First on every page of somebody else's chart: whose it is, what may be done, the way back."""
    back = link(rx.cond(SessionState.has_own_chart, _("Back to yours"), _("All charts")), href="/home", own=True)
    bar = rx.cond(
        SessionState.ready & ~SessionState.chart_own,
        rx.el.div(
            rx.cond(
                SessionState.chart_name != "",
                rx.cond(SessionState.preview != "", previewed(), opened(back)),
                rx.el.span(_("This chart is not open to you. "), back),
            ),
            class_name="chart-bar",
            role="region",
            aria_label=_("Whose chart is open"),
        ),
    )
    return ChartGate.create(bar, grant=SessionState.grant)


def opened(back: rx.Component) -> rx.Component:
    """Whose chart it is, and what may be done."""
    return rx.fragment(
        rx.el.span(_("You are in "), rx.el.strong(SessionState.chart_name), _("’s chart. "), back),
        rx.el.span(icon("lock"), SessionState.chart_level, class_name="level"),
    )


def previewed() -> rx.Component:
    """One's own chart, as somebody will see it who is being invited (N6)."""
    return rx.fragment(
        rx.el.span(
            _("Preview: this is what "),
            rx.el.strong(SessionState.preview),
            _(" will see. "),
            link(_("Back to the invitation"), href="/account/invite", own=True),
        ),
        rx.el.span(icon("lock"), SessionState.chart_level, class_name="level"),
    )


def who() -> rx.Component:
    """The drop-down arrow beside the name: switch person, what concerns the account, sign out (S20)."""
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
                about_me(),
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


def about_me() -> rx.Component:
    """What concerns the account rather than a chart; of the log only who may read it for the open chart."""
    return rx.el.nav(
        rx.el.p(_("My Account"), class_name="quiet"),
        rx.el.ul(
            rx.cond(SessionState.chart_log, menu_item("eye", "/account/access-log", _("Who looked at this chart"))),
            menu_item("tune", "/account/preferences", _("Preferences"), own=True),
            menu_item("people", "/account/connections", _("Connections"), own=True),
            menu_item("file", "/account/verify", _("Ask for a chart"), own=True),
            menu_item("device", "/account/security", _("Signing in and devices"), own=True),
            menu_item("phone", "/account/support", _("Support"), own=True),
            rx.cond(SessionState.desk != "", menu_item("desk", SessionState.desk, _("Desk"))),
            menu_item("help", "/help", _("Help")),
        ),
        aria_label=_("My Account"),
    )


def menu_item(name: str, href: Any, words: str, *, own: bool = False) -> rx.Component:
    """One line of the menu."""
    return rx.el.li(link(icon(name), rx.el.span(words), href=href, own=own), key=words, class_name="plain-item")
