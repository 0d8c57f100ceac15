"""`/account/preferences`: what one chose for oneself; proxies; the way to leave."""

from __future__ import annotations

from typing import Any

import reflex as rx

from rxportal.components.forms import button, field
from rxportal.components.frame import FocusWhenTold
from rxportal.components.layout import SETTINGS, signed_in
from rxportal.components.link import link, telephone
from rxportal.components.parts import quiet
from rxportal.components.phases import phases
from rxportal.components.proxies import proxies_card
from rxportal.components.result_timing import result_timing
from rxportal.core.text import _
from rxportal.pages.access_log import said
from rxportal.state.preferences import PreferencesState as Page

SIZES = (("", _("As this device sets it")), ("large", _("Large")), ("larger", _("Larger")))


def preferences() -> rx.Component:
    """The whole page. It is about the account, whoever's chart is open."""
    return signed_in(
        rx.el.h1(_("Preferences")),
        said(Page),
        phases(
            Page,
            filled=rx.el.div(
                appearance(),
                letters(),
                result_timing(),
                rx.cond(Page.view.owner, proxies_card()),
                leaving(),
                class_name="sections",
            ),
            empty=rx.fragment(),
            loading=_("Looking up what you chose…"),
            retry=Page.load,
            by_chart=False,
        ),
        FocusWhenTold.create(told=Page.focus),
        active="account",
    )


def appearance() -> rx.Component:
    """The name to use and the size of text."""
    return rx.el.form(
        rx.el.h2(_("You, and how pages look")),
        field(
            _("Name to use"),
            rx.el.input(
                id="called", name="called", default_value=Page.view.called, auto_complete="nickname", max_length=400,
                dir="auto",
                custom_attrs={
                    "aria-describedby": "called-hint called-error",
                    "aria-invalid": rx.cond(Page.field == "called", "true", "false"),
                },
            ),
            id="called",
            hint=rx.fragment(_("Leave it empty for the name of your account: "), Page.view.name),
            error=rx.cond(Page.field == "called", Page.problem, ""),
        ),
        rx.el.fieldset(
            rx.el.legend(_("Size of text")),
            *[size(value, words) for value, words in SIZES],
            class_name="field",
        ),
        language(),
        rx.el.p(button(_("Save"), kind="second")),
        on_submit=Page.save_appearance,
        class_name="card",
        key=Page.view.called + Page.view.text_size,
    )  # fmt: skip


def size(value: str, words: str) -> rx.Component:
    """One size of text."""
    return rx.el.label(
        rx.el.input(type="radio", name="text_size", value=value, default_checked=Page.view.text_size == value),
        " ",
        words,
        class_name="tick",
    )


def language() -> rx.Component:
    """The one language that there is (`core.text.languages`); nothing is offered that no page could be read in."""
    return rx.el.div(
        rx.el.p(rx.el.strong(_("Language")), rx.el.br(), _("English")),
        quiet(
            _("The portal is in English only for now. For help in another language, call us: "),
            telephone(SETTINGS.practice_phone),
            ".",
        ),
        class_name="field",
    )


def letters() -> rx.Component:
    """Which e-mails are sent. None of them says anything about health."""
    return rx.el.form(
        rx.el.h2(_("E-mails to you")),
        rx.el.input(type="hidden", name="letters", value="chosen"),
        quiet(_("No e-mail says anything about your health. What is new stands in the portal, e-mail or not.")),
        rx.el.label(
            rx.el.input(type="checkbox", name="results", value="yes", default_checked=Page.view.results),
            " ",
            _("Write to me when there is a new test result"),
            class_name="tick",
        ),
        rx.el.label(
            rx.el.input(type="checkbox", checked=True, disabled=True, read_only=True),
            " ",
            _("Write to me when my sign-in or my account changes"),
            class_name="tick",
        ),
        quiet(_("That one can’t be turned off: it is how you find out when somebody else tries it.")),
        rx.el.p(button(_("Save e-mails"), kind="second")),
        on_submit=Page.save_letters,
        class_name="card",
        key="letters" + Page.view.results.to(str),
    )


def leaving() -> rx.Component:
    """The way out, with what comes before it."""
    phone = SETTINGS.practice_phone
    return rx.el.section(
        rx.el.h2(_("Leave for good"), id="leave"),
        rx.cond(
            Page.view.staff,
            rx.el.p(_("A staff account is ended by the practice: "), telephone(phone), "."),
            rx.fragment(
                rx.el.p(_("You can permanently remove your account. First you see who loses access, and what stays.")),
                rx.el.p(
                    link(_("Permanently remove my account"), href="/account/remove", own=True,
                         class_name="button second")
                ),
            ),
        ),
        class_name="card",
        aria_labelledby="leave",
    )  # fmt: skip


def people(title: str, rows: Any, **more: Any) -> rx.Component:
    """A list of names with a sentence each; nothing where there is nobody."""
    return rx.cond(
        rows.length() > 0,
        rx.el.section(
            rx.el.h2(title, **more),
            rx.el.ul(
                rx.foreach(rows, lambda one: rx.el.li(rx.el.strong(one.name, dir="auto"), " ", one.sentence)),
            ),
            class_name="stack",
        ),
    )
