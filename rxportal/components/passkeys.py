"""The button that asks the browser for a passkey (assets/passkeys.jsx)."""

from __future__ import annotations

from typing import Any

import reflex as rx

from rxportal.core.text import _


class PasskeyButton(rx.Component):
    """`act`: "sign-in", "new" or "proof". `next`: where to go after a sign-in.

    `on_done`: it worked. `on_fresh`: the person has to prove first who they are.
    """

    library = "$/public/passkeys.jsx"
    is_default = False
    tag = "PasskeyButton"
    act: rx.Var[str]
    next: rx.Var[str]
    words: rx.Var[dict[str, str]]
    on_done: rx.EventHandler[rx.event.no_args_event_spec]  # type: ignore[type-arg, valid-type]
    on_fresh: rx.EventHandler[rx.event.no_args_event_spec]  # type: ignore[type-arg, valid-type]


def words() -> dict[str, str]:
    """What only the browser knows."""
    return {
        "none": _("This browser can’t use passkeys here. Use another way."),
        "stopped": _("No passkey was used. Nothing was changed. Try again, or use another way."),
        "known": _("This device has a passkey for your account already."),
        "away": _("We can’t reach the portal right now. Nothing was changed. Try again in a minute."),
    }


def passkey_button(label: Any, act: str, *, kind: str = "second", **props: Any) -> rx.Component:
    """The button, and under it what did not work."""
    look = {"primary": "button", "second": "button second"}[kind]
    return PasskeyButton.create(label, act=act, words=words(), class_name=look, **props)
