"""`/invitations/{token}`: the page behind the link of an invitation. Opening it changes nothing."""

from __future__ import annotations

import reflex as rx

from rxportal.components.forms import button, field, text_input
from rxportal.components.frame import FocusWhenTold
from rxportal.components.layout import public
from rxportal.components.link import link, plain
from rxportal.components.parts import card, quiet, tag
from rxportal.components.phases import phases
from rxportal.core.text import _
from rxportal.state.invitation import InvitationState as Invitation
from rxportal.state.session import SessionState


def invitation() -> rx.Component:
    """The whole page."""
    return public(
        rx.el.h1(_("Your invitation")),
        phases(
            Invitation,
            filled=rx.el.div(
                rx.match(
                    Invitation.view.stand,
                    ("open", rx.cond(SessionState.signed_in, passcode(), who_are_you())),
                    ("entered", offer()),
                    ("accepted", accepted()),
                    said(),
                ),
                id="offer",
                tab_index=-1,
                class_name="said",
            ),
            empty=rx.fragment(),
            loading=_("Opening the invitation…"),
            retry=Invitation.load,
            by_chart=False,
        ),
        FocusWhenTold.create(told=Invitation.focus),
    )


def said() -> rx.Component:
    """It can't be answered, or it was: why, and what now."""
    return card(
        rx.el.h2(rx.cond(Invitation.view.stand == "declined", _("You declined"), _("Nothing to accept here"))),
        rx.el.p(Invitation.view.said),
        rx.el.p(
            rx.cond(
                SessionState.signed_in,
                link(_("Go to your home page"), href="/home", own=True, class_name="button second"),
                plain(_("Sign in"), href="/sign-in", class_name="button second"),
            )
        ),
    )


def who_are_you() -> rx.Component:
    """First one's own account."""
    here = Invitation.here
    return card(
        rx.el.h2(_("Somebody asks you to open their chart")),
        rx.el.p(
            _("Sign in with your own account, or register with your own details. Then type the passcode that they tell "
              "you. Whose chart it is, you see after that.")
        ),
        rx.el.p(
            plain(_("Sign in"), href=f"/sign-in?next={here}", class_name="button"),
            plain(_("Register"), href=f"/sign-up?next={here}", class_name="button second"),
            class_name="row",
        ),
        quiet(_("Once you are signed in, you come back here by yourself.")),
    )  # fmt: skip


def passcode() -> rx.Component:
    """What was told outside the letter."""
    wrong = Invitation.problem != ""
    return card(
        rx.el.h2(_("Type the passcode")),
        rx.el.p(_("You answer as "), rx.el.strong(SessionState.name), "."),
        quiet(_("Is that not you? Sign out at the top, then open the link in your letter again.")),
        rx.el.form(
            field(
                _("Passcode"),
                text_input(
                    "passcode", "passcode", max_length=64, required=True, auto_complete="off",
                    custom_attrs={
                        "aria-describedby": "passcode-hint passcode-error",
                        "aria-invalid": rx.cond(wrong, "true", "false"),
                    },
                ),
                id="passcode",
                hint=_("Whoever invited you tells it to you. Capitals, spaces and hyphens don’t matter."),
                error=Invitation.problem,
            ),
            rx.el.p(button(_("Go on"))),
            on_submit=Invitation.enter,
            class_name="stack",
        ),
    )  # fmt: skip


def offer() -> rx.Component:
    """What one would accept."""
    one = Invitation.view
    return card(
        rx.el.h2(_("Open the chart of {name}?").format(name=one.patient)),
        rx.el.p(tag(one.level, "good")),
        rx.el.p(one.sees),
        rx.el.p(one.until, "."),
        rx.el.ul(
            rx.el.li(_("You use it for {name} alone, and keep what you see to yourself.").format(name=one.patient)),
            rx.el.li(_("{name} sees when you open it and what you do in it.").format(name=one.patient)),
            rx.el.li(_("You never see what is especially private.")),
            rx.el.li(_("{name} can end it at any time, and so can you.").format(name=one.patient)),
        ),
        rx.cond(Invitation.problem != "", rx.el.p(Invitation.problem, class_name="error", role="alert")),
        rx.el.div(
            button(_("Decline"), kind="second", type="button", on_click=Invitation.decline),
            button(_("Accept"), type="button", on_click=Invitation.accept),
            class_name="row",
        ),
    )


def accepted() -> rx.Component:
    """It is open now."""
    one = Invitation.view
    return card(
        rx.el.h2(_("You can open the chart of {name}").format(name=one.patient)),
        rx.el.p(_("You find {name} beside your own name, at the top of each page.").format(name=one.patient)),
        rx.el.p(
            link(
                _("Open the chart of {name}").format(name=one.patient), href=f"/home?for={one.grant}", own=True,
                class_name="button",
            )
        ),
    )  # fmt: skip
