"""`/help`: answers to common questions, for visitors and for people who are signed in."""

from __future__ import annotations

import re
from typing import Any

import reflex as rx

from rxportal.components.layout import SETTINGS, public
from rxportal.components.link import plain
from rxportal.components.parts import quiet
from rxportal.core.text import _
from rxportal.pages.help_answer import Answer
from rxportal.pages.help_answers import answers

NUMBERS = (SETTINGS.practice_phone, SETTINGS.support_sign_in_phone, SETTINGS.support_sign_up_phone)
ADDRESSES = (SETTINGS.support_sign_in_email, SETTINGS.support_sign_up_email)
CONTACTS = re.compile("(" + "|".join(re.escape(contact) for contact in {*NUMBERS, *ADDRESSES}) + ")")


def help_page() -> rx.Component:
    """The whole page: the questions first, then each with its answer."""
    found = answers(SETTINGS)
    return public(
        rx.el.h1(_("Answers to common questions")),
        rx.el.nav(
            rx.el.ul(
                *[rx.el.li(plain(one.question, href=f"#{one.anchor}")) for one in found],
                class_name="plain questions",
            ),
            id="questions",
            aria_label=_("Questions"),
        ),
        *[section(one) for one in found],
        quiet(_("This page tells how the portal works today. What is not open yet says so, and who helps instead.")),
        active="help",
    )


def section(one: Answer) -> rx.Component:
    """A question and its answer."""
    return rx.el.section(
        rx.el.h2(one.question, id=one.anchor, tab_index=-1),
        *[rx.el.p(*linked(words)) for words in one.paragraphs],
        rx.el.ul(*[rx.el.li(*linked(words)) for words in one.points]) if one.points else rx.fragment(),
        *[rx.el.p(*linked(words)) for words in one.after],
        class_name="card answer",
        aria_labelledby=one.anchor,
    )


def linked(words: str) -> list[Any]:
    """The words, with our phone numbers and e-mail addresses ready to dial and to write to."""
    return [contact(part) if CONTACTS.fullmatch(part) else part for part in CONTACTS.split(words) if part]


def contact(part: str) -> rx.Component:
    """A phone number or an e-mail address as a link."""
    return plain(part, href=f"mailto:{part}" if part in ADDRESSES else f"tel:{part}")
