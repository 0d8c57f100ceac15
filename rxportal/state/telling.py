"""After an act: what it did or why it was refused, and where the focus goes on."""

from __future__ import annotations

import reflex as rx


class Telling(rx.State, mixin=True):
    """`done`: what the last act did; `problem`: why one was refused; `focus`: where to go on ("element-id turn")."""

    done: str = ""
    problem: str = ""
    focus: str = ""

    _turn: int = 0

    def _point(self, element: str) -> None:
        self._turn += 1
        self.focus = f"{element} {self._turn}"


class Refusing(Telling, mixin=True):
    """`wrong`: the field at which `problem` stands. For pages that also have a PageState, whose refusal this takes."""

    wrong: str = ""

    def _refused(self, where: str) -> None:
        """The reason of a refusal stands where the act was, and is gone with the next act."""
        self.problem, self.wrong = self.message, self.field
        self.message = self.field = ""
        if self.problem:
            self._point(self.wrong or where)
