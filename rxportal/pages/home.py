"""`/home`: whose chart this is, what needs me, what happens next."""

from __future__ import annotations

from typing import Any

import reflex as rx

from rxportal.components.layout import signed_in
from rxportal.components.link import link
from rxportal.components.parts import tag
from rxportal.components.phases import empty_screen, phases
from rxportal.components.result_rows import on_the_way, result_list
from rxportal.core.text import _
from rxportal.state.home import HomeState
from rxportal.state.session import SessionState


def home() -> rx.Component:
    """The whole page."""
    return signed_in(
        rx.el.h1(
            rx.cond(
                SessionState.ready & (SessionState.chart_name != ""),
                rx.cond(SessionState.chart_own, rx.fragment(_("Hello, "), SessionState.chart_name), SessionState.chart_name),
                _("Home"),
            )
        ),
        rx.cond(
            SessionState.ready & SessionState.chart_own & ~SessionState.has_own_chart,
            no_own_chart(),
            phases(
                HomeState,
                filled=filled(),
                empty=empty_screen(
                    _("Nothing needs you right now"),
                    rx.el.p(_("New results appear here by themselves. Older ones are under Results.")),
                    rx.el.p(link(_("See all results"), href="/results", class_name="button second")),
                ),
                loading=_("Opening your home page…"),
                retry=HomeState.load,
            ),
        ),
        active="home",
    )


def no_own_chart() -> rx.Component:
    """Staff and proxies may have no chart of their own: say so and show where to go."""
    return rx.el.section(
        rx.el.h2(_("You have no chart of your own here")),
        rx.cond(
            SessionState.people.length() > 0,
            rx.fragment(
                rx.el.p(_("You may open these charts:")),
                rx.el.ul(
                    rx.foreach(
                        SessionState.people,
                        lambda one: rx.el.li(
                            link(one.name, href=one.href, own=True), " ", rx.el.span(one.level, class_name="quiet"),
                            key=one.href,
                        ),
                    ),
                    class_name="plain",
                ),
            ),
            rx.cond(
                ~SessionState.staff,
                rx.el.p(_("No chart is open to you. If you think that is wrong, call the number below.")),
            ),
        ),
        rx.cond(SessionState.clinician, rx.el.p(link(_("Go to the desk"), href="/desk/results", class_name="button"))),
        class_name="card",
    )  # fmt: skip


def filled() -> rx.Component:
    """What needs this person, what is new, what is on its way."""
    return rx.el.div(
        rx.cond(
            HomeState.view.needs.length() > 0,
            rx.el.section(
                rx.el.h2(_("What needs you"), id="needs"),
                rx.el.ul(rx.foreach(HomeState.view.needs, need), class_name="list"),
                class_name="stack",
                aria_labelledby="needs",
            ),
        ),
        rx.cond(
            HomeState.view.new_results.length() > 0,
            rx.el.section(
                rx.el.h2(_("New results"), id="new"),
                result_list(HomeState.view.new_results, rx.Var.create([]), months=False),
                rx.el.p(link(_("See all results"), href="/results")),
                class_name="stack",
                aria_labelledby="new",
            ),
        ),
        on_the_way(HomeState.view.waiting),
        rx.el.p(HomeState.news, role="status", class_name="unseen"),
        class_name="sections",
    )


def need(one: Any) -> rx.Component:
    """One thing to do, with the verb on it."""
    return rx.el.li(
        link(
            rx.el.span(one.title, class_name="title"),
            rx.el.span(one.detail, class_name="quiet"),
            tag(one.action, one.tone),
            href=one.href,
            class_name="item",
        ),
        key=one.title,
    )
