"""`/account/invite`: grant read only or full access, to whom, what they will see, and the letter (S25, N6)."""

from __future__ import annotations

from typing import Any

import reflex as rx

from rxportal.components.connection_questions import until_field
from rxportal.components.forms import button, field, text_input
from rxportal.components.frame import FocusWhenTold
from rxportal.components.layout import signed_in
from rxportal.components.link import link
from rxportal.components.parts import card, notice, quiet
from rxportal.components.phases import phases
from rxportal.components.proxies import part_boxes
from rxportal.core.text import _
from rxportal.state.invite import InviteState as Invite
from rxportal.state.session import SessionState


def invite() -> rx.Component:
    """The whole page: one step on the screen at a time."""
    return signed_in(
        rx.el.h1(_("Invite a proxy")),
        rx.cond(
            SessionState.chart_own,
            phases(
                Invite,
                filled=rx.match(
                    Invite.step, ("form", form()), ("check", check()), ("sent", sent()), level()
                ),
                empty=rx.fragment(),
                loading=_("Opening the invitation…"),
                retry=Invite.load,
            ),
            not_yours(),
        ),
        FocusWhenTold.create(told=Invite.focus),
        active="account",
    )  # fmt: skip


def not_yours() -> rx.Component:
    """A proxy has no proxies."""
    return card(
        rx.el.h2(_("Only the person whose chart it is can invite somebody")),
        rx.el.p(_("You are in somebody else’s chart. They invite people themselves, in their own account.")),
        rx.el.p(link(_("Invite somebody to your own chart"), href="/account/invite", own=True)),
    )


def level() -> rx.Component:
    """Read only or full access."""
    return rx.el.section(
        rx.el.h2(_("Which access?"), id="which", tab_index=-1),
        card(
            rx.el.h3(_("Read only")),
            rx.el.p(_("They can look at your chart and change nothing in it.")),
            button(_("Grant read only access"), kind="second", type="button", on_click=Invite.choose(False)),
        ),
        card(
            rx.el.h3(_("Full access")),
            rx.el.p(
                _("They can look at your chart and act in it for you. They can’t invite other people, change how you "
                  "sign in, or remove your account.")
            ),
            button(_("Grant full access"), kind="second", type="button", on_click=Invite.choose(True)),
        ),
        class_name="stack",
        aria_labelledby="which",
    )  # fmt: skip


def told(element: str) -> rx.Component:
    """Why it was refused, where that is no single field."""
    return rx.el.div(
        rx.cond((Invite.problem != "") & (Invite.field == ""), notice(Invite.problem, "act")),
        id=element,
        role="alert",
        tab_index=-1,
        class_name="said",
    )


def form() -> rx.Component:
    """Whom, which parts, until when."""
    return rx.el.section(
        rx.el.h2(rx.cond(Invite.full, _("Grant full access"), _("Grant read only access")), id="who", tab_index=-1),
        told("refused"),
        rx.el.form(
            typed("name", _("Their name"), Invite.view.name, max_length=300, required=True, auto_complete="off"),
            typed(
                "email", _("Their e-mail address"), Invite.view.email, type="email", max_length=254, required=True,
                auto_complete="off", hint=_("The invitation goes there. It has to be their own address."),
            ),
            typed(
                "relationship", _("What they are to you (you can leave this empty)"), Invite.view.relation,
                max_length=60, auto_complete="off", hint=_("For example: daughter, partner, neighbor."),
            ),
            part_boxes(
                Invite.view.parts,
                wrong=Invite.field == "parts",
                problem=Invite.problem,
                hint=_("They never see what is especially private, whatever you tick."),
            ),
            until_field(Invite.view.last_day, wrong=Invite.field == "until", problem=Invite.problem),
            rx.el.div(
                button(_("See what they will see")),
                button(_("Back"), kind="second", type="button", on_click=Invite.back),
                class_name="row",
            ),
            on_submit=Invite.prepare,
            class_name="stack",
            custom_attrs={"noValidate": True},
            key=Invite.view.id,
        ),
        class_name="stack",
        aria_labelledby="who",
    )  # fmt: skip


def typed(name: str, label: str, value: Any, *, hint: str = "", **props: Any) -> rx.Component:
    """A field that begins with what was typed before; its problem stands at it."""
    wrong = Invite.field == name
    return field(
        label,
        text_input(
            name, name, default_value=value, **props,
            custom_attrs={
                "aria-describedby": f"{name}-hint {name}-error", "aria-invalid": rx.cond(wrong, "true", "false"),
            },
        ),
        id=name,
        hint=hint,
        error=rx.cond(wrong, Invite.problem, ""),
    )  # fmt: skip


def check() -> rx.Component:
    """What is about to be granted, the way to try it out, the passcode, and OK."""
    one = Invite.view
    return rx.el.section(
        rx.el.h2(_("Check it, then send it"), id="check", tab_index=-1),
        told("refused"),
        card(
            rx.el.h3(one.name),
            rx.el.p(one.email),
            quiet(one.level, rx.cond(one.relation != "", rx.fragment(" · ", one.relation)), " · ", one.until),
            rx.el.p(one.sees),
            rx.el.p(
                link(
                    _("See exactly what {name} will see").format(name=one.first), href=f"/home?for={one.id}", own=True,
                    class_name="button second",
                )
            ),
        ),
        rx.el.form(
            field(
                _("Your own passcode (you can leave this empty)"),
                text_input(
                    "passcode", "passcode", max_length=64, auto_complete="off",
                    custom_attrs={
                        "aria-describedby": "passcode-hint passcode-error",
                        "aria-invalid": rx.cond(Invite.field == "passcode", "true", "false"),
                    },
                ),
                id="passcode",
                hint=_("You tell it them yourself, by phone or when you meet: it is not in the letter. 6 characters or "
                       "more. If you leave this empty, we make one and show it to you."),
                error=rx.cond(Invite.field == "passcode", Invite.problem, ""),
            ),
            rx.el.div(
                button(rx.cond(Invite.again, _("OK, send it again"), _("OK, send the invitation")), id="send"),
                rx.cond(~Invite.again, button(_("Back"), kind="second", type="button", on_click=Invite.back)),
                class_name="row",
            ),
            on_submit=Invite.send,
            class_name="stack",
        ),
        rx.cond(
            Invite.again,
            quiet(_("The new letter has a new link. The old link and the old passcode stop working.")),
            rx.el.p(button(_("Forget this invitation"), kind="quiet", type="button", on_click=Invite.discard)),
        ),
        class_name="stack",
        aria_labelledby="check",
    )  # fmt: skip


def sent() -> rx.Component:
    """It is sent: the passcode, shown once, and what happens next."""
    one = Invite.sent
    return rx.el.section(
        rx.el.h2(_("The invitation is sent"), id="sent", tab_index=-1),
        rx.el.p(_("A letter went to {email}. {name} can answer it until {day}.").format(
            email=one.email, name=one.name, day=one.expires
        )),
        card(
            rx.cond(
                Invite.passcode != "",
                rx.fragment(
                    rx.el.h3(_("Tell them this passcode")),
                    rx.el.p(rx.el.code(Invite.passcode, class_name="passcode")),
                    rx.el.p(_("It is shown only now. Write it down, or tell it them right away. Don’t put it in an "
                              "e-mail.")),
                ),
                rx.fragment(
                    rx.el.h3(_("Tell them your passcode")),
                    rx.el.p(_("Tell them the passcode that you chose, by phone or when you meet. Don’t put it in an "
                              "e-mail.")),
                ),
            )
        ),
        rx.el.p(link(_("To your connections"), href="/account/connections", own=True, class_name="button")),
        class_name="stack",
        aria_labelledby="sent",
    )  # fmt: skip
