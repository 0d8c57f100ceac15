"""`/account/remove`: what removing the account does, said in full, then the word (S27)."""

from __future__ import annotations

import reflex as rx

from rxportal.components import forms
from rxportal.components.download import download_chart
from rxportal.components.layout import SETTINGS, signed_in
from rxportal.components.link import link, telephone
from rxportal.components.phases import phases
from rxportal.core.text import _
from rxportal.pages.preferences import people
from rxportal.services.removal import WORD
from rxportal.state.preferences import RemovalState as Page


def remove_account() -> rx.Component:
    """The whole page."""
    return signed_in(
        rx.el.h1(_("Permanently remove your account")),
        phases(
            Page,
            filled=rx.el.div(
                people(_("Who loses access"), Page.view.lose),
                people(_("Whose charts you no longer open"), Page.view.left),
                people(_("Who keeps access"), Page.view.stay),
                what_happens(),
                rx.cond(Page.view.owner, download_chart(rx.Var.create(""))),
                question(),
                class_name="sections",
            ),
            empty=rx.fragment(),
            loading=_("Looking who would lose access…"),
            retry=Page.load,
            by_chart=False,
        ),
        active="account",
    )


def what_happens() -> rx.Component:
    """What is deleted, what stays, and why."""
    phone = SETTINGS.practice_phone
    return rx.el.section(
        rx.el.h2(_("What happens")),
        rx.el.ul(
            rx.el.li(_("Deleted at once: your e-mail address, name, password, passkeys, codes, linked accounts, "
                       "preferences, and every sign-in. Open pages close everywhere.")),
            rx.el.li(_("Withdrawn: invitations you sent, and requests that the practice has not answered.")),
            rx.el.li(_("Stays with the practice, because the law says so: your health record, and the list of who "
                       "looked at it. That list keeps a number for you, not your name.")),
            rx.el.li(_("A debt stays a debt: ask the practice how to pay without an account: "),
                     telephone(phone), "."),
            rx.el.li(_("You can register again later. Then you prove again who you are.")),
        ),
        class_name="stack",
    )  # fmt: skip


def question() -> rx.Component:
    """The word, and the two ways out."""
    return rx.el.form(
        rx.el.h2(_("Are you sure?")),
        forms.field(
            _("To go on, type {word}").format(word=WORD),
            rx.el.input(
                id="word", name="word", auto_complete="off", required=True, max_length=40,
                custom_attrs={
                    "aria-describedby": "word-error", "autoCapitalize": "characters", "spellCheck": "false",
                    "aria-invalid": rx.cond(Page.field == "word", "true", "false"),
                },
            ),
            id="word",
            error=rx.cond(Page.field == "word", Page.problem, ""),
        ),
        rx.cond((Page.problem != "") & (Page.field == ""), rx.el.p(Page.problem, role="alert", class_name="error")),
        rx.el.p(
            forms.button(_("Remove my account"), id="remove-account"),
            link(_("Keep my account"), href="/account/preferences", own=True, class_name="button second"),
            class_name="row",
        ),
        on_submit=Page.remove,
        class_name="card",
    )  # fmt: skip
