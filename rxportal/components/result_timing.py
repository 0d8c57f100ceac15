"""When results open: the card of the preferences in which somebody chooses for their chart (N2)."""

from __future__ import annotations

from typing import Any

import reflex as rx

from rxportal.components.forms import button
from rxportal.components.frame import ChartGate
from rxportal.components.link import link
from rxportal.components.parts import quiet
from rxportal.core.text import _
from rxportal.state.preferences import PreferencesState as Page

GENERAL = _("The practice’s rules and the law come first: nothing opens earlier than they allow, and some results are "
            "never shown online.")  # fmt: skip


def result_timing() -> rx.Component:
    """The card; nothing where nobody may choose here."""
    card = Page.view.timing
    return rx.fragment(
        ChartGate.create(rx.cond(card.rows.length() > 0, choices(card)), grant=Page.chart_key),
        rx.cond(card.others.length() > 0, others(card)),
    )


def choices(card: Any) -> rx.Component:
    """Each group of results with its two choices, or why there is none."""
    return rx.el.form(
        rx.el.h2(
            rx.cond(card.whose != "", _("When test results of {name} open").format(name=card.whose),
                    _("When your test results open")),
        ),
        quiet(GENERAL),
        rx.foreach(card.rows, group),
        quiet(_("What you choose counts from now on, for everybody who may open this chart. What is open stays open.")),
        rx.el.p(button(_("Save when results open"), kind="second")),
        on_submit=Page.save_timing,
        class_name="card",
        key=Page.chart_key + Page.view.timing.rows.to_string(),
    )  # fmt: skip


def group(one: Any) -> rx.Component:
    """One group of results."""
    return rx.el.fieldset(
        rx.el.legend(one.title),
        rx.cond(
            one.choosable,
            rx.fragment(
                choice(one.group, "soon", one.soon, chosen=~one.waits),
                choice(one.group, "word", one.word, chosen=one.waits),
            ),
            quiet(one.soon),
        ),
        class_name="field",
        key=one.group,
    )


def choice(name: Any, value: str, words: Any, *, chosen: Any) -> rx.Component:
    """One of two."""
    return rx.el.label(
        rx.el.input(type="radio", name=name, value=value, default_checked=chosen),
        rx.el.span(words),
        class_name="tick",
    )


def others(card: Any) -> rx.Component:
    """Whose else one chooses for: in their chart."""
    return rx.el.section(
        rx.el.h2(_("When results open: children"), id="timing-others"),
        rx.el.p(_("You choose for a child until their 12th birthday.")),
        rx.el.ul(
            rx.foreach(
                card.others,
                lambda one: rx.el.li(
                    link(_("When results of {name} open").format(name=one.name), href=one.href, own=True), key=one.href
                ),
            ),
        ),
        class_name="card",
        aria_labelledby="timing-others",
    )
