"""`/account/connections`: who can open my chart, who is invited, and whose charts I can open."""

from __future__ import annotations

from typing import Any

import reflex as rx

from rxportal.components.connection_questions import change_form, questions
from rxportal.components.forms import button
from rxportal.components.frame import FocusWhenTold
from rxportal.components.grants import grant_list, past_list
from rxportal.components.layout import SETTINGS, signed_in
from rxportal.components.link import link, telephone
from rxportal.components.parts import quiet, tag
from rxportal.components.phases import empty_screen, phases
from rxportal.components.proxies import invite_link
from rxportal.core.text import _
from rxportal.pages.access_log import said
from rxportal.state.connections import ConnectionsState as Page


def connections() -> rx.Component:
    """The whole page. It is about the account, whoever's chart is open."""
    return signed_in(
        rx.el.h1(_("Connections")),
        said(Page),
        phases(
            Page,
            filled=rx.el.div(
                rx.cond(Page.view.owner, rx.fragment(people(), invitations(), things())),
                held(),
                class_name="sections",
            ),
            empty=nobody(),
            loading=_("Looking who can open your chart…"),
            retry=Page.load,
            by_chart=False,
        ),
        questions(),
        change_form(),
        FocusWhenTold.create(told=Page.focus),
        active="account",
    )


def nobody() -> rx.Component:
    """No connection at all."""
    return empty_screen(
        _("Nobody but you"),
        rx.el.p(_("Nobody else can open your chart on the portal, and you open nobody else’s.")),
        rx.cond(Page.view.owner, rx.el.p(invite_link())),
    )


def people() -> rx.Component:
    """Who can open my chart."""
    return rx.el.section(
        rx.el.h2(_("Who can open your chart"), id="people"),
        rx.cond(Page.view.people.length() > 0, grant_list(Page.view.people, acts), rx.el.p(_("Nobody but you."))),
        rx.el.p(invite_link()),
        quiet(
            _("Staff of the practice open it to give care and to help. "),
            link(_("Who looked at this chart"), href="/account/access-log", own=True),
        ),
        past_list(Page.view.past),
        class_name="stack",
        aria_labelledby="people",
    )


def acts(one: Any) -> rx.Component:
    """Change or remove an access, or why that is not done here."""
    return rx.cond(
        one.removable,
        rx.el.div(
            small(_("Change"), _("Change the access of {name}").format(name=one.name), Page.change(one.id)),
            small(_("Remove"), _("Remove the access of {name}").format(name=one.name), Page.ask("remove", one.id)),
            class_name="row",
        ),
        rx.el.p(one.why, " ", telephone(SETTINGS.practice_phone),
                class_name="quiet why"),
    )  # fmt: skip


def small(words: str, whole: Any, on_click: Any) -> rx.Component:
    """A button of a row, which says to whom it belongs."""
    return button(words, kind="second", type="button", on_click=on_click, aria_label=whole)


def invitations() -> rx.Component:
    """Who is invited and has not accepted."""
    return rx.cond(
        Page.view.invitations.length() > 0,
        rx.el.section(
            rx.el.h2(_("Invitations"), id="invitations"),
            rx.el.ul(rx.foreach(Page.view.invitations, invitation), class_name="list"),
            class_name="stack",
            aria_labelledby="invitations",
        ),
    )


def invitation(one: Any) -> rx.Component:
    """One invitation: to whom, for what, where it stands."""
    return rx.el.li(
        rx.el.div(
            rx.el.span(one.name, class_name="title"),
            quiet(one.email),
            quiet(one.level, rx.cond(one.relation != "", rx.fragment(" · ", one.relation)),
                  rx.cond(one.when != "", rx.fragment(" · ", one.when))),
            quiet(one.sees),
            class_name="says",
        ),
        tag(one.tag, one.tone),
        rx.el.div(
            rx.cond(
                one.prepared,
                link(
                    _("Go on"), href="/account/invite", own=True, class_name="button second",
                    aria_label=_("Go on inviting {name}").format(name=one.name),
                ),
                link(
                    rx.cond(one.over, _("Invite again"), _("Send again")), href=f"/account/invite?again={one.id}",
                    own=True, class_name="button second",
                    aria_label=rx.cond(
                        one.over, _("Invite again: {name}").format(name=one.name),
                        _("Send the invitation of {name} again").format(name=one.name),
                    ),
                ),
            ),
            rx.cond(
                one.over,
                small(_("Take off the list"), _("Take off the list: {name}").format(name=one.name),
                      Page.ask("clear", one.id)),
                small(_("Withdraw"), _("Withdraw the invitation of {name}").format(name=one.name),
                      Page.ask("withdraw", one.id)),
            ),
            class_name="row",
        ),
        class_name="line",
        key=one.id,
    )  # fmt: skip


def things() -> rx.Component:
    """What a teen shows to parents of what the law gives to the teen."""
    return rx.cond(
        Page.view.things.length() > 0,
        rx.el.section(
            rx.el.h2(_("What your parents see"), id="things"),
            rx.el.p(
                _("From 12 to 17 some things are yours alone, by law. Your parents don’t see them unless you show "
                  "them. You can hide them again at any time. Your parents see the rest of your chart in any case.")
            ),
            rx.el.ul(rx.foreach(Page.view.things, thing), class_name="list"),
            quiet(_("Some test results are never shown on the portal, whatever you choose here.")),
            class_name="stack",
            aria_labelledby="things",
        ),
    )  # fmt: skip


def thing(one: Any) -> rx.Component:
    """One thing: hidden or shown, and the other."""
    return rx.el.li(
        rx.el.div(rx.el.span(one.title, class_name="title"), quiet(one.about), class_name="says"),
        rx.cond(one.shown, tag(_("Your parents see it"), "look"), tag(_("Only you see it"), "good")),
        rx.cond(
            one.shown,
            small(_("Hide"), _("Hide from parents: {thing}").format(thing=one.title), Page.choose(one.thing, False)),
            small(_("Show"), _("Show to parents: {thing}").format(thing=one.title), Page.choose(one.thing, True)),
        ),
        class_name="line",
        key=one.thing,
    )


def held() -> rx.Component:
    """Whose charts I can open."""
    return rx.cond(
        Page.view.held.length() > 0,
        rx.el.section(
            rx.el.h2(_("Charts that you can open"), id="held"),
            rx.el.ul(rx.foreach(Page.view.held, held_row), class_name="list"),
            class_name="stack",
            aria_labelledby="held",
        ),
    )


def held_row(one: Any) -> rx.Component:
    """One chart of somebody else."""
    return rx.el.li(
        rx.el.div(
            rx.el.span(one.name, class_name="title"),
            quiet(one.level, rx.cond(one.relation != "", rx.fragment(" · ", one.relation)), " · ", one.when),
            quiet(one.sees),
            class_name="says",
        ),
        rx.cond(
            one.leavable,
            small(_("Leave"), _("Leave the chart of {name}").format(name=one.name), Page.ask("leave", one.id)),
            rx.el.p(one.why, " ", telephone(SETTINGS.practice_phone),
                    class_name="quiet why"),
        ),
        class_name="line",
        key=one.id,
    )  # fmt: skip
