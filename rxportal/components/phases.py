"""The four states of a page: empty, failed, not yet loaded and filled are four different screens."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import reflex as rx

from rxportal.components.forms import button
from rxportal.components.frame import ChartGate
from rxportal.components.icons import icon
from rxportal.components.link import link
from rxportal.core.errors import NotAllowed
from rxportal.core.text import _
from rxportal.state.session import SessionState

CLOSED = NotAllowed().message
# No chart of one's own yet, and the address names nobody else's: nothing is broken, a step is missing.
UNPROVED = SessionState.ready & SessionState.chart_own & ~SessionState.has_own_chart & ~SessionState.staff


def phases(
    state: Any,
    *,
    filled: rx.Component,
    empty: rx.Component,
    loading: str,
    retry: Any,
    by_chart: bool = True,
    refused: Sequence[tuple[str, rx.Component]] = (),
) -> rx.Component:
    """The screen for `state.phase`. `loading` says what is fetched. `by_chart`: never another person's content.

    `refused`: refusals after which trying again changes nothing, each with its own screen.
    """
    waiting = loading_screen(loading)
    failed = failed_screen(state.message, state.reference, retry)
    failed = rx.match(state.message, *refused, failed) if refused else failed
    closed = rx.cond(state.message == CLOSED, closed_screen(state.message), failed)
    screen = rx.match(
        state.phase,
        ("ready", rx.fragment(trouble(state, retry), filled)),
        ("empty", rx.fragment(trouble(state, retry), empty)),
        ("failed", rx.cond(UNPROVED, who_first(), closed) if by_chart else failed),
        waiting,
    )
    if not by_chart:
        return screen
    return ChartGate.create(screen, grant=state.chart_key, waiting=loading_screen(loading))


def loading_screen(what: str) -> rx.Component:
    """Grey shapes, shown only when it takes longer than 300 ms."""
    return rx.el.div(
        rx.el.p(what, class_name="quiet", role="status"),
        rx.el.div(class_name="bone wide", custom_attrs={"aria-hidden": "true"}),
        rx.el.div(class_name="bone", custom_attrs={"aria-hidden": "true"}),
        rx.el.div(class_name="bone", custom_attrs={"aria-hidden": "true"}),
        class_name="loading",
        custom_attrs={"aria-busy": "true"},
    )


def empty_screen(title: str, *children: Any) -> rx.Component:
    """Nothing here, in words, and what that means."""
    return rx.el.section(rx.el.h2(title), *children, class_name="card quiet-card")


def closed_screen(message: Any) -> rx.Component:
    """A place that this reader's access does not cover: nothing failed, and trying again changes nothing."""
    return empty_screen(
        _("This part is not open to you"),
        rx.el.p(message),
        rx.el.p(link(_("Go to your own home page"), href="/home", own=True, class_name="button second")),
    )


def failed_screen(message: Any, reference: Any, retry: Any) -> rx.Component:
    """What went wrong, what to do, and a code to tell us."""
    return rx.el.section(
        rx.el.h2(icon("alert", 22), _("This page could not be opened"), class_name="with-icon"),
        rx.el.p(message, role="alert"),
        code(reference),
        rx.el.p(
            button(_("Try again"), type="button", on_click=retry),
            # the way out when the address names a chart that is not open to this person
            link(_("Go to your own home page"), href="/home", own=True, class_name="button second"),
            class_name="row",
        ),
        class_name="card failed",
    )


def who_first() -> rx.Component:
    """Instead of a failure, for whoever has registered and not shown yet who they are."""
    return empty_screen(
        _("Your chart is not open yet"),
        rx.el.p(_("First show us who you are. Then it opens.")),
        rx.el.p(
            link(_("Show us who you are"), href="/account/verify", own=True, class_name="button"), class_name="row"
        ),
    )


def trouble(state: Any, retry: Any) -> rx.Component:
    """Above a page that still shows what it had: why something did not work."""
    return rx.cond(
        (state.message != "") & (state.field == ""),
        rx.el.div(
            icon("alert", 20),
            rx.el.div(rx.el.p(state.message), code(state.reference)),
            button(_("Try again"), kind="second", type="button", on_click=retry),
            class_name="notice act",
            role="alert",
        ),
    )


def code(reference: Any) -> rx.Component:
    """The reference code, when there is one."""
    return rx.cond(reference != "", rx.el.p(_("Code: "), rx.el.code(reference), class_name="quiet"))
