"""`/home`: whose chart this is, what needs me, what happens next."""

from __future__ import annotations

from typing import Any

import reflex as rx

from rxportal.components.frame import ChartGate
from rxportal.components.icons import icon
from rxportal.components.layout import SETTINGS, signed_in
from rxportal.components.link import link, plain
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
        rx.cond(
            Home.no_chart,
            no_own_chart(),
            rx.fragment(
                phases(
                    Home,
                    filled=filled(),
                    empty=empty_screen(
                        _("Nothing needs you right now"),
                        rx.el.p(_("New results appear here by themselves.")),
                        rx.el.p(all_results()),
                    ),
                    loading=_("Opening your home page…"),
                    retry=Home.load,
                ),
                people(),
            ),
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


def all_results() -> rx.Component:
    """The way to the whole list."""
    return link(icon("results"), _("See all results"), href="/results", class_name="button second")


def filled() -> rx.Component:
    """What needs this person, and what is on its way."""
    return rx.el.div(
        rx.el.section(
            rx.el.h2(rx.cond(SessionState.chart_own, _("What needs you"), _("What is new")), id="needs"),
            rx.cond(
                Home.view.needs.length() > 0,
                rx.el.ul(rx.foreach(Home.view.needs, need), class_name="list"),
                rx.el.p(_("Nothing right now.")),
            ),
            rx.el.p(all_results()),
            class_name="stack",
            aria_labelledby="needs",
        ),
        rx.cond(Home.view.waiting.length() > 0, on_the_way()),
        class_name="sections",
    )


def need(one: Any) -> rx.Component:
    """One thing that waits for the person."""
    return rx.el.li(
        link(
            rx.el.span(one.title, class_name="title"),
            rx.el.span(one.detail, class_name="quiet"),
            rx.cond(one.action != "", tag(one.action, one.tone)),
            href=one.href,
            class_name="item",
        ),
        key=one.href,
    )


def on_the_way() -> rx.Component:
    """Results that are not shown yet, a line each; their journeys stand on the list of results."""
    return rx.el.section(
        rx.el.h2(_("On the way"), id="on-the-way"),
        rx.el.ul(rx.foreach(Home.view.waiting, waiting), class_name="list"),
        quiet(_("You don’t need to do anything. This page moves by itself.")),
        class_name="stack",
        aria_labelledby="on-the-way",
    )


def waiting(row: Any) -> rx.Component:
    """One result on its way: why it waits, and the latest day."""
    return rx.el.li(
        link(
            rx.el.span(row.title, class_name="title"),
            rx.el.span(row.sentence, class_name="quiet"),
            tag(row.tag, "wait"),
            href="/results/" + row.id.to(str),
            class_name="item",
        ),
        key=row.id,
    )


def people() -> rx.Component:
    """The charts of others, one step away; from somebody else's chart the bar on top leads back."""
    return rx.cond(
        SessionState.ready & SessionState.chart_own & (SessionState.people.length() > 1),
        rx.el.section(
            rx.el.h2(_("People you care for"), id="people"),
            rx.el.ul(rx.foreach(SessionState.people, person), class_name="list"),
            class_name="stack",
            aria_labelledby="people",
        ),
    )


def person(one: Any) -> rx.Component:
    """One chart of somebody else; one's own is where one is."""
    return rx.cond(one.current, rx.fragment(), person_item(one))


def person_item(one: Any) -> rx.Component:
    """Name, and what one may do there."""
    return rx.el.li(
        link(
            rx.el.span(one.name, class_name="title"),
            rx.el.span(one.level, class_name="quiet"),
            href=one.href,
            own=True,
            class_name="item",
        ),
        key=one.href,
    )


def no_own_chart() -> rx.Component:
    """Staff and proxies may have no chart of their own: say so, and where to go from here."""
    phone = SETTINGS.practice_phone
    return rx.fragment(
        rx.cond(
            SessionState.people.length() > 0,
            rx.el.section(
                rx.el.h2(_("Whose chart do you want to open?"), id="people"),
                rx.el.ul(rx.foreach(SessionState.people, person_item), class_name="list"),
                class_name="stack",
                aria_labelledby="people",
            ),
            rx.el.section(
                rx.el.h2(_("No chart is open to you")),
                rx.el.p(_("Nobody gives you access to their chart right now, and you have none of your own here.")),
                rx.cond(
                    SessionState.staff,
                    rx.cond(~SessionState.clinician, rx.el.p(_("At the desk there is nothing for your role yet."))),
                    rx.el.p(_("If that is not right, call us: "), plain(phone, href=f"tel:{phone}"), "."),
                ),
                class_name="card",
            ),
        ),
        rx.cond(
            SessionState.clinician,
            rx.el.p(link(icon("desk"), _("Go to the desk"), href="/desk/results", class_name="button")),
        ),
        quiet(_("Charts that are opened to you appear here and behind the arrow beside your name.")),
    )
