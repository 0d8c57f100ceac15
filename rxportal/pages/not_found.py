"""The page for addresses that lead nowhere."""

from __future__ import annotations

import reflex as rx

from rxportal.components.layout import public
from rxportal.components.link import plain
from rxportal.core.text import _


def not_found() -> rx.Component:
    """Say so, and where to go."""
    return public(
        rx.el.h1(_("We can’t find that page")),
        rx.el.p(_("The address may be mistyped, or the page may have moved. Nothing of yours is lost.")),
        rx.el.div(
            plain(_("Go to your home page"), href="/home", class_name="button"),
            plain(_("Online services"), href="/", class_name="button second"),
            class_name="row",
        ),
    )
