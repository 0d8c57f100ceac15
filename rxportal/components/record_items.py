"""One part of the health record and the things in it."""

from __future__ import annotations

from typing import Any

import reflex as rx

from rxportal.components.forms import button
from rxportal.components.link import link
from rxportal.components.parts import quiet, tag
from rxportal.core.text import _


def record_section(part: Any, inside: Any, show_all: Any) -> rx.Component:
    """A part: its name, what it holds (`inside`), the way to the rest. `show_all` gets the part's name."""
    return rx.el.section(
        rx.el.h2(part.title, id=part.name, tab_index=-1),
        rx.cond(part.intro != "", quiet(part.intro)),
        rx.cond(part.empty != "", rx.el.p(part.empty, class_name="card")),
        inside,
        rx.cond(
            part.more != "",
            rx.el.p(
                button(
                    part.more,
                    kind="second",
                    type="button",
                    on_click=show_all(part.name),
                    aria_label=part.more + ": " + part.title.to(str),
                )
            ),
        ),
        rx.cond(part.href != "", rx.el.p(link(part.href_words, href=part.href))),
        class_name="stack part",
        key=part.name,
        aria_labelledby=part.name,
    )


def now_and_past(part: Any) -> rx.Component:
    """What holds today, and behind a word what is past."""
    return rx.fragment(
        rx.cond(part["items"].length() > 0, entries(part["items"])),
        rx.cond(
            part.past.length() > 0,
            rx.el.details(
                rx.el.summary(part.past_words), entries(part.past), class_name="past", open=part.whole.to(bool)
            ),
        ),
    )


def entries(things: Any) -> rx.Component:
    """A list of things, each with all that was sent about it."""
    return rx.el.ul(rx.foreach(things, entry), class_name="list entries")


def entry(thing: Any) -> rx.Component:
    """Name and state, when and by whom, what else is known, where it came from."""
    return rx.el.li(
        rx.el.div(
            rx.el.h3(thing.title), rx.cond(thing.status != "", tag(thing.status, thing.tone)), class_name="row heading"
        ),
        rx.cond(thing.when != "", rx.el.p(thing.when)),
        rx.cond(
            thing.facts.length() > 0,
            rx.el.dl(
                rx.foreach(
                    thing.facts,
                    lambda fact, place: rx.el.div(rx.el.dt(fact[0]), rx.el.dd(fact[1]), key=place.to(str)),
                ),
                class_name="facts",
            ),
        ),
        rx.foreach(thing.notes, lambda words, place: rx.el.p(words, class_name="told", key=place.to(str))),
        rx.cond(
            thing.before.length() > 0,
            rx.el.details(
                rx.el.summary(thing.before_words),
                rx.el.ul(rx.foreach(thing.before, _before), class_name="plain"),
                class_name="earlier",
            ),
        ),
        rx.el.p(
            thing.origin,
            rx.cond(thing.href != "", rx.fragment(" · ", link(thing.href_words, href=thing.href))),
            class_name="quiet origin",
        ),
        id=thing.id,
        key=thing.id,
    )


def _before(one: Any, place: Any) -> rx.Component:
    return rx.el.li(
        one.when,
        rx.cond(one.said != "", f": {one.said}", ""),
        rx.el.span(_(" · From "), one.source, class_name="quiet"),
        key=place.to(str),
    )
