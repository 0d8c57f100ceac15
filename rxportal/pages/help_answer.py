"""One question of `/help` with its answer."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Answer:
    """One question. `points` come as a list after the paragraphs, `after` comes below them."""

    anchor: str
    question: str
    paragraphs: tuple[str, ...]
    points: tuple[str, ...] = ()
    after: tuple[str, ...] = ()
