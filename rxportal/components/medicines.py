"""One medicine: how to take it, where it stands, the one next step, and where it came from."""

from __future__ import annotations

from typing import Any

import reflex as rx

from rxportal.components.parts import tag
from rxportal.components.visits import phone
from rxportal.core.text import _


def medicine_card(row: Any) -> rx.Component:
    """A medicine that is taken now."""
    return rx.el.article(
        rx.el.div(rx.el.h3(row.title), tag(row.tag, row.tone), class_name="row"),
        directions(row),
        rx.el.p(row.sentence, " ", rx.cond(row.requested != "", rx.el.strong(row.requested))),
        rx.cond(row.because != "", rx.el.p(row.because)),
        step(row.next, row.call),
        why_not_online(row),
        facts(row),
        earlier(row),
        rx.el.p(row.origin, class_name="quiet origin"),
        id=row.id,
        tab_index=-1,
        key=row.id,
        class_name="card stack medicine",
    )


def past_medicine(row: Any) -> rx.Component:
    """A medicine that is not taken any more."""
    return rx.el.li(
        rx.el.div(rx.el.h3(row.title), tag(row.tag, row.tone), class_name="row heading"),
        rx.el.p(row.sentence, " ", row.because),
        step(row.next, row.call),
        facts(row),
        earlier(row),
        rx.el.p(row.origin, class_name="quiet origin"),
        id=row.id,
        tab_index=-1,
        key=row.id,
    )


def given(row: Any) -> rx.Component:
    """One dose that was given at a visit."""
    return rx.el.li(
        rx.el.div(rx.el.h3(row.title), rx.cond(row.tag != "", tag(row.tag, row.tone)), class_name="row heading"),
        rx.el.p(row.sentence),
        rx.foreach(row.directions, lambda words, place: rx.el.p(words, key=place.to(str))),
        rx.cond(row.because != "", rx.el.p(row.because)),
        rx.el.p(row.origin, class_name="quiet origin"),
        id=row.id,
        tab_index=-1,
        key=row.id,
    )


def directions(row: Any) -> rx.Component:
    """How to take it; that nothing was said is said."""
    return rx.cond(
        row.directions.length() > 0,
        rx.foreach(row.directions, lambda words, place: rx.el.p(words, class_name="told", key=place.to(str))),
        rx.el.p(_("No directions were sent. Follow the label on the package."), class_name="quiet"),
    )


def step(words: Any, lead: Any) -> rx.Component:
    """What to do next: a sentence, or the number to call."""
    return rx.fragment(
        rx.cond(words != "", rx.el.p(words)),
        rx.cond(lead != "", rx.el.p(lead, " ", phone(), ".")),
    )


def why_not_online(row: Any) -> rx.Component:
    """Why it can't be renewed online, on the medicine itself, and what now (S21)."""
    return rx.cond(
        row.why != "",
        rx.el.div(
            rx.el.p(rx.el.strong(_("This one can’t be renewed online")), " ", row.why),
            step(row.why_next, row.why_call),
            class_name="stack why",
        ),
    )


def facts(row: Any) -> rx.Component:
    """What else is known."""
    return rx.cond(
        row.facts.length() > 0,
        rx.el.dl(
            rx.foreach(
                row.facts,
                lambda fact, place: rx.el.div(rx.el.dt(fact[0]), rx.el.dd(fact[1]), key=place.to(str)),
            ),
            class_name="facts",
        ),
    )


def earlier(row: Any) -> rx.Component:
    """Earlier prescriptions and fills of the same medicine."""
    return rx.cond(
        row.earlier.length() > 0,
        rx.el.details(
            rx.el.summary(row.earlier_words),
            rx.el.ul(
                rx.foreach(
                    row.earlier,
                    lambda one, place: rx.el.li(
                        one.when,
                        ": ",
                        one.said,
                        rx.el.span(_(" · From "), one.source, class_name="quiet"),
                        key=place.to(str),
                    ),
                ),
                class_name="plain",
            ),
            class_name="earlier",
        ),
    )
