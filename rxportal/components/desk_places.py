"""What the pages of the desk have in common: the front desk's places, and why a desk does not open."""

from __future__ import annotations

from typing import Any

import reflex as rx

from rxportal.components.icons import icon
from rxportal.components.link import link
from rxportal.components.phases import closed_screen, empty_screen, phases
from rxportal.core.errors import NotAllowed, NotFound, SecondStepMissing
from rxportal.core.text import _
from rxportal.state.session import SessionState

PLACES = (
    ("claims", "/desk/claims", _("Who is this?")),
    ("codes", "/desk/codes", _("Codes and court orders")),
    ("access", "/desk/access", _("Access to charts")),
    ("sign-ins", "/desk/sign-ins", _("Lost second step")),
)


def desk_places(active: str) -> rx.Component:
    """Links to them, for those who work there; the open one is marked."""
    places = rx.el.nav(
        *[
            link(words, href=href, own=True, custom_attrs={"aria-current": "page"} if name == active else {})
            for name, href, words in PLACES
        ],
        class_name="row desk-places",
        aria_label=_("Front desk"),
    )
    return rx.cond(SessionState.desk == PLACES[0][1], places)


def desk_phases(state: Any, **screens: Any) -> rx.Component:
    """The four states of a page of the desk; whom it does not open for reads why, and what they can do."""
    refused = (
        (SecondStepMissing().message, step_first()),
        (NotAllowed().message, other_desk()),
        (NotFound().message, not_staff()),
    )
    return phases(state, by_chart=False, refused=refused, **screens)


def step_first() -> rx.Component:
    """Somebody who works here, and whose sign-in has no second step yet."""
    return empty_screen(
        _("Add a second step first"),
        rx.el.p(_("Your desk opens once your sign-in has a second step. It keeps the charts of our patients safe.")),
        rx.el.p(
            link(icon("device"), _("Add a second step"), href="/account/security#factors", own=True,
                 class_name="button")
        ),
    )  # fmt: skip


def other_desk() -> rx.Component:
    """Somebody who works here, at another desk."""
    return empty_screen(
        _("This desk is not yours"),
        rx.el.p(_("It is for another role at the practice. An administrator can change yours.")),
        rx.cond(
            SessionState.desk != "",
            rx.el.p(link(icon("desk"), _("Go to your desk"), href=SessionState.desk, class_name="button second")),
        ),
    )


def not_staff() -> rx.Component:
    """Nobody of the practice."""
    return closed_screen(_("Only people who work at the practice open it."))
