"""The section of `/account/security` for passkeys, the authenticator app and recovery codes."""

from __future__ import annotations

from typing import Any

import reflex as rx

from rxportal.components.forms import button, field
from rxportal.components.frame import FocusWhenTold
from rxportal.components.parts import notice, quiet, tag
from rxportal.components.passkeys import passkey_button
from rxportal.components.phases import phases
from rxportal.core.text import _
from rxportal.state.factors import FactorsState as Own


def account_factors() -> rx.Component:
    """What there is, what can be added, and what came of the last act."""
    return rx.el.section(
        rx.el.h2(_("Passkeys and second step"), id="factors", tab_index=-1),
        rx.el.div(
            rx.cond(Own.done != "", notice(Own.done, "good")),
            rx.cond((Own.problem != "") & (Own.field == ""), notice(Own.problem, "act")),
            id="factors-done",
            role="status",
            tab_index=-1,
            class_name="said",
        ),
        phases(
            Own,
            filled=rx.el.div(asked(), recovery_shown(), keys(), app(), recovery(), lost(), class_name="stack"),
            empty=rx.fragment(),
            loading=_("Looking how you sign in…"),
            retry=Own.load,
            by_chart=False,
        ),
        FocusWhenTold.create(told=Own.focus),
        class_name="stack",
        aria_labelledby="factors",
    )


def asked() -> rx.Component:
    """Whether a second step is asked for now; staff are told that they need one."""
    return rx.cond(
        Own.view.needed,
        notice(_("Your desk opens once your sign-in has a second step. Add a passkey or an authenticator app here."),
               "act"),
        rx.cond(
            Own.view.on,
            rx.el.p(tag(_("Second step is on"), "good"), " ", _("Your password alone does not open your account.")),
            rx.el.p(_("A second step keeps your account safe even when somebody knows your password.")),
        ),
    )  # fmt: skip


def keys() -> rx.Component:
    """The passkeys."""
    return rx.el.div(
        rx.el.h3(_("Passkeys")),
        rx.el.p(_("Sign in with your finger, your face or your device’s PIN. No password to type or to lose.")),
        rx.cond(
            Own.view.passkeys.length() > 0,
            rx.el.ul(rx.foreach(Own.view.passkeys, one_key), class_name="list"),
            quiet(_("No passkey yet.")),
        ),
        rx.el.p(passkey_button(_("Add a passkey"), "new", id="add-passkey", on_done=Own.passkey_added,
                               on_fresh=Own.ask_first)),
        class_name="card",
    )  # fmt: skip


def one_key(one: Any) -> rx.Component:
    """One passkey: where it was made, since when, when last used, and how to remove it."""
    return rx.el.li(
        rx.el.div(
            rx.el.span(one.name, class_name="title"),
            quiet(
                _("Added {day}").format(day=one.added),
                rx.cond(one.used != "", rx.fragment(" · ", _("last used {day}").format(day=one.used)), rx.fragment()),
            ),
            rename(one),
            class_name="says",
        ),
        button(
            _("Remove"),
            kind="second",
            type="button",
            on_click=Own.remove_key(one.id),
            id="remove-" + one.id.to(str),
            aria_label=_("Remove the passkey {name}, added {day}").format(name=one.name, day=one.added),
        ),
        class_name="line",
        key=one.id.to(str) + one.name.to(str),  # a new name closes the form
    )


def rename(one: Any) -> rx.Component:
    """Another name for one passkey, behind its word."""
    field_id = "name-" + one.id.to(str)
    return rx.el.details(
        rx.el.summary(_("Rename"), aria_label=_("Rename the passkey {name}").format(name=one.name)),
        rx.el.form(
            rx.el.input(type="hidden", name="passkey", value=one.id),
            rx.el.div(
                rx.el.label(_("Name of this passkey"), html_for=field_id),
                rx.el.input(
                    id=field_id, name="name", type="text", default_value=one.name, required=True, max_length=60,
                    auto_complete="off", dir="auto",
                ),
                class_name="field",
            ),
            rx.el.p(button(_("Save name"), kind="second")),
            on_submit=Own.rename_key,
            class_name="stack",
        ),
        class_name="past",
    )  # fmt: skip


def app() -> rx.Component:
    """The authenticator app: there, being added, or not there."""
    return rx.el.div(
        rx.el.h3(_("Authenticator app")),
        rx.cond(
            Own.view.codes,
            rx.fragment(
                rx.el.p(_("Added {day}. We ask for its six digits when you sign in.").format(day=Own.view.codes_since)),
                rx.el.p(button(_("Remove the app"), kind="second", type="button", on_click=Own.remove_app,
                               id="remove-app")),
            ),
            rx.cond(
                Own.offer.secret != "",
                offer(),
                rx.fragment(
                    rx.el.p(_("An app on your phone shows six new digits every half minute.")),
                    rx.el.p(button(_("Add an authenticator app"), kind="second", type="button",
                                   on_click=Own.begin_codes, id="add-app")),
                ),
            ),
        ),
        class_name="card",
    )  # fmt: skip


def offer() -> rx.Component:
    """Take the secret over into the app, then type its first code."""
    wrong = Own.field == "code"
    return rx.el.div(
        rx.el.h4(_("Add it in two steps"), id="app-offer", tab_index=-1),
        rx.el.p(_("1. Scan this picture with your app. On this phone: "),
                rx.el.a(_("open it in your app"), href=Own.offer.link), "."),
        rx.el.img(src=Own.offer.picture, alt=_("Picture to scan with your authenticator app"), class_name="scan"),
        rx.el.p(_("Or type this key into the app: "), rx.el.code(Own.offer.secret)),
        rx.el.form(
            field(
                _("2. The six digits that the app shows"),
                rx.el.input(
                    id="app-code", name="code", type="text", auto_complete="one-time-code", required=True,
                    max_length=12,
                    custom_attrs={
                        "inputMode": "numeric",
                        "aria-describedby": rx.cond(wrong, "app-code-error", ""),
                        "aria-invalid": rx.cond(wrong, "true", "false"),
                    },
                ),
                id="app-code",
                error=rx.cond(wrong, Own.problem, ""),
            ),
            rx.el.div(
                button(_("Turn it on")),
                button(_("Not now"), kind="second", type="button", on_click=Own.put_away),
                class_name="row",
            ),
            on_submit=Own.confirm,
            class_name="stack",
        ),
        class_name="stack",
    )  # fmt: skip


def recovery_shown() -> rx.Component:
    """Ten codes, this once."""
    return rx.cond(
        Own.codes.length() > 0,
        rx.el.div(
            rx.el.h3(_("Your recovery codes"), id="recovery-codes", tab_index=-1),
            rx.el.p(_("Print them or write them down now, and keep them where you keep your passport. Each works once, "
                      "in place of your app or passkey. We can’t show them again.")),
            rx.el.ul(rx.foreach(Own.codes, lambda code: rx.el.li(rx.el.code(code), key=code)), class_name="codes"),
            rx.el.p(button(_("I have kept them"), type="button", on_click=Own.put_away)),
            class_name="card",
        ),
    )  # fmt: skip


def recovery() -> rx.Component:
    """How many are left, and new ones."""
    return rx.cond(
        Own.view.on & (Own.codes.length() == 0),
        rx.el.div(
            rx.el.h3(_("Recovery codes")),
            rx.el.p(
                rx.match(
                    Own.view.recovery_left,
                    (0, _("You have none left. Make new ones, for the day on which your phone is gone.")),
                    (1, _("You have one left. Make new ones soon.")),
                    _("You have {count} left. Each works once.").format(count=Own.view.recovery_left),
                )
            ),
            rx.el.p(button(_("Make new recovery codes"), kind="second", type="button", on_click=Own.new_codes,
                           id="new-codes")),
            class_name="card",
        ),
    )  # fmt: skip


def lost() -> rx.Component:
    """What happens when nothing is left."""
    return quiet(
        _("Lost everything? Come to the front desk with a photo ID. They check who you are, as they did the first "
          "time, and let you set this up again.")
    )  # fmt: skip
