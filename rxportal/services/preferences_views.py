"""What the preferences page shows: plain values only."""

from __future__ import annotations

from dataclasses import dataclass, field


@dataclass
class TimingRow:
    """One group of results: `soon` and `word` say what each choice means; `waits`: a doctor's word is wanted first."""

    group: str = ""
    title: str = ""
    choosable: bool = False
    waits: bool = False
    soon: str = ""
    word: str = ""


@dataclass
class TimingChart:
    """Somebody else's chart for which one chooses too."""

    name: str = ""
    href: str = ""


@dataclass
class TimingCard:
    """When results open. `whose`: the name of the chart, "" for one's own; no rows: nothing to choose here."""

    whose: str = ""
    rows: list[TimingRow] = field(default_factory=list)
    others: list[TimingChart] = field(default_factory=list)


@dataclass
class PreferencesPage:
    """`called`: the name to use, "" for the account's; `text_size`: "", "large" or "larger"; `results`: by letter."""

    name: str = ""
    called: str = ""
    text_size: str = ""
    results: bool = True
    owner: bool = False
    staff: bool = False
    timing: TimingCard = field(default_factory=TimingCard)


@dataclass
class Loser:
    """Somebody, and one sentence on what they lose."""

    name: str = ""
    sentence: str = ""


@dataclass
class RemovalPage:
    """What removing the account does. `lose`: who loses access to one's own chart; `left`: charts one opens oneself.

    `stay`: who keeps access to one's own chart, because it stands on law or papers.
    """

    lose: list[Loser] = field(default_factory=list)
    left: list[Loser] = field(default_factory=list)
    stay: list[Loser] = field(default_factory=list)
    owner: bool = False
