"""The section of `/account/security` for signing in with outside providers."""

from __future__ import annotations

from typing import Any

import reflex as rx

from rxportal.components.forms import button
from rxportal.components.frame import FocusWhenTold
from rxportal.components.link import plain
from rxportal.components.outside import stand_in_notice
from rxportal.components.parts import notice, quiet
from rxportal.components.phases import phases
from rxportal.core.text import _
from rxportal.state.identities import IdentitiesState as Own


def account_identities() -> rx.Component:
    """The linked identities, and how to add one."""
    return rx.el.section(
        rx.el.h2(_("Signing in with Google, Microsoft and others"), id="outside"),
        rx.el.div(
            rx.cond(Own.done != "", notice(Own.done, "good")),
            rx.cond(Own.problem != "", notice(Own.problem, "act")),
            id="outside-done",
            role="status",
            tab_index=-1,
            class_name="said",
        ),
        phases(
            Own,
            filled=rx.el.div(linked(), adding(), class_name="stack"),
            empty=rx.fragment(),
            loading=_("Looking how you sign in…"),
            retry=Own.load,
            by_chart=False,
        ),
        FocusWhenTold.create(told=Own.focus),
        class_name="stack",
        aria_labelledby="outside",
    )


def linked() -> rx.Component:
    """What is linked now."""
    return rx.cond(
        Own.view.rows.length() > 0,
        rx.el.ul(rx.foreach(Own.view.rows, identity), class_name="list"),
        rx.el.p(_("None is linked. You can add one, and then sign in without another password.")),
    )


def identity(one: Any) -> rx.Component:
    """One identity: where it is from, whose it is there, since when, and how to unlink it."""
    return rx.el.li(
        rx.el.div(
            rx.el.span(one.label, class_name="title"),
            rx.cond(one.who != "", quiet(one.who, dir="auto")),
            quiet(
                _("Linked {day}").format(day=one.linked),
                rx.cond(one.used != "", rx.fragment(" · ", _("last used {day}").format(day=one.used)), rx.fragment()),
            ),
            class_name="says",
        ),
        rx.cond(
            one.only,
            rx.el.p(_("Your only way in. Set a password or add a passkey, then you can unlink it."), class_name="why"),
            button(
                _("Unlink"),
                kind="second",
                type="button",
                on_click=Own.unlink(one.id),
                id="unlink-" + one.id.to(str),
                aria_label=_("Unlink {provider}, {who}").format(provider=one.label, who=one.who),
            ),
        ),
        class_name="line",
        key=one.id,
    )


def adding() -> rx.Component:
    """First a proof of who one is, then the providers."""
    return rx.cond(
        Own.ways.length() > 0,
        rx.el.div(
            rx.el.h3(_("Which one?"), id="add-ways", tab_index=-1),
            rx.el.ul(rx.foreach(Own.ways, choice), class_name="ways"),
            quiet(_("We keep your number, name and e-mail address there, and no key to that account.")),
            rx.cond(Own.stand_ins, stand_in_notice()),
            class_name="stack",
        ),
        rx.el.p(button(_("Add another way"), kind="second", type="button", on_click=Own.add, id="add-way")),
    )


def choice(one: Any) -> rx.Component:
    """One provider to link: a document navigation."""
    return rx.el.li(
        plain(_("Add {provider}").format(provider=one.label), href=one.href, class_name="button second"), key=one.name
    )
