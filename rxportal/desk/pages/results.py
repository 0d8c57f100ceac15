"""`/desk/results`: a queue on the left, the case on the right, everything by keyboard."""

from __future__ import annotations

from typing import Any

import reflex as rx

from rxportal.components.desk_places import desk_phases
from rxportal.components.forms import button
from rxportal.components.frame import FocusWhenTold
from rxportal.components.layout import signed_in
from rxportal.components.parts import tag
from rxportal.components.phases import empty_screen
from rxportal.core.text import _
from rxportal.desk.pages.case import case
from rxportal.desk.pages.queue import queue
from rxportal.desk.state.results import DeskResultsState as Desk


def desk_results() -> rx.Component:
    """The page. What was done stands above its four states, so that it is still there when the queue is empty."""
    return signed_in(
        head(),
        done(),
        answer(),
        desk_phases(
            Desk,
            filled=desk(),
            empty=empty_screen(
                _("Nothing waits for you"),
                rx.el.p(_("Every final result was seen. New ones appear here by themselves.")),
            ),
            loading=_("Loading the queue"),
            retry=Desk.load,
        ),
        FocusWhenTold.create(told=Desk.focus),
        active="desk",
    )


def head() -> rx.Component:
    """What the page is, how much waits, and how much of it is late: in words."""
    late = Desk.queue.late
    words = rx.cond(late == 1, _("1 past its day"), _("{count} past their day").format(count=late))
    filled = Desk.phase == "ready"
    return rx.el.div(
        rx.el.h1(_("Results to see")),
        rx.cond(filled & (late > 0), tag(words, "act")),
        rx.cond(filled, tag(Desk.queue.sentence, "wait")),
        class_name="row",
    )


def done() -> rx.Component:
    """What the last act did, read out politely; the focus comes here when no case is left."""
    return rx.el.div(
        rx.el.div(
            rx.cond(Desk.done != "", rx.el.p(Desk.done, class_name="notice good")),
            id="done",
            role="status",
            tab_index=-1,
        ),
        rx.el.div(Desk.news, role="status", class_name="unseen"),
        class_name="desk-done",
    )


def answer() -> rx.Component:
    """What became of each result of the bulk act."""
    return rx.cond(
        Desk.answer.sentence != "",
        rx.el.section(
            rx.el.h2(Desk.answer.sentence, id="answer-title", tab_index=-1),
            rx.el.ul(
                rx.foreach(Desk.answer.done, lambda name: rx.el.li(tag(_("Seen"), "good"), rx.el.span(name), key=name)),
                rx.foreach(Desk.answer.refused, refused),
                class_name="answers",
            ),
            rx.el.p(button(_("Close"), kind="second", type="button", on_click=Desk.dismiss)),
            class_name="card",
            custom_attrs={"aria-labelledby": "answer-title"},
        ),
    )


def refused(one: Any) -> rx.Component:
    """One result that was left alone, and why."""
    return rx.el.li(
        tag(_("Not marked"), "look"),
        rx.el.span(one.title, rx.cond(one.title != "", ": ", ""), one.why),
        key=one.id,
    )


def desk() -> rx.Component:
    """Two columns on a wide screen; on a phone the queue, or the case with a way back."""
    return rx.el.div(queue(), case(), class_name=rx.cond(Desk.case.id != "", "desk has-case", "desk"))
