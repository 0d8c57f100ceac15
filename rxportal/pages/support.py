"""`/account/support`: whom to call and write to, each line in its own place (S11, S28)."""

from __future__ import annotations

import reflex as rx

from rxportal.components.layout import SETTINGS, signed_in
from rxportal.components.link import link, mail, telephone
from rxportal.components.parts import card, quiet
from rxportal.core.text import _


def support() -> rx.Component:
    """The whole page; it holds nothing of anybody."""
    return signed_in(
        rx.el.h1(_("Support")),
        rx.el.div(
            card(
                rx.el.h2(_("About your care")),
                rx.el.p(_("Call the practice: "), telephone(SETTINGS.practice_phone)),
                quiet(_("Medical emergency? Call 911.")),
            ),
            card(
                rx.el.h2(_("Trouble signing in")),
                rx.el.p(_("Call sign-in support: "), telephone(SETTINGS.support_sign_in_phone)),
                rx.el.p(
                    _("Or write to "),
                    mail(SETTINGS.support_sign_in_email),
                    _(". You get an answer within three business days."),
                ),
            ),
            card(
                rx.el.h2(_("Questions, or help signing up")),
                rx.el.p(_("Call: "), telephone(SETTINGS.support_sign_up_phone)),
                rx.el.p(_("Or write to "), mail(SETTINGS.support_sign_up_email), "."),
            ),
            card(
                rx.el.h2(_("Answers")),
                rx.el.p(link(_("Common questions about the portal"), href="/help")),
            ),
            class_name="sections",
        ),
        active="account",
    )
