"""`/home`: whose chart this is, what needs me, what happens next, for everybody I may open."""

from __future__ import annotations

from typing import Any

import reflex as rx

from rxportal.components.frame import ChartGate
from rxportal.components.icons import icon
from rxportal.components.layout import SETTINGS, signed_in
from rxportal.components.link import link, telephone
from rxportal.components.navigation import granted
from rxportal.components.parts import quiet, tag
from rxportal.components.phases import empty_screen, phases
from rxportal.core.text import _
from rxportal.state.home import HomeState as Home
from rxportal.state.session import SessionState


def home() -> rx.Component:
    """The whole page."""
    return signed_in(
        ChartGate.create(heading(), grant=SessionState.grant, waiting=rx.el.h1(_("Home"))),
        rx.el.p(Home.news, role="status", class_name="unseen"),
        phases(
            Home,
            filled=filled(),
            empty=rx.cond(Home.no_chart, no_own_chart(), rx.fragment(nothing(), requests(), people())),
            loading=_("Opening your home page…"),
            retry=Home.load,
        ),
        active="home",
    )


def heading() -> rx.Component:
    """A greeting in one's own chart, the person's name in somebody else's."""
    greeting = Home.view.greeting_name
    return rx.el.h1(
        rx.cond(
            SessionState.chart_own,
            rx.cond(greeting != "", rx.fragment(_("Hello, "), greeting), _("Home")),
            rx.cond(SessionState.chart_name != "", SessionState.chart_name, _("Home")),
        )
    )


def limits() -> rx.Component:
    """What may not be done or seen in somebody else's chart, and why."""
    return rx.cond(
        Home.view.limits != "",
        rx.el.p(Home.view.limits, " ", link(_("Why?"), href="/help#family"), class_name="why"),
    )


def nothing() -> rx.Component:
    """No line at all."""
    return rx.fragment(
        limits(),
        empty_screen(
            _("Nothing needs you right now"),
            rx.el.p(
                rx.cond(
                    SessionState.chart_closed.length() == 0,
                    _("New results appear here by themselves, and so does your next visit."),
                    _("You see the parts of this chart that were opened to you."),
                )
            ),
            all_results(),
        ),
    )


def all_results() -> rx.Component:
    """The way to the whole list, where it is open."""
    way = link(icon("results"), _("See all results"), href="/results", class_name="button second")
    return granted("results", rx.el.p(way))


def filled() -> rx.Component:
    """What needs this person, what comes next, and what is on its way."""
    return rx.el.div(
        limits(),
        granted("results", needs()),
        section("coming", _("Coming up"), Home.view.coming, link(_("See all visits"), href="/appointments")),
        requests(),
        people(),
        section(
            "on-the-way",
            _("On the way"),
            Home.view.waiting,
            _("You don’t need to do anything. This page moves by itself."),
        ),
        class_name="sections",
    )


def needs() -> rx.Component:
    """What needs this person, or is new in somebody else's chart."""
    return rx.el.section(
        rx.el.h2(rx.cond(SessionState.chart_own, _("What needs you"), _("What is new")), id="needs"),
        rx.cond(
            Home.view.needs.length() > 0,
            rx.el.ul(rx.foreach(Home.view.needs, line), class_name="list"),
            rx.el.p(_("No new results.")),
        ),
        all_results(),
        class_name="stack",
        aria_labelledby="needs",
    )


def requests() -> rx.Component:
    """What one asked for oneself and the desk has not answered: who acts next, and until when."""
    return section("asked", _("What you asked for"), Home.requests, _("You get a letter when it is decided."))


def section(anchor: str, title: str, lines: Any, after: Any) -> rx.Component:
    """Lines under a heading, where there are any; `after` stands below them."""
    return rx.cond(
        lines.length() > 0,
        rx.el.section(
            rx.el.h2(title, id=anchor),
            rx.el.ul(rx.foreach(lines, line), class_name="list"),
            quiet(after),
            class_name="stack",
            aria_labelledby=anchor,
        ),
    )


def line(one: Any) -> rx.Component:
    """One thing: what, when and who, its state in a few words."""
    return rx.el.li(
        link(
            rx.el.span(one.title, class_name="title"),
            rx.el.span(one.detail, class_name="quiet"),
            rx.cond(one.tag != "", tag(one.tag, one.tone)),
            href=one.href,
            class_name="item",
        ),
        key=one.href + one.title,
    )


def people() -> rx.Component:
    """The charts of others, one step away; from somebody else's chart the bar on top leads back."""
    return rx.cond(
        Home.people.length() > 0,
        rx.el.section(
            rx.el.h2(_("People you care for"), id="people"),
            cards(),
            class_name="stack",
            aria_labelledby="people",
        ),
    )


def cards() -> rx.Component:
    """A line for each of them."""
    return rx.el.ul(rx.foreach(Home.people, card), class_name="list people")


def card(one: Any) -> rx.Component:
    """Name and age, what one may do there, what comes next, what is new."""
    return rx.el.li(
        link(
            rx.el.span(one.initials, class_name="face", custom_attrs={"aria-hidden": "true"}),
            rx.el.span(one.name, class_name="title"),
            rx.el.span(one.level, " · ", one.sentence, class_name="quiet"),
            tag(one.tag, one.tone),
            href=one.href,
            own=True,
            class_name="item",
        ),
        key=one.href,
        custom_attrs={"data-person": one.colour},
    )


def verify_button() -> rx.Component:
    """The way to one's own chart."""
    return link(icon("file"), _("Show us who you are"), href="/account/verify", own=True, class_name="button")


def no_own_chart() -> rx.Component:
    """Staff and proxies may have no chart of their own: say so, and where to go from here."""
    return rx.fragment(
        requests(),
        rx.cond(
            Home.people.length() > 0,
            rx.el.section(
                rx.el.h2(_("Whose chart do you want to open?"), id="people"),
                cards(),
                class_name="stack",
                aria_labelledby="people",
            ),
            rx.cond(Home.requests.length() == 0, no_chart()),
        ),
        rx.cond(
            SessionState.desk != "",
            rx.el.p(link(icon("desk"), _("Go to the desk"), href=SessionState.desk, class_name="button")),
        ),
        rx.cond(
            ((Home.people.length() > 0) | (Home.requests.length() > 0)) & ~SessionState.staff,
            rx.el.p(link(_("Open your own chart, or ask for a child’s"), href="/account/verify", own=True)),
        ),
        quiet(_("Charts that are opened to you appear here and behind the arrow beside your name.")),
    )


def no_chart() -> rx.Component:
    """Nothing to open, and nothing asked for."""
    phone = SETTINGS.practice_phone
    return rx.el.section(
        rx.el.h2(_("No chart is open to you")),
        rx.el.p(_("You are signed in, but no chart belongs to your account right now.")),
        rx.cond(
            SessionState.staff,
            rx.cond(SessionState.desk == "", rx.el.p(_("At the desk there is nothing for your role yet."))),
            rx.fragment(
                rx.el.p(_("Show us who you are, and your own chart opens.")),
                rx.el.p(verify_button()),
                rx.el.p(_("Or call us: "), telephone(phone), "."),
            ),
        ),
        class_name="card",
    )
