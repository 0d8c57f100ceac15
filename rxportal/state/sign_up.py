"""Registering and asking for a new password: what the forms have to say, and what was typed before a mistake."""

from __future__ import annotations

import reflex as rx

from rxportal.core.cookies import typed_in
from rxportal.core.own_path import is_own_page
from rxportal.state.guard import PUBLIC, policy

PROBLEMS = ("name", "email", "too_short", "too_long", "guessable", "about_you", "slow", "away")


class SignUpState(rx.State):
    """`/sign-up` and `/forgot-password`. `sent`: the letter is on its way; `after`: where they wanted to go."""

    typed_name: str = ""
    typed_email: str = ""
    problem: str = ""
    after: str = ""
    sent: bool = False

    @rx.event
    @policy(PUBLIC)
    def load(self) -> None:
        """Read the codes from the address, and what was typed from its short-lived cookie."""
        asked = self.router.url.query_parameters
        problem, after = str(asked.get("problem", "")), str(asked.get("next", ""))
        self.problem = problem if problem in PROBLEMS else ""
        self.after = after if is_own_page(after) else ""
        self.sent = asked.get("sent") == "1"
        typed = typed_in(self.router.headers.cookie or "")
        self.typed_name, self.typed_email = typed.get("name", ""), typed.get("email", "")
