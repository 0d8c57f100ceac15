"""What Connections asks before it does something: one question for four acts, and the form about an access."""

from __future__ import annotations

from typing import Any

import reflex as rx

from rxportal.components.forms import button, field, text_input
from rxportal.components.grants import question
from rxportal.components.parts import notice
from rxportal.components.proxies import level_choice, part_boxes
from rxportal.core.text import _
from rxportal.state.connections import ConnectionsState as Page


def questions() -> rx.Component:
    """Remove, leave or withdraw: what happens then, and the harmless answer first."""
    name, kind = Page.asked.name, Page.asked.kind
    return question(
        "sure",
        rx.el.p(_by_kind(kind, {
            "remove": _("From that moment {name} can’t open your chart any more. Pages that are open close at once. "
                        "What they did until then stays in your list of who looked.").format(name=name),
            "leave": _("From that moment you can’t open this chart any more. To come back, {name} has to invite you "
                       "again.").format(name=name),
            "withdraw": _("The link in the letter opens nothing any more. You can invite {name} again.").format(
                name=name),
            "clear": _("Nobody can answer it any more. You can invite {name} again at any time.").format(name=name),
        })),
        rx.el.div(
            button(_("Leave it as it is"), kind="second", type="button", on_click=Page.cancel),
            button(
                _by_kind(kind, {
                    "remove": _("Remove access"), "leave": _("Give up access"), "withdraw": _("Withdraw invitation"),
                    "clear": _("Take off the list"),
                }),
                type="button",
                on_click=Page.confirm,
            ),
            class_name="row",
        ),
        title=_by_kind(kind, {
            "remove": _("Remove the access of {name}?").format(name=name),
            "leave": _("Give up the chart of {name}?").format(name=name),
            "withdraw": _("Withdraw the invitation of {name}?").format(name=name),
            "clear": _("Take the invitation of {name} off the list?").format(name=name),
        }),
        shown=kind != "",
        on_cancel=Page.cancel,
    )  # fmt: skip


def _by_kind(kind: Any, words: dict[str, Any]) -> Any:
    return rx.match(kind, *words.items(), "")


def change_form() -> rx.Component:
    """Level, parts and end of one access. Drawn anew for each, so that it begins with what holds."""
    one = Page.changing
    return question(
        "change",
        rx.cond((Page.problem != "") & (Page.field == ""), notice(Page.problem, "act", role="alert")),
        rx.el.form(
            level_choice(one.full),
            part_boxes(
                Page.parts,
                wrong=Page.field == "parts",
                problem=Page.problem,
                hint=_("They never see what is especially private."),
            ),
            until_field(one.last_day, wrong=Page.field == "until", problem=Page.problem),
            rx.el.div(
                button(_("Leave it as it is"), kind="second", type="button", on_click=Page.cancel),
                button(_("Save")),
                class_name="row",
            ),
            on_submit=Page.keep,
            class_name="stack",
            key=one.id,
        ),
        title=_("Change the access of {name}").format(name=one.name),
        shown=one.id != "",
        on_cancel=Page.cancel,
    )


def until_field(value: Any, *, wrong: Any, problem: Any) -> rx.Component:
    """The last day of an access; empty for none."""
    return field(
        _("Last day (you can leave this empty)"),
        text_input(
            "until", "until", type="date", default_value=value,
            custom_attrs={
                "aria-describedby": "until-hint until-error", "aria-invalid": rx.cond(wrong, "true", "false"),
            },
        ),
        id="until",
        hint=_("After this day they can’t open your chart any more."),
        error=rx.cond(wrong, problem, ""),
    )  # fmt: skip
