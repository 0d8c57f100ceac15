"""What pages about proxies share: the card that leads to inviting, the parts of a chart as boxes to tick."""

from __future__ import annotations

from typing import Any

import reflex as rx

from rxportal.components.link import link
from rxportal.components.parts import card
from rxportal.core.text import _


def proxies_card() -> rx.Component:
    """The way to invite somebody, for the page of preferences (S25)."""
    return card(
        rx.el.h2(_("Proxies"), id="proxies"),
        rx.el.p(_("Let somebody you trust look at your chart, or act in it for you, with an account of their own.")),
        rx.el.p(
            invite_link(),
            link(_("See who has access"), href="/account/connections", own=True, class_name="button second"),
            class_name="row",
        ),
        aria_labelledby="proxies",
    )


def invite_link() -> rx.Component:
    """Begins an invitation: there one grants read only or full access."""
    return link(_("Invite a proxy"), href="/account/invite", own=True, class_name="button")


def part_boxes(parts: Any, *, wrong: Any, problem: Any, hint: str) -> rx.Component:
    """A box for each part of a chart. `wrong`: none is ticked."""
    return rx.el.fieldset(
        rx.el.legend(_("What they can see")),
        rx.el.p(hint, class_name="quiet", id="parts-hint"),
        rx.cond(wrong, rx.el.p(problem, id="parts-error", class_name="error")),
        rx.el.div(rx.foreach(parts, part_box), class_name="stack"),
        id="parts",
        class_name=rx.cond(wrong, "field wrong", "field"),
        custom_attrs={"tabIndex": -1, "aria-describedby": rx.cond(wrong, "parts-hint parts-error", "parts-hint")},
    )


def part_box(one: Any) -> rx.Component:
    """One part."""
    return rx.el.label(
        rx.el.input(type="checkbox", name=one.name, default_checked=one.chosen),
        rx.el.span(one.label),
        class_name="row tick",
        key=one.name,
    )


def level_choice(full: Any) -> rx.Component:
    """Read only or full access, in a form."""
    return rx.el.fieldset(
        rx.el.legend(_("What they can do")),
        _level("read_only", _("Read only: they can look at it and change nothing."), chosen=~full),
        _level("full", _("Full access: they can look at it and act in it for you."), chosen=full),
        class_name="field",
    )


def _level(value: str, words: str, *, chosen: Any) -> rx.Component:
    return rx.el.label(
        rx.el.input(type="radio", name="level", value=value, default_checked=chosen),
        rx.el.span(words),
        class_name="row tick",
    )
