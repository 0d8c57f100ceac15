"""The way to take the record out."""

from __future__ import annotations

from typing import Any

import reflex as rx

from rxportal.components.forms import button, native_form
from rxportal.components.icons import icon
from rxportal.components.parts import quiet
from rxportal.core.text import _


def download_chart(grant: Any) -> rx.Component:
    """A copy of everything that this person may see of the chart. `grant`: whose, as the loaded page knows it.

    Stands only where the page was loaded, so that nobody gets another chart than the one they look at.
    """
    chart = rx.Var.create(grant).to(str)
    return rx.el.section(
        rx.el.h2(_("Download"), id="download"),
        rx.el.p(
            _("A copy of everything that you can see of this record, as one file (FHIR). Doctors’ computers and health "
              "apps can read it.")
        ),
        native_form(
            button(icon("file"), _("Download the record"), kind="second", id="download-record"),
            action=rx.cond(chart != "", "/download/record?for=" + chart, "/download/record"),
        ),
        quiet(_("The file is not locked. Keep it where only you can open it.")),
        class_name="stack",
        aria_labelledby="download",
    )  # fmt: skip
