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
