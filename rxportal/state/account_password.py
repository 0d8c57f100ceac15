"""The address and the password of one's account, on `/account/security`."""

from __future__ import annotations

from typing import Any

import reflex as rx

from rxportal.core.access import Permission
from rxportal.core.runtime import current
from rxportal.core.text import _
from rxportal.rules.passwords import weakness
from rxportal.services.credentials import ask_new_email, change_password, open_sign_in_change, view_sign_in_facts
from rxportal.services.credentials_view import SignInFacts
from rxportal.services.password_words import weakness_words
from rxportal.state.base import PageState
from rxportal.state.fields import text_of
from rxportal.state.guard import policy
from rxportal.state.hashing import hashed, length_of
from rxportal.state.telling import Telling


class AccountPasswordState(Telling, PageState, rx.State):
    """`changes`: how often something was changed here; its form then begins anew."""

    view: SignInFacts = SignInFacts()
    changes: int = 0

    @rx.event
    @policy(Permission.CHANGE_ACCOUNT)
    async def load(self) -> None:
        """Open the section."""
        self.done = self.problem = self.field = ""
        await self._show()

    @rx.event
    @policy(Permission.CHANGE_ACCOUNT)
    async def save_password(self, form: dict[str, Any]) -> None:
        """Set a new password, once it is one that we take."""
        password = text_of(form, "password")
        shortest = self.view.shortest
        context = (current().settings.practice_name, self.view.email)
        problem = weakness_words(weakness(password, context, shortest=shortest), shortest)
        if problem:
            self._wrong("password", problem)
        elif await self._perform(open_sign_in_change):
            facts = {"password_hash": await hashed(password), "length": length_of(password)}
            if await self._perform(change_password, **facts) is not None:
                await self._changed(_("Your password is changed. You are signed out everywhere else."))

    @rx.event
    @policy(Permission.CHANGE_ACCOUNT)
    async def save_email(self, form: dict[str, Any]) -> None:
        """Ask for another address."""
        email = text_of(form, "email")
        if await self._perform(ask_new_email, email=email) is not None:
            told = _("A letter is on its way to {email}. Your address changes when you open the link in it.")
            await self._changed(told.format(email=email.strip()))
        elif self.field:
            self._wrong("email", self.message)

    def _wrong(self, field: str, problem: str) -> None:
        self.field, self.problem, self.message, self.done = field, problem, "", ""
        self._point(f"new-{field}")

    async def _changed(self, done: str) -> None:
        await self._show()
        self.done, self.problem = done, ""
        self.changes += 1
        self._point("sign-in-done")

    async def _show(self, *, live: bool = False) -> None:
        view = await self._perform(view_sign_in_facts, live=live)
        if view is not None:
            self.view, self.phase = view, "ready"
