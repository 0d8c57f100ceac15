"""`/account/access-log`: who may open this chart, and who looked at it or changed it."""

from __future__ import annotations

from typing import Any

import reflex as rx

from rxportal.components.forms import button, field, select
from rxportal.components.frame import FocusWhenTold
from rxportal.components.grants import grant_list, past_list, question
from rxportal.components.layout import SETTINGS, signed_in
from rxportal.components.link import link, telephone
from rxportal.components.parts import notice, quiet
from rxportal.components.phases import phases
from rxportal.core.text import _
from rxportal.state.access_log import AccessLogState as Log
from rxportal.state.session import SessionState


def access_log() -> rx.Component:
    """The whole page."""
    return signed_in(
        rx.el.h1(_("Who looked at this chart")),
        quiet(
            _("Whoever opens or changes something in this chart is written down here, and so are you. "
              "New lines appear by themselves.")
        ),
        said(Log),
        phases(
            Log,
            filled=rx.el.div(people(), lines(), unknown(), class_name="sections"),
            empty=rx.fragment(),
            loading=_("Opening the list…"),
            retry=Log.load,
        ),
        remove_question(),
        doubt_question(),
        FocusWhenTold.create(told=Log.focus),
        active="account",
    )  # fmt: skip


def said(state: Any) -> rx.Component:
    """What the last act did, or why it was refused; the focus comes here. What is wrong in a field stands there."""
    refused = state.problem != ""
    refused = refused & (state.wrong == "") if hasattr(state, "wrong") else refused
    return rx.el.div(
        rx.cond(state.done != "", notice(state.done, "good")),
        rx.cond(refused, notice(state.problem, "act")),
        id="done",
        role="status",
        tab_index=-1,
        class_name="said",
    )


def people() -> rx.Component:
    """Who may open this chart."""
    rows = Log.view.people
    return rx.el.section(
        rx.el.h2(_("Who may open it"), id="who-may"),
        rx.cond(
            rows.length() > 0,
            grant_list(rows, removal),
            rx.el.p(rx.cond(SessionState.chart_own, _("Nobody but you."), _("Nobody else."))),
        ),
        quiet(_("Staff of the practice open it to give care and to help. What they opened stands below.")),
        past_list(Log.view.past),
        class_name="stack",
        aria_labelledby="who-may",
    )


def removal(one: Any) -> rx.Component:
    """Remove the access, or why that is not done here."""
    words = _("Remove access: {name}").format(name=one.name)
    return rx.cond(
        one.removable,
        button(_("Remove access"), kind="second", type="button", on_click=Log.ask_remove(one.id), aria_label=words),
        rx.el.p(one.why, " ", phone(), class_name="quiet why"),
    )


def phone() -> rx.Component:
    """The practice's number."""
    return telephone(SETTINGS.practice_phone)


def lines() -> rx.Component:
    """What was done, day by day."""
    return rx.el.section(
        rx.el.h2(_("What was done"), id="lines", tab_index=-1),
        field(
            _("Show"),
            select("who", "who", Log.view.filters, value=Log.view.who, on_change=Log.show_only),
            id="who",
        ),
        rx.cond(
            Log.view.days.length() > 0,
            rx.fragment(rx.el.div(rx.foreach(Log.view.days, day), class_name="sections"), pager()),
            rx.el.p(rx.cond(Log.view.who == "", _("Nothing yet."), _("Nothing here."))),
        ),
        class_name="stack",
        aria_labelledby="lines",
    )


def day(one: Any) -> rx.Component:
    """The lines of one day."""
    return rx.el.section(
        rx.el.h3(one.name),
        rx.el.ul(rx.foreach(one.rows, line), class_name="list"),
        class_name="stack",
        key=one.name,
    )


def line(one: Any) -> rx.Component:
    """One act: a sentence, when, as whom or from which browser, and what can be done about it."""
    return rx.el.li(
        rx.el.div(
            rx.el.span(one.sentence, class_name="title"),
            quiet(
                one.at,
                rx.cond(one.times != "", rx.fragment(" · ", one.times)),
                rx.cond(one.role != "", rx.fragment(" · ", one.role)),
                rx.cond(one.device != "", rx.fragment(" · ", one.device)),
                rx.cond(one.here, rx.fragment(_(" · this browser"))),
            ),
            class_name="says",
        ),
        rx.cond(
            one.session != "",
            button(
                _("Was this you?"),
                kind="quiet",
                type="button",
                on_click=Log.ask_doubt(one.id),
                aria_label=_("Was this you? {act}").format(act=one.sentence),
            ),
        ),
        rx.cond(
            one.grant != "",
            button(
                _("Remove access"),
                kind="quiet",
                type="button",
                on_click=Log.ask_remove(one.grant),
                aria_label=_("Remove access: {name}").format(name=one.name),
            ),
        ),
        class_name="line",
        key=one.id,
    )


def pager() -> rx.Component:
    """Newer and older."""
    page, more = Log.view.page, Log.view.more
    return rx.cond(
        (page > 1) | more,
        rx.el.nav(
            rx.cond(page > 1, button(_("Newer"), kind="second", type="button", on_click=Log.go(page - 1))),
            rx.el.span(_("Page {page}").format(page=page)),
            rx.cond(more, button(_("Older"), kind="second", type="button", on_click=Log.go(page + 1))),
            class_name="row pager",
            aria_label=_("Pages of the list"),
        ),
    )


def unknown() -> rx.Component:
    """What to do about a line that one can't explain."""
    number = SETTINGS.support_sign_in_phone
    return rx.el.section(
        rx.el.h2(_("Something here you can’t explain?")),
        rx.el.p(
            _("See where you are signed in, and sign out what you don’t know: "),
            link(_("Signing in and devices"), href="/account/security"),
            _(". Then call us: "),
            telephone(number),
            ".",
        ),
        class_name="card",
    )


def remove_question() -> rx.Component:
    """Before an access is removed: what happens then."""
    name = Log.asked.who
    return question(
        "remove",
        rx.el.p(_("From that moment {name} can’t open this chart any more. Pages that are open close at once.").format(
            name=name
        )),
        rx.el.p(_("What {name} looked at or changed until then stays in this list. "
                  "To give access again, send a new invitation.").format(name=name)),
        rx.el.div(
            button(_("Keep access"), kind="second", type="button", on_click=Log.cancel),
            button(_("Remove access"), type="button", on_click=Log.remove),
            class_name="row",
        ),
        title=_("Remove the access of {name}?").format(name=name),
        shown=Log.asked.kind == "remove",
        on_cancel=Log.cancel,
    )  # fmt: skip


def doubt_question() -> rx.Component:
    """An own line from another browser: if it was somebody else, that browser is signed out."""
    return question(
        "doubt",
        rx.el.p(rx.el.strong(Log.asked.who)),
        rx.el.p(Log.asked.detail),
        rx.el.p(_("If it was not you, sign that browser out now, then change your password.")),
        rx.el.div(
            button(_("Yes, it was me"), kind="second", type="button", on_click=Log.cancel),
            button(_("No, sign it out"), type="button", on_click=Log.sign_out_there),
            class_name="row",
        ),
        title=_("Was this you?"),
        shown=Log.asked.kind == "doubt",
        on_cancel=Log.cancel,
    )
