"""What a search of the chart shows: plain values only."""

from __future__ import annotations

from dataclasses import dataclass, field


@dataclass
class Hit:
    """One thing that was found. `inside`: what in it was meant. `href` leads to it, or `part` names where it stands.

    `part` is the address of a part of the record page.
    """

    id: str = ""
    title: str = ""
    detail: str = ""
    inside: str = ""
    tag: str = ""
    href: str = ""
    part: str = ""


@dataclass
class HitGroup:
    """The hits of one kind. `more` says that there are others which are not listed."""

    name: str = ""
    rows: list[Hit] = field(default_factory=list)
    more: str = ""


@dataclass
class Findings:
    """The answer to one search; `query` as it was understood."""

    query: str = ""
    groups: list[HitGroup] = field(default_factory=list)
    sentence: str = ""

    @classmethod
    def empty(cls) -> Findings:
        """Before anything was looked for."""
        return cls()
