"""`/help`: answers to common questions, for visitors and for people who are signed in."""

from __future__ import annotations

import reflex as rx

from rxportal.components.layout import SETTINGS, public
from rxportal.components.link import plain
from rxportal.core.text import _
from rxportal.pages.help_answers import Answer, answers


def help_page() -> rx.Component:
    """The whole page."""
    found = answers(SETTINGS)
    return public(
        rx.el.h1(_("Answers to common questions")),
        rx.el.nav(
            rx.el.ul(
                *[rx.el.li(plain(one.question, href=f"#{one.anchor}")) for one in found],
                class_name="plain",
            ),
            aria_label=_("Questions"),
        ),
        *[section(one) for one in found],
        active="help",
    )


def section(one: Answer) -> rx.Component:
    """A question and its answer."""
    return rx.el.section(
        rx.el.h2(one.question, id=one.anchor),
        *[rx.el.p(words) for words in one.paragraphs],
        rx.el.ul(*[rx.el.li(words) for words in one.points]) if one.points else rx.fragment(),
        *[rx.el.p(words) for words in one.after],
        class_name="card answer",
        aria_labelledby=one.anchor,
    )
