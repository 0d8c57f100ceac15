"""`/desk/claims`: requests for a chart on the left, one beside the patients who could be meant on the right."""

from __future__ import annotations

from typing import Any

import reflex as rx

from rxportal.components.desk_places import desk_phases, desk_places
from rxportal.components.forms import button
from rxportal.components.frame import FocusWhenTold
from rxportal.components.icons import icon
from rxportal.components.layout import signed_in
from rxportal.components.parts import notice, quiet, tag
from rxportal.core.text import _
from rxportal.desk.pages.claims_decide import approve_form, refuse_form
from rxportal.desk.state.claims import DeskClaimsState as Desk
from rxportal.pages.access_log import said


def desk_claims() -> rx.Component:
    """The whole page. Requests come and go by themselves."""
    return signed_in(
        rx.el.h1(_("Who is this?")),
        desk_places("claims"),
        said(Desk),
        desk_phases(
            Desk,
            filled=rx.el.div(
                queue(), case(), class_name=rx.cond(Desk.case.id != "", "desk has-case", "desk")
            ),
            empty=rx.fragment(),
            loading=_("Loading the requests"),
            retry=Desk.load,
        ),
        FocusWhenTold.create(told=Desk.focus),
        active="desk",
    )  # fmt: skip


def queue() -> rx.Component:
    """What waits, the one that is due first on top."""
    return rx.el.section(
        rx.el.h2(_("Requests"), id="queue-title", tab_index=-1, class_name="queue-title"),
        rx.cond(
            Desk.queue.length() > 0,
            rx.el.ul(rx.foreach(Desk.queue, row), class_name="list queue-rows"),
            rx.el.div(
                rx.el.p(_("Nobody waits for an answer.")),
                quiet(_("New requests appear here by themselves.")),
                class_name="card",
            ),
        ),
        class_name="queue stack",
        aria_labelledby="queue-title",
    )


def row(one: Any) -> rx.Component:
    """One request: who, for what, by when."""
    return rx.el.li(
        rx.el.button(
            rx.el.span(one.name, class_name="title"),
            rx.el.span(one.asks, class_name="quiet"),
            rx.el.span(
                rx.cond(one.tag != "", tag(one.tag, "act")),
                rx.cond(
                    one.late,
                    rx.el.span(_("Late: due on "), one.due, class_name="late"),
                    rx.el.span(_("Answer by "), one.due, class_name="quiet"),
                ),
                class_name="marks",
            ),
            type="button",
            class_name="item",
            on_click=Desk.open_case(one.id),
            custom_attrs={"aria-current": rx.cond(Desk.case.id == one.id, "true", "false")},
        ),
        key=one.id,
    )


def case() -> rx.Component:
    """The open request, or the place where it will stand."""
    shown = Desk.case
    return rx.cond(
        shown.id != "",
        rx.el.section(
            rx.el.p(
                button(icon("back"), _("Back to the requests"), kind="quiet", type="button", on_click=Desk.close_case),
            ),
            rx.el.h2(shown.title, id="case-title", tab_index=-1),
            rx.el.p(_("Asked by "), rx.el.strong(shown.asked_by), _(" on "), shown.asked),
            rx.el.p(rx.cond(shown.late, tag(_("Late"), "act"), rx.fragment()), _(" Answer by "), shown.due),
            rx.cond(
                shown.conflict,
                notice(_("The chart that fits has an owner already. Find out which of the two is the patient."), "act"),
            ),
            relation(),
            candidates(),
            refuse_form(),
            class_name="card case",
            aria_labelledby="case-title",
            key=shown.id,
        ),
        rx.el.section(
            quiet(_("Choose a request. It opens here.")), class_name="card case nobody", aria_label=_("Request")
        ),
    )


def relation() -> rx.Component:
    """What somebody is to the person whose chart they ask for, and what shows it."""
    shown = Desk.case
    return rx.cond(
        shown.child,
        rx.el.dl(
            rx.el.div(rx.el.dt(_("They are")), rx.el.dd(shown.relation)),
            rx.el.div(rx.el.dt(_("What shows it, in their words")), rx.el.dd(shown.proof, class_name="told")),
            class_name="facts",
        ),
    )


def candidates() -> rx.Component:
    """The patients who could be meant."""
    shown = Desk.case
    return rx.fragment(
        rx.el.h3(_("Who could be meant")),
        rx.cond(
            shown.candidates.length() > 0,
            rx.fragment(rx.foreach(shown.candidates, candidate)),
            rx.el.p(_("Nobody of this practice has this name with this birth date, or this MRN.")),
        ),
    )


def candidate(one: Any) -> rx.Component:
    """One patient: fact by fact, who has access, and the button that opens the chart, or why it can't be opened."""
    return rx.el.section(
        rx.el.h4(one.name, rx.el.span(_(" · born "), one.born, _(" · MRN "), one.mrn, class_name="quiet")),
        rx.el.table(
            rx.el.caption(_("What they wrote, beside what we have on file"), class_name="unseen"),
            rx.el.thead(
                rx.el.tr(
                    rx.el.th(_("Fact"), scope="col"),
                    rx.el.th(_("They wrote"), scope="col"),
                    rx.el.th(_("On file"), scope="col"),
                )
            ),
            rx.el.tbody(rx.foreach(one.facts, fact)),
            class_name="case-values",
        ),
        rx.el.ul(rx.foreach(one.stands, lambda words: rx.el.li(words, key=words)), class_name="plain quiet"),
        rx.cond(
            one.why_not != "",
            rx.el.p(one.why_not, class_name="why"),
            rx.cond(
                Desk.chosen == one.id,
                approve_form(one),
                rx.el.p(
                    button(
                        _("This is the one"),
                        kind="second",
                        type="button",
                        on_click=Desk.choose(one.id),
                        aria_label=_("This is the one: {name}, born {born}").format(name=one.name, born=one.born),
                    )
                ),
            ),
        ),
        class_name="card stack",
        key=one.id,
    )


def fact(row: Any) -> rx.Component:
    """One fact: what was written, what is on file, whether they are the same."""
    return rx.el.tr(
        rx.el.th(row.label, scope="row"),
        rx.el.td(rx.el.span(_("They wrote: "), class_name="on-phone"), row.given),
        rx.el.td(
            rx.cond(row.ours != "", rx.el.span(rx.el.span(_("On file: "), class_name="on-phone"), row.ours, " ")),
            rx.cond(row.words != "", tag(row.words, row.tone)),
        ),
        key=row.label,
    )
