"""`/results`: every test result of this chart, and those on their way."""

from __future__ import annotations

import reflex as rx

from rxportal.components.forms import button, select, text_input
from rxportal.components.layout import signed_in
from rxportal.components.link import link
from rxportal.components.phases import empty_screen, phases
from rxportal.components.result_rows import on_the_way, result_list
from rxportal.core.text import _
from rxportal.state.results import ResultsState


def results() -> rx.Component:
    """The whole page."""
    return signed_in(
        rx.el.h1(_("Test results")),
        rx.el.p(
            _("Most results appear here after your doctor has seen them. X-ray, scan and tissue results appear when "
              "the doctor releases them. Some tests are never shown online because of state law. "),
            link(_("Why isn’t my result here?"), href="/help#why-not-here"),
            class_name="quiet",
        ),  # fmt: skip
        phases(
            ResultsState,
            filled=filled(),
            empty=empty_screen(
                _("No results yet"),
                rx.el.p(_("When a test is done, you see here where it is on its way. You don’t need to reload.")),
            ),
            loading=_("Opening the results…"),
            retry=ResultsState.load,
        ),
        active="results",
    )


def filled() -> rx.Component:
    """Search, what is on its way, the list, its pages."""
    return rx.el.div(
        search(),
        rx.el.p(ResultsState.view.sentence, role="status", class_name="quiet"),
        rx.cond((ResultsState.query == "") & (ResultsState.kind == ""), on_the_way(ResultsState.view.waiting)),
        rx.cond(
            ResultsState.view.rows.length() > 0,
            result_list(ResultsState.view.rows, ResultsState.arrived),
            rx.cond(
                (ResultsState.query != "") | (ResultsState.kind != ""),
                rx.el.p(button(_("Show all results"), kind="second", type="button", on_click=ResultsState.clear)),
            ),
        ),
        pager(),
        rx.el.p(ResultsState.news, role="status", class_name="unseen"),
        class_name="sections",
    )


def search() -> rx.Component:
    """Words and kind. What is typed goes over the socket, never into the address."""
    return rx.el.form(
        rx.el.div(
            rx.el.label(_("Search results"), html_for="query"),
            text_input(
                "query", "query", type="search", default_value=ResultsState.query, placeholder=_("For example cholesterol")
            ),
            class_name="field grow",
        ),
        rx.el.div(
            rx.el.label(_("Show"), html_for="kind"),
            select(
                "kind", "kind", ResultsState.view.kinds, value=ResultsState.kind, on_change=ResultsState.choose_kind
            ),
            class_name="field",
        ),
        button(_("Search"), kind="second"),
        on_submit=ResultsState.search,
        class_name="row search",
        role="search",
        key=ResultsState.query,
    )


def pager() -> rx.Component:
    """Newer and older, and where one is."""
    page, pages = ResultsState.view.page, ResultsState.view.pages
    return rx.cond(
        pages > 1,
        rx.el.nav(
            rx.cond(
                page > 1,
                button(_("Newer"), kind="second", type="button", on_click=ResultsState.go(page - 1)),
            ),
            rx.el.span(_("Page "), page, _(" of "), pages),
            rx.cond(
                page < pages,
                button(_("Older"), kind="second", type="button", on_click=ResultsState.go(page + 1)),
            ),
            class_name="row pager",
            aria_label=_("Pages of results"),
        ),
    )
