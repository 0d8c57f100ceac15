"""One list, filled by on_load from memory: the least that Reflex can do for a page like /results."""

from __future__ import annotations

import os
from typing import TypedDict

import reflex as rx

ROWS = int(os.environ.get("BARE_ROWS", "20"))


class Row(TypedDict):
    """One line of the list."""

    title: str
    detail: str


class ListState(rx.State):
    """The list."""

    rows: list[Row] = []

    @rx.event
    def load(self) -> None:
        """Fill it anew."""
        self.rows = [Row(title=f"Row {number}", detail="18 Nov 2026") for number in range(ROWS)]


def index() -> rx.Component:
    """The page."""
    return rx.el.main(
        rx.el.h1("Rows"),
        rx.el.ul(rx.foreach(ListState.rows, lambda row: rx.el.li(row["title"], " ", row["detail"]))),
    )


app = rx.App(toaster=None, app_wraps={})
app.add_page(index, route="/", on_load=ListState.load)
