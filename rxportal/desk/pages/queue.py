"""The left side of the desk: what waits, late ones first; tick boxes on the normal ones."""

from __future__ import annotations

from typing import Any

import reflex as rx

from rxportal.components.forms import button, field, select
from rxportal.components.parts import quiet, tag
from rxportal.core.text import _
from rxportal.desk.state.results import DeskResultsState as Desk


def queue() -> rx.Component:
    """The queue with its filter, the bulk act and the pages."""
    return rx.el.section(
        rx.el.h2(_("Queue"), id="queue-title", tab_index=-1, class_name="queue-title"),
        field(
            _("Show"),
            select("queue-only", "only", Desk.queue.filters, value=Desk.queue.only, on_change=Desk.show_only),
            id="queue-only",
        ),
        rx.cond(Desk.queue.rows.length() > 0, rx.fragment(bulk(), rows(), pages()), nothing_here()),
        class_name="queue stack",
        custom_attrs={"aria-labelledby": "queue-title"},
    )


def nothing_here() -> rx.Component:
    """This part of the queue is empty, the rest is not."""
    return rx.el.div(
        rx.el.p(
            rx.cond(Desk.queue.only == "", _("Nothing else waits for you."), _("Nothing waits in this part.")),
        ),
        rx.cond(
            Desk.queue.only != "",
            button(_("Show all"), kind="second", type="button", on_click=Desk.show_only("")),
        ),
        class_name="card",
    )


def bulk() -> rx.Component:
    """Mark the ticked normal results as seen, all at once. What that shows to whom stands before the button."""
    count = Desk.chosen.length()
    normal = Desk.normal_here
    one, many = _("Mark 1 normal result as seen"), _("Mark {count} normal results as seen")
    return rx.cond(
        normal > 0,
        rx.el.div(
            button(
                rx.cond(
                    count == normal,
                    _("Untick all"),
                    rx.cond(normal == 1, _("Tick the normal one"), _("Tick all {count} normal").format(count=normal)),
                ),
                kind="quiet",
                type="button",
                on_click=Desk.choose_all,
            ),
            rx.cond(
                count > 0,
                rx.fragment(
                    quiet(_("Each patient, and whoever may see their results, will see them at once."), id="bulk-who"),
                    button(
                        rx.cond(count == 1, one, many.format(count=count)),
                        kind="second",
                        type="button",
                        on_click=Desk.bulk_seen,
                        custom_attrs={"aria-describedby": "bulk-who"},
                    ),
                ),
            ),
            class_name="bulk",
        ),
    )


def rows() -> rx.Component:
    """The results of this page."""
    return rx.el.ul(
        rx.foreach(Desk.queue.rows, row),
        class_name=rx.cond(Desk.normal_here > 0, "list queue-rows ticks", "list queue-rows"),
    )


def row(one: Any) -> rx.Component:
    """One result: a tick box when it is normal, and the button that opens it."""
    name = _("Tick {title}, {patient}").format(title=one.title, patient=one.patient)
    return rx.el.li(
        rx.cond(
            one.normal,
            rx.el.label(
                rx.el.input(
                    type="checkbox",
                    name="chosen",
                    value=one.id,
                    default_checked=Desk.chosen.contains(one.id),
                    on_change=lambda ticked: Desk.choose(one.id, ticked),
                    key=f"{one.id} {Desk.ticks}",
                    aria_label=name,
                ),
                class_name="tick",
            ),
            rx.cond(Desk.normal_here > 0, rx.el.span(class_name="tick")),
        ),
        rx.el.button(
            rx.el.span(one.patient, " · ", one.title, class_name="title"),
            rx.el.span(one.state, _(" · final "), one.since, class_name="quiet"),
            rx.el.span(
                rx.cond(one.flag != "", tag(one.flag, rx.cond(one.normal, "good", one.tone))),
                due(one),
                class_name="marks",
            ),
            id=f"row-{one.id}",
            type="button",
            class_name="item",
            on_click=Desk.open_case(one.id),
            custom_attrs={"aria-current": rx.cond(Desk.case.id == one.id, "true", "false")},
        ),
        class_name=rx.cond(Desk.arrived.contains(one.id), "arrived", ""),
        key=one.id,
    )


def due(one: Any) -> rx.Component:
    """By when, in words; late ones say so."""
    return rx.cond(
        one.late,
        rx.el.span(_("Late: opened by itself on "), one.due, class_name="late"),
        rx.cond(one.due != "", rx.el.span(_("Opens by itself on "), one.due, class_name="quiet")),
    )


def pages() -> rx.Component:
    """Earlier and later pages, when there are any."""
    here = _("Page {page} of {pages}").format(page=Desk.queue.page, pages=Desk.queue.pages)
    return rx.cond(
        Desk.queue.pages > 1,
        rx.el.nav(
            rx.cond(
                Desk.queue.page > 1,
                button(_("Previous"), kind="second", type="button", on_click=Desk.turn(Desk.queue.page - 1)),
            ),
            quiet(here),
            rx.cond(
                Desk.queue.page < Desk.queue.pages,
                button(_("Next"), kind="second", type="button", on_click=Desk.turn(Desk.queue.page + 1)),
            ),
            class_name="row",
            aria_label=_("Pages of the queue"),
        ),
    )
