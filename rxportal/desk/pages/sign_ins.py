"""`/desk/sign-ins`: somebody lost every second factor; the desk looks who it is, and takes them off."""

from __future__ import annotations

from typing import Any

import reflex as rx

from rxportal.components.desk_places import desk_phases, desk_places
from rxportal.components.forms import button, field, select, text_input
from rxportal.components.frame import FocusWhenTold
from rxportal.components.icons import icon
from rxportal.components.layout import signed_in
from rxportal.components.parts import notice, quiet
from rxportal.core.text import _
from rxportal.desk.state.sign_ins import DeskSignInsState as Desk


def desk_sign_ins() -> rx.Component:
    """The whole page."""
    return signed_in(
        rx.el.h1(_("Lost second step")),
        desk_places("sign-ins"),
        desk_phases(
            Desk,
            filled=rx.el.div(
                whom(), finder(), rx.cond(Desk.chosen.id != "", account(), found()), class_name="sections"
            ),
            empty=rx.fragment(),
            loading=_("Opening the desk"),
            retry=Desk.load,
        ),
        FocusWhenTold.create(told=Desk.focus),
        active="access",
    )


def whom() -> rx.Component:
    """Whom this is for."""
    return quiet(_("For somebody who lost passkeys, app and recovery codes. Nothing of a chart is shown here."))


def finder() -> rx.Component:
    """E-mail address or patient. What is typed goes over the socket, never into the address."""
    wrong = Desk.wrong == "words"
    return rx.el.form(
        field(
            _("Find an account"),
            text_input(
                "words", "words", type="search", auto_complete="off", max_length=320,
                placeholder=_("E-mail, patient’s name or MRN"),
                custom_attrs={"aria-describedby": "words-error", "aria-invalid": rx.cond(wrong, "true", "false")},
            ),
            id="words",
            error=rx.cond(wrong, Desk.problem, ""),
        ),
        button(icon("search"), _("Find"), kind="second"),
        on_submit=Desk.find,
        role="search",
        aria_label=_("Accounts"),
        class_name="finder",
    )  # fmt: skip


def problem() -> rx.Component:
    """Why an act was refused, where it names no field."""
    return rx.cond((Desk.problem != "") & (Desk.wrong == ""), notice(Desk.problem, "act", role="alert"))


def found() -> rx.Component:
    """The accounts that fit."""
    sentence = Desk.found.sentence
    return rx.el.section(
        rx.el.h2(rx.cond(sentence != "", sentence, _("Nobody is looked for yet")), id="found", tab_index=-1),
        problem(),
        rx.cond(
            Desk.found.rows.length() > 0,
            rx.el.ul(rx.foreach(Desk.found.rows, row), class_name="list"),
            quiet(_("Write the whole e-mail address, or two letters or more of the patient’s name.")),
        ),
        class_name="stack",
        aria_labelledby="found",
    )


def row(one: Any) -> rx.Component:
    """One account that fits."""
    return rx.el.li(
        rx.el.button(
            rx.el.span(one.name, class_name="title", dir="auto"),
            rx.el.span(one.email, " · ", one.steps, class_name="quiet"),
            type="button",
            on_click=Desk.choose(one.id),
            class_name="item",
        ),
        key=one.id,
    )


def account() -> rx.Component:
    """One account: with what its holder is compared, and the act."""
    one = Desk.chosen
    return rx.el.section(
        rx.el.p(button(icon("back"), _("Back to who was found"), kind="quiet", type="button", on_click=Desk.back)),
        rx.el.div(
            rx.el.h2(one.name, id="account", tab_index=-1, dir="auto"),
            rx.el.p(one.email),
            rx.el.p(rx.el.strong(one.tie)),
            rx.el.p(_("On this account: "), one.steps, "."),
        ),
        rx.el.div(
            rx.cond(Desk.done != "", notice(Desk.done, "good")), id="done", role="status", tab_index=-1,
            class_name="said",
        ),
        problem(),
        rx.cond(one.why_not == "", take_off(), rx.cond(Desk.done == "", notice(one.why_not, "wait"))),
        class_name="stack",
        aria_labelledby="account",
    )  # fmt: skip


def take_off() -> rx.Component:
    """What was looked at, then the act; it asks for a fresh proof of whoever does it."""
    wrong = Desk.wrong == "basis"
    return rx.el.form(
        rx.el.h3(_("Take the second step off")),
        rx.el.p(_("Passkeys, app and recovery codes go. Every sign-in of this account ends at once, and a letter goes "
                  "to its address. The next sign-in needs the password, or a new one by “Forgot your password?”.")),
        field(
            _("How did they prove who they are?"),
            select(
                "basis", "basis", Desk.chosen.bases, default_value="",
                custom_attrs={"aria-describedby": "basis-error", "aria-invalid": rx.cond(wrong, "true", "false")},
            ),
            id="basis",
            error=rx.cond(wrong, Desk.problem, ""),
        ),
        rx.el.p(button(_("Take it off"), id="take-off")),
        on_submit=Desk.free,
        no_validate=True,
        class_name="card",
    )  # fmt: skip
