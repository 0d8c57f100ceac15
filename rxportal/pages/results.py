"""`/results`: every test result of this chart that is shown, and those on their way."""

from __future__ import annotations

import reflex as rx

from rxportal.components.forms import button, field, select, text_input
from rxportal.components.frame import FocusWhenTold
from rxportal.components.icons import icon
from rxportal.components.layout import signed_in
from rxportal.components.link import link
from rxportal.components.parts import quiet
from rxportal.components.phases import empty_screen, phases
from rxportal.components.result_rows import month_list, on_the_way
from rxportal.core.text import _
from rxportal.state.results import ResultsState as Results

NARROWED = (Results.query != "") | (Results.kind != "")


def results() -> rx.Component:
    """The whole page."""
    return signed_in(
        rx.el.h1(_("Test results")),
        quiet(
            _("Most results appear here after the doctor has seen them. X-ray, scan and tissue results appear when the "
              "doctor releases them. Some tests are never shown online because of state law. "),
            link(_("Why isn’t my result here?"), href="/help#why-not-here"),
        ),
        rx.el.p(Results.news, role="status", class_name="unseen"),
        phases(
            Results,
            filled=filled(),
            empty=empty_screen(
                _("No results yet"),
                rx.el.p(_("When a test is done, you see here where it is on its way. The page moves by itself.")),
            ),
            loading=_("Opening the results…"),
            retry=Results.load,
        ),
        FocusWhenTold.create(told=Results.focus),
        active="results",
    )  # fmt: skip


def filled() -> rx.Component:
    """Search, what is on its way, the list, its pages."""
    return rx.el.div(
        finder(),
        on_the_way(Results.view.waiting, Results.chart_key),
        rx.cond(
            Results.months.length() > 0,
            rx.fragment(
                rx.el.p(Results.view.sentence, id="found", tab_index=-1, role="status", class_name="quiet"),
                month_list(Results.months, Results.arrived, Results.chart_key),
                pager(),
            ),
            nothing(),
        ),
        class_name="sections",
    )


def finder() -> rx.Component:
    """Words and kind. What is typed goes over the socket, never into the address: it may tell of an illness."""
    return rx.el.form(
        field(
            _("Search results"),
            text_input(
                "query", "query", type="search", default_value=Results.query, auto_complete="off", max_length=200,
                placeholder=_("For example cholesterol"),
            ),
            id="query",
        ),
        field(
            _("Show"),
            select("kind", "kind", Results.view.kinds, value=Results.kind, on_change=Results.choose_kind),
            id="kind",
        ),
        button(icon("search"), _("Search"), kind="second"),
        on_submit=Results.search,
        id="finder",
        role="search",
        aria_label=_("Results"),
        class_name="finder",
    )  # fmt: skip


def nothing() -> rx.Component:
    """Words that match nothing, or nothing but what is on its way; the button empties the form too."""
    return rx.cond(
        NARROWED,
        rx.el.section(
            rx.el.h2(Results.view.sentence, id="found", tab_index=-1),
            rx.cond(
                Results.view.waiting.length() > 0,
                rx.el.p(_("Nothing that is ready to read, that is: what is on its way stands above.")),
                rx.el.p(_("Look for one word of the name, for example “lipid”, or show every kind.")),
            ),
            rx.el.p(show_everything()),
            class_name="card",
            role="status",
        ),
        quiet(_("Nothing is ready to read yet."), id="found", tab_index=-1),
    )


def show_everything() -> rx.Component:
    """Back to the whole list. A reset button of the form, so that the words go from the box too."""
    return button(_("Show all results"), kind="second", type="reset", form="finder", on_click=Results.clear)


def pager() -> rx.Component:
    """Newer and older, and where one is."""
    page, pages = Results.view.page, Results.view.pages
    return rx.cond(
        pages > 1,
        rx.el.nav(
            rx.cond(page > 1, button(_("Newer"), kind="second", type="button", on_click=Results.go(page - 1))),
            rx.el.span(
                rx.cond(
                    Results.view.many,
                    _("Page {page}").format(page=page),
                    _("Page {page} of {pages}").format(page=page, pages=pages),
                )
            ),
            rx.cond(page < pages, button(_("Older"), kind="second", type="button", on_click=Results.go(page + 1))),
            class_name="row pager",
            aria_label=_("Pages of results"),
        ),
    )
