"""The right side of the desk: whose result it is, what it says, what was done with it."""

from __future__ import annotations

from typing import Any

import reflex as rx

from rxportal.components.forms import button
from rxportal.components.icons import icon
from rxportal.components.link import plain
from rxportal.components.parts import quiet, tag
from rxportal.core.text import _
from rxportal.desk.pages.decide import decide
from rxportal.desk.state.results import DeskResultsState as Desk


def case() -> rx.Component:
    """The open result, or the place where it will stand."""
    return rx.cond(
        Desk.case.id != "",
        rx.el.section(
            rx.el.p(
                button(icon("back"), _("Back to the queue"), kind="quiet", type="button", on_click=Desk.close_case),
            ),
            rx.el.h2(
                Desk.case.title,
                " ",
                rx.el.span(Desk.case.patient, class_name="whose"),
                id="case-title",
                tab_index=-1,
            ),
            patient_line(),
            states(),
            values(),
            words(),
            files(),
            history(),
            decide(),
            class_name="card case",
            custom_attrs={"aria-labelledby": "case-title"},
            key=Desk.case.id,
        ),
        rx.el.section(
            quiet(_("Choose a result from the queue. It opens here.")),
            class_name="card case nobody",
            aria_label=_("Result"),
        ),
    )


def patient_line() -> rx.Component:
    """Enough to be sure who this is."""
    shown = Desk.case
    return rx.fragment(
        rx.el.p(
            rx.el.strong(_("Born "), shown.born),
            rx.cond(shown.mrn != "", rx.el.span(_(" · MRN "), shown.mrn)),
            rx.cond(shown.ordered_by != "", rx.el.span(_(" · ordered by "), shown.ordered_by)),
        ),
        quiet(
            shown.kind_label,
            rx.cond(shown.collected != "", rx.el.span(_(" · collected "), shown.collected)),
            rx.cond(shown.issued != "", rx.el.span(_(" · final "), shown.issued)),
            rx.cond(shown.performer != "", rx.el.span(" · ", shown.performer)),
            rx.cond(shown.specimen != "", rx.el.span(" · ", shown.specimen)),
        ),
    )


def states() -> rx.Component:
    """Where it stands, and by when it opens by itself."""
    shown = Desk.case
    return rx.el.p(
        rx.cond(shown.late, tag(shown.state, "act"), tag(shown.state, "wait")),
        rx.cond(
            shown.flag != "", tag(shown.flag, rx.cond(shown.normal, "good", rx.cond(shown.late, "act", shown.tone)))
        ),
        rx.cond(
            shown.late,
            rx.el.span(_("It opened by itself on "), shown.due, class_name="late"),
            rx.cond(shown.due != "", rx.el.span(_("Opens by itself on "), shown.due, class_name="quiet")),
        ),
        class_name="row",
    )


def values() -> rx.Component:
    """The values as a table: what was measured, what came out, what is usual."""
    return rx.cond(
        Desk.case["values"].length() > 0,
        rx.el.table(
            rx.el.caption(_("Values"), class_name="unseen"),
            rx.el.thead(
                rx.el.tr(*[rx.el.th(words, scope="col") for words in (_("Test"), _("Result"), _("Usual range"))]),
            ),
            rx.el.tbody(rx.foreach(Desk.case["values"], value)),
            class_name="case-values",
        ),
    )


def value(one: Any) -> rx.Component:
    """One value with its flag in words."""
    return rx.el.tr(
        rx.el.th(one.name, scope="row"),
        rx.el.td(
            rx.el.div(
                rx.el.strong(one.value, " ", one.unit),
                rx.cond(one.flag != "", tag(one.flag, one.tone)),
                class_name="shown",
            ),
            rx.cond(one.note != "", rx.el.span(one.note, class_name="quiet note")),
        ),
        rx.el.td(
            rx.el.span(_("Usual range: "), class_name="on-phone", custom_attrs={"aria-hidden": "true"}),
            rx.cond(one["range"] != "", one["range"], "–"),
        ),
        key=one.id,
    )


def words() -> rx.Component:
    """Narrative and conclusion, paragraph by paragraph."""
    return rx.fragment(
        rx.foreach(Desk.case.narrative, lambda text, number: rx.el.p(text, class_name="told", key=number.to(str))),
        rx.cond(
            Desk.case.conclusion != "",
            rx.el.p(rx.el.strong(_("Conclusion: ")), Desk.case.conclusion, class_name="told"),
        ),
    )


def files() -> rx.Component:
    """What came with it."""
    return rx.cond(
        Desk.case.attachments.length() > 0,
        rx.el.ul(rx.foreach(Desk.case.attachments, file), class_name="files", aria_label=_("Files")),
    )


def file(one: Any) -> rx.Component:
    """One file."""
    return rx.el.li(
        icon("file"),
        rx.cond(one.href != "", plain(one.title, href=one.href), rx.el.span(one.title)),
        rx.el.span(one.size, class_name="quiet"),
        key=one.id,
    )


def history() -> rx.Component:
    """What the desk did with it before."""
    return rx.cond(
        Desk.case.history.length() > 0,
        rx.el.div(
            rx.el.h3(_("So far")),
            rx.el.ol(
                rx.foreach(Desk.case.history, lambda line, number: rx.el.li(line, key=number.to(str))),
                class_name="history",
            ),
            class_name="stack",
        ),
    )
