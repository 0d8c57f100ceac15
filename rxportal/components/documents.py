"""Documents in a list, their words, and their files. A file opens in a tab of its own, checked when it is asked for."""

from __future__ import annotations

from typing import Any

import reflex as rx

from rxportal.components.icons import icon
from rxportal.components.link import link, plain
from rxportal.components.parts import quiet
from rxportal.core.text import _


def document_list(rows: Any) -> rx.Component:
    """One list of documents, each leading to the page where it is read."""
    return rx.el.ul(rx.foreach(rows, _document), class_name="list")


def _document(row: Any) -> rx.Component:
    return rx.el.li(
        link(
            rx.el.span(row.title, class_name="title"),
            rx.el.span(row.detail, class_name="quiet"),
            rx.cond(row.tag != "", rx.el.span(row.tag, class_name="tag wait")),
            href=row.href,
            class_name="item",
        ),
        key=row.id,
    )


def paper(row: Any) -> rx.Component:
    """What a document says, and its files."""
    return rx.fragment(
        rx.cond(row.about != "", rx.el.p(row.about)),
        rx.cond(row.tag != "", rx.el.p(rx.el.span(row.tag, class_name="tag wait"))),
        rx.foreach(row.paragraphs, lambda words, number: rx.el.p(words, class_name="told", key=number.to(str))),
        rx.cond(row.files.length() > 0, file_list(row.files)),
        rx.cond(row.missing != "", quiet(row.missing)),
    )


def file_list(files: Any) -> rx.Component:
    """Files that can be opened."""
    return rx.el.ul(rx.foreach(files, file_item), class_name="files")


def file_item(one: Any) -> rx.Component:
    """One file: its name as a link, what it is, how large."""
    return rx.el.li(
        icon("file"),
        rx.cond(
            one.href != "",
            plain(one.title, rx.el.span(_(" (opens in a new tab)"), class_name="unseen"),
                  href=one.href, target="_blank", rel="noopener"),
            rx.el.span(one.title),
        ),
        rx.el.span(one.content_type, rx.cond(one.size != "", f" · {one.size}", ""), class_name="quiet"),
        key=one.id,
    )  # fmt: skip
