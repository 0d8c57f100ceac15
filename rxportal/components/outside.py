"""Buttons for signing in with an outside provider: plain links, so that our form policy need not know their hosts."""

from __future__ import annotations

from typing import Any

import reflex as rx

from rxportal.components.link import plain
from rxportal.components.parts import notice, quiet
from rxportal.core.text import _
from rxportal.state.outside import OutsideState


def outside_buttons() -> rx.Component:
    """One button for each provider; `?next=` of the page goes along."""
    return rx.cond(
        OutsideState.ways.length() > 0,
        rx.el.div(
            rx.el.p(_("Or go on with an account that you have elsewhere:"), id="outside-ways"),
            rx.el.ul(
                rx.foreach(OutsideState.ways, way),
                class_name="ways",
                aria_labelledby="outside-ways",
            ),
            quiet(_("We take your name and e-mail address from there, nothing else. We never see your password.")),
            rx.cond(OutsideState.stand_ins, stand_in_notice()),
            class_name="stack",
        ),
    )


def way(one: Any) -> rx.Component:
    """One provider, by its name."""
    return rx.el.li(
        plain(_("Go on with {provider}").format(provider=one.label), href=one.href, class_name="button second"),
        key=one.name,
    )


def stand_in_notice() -> rx.Component:
    """In development one should know that nobody real answers."""
    return notice(
        _("Development: these are stand-ins that run here, not the real services. Nobody real can sign in with them."),
        "look",
    )
