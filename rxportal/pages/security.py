"""`/account/security`: by what one signs in, where one is signed in, and signing out elsewhere."""

from __future__ import annotations

from typing import Any

import reflex as rx

from rxportal.components.account_factors import account_factors
from rxportal.components.account_identities import account_identities
from rxportal.components.account_password import account_password
from rxportal.components.forms import button, native_form
from rxportal.components.frame import FocusWhenTold
from rxportal.components.layout import SETTINGS, signed_in
from rxportal.components.link import telephone
from rxportal.components.parts import quiet, tag
from rxportal.components.phases import phases
from rxportal.core.text import _
from rxportal.pages.access_log import said
from rxportal.state.security import SecurityState as Security


def security() -> rx.Component:
    """The whole page. It is about the account, whoever's chart is open."""
    return signed_in(
        rx.el.h1(_("Signing in and devices")),
        quiet(_("How you sign in, and every browser in which you are signed in now.")),
        said(Security),
        rx.el.p(Security.news, role="status", class_name="unseen"),
        phases(
            Security,
            filled=rx.el.div(
                account_factors(),
                account_password(),
                account_identities(),
                sessions(),
                advice(),
                class_name="sections",
            ),
            empty=rx.fragment(),
            loading=_("Looking where you are signed in…"),
            retry=Security.load,
            by_chart=False,
        ),
        FocusWhenTold.create(told=Security.focus),
        active="account",
    )


def sessions() -> rx.Component:
    """The list, and one button for all others."""
    others = Security.view.others
    return rx.el.section(
        rx.el.h2(_("Where you are signed in"), id="sessions"),
        quiet(_("A new browser appears here by itself.")),
        rx.el.ul(rx.foreach(Security.view.rows, session), class_name="list"),
        rx.cond(
            others > 1,
            rx.el.p(
                button(
                    _("Sign out in all {count} other browsers").format(count=others),
                    kind="second",
                    type="button",
                    on_click=Security.end_others,
                )
            ),
        ),
        quiet(_("A browser that is not used is signed out by itself after {count} minutes.").format(
            count=Security.view.minutes
        )),
        class_name="stack",
        aria_labelledby="sessions",
    )  # fmt: skip


def session(one: Any) -> rx.Component:
    """One browser: what it is, since when, when it was last used, from which address."""
    return rx.el.li(
        rx.el.div(
            rx.el.span(one.device, class_name="title"),
            quiet(_("Signed in {when}").format(when=one.begun)),
            quiet(
                rx.cond(one.here, rx.fragment(), rx.fragment(_("Last used {when}").format(when=one.used), " · ")),
                rx.cond(
                    one.address != "",
                    _("Internet address {address}").format(address=one.address),
                    _("Internet address not known"),
                ),
            ),
            class_name="says",
        ),
        rx.cond(
            one.here,
            rx.fragment(
                tag(_("This browser"), "good"),
                native_form(button(_("Sign out here"), kind="second"), action="/session/end"),
            ),
            button(
                _("Sign out"),
                kind="second",
                type="button",
                on_click=Security.end_one(one.id),
                aria_label=_("Sign out: {device}, signed in {when}").format(device=one.device, when=one.begun),
            ),
        ),
        class_name="line",
        key=one.id,
    )


def advice() -> rx.Component:
    """What to do about a browser that one doesn't know."""
    number = SETTINGS.support_sign_in_phone
    return rx.el.section(
        rx.el.h2(_("One of these is not yours?")),
        rx.el.p(_("Sign it out, then change your password above. You can’t? Call us: "), telephone(number), "."),
        class_name="card",
    )
