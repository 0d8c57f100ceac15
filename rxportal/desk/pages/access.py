"""`/desk/access`: find a patient, see who may open the chart, end one access with a reason."""

from __future__ import annotations

from typing import Any

import reflex as rx

from rxportal.components.desk_places import desk_phases, desk_places
from rxportal.components.forms import button, field, select, text_input
from rxportal.components.frame import FocusWhenTold
from rxportal.components.grants import grant_list, past_list, question
from rxportal.components.icons import icon
from rxportal.components.layout import signed_in
from rxportal.components.parts import notice, quiet
from rxportal.core.text import _
from rxportal.desk.state.access import DeskAccessState as Desk


def desk_access() -> rx.Component:
    """The whole page."""
    return signed_in(
        rx.el.h1(_("Access to charts")),
        desk_places("access"),
        desk_phases(
            Desk,
            filled=rx.el.div(
                seen_too(), finder(), rx.cond(Desk.chosen.id != "", patient(), found()), class_name="sections"
            ),
            empty=rx.fragment(),
            loading=_("Opening the desk"),
            retry=Desk.load,
        ),
        end_question(),
        FocusWhenTold.create(told=Desk.focus),
        active="access",
    )


def seen_too() -> rx.Component:
    """Whoever looks here leaves a trace."""
    return quiet(_("Patients read in their own log that you looked here, and what you ended."))


def finder() -> rx.Component:
    """Name, MRN or birth date. What is typed goes over the socket, never into the address."""
    return rx.el.form(
        field(
            _("Find a patient"),
            text_input(
                "words", "words", type="search", auto_complete="off", max_length=100,
                placeholder=_("Name, MRN or birth date"),
                custom_attrs={
                    "aria-describedby": "words-error",
                    "aria-invalid": rx.cond(Desk.wrong == "words", "true", "false"),
                },
            ),
            id="words",
            error=rx.cond(Desk.wrong == "words", Desk.problem, ""),
        ),
        button(icon("search"), _("Find"), kind="second"),
        on_submit=Desk.find,
        role="search",
        aria_label=_("Patients"),
        class_name="finder",
    )  # fmt: skip


def problem() -> rx.Component:
    """Why an act was refused, where it names no field."""
    return rx.cond((Desk.problem != "") & (Desk.wrong == ""), notice(Desk.problem, "act", role="alert"))


def found() -> rx.Component:
    """Who fits the words."""
    return rx.el.section(
        rx.el.h2(
            rx.cond(Desk.found.sentence != "", Desk.found.sentence, _("Nobody is looked for yet")),
            id="found",
            tab_index=-1,
        ),
        problem(),
        rx.cond(
            Desk.found.rows.length() > 0,
            rx.el.ul(rx.foreach(Desk.found.rows, patient_row), class_name="list"),
            quiet(_("Write two letters or more: “sam theo”, “T00417”, “14 Mar 1985” or “3/14/1985”.")),
        ),
        class_name="stack",
        aria_labelledby="found",
    )


def patient_row(one: Any) -> rx.Component:
    """One patient who fits."""
    return rx.el.li(
        rx.el.button(
            rx.el.span(one.name, class_name="title"),
            rx.el.span(_("Born "), one.born, _(" · MRN "), one.mrn, class_name="quiet"),
            type="button",
            on_click=Desk.choose(one.id),
            class_name="item",
        ),
        key=one.id,
    )


def patient() -> rx.Component:
    """Who may open one chart."""
    shown = Desk.chosen
    return rx.el.section(
        rx.el.p(
            button(icon("back"), _("Back to who was found"), kind="quiet", type="button", on_click=Desk.back),
        ),
        rx.el.div(
            rx.el.h2(shown.name, id="patient", tab_index=-1),
            rx.el.p(rx.el.strong(_("Born "), shown.born), _(" · MRN "), shown.mrn),
        ),
        rx.el.div(
            rx.cond(Desk.done != "", notice(Desk.done, "good")), id="done", role="status", tab_index=-1,
            class_name="said",
        ),
        problem(),
        rx.el.h3(_("Who may open this chart")),
        rx.cond(
            shown.people.length() > 0,
            grant_list(shown.people, ending),
            rx.el.p(_("Nobody: this patient has no account here, and nobody else has access.")),
        ),
        past_list(shown.past),
        class_name="stack",
        aria_labelledby="patient",
    )  # fmt: skip


def ending(one: Any) -> rx.Component:
    """End this access."""
    return button(
        _("End access"),
        kind="second",
        type="button",
        on_click=Desk.ask(one.id),
        aria_label=_("End access: {name}").format(name=one.name),
    )


def end_question() -> rx.Component:
    """Who loses what, and why; without a reason nothing is ended."""
    asked, wrong = Desk.asked, Desk.wrong == "reason"
    own = _("This is the patient’s own access. After this, nobody but staff opens the chart until it is linked again.")
    return question(
        "end",
        rx.cond(asked.own, rx.el.p(own)),
        rx.el.p(_("{name} can’t open the chart of {patient} any more. Pages that are open close at once.").format(
            name=asked.name, patient=Desk.chosen.name
        )),
        quiet(_("The patient reads the reason in their own log.")),
        rx.el.form(
            field(
                _("Reason"),
                select(
                    "reason", "reason", Desk.chosen.reasons, default_value="",
                    custom_attrs={
                        "aria-describedby": "reason-error", "aria-invalid": rx.cond(wrong, "true", "false"),
                    },
                ),
                id="reason",
                error=rx.cond(wrong, Desk.problem, ""),
            ),
            rx.el.div(
                button(_("Keep access"), kind="second", type="button", on_click=Desk.cancel),
                button(_("End access")),
                class_name="row",
            ),
            on_submit=Desk.end,
            no_validate=True,
            class_name="stack",
        ),
        title=_("End the access of {name}?").format(name=asked.name),
        shown=asked.id != "",
        on_cancel=Desk.cancel,
    )  # fmt: skip
