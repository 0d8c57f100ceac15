"""`/desk/codes`: visit codes to print or to send, and whom a court order keeps from a chart."""

from __future__ import annotations

from typing import Any

import reflex as rx

from rxportal.components.desk_places import desk_phases, desk_places
from rxportal.components.forms import button, field, text_input
from rxportal.components.frame import FocusWhenTold, PrintButton
from rxportal.components.icons import icon
from rxportal.components.layout import SETTINGS, signed_in
from rxportal.components.parts import quiet, tag
from rxportal.core.text import _
from rxportal.desk.state.codes import DeskCodesState as Desk
from rxportal.pages.access_log import said


def desk_codes() -> rx.Component:
    """The whole page."""
    return signed_in(
        rx.el.h1(_("Codes and court orders")),
        desk_places("codes"),
        said(Desk),
        desk_phases(
            Desk,
            filled=rx.el.div(finder(), rx.cond(Desk.card.id != "", patient(), found()), class_name="sections"),
            empty=rx.fragment(),
            loading=_("Opening the desk"),
            retry=Desk.load,
        ),
        FocusWhenTold.create(told=Desk.focus),
        active="desk",
    )


def _control(name: str) -> dict[str, Any]:
    wrong = Desk.wrong == name
    return {"aria-describedby": f"{name}-error {name}-hint", "aria-invalid": rx.cond(wrong, "true", "false")}


def _problem(name: str) -> Any:
    return rx.cond(Desk.wrong == name, Desk.problem, "")


def finder() -> rx.Component:
    """Name, MRN or birth date. What is typed goes over the socket, never into the address."""
    return rx.el.form(
        field(
            _("Find a patient"),
            text_input(
                "words", "words", type="search", auto_complete="off", max_length=100,
                placeholder=_("Name, MRN or birth date"), custom_attrs=_control("words"),
            ),
            id="words",
            error=_problem("words"),
        ),
        button(icon("search"), _("Find"), kind="second"),
        on_submit=Desk.find,
        role="search",
        aria_label=_("Patients"),
        class_name="finder",
    )  # fmt: skip


def found() -> rx.Component:
    """Who fits the words."""
    return rx.el.section(
        rx.el.h2(
            rx.cond(Desk.found.sentence != "", Desk.found.sentence, _("Nobody is looked for yet")),
            id="found",
            tab_index=-1,
        ),
        rx.el.ul(
            rx.foreach(
                Desk.found.rows,
                lambda one: rx.el.li(
                    rx.el.button(
                        rx.el.span(one.name, class_name="title"),
                        rx.el.span(_("Born "), one.born, _(" · MRN "), one.mrn, class_name="quiet"),
                        type="button",
                        on_click=Desk.choose(one.id),
                        class_name="item",
                    ),
                    key=one.id,
                ),
            ),
            class_name=rx.cond(Desk.found.rows.length() > 0, "list", "plain"),
        ),
        class_name="stack",
        aria_labelledby="found",
    )


def patient() -> rx.Component:
    """One patient: the code that was just made, the codes there are, the orders that hold."""
    shown = Desk.card
    return rx.el.section(
        rx.el.p(button(icon("back"), _("Back to who was found"), kind="quiet", type="button", on_click=Desk.back)),
        rx.el.div(
            rx.el.h2(shown.name, id="patient", tab_index=-1),
            rx.el.p(rx.el.strong(_("Born "), shown.born), _(" · MRN "), shown.mrn),
        ),
        made(),
        codes(),
        orders(),
        class_name="stack",
        aria_labelledby="patient",
    )


def made() -> rx.Component:
    """The code, once, as it is printed: no name and nothing about anybody's health stands on the paper."""
    return rx.cond(
        Desk.made.code != "",
        rx.el.section(
            rx.el.h3(_("Your code for {practice} online").format(practice=SETTINGS.practice_name), id="made",
                     tab_index=-1),
            rx.el.p(Desk.made.code, class_name="code"),
            rx.el.p(_("Register on our portal, choose “Ask for a chart”, write who you are, then this code.")),
            rx.el.p(_("It works once, until {day}. Show it to nobody.").format(day=Desk.made.until)),
            rx.el.p(_("Questions? Call {phone}.").format(phone=SETTINGS.practice_phone)),
            PrintButton.create(icon("print"), _("Print"), class_name="button second"),
            class_name="card paper",
            aria_labelledby="made",
        ),
    )  # fmt: skip


def codes() -> rx.Component:
    """The codes of this patient, never the signs themselves, and making a new one."""
    shown = Desk.card
    return rx.el.section(
        rx.el.h3(_("Visit codes"), id="codes"),
        rx.cond(
            shown.owned,
            rx.el.p(_("This chart has its owner: no code is needed."), class_name="why"),
            rx.el.div(
                button(_("Make a code to print"), kind="second", type="button", on_click=Desk.issue),
                rx.cond(
                    shown.sendable,
                    button(_("Send a code to the e-mail on file"), kind="second", type="button", on_click=Desk.send),
                    quiet(_("No e-mail address is on file, so a code can only be printed.")),
                ),
                class_name="row",
            ),
        ),
        rx.cond(
            shown.codes.length() > 0,
            rx.el.ul(rx.foreach(shown.codes, code_row), class_name="list"),
            quiet(_("No code was made yet.")),
        ),
        class_name="stack",
        aria_labelledby="codes",
    )


def code_row(one: Any) -> rx.Component:
    """One code: when it was made, where it stands."""
    return rx.el.li(
        rx.el.div(rx.el.span(one.made, class_name="title"), class_name="says"),
        tag(one.state, rx.cond(one.live, "good", "wait")),
        rx.cond(
            one.live,
            button(_("Make it worthless"), kind="second", type="button", on_click=Desk.withdraw(one.id)),
        ),
        class_name="line",
        key=one.id,
    )


def orders() -> rx.Component:
    """Whom a court order keeps from this chart, and recording one."""
    return rx.el.section(
        rx.el.h3(_("Court orders"), id="orders"),
        rx.cond(
            Desk.card.orders.length() > 0,
            rx.el.ul(rx.foreach(Desk.card.orders, order_row), class_name="list"),
            quiet(_("No court order keeps anybody from this chart.")),
        ),
        rx.el.details(
            rx.el.summary(_("Record a court order")),
            order_form(),
            open=Desk.wrong != "",
            class_name="past",
        ),
        class_name="stack",
        aria_labelledby="orders",
    )


def order_row(one: Any) -> rx.Component:
    """One order: who, since when, on which papers."""
    return rx.el.li(
        rx.el.div(
            rx.el.span(one.name, class_name="title"),
            rx.cond(one.email != "", quiet(one.email)),
            quiet(one.reason),
            class_name="says",
        ),
        tag(one.since, "act"),
        button(
            _("End this order"),
            kind="second",
            type="button",
            on_click=Desk.lift(one.id),
            aria_label=_("End this order: {name}").format(name=one.name),
        ),
        class_name="line",
        key=one.id,
    )


def order_form() -> rx.Component:
    """Whom the order keeps out: their access is over at once, and no request or invitation gives it back."""
    return rx.el.form(
        quiet(_("Access that this person has ends at once. They get none again while the order holds.")),
        field(
            _("Name of the person who is kept out"),
            text_input("name", "name", max_length=300, auto_complete="off", custom_attrs=_control("name")),
            id="name",
            error=_problem("name"),
        ),
        field(
            _("Their e-mail address, if you know it"),
            text_input("email", "email", max_length=300, auto_complete="off", custom_attrs={"inputMode": "email"}),
            id="email",
        ),
        field(
            _("Which court, which number, what did you look at?"),
            rx.el.textarea(id="reason", name="reason", rows="2", max_length=2000, custom_attrs=_control("reason")),
            id="reason",
            error=_problem("reason"),
        ),
        field(
            _("Last day, if there is one"),
            rx.el.input(id="until", name="until", type="date", custom_attrs=_control("until")),
            id="until",
            error=_problem("until"),
        ),
        rx.el.div(button(_("Record the order")), class_name="row"),
        on_submit=Desk.record,
        no_validate=True,
        class_name="stack",
    )
