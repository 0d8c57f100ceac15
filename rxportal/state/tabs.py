"""The open tabs of this worker: which session is behind each, which chart it shows, how its page reads again.

Kept in memory only: after a restart pages reconnect, load and register again.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any

from rxportal.core.live import Change


@dataclass
class Tab:
    """One connected tab. `router_data` is that of its last own event, for events that the server starts.

    `family`: every chart this account may open; a `wide` page shows something of all of them.
    `whose`: the hash of the cookie that the guard looked at last, at `looked_at` (monotonic seconds).
    `frame`, `framed_at`: the cookie and the chart for which its frame was read last, and when.
    `leads`: where its session's end leads, where that is not the sign-in page as ever.
    `connecting`: its last own event was the framework's at (re)connect: what follows from it is nobody's act.
    """

    token: str
    sid: str = ""
    session_id: str = ""
    whose: str = ""
    looked_at: float = -math.inf
    frame: tuple[str, str] = ("", "")
    framed_at: float = -math.inf
    account_id: str = ""
    practice_id: str = ""
    patient_id: str = ""
    family: frozenset[str] = frozenset()
    wide: bool = False
    topics: frozenset[str] = frozenset()
    refresh: Callable[..., Any] | None = None
    router_data: dict[str, Any] = field(default_factory=dict)
    warned: bool = False
    told: bool = False
    connecting: bool = False
    leads: str = ""

    def concerns(self, change: Change) -> bool:
        """Whether what this tab shows may have changed."""
        if change.scope == "all":
            return True
        if change.topic not in self.topics or not change.id:
            return False
        mine = {"chart": self.patient_id, "desk": self.practice_id, "account": self.account_id}
        return mine.get(change.scope) == change.id or (
            self.wide and change.scope == "chart" and change.id in self.family
        )


class Tabs:
    """Every tab of this worker by its client token."""

    def __init__(self) -> None:
        """Start empty."""
        self._tabs: dict[str, Tab] = {}

    def of(self, token: str) -> Tab:
        """The tab of a token, made when it is new."""
        return self._tabs.setdefault(token, Tab(token))

    def known(self, token: str) -> Tab | None:
        """The tab of a token, if it is open here."""
        return self._tabs.get(token)

    def close(self, sid: str) -> None:
        """Forget the tab of a socket that closed."""
        for token in [token for token, tab in self._tabs.items() if tab.sid == sid]:
            del self._tabs[token]

    def by_session(self) -> dict[str, list[Tab]]:
        """The tabs of each session, gone through once: with many open, once per session would be slow."""
        found: dict[str, list[Tab]] = {}
        for tab in self:
            if tab.session_id:
                found.setdefault(tab.session_id, []).append(tab)
        return found

    def __iter__(self) -> Iterator[Tab]:
        """Every open tab."""
        return iter(list(self._tabs.values()))


TABS = Tabs()
