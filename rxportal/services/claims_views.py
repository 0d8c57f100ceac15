"""What the pages of requests for a chart show, a person's and the desk's: plain values only."""

from __future__ import annotations

from dataclasses import dataclass, field

from rxportal.services.results_views import Choice, Step


@dataclass
class Given:
    """One thing that somebody wrote of themselves."""

    label: str = ""
    words: str = ""


@dataclass
class ClaimRow:
    """One request as the person who made it sees it. `tone`: good, look, act or wait. `code`: what became of a code."""

    id: str = ""
    key: str = ""
    title: str = ""
    tag: str = ""
    tone: str = "wait"
    sentence: str = ""
    code: str = ""
    open: bool = False
    given: list[Given] = field(default_factory=list)
    steps: list[Step] = field(default_factory=list)


@dataclass
class Typed:
    """What was written in a request that is over, so that nobody writes it twice."""

    name: str = ""
    birth_date: str = ""
    postal_code: str = ""
    phone: str = ""
    mrn: str = ""


@dataclass
class ClaimsPage:
    """Every request of one account. `has_own`: they have a chart of their own already; `own`: the newest for one."""

    has_own: bool = False
    own: ClaimRow = field(default_factory=ClaimRow)
    typed: Typed = field(default_factory=Typed)
    children: list[ClaimRow] = field(default_factory=list)

    @classmethod
    def empty(cls) -> ClaimsPage:
        """Before anything was read."""
        return cls()


@dataclass
class Tried:
    """What a code did. `opened`: the chart is open now; else `sentence` says what to do."""

    opened: bool = False
    sentence: str = ""


@dataclass
class QueueRow:
    """A request in the desk's queue. `asks`: for what; `late`: it should have been answered."""

    id: str = ""
    name: str = ""
    asks: str = ""
    due: str = ""
    late: bool = False
    tag: str = ""


@dataclass
class Compared:
    """One fact beside what is on file. `ours` is shown where the desk may show it; `tone`: good, act or wait."""

    label: str = ""
    given: str = ""
    ours: str = ""
    words: str = ""
    tone: str = "wait"


@dataclass
class Candidate:
    """A patient who could be meant. `stands`: who has access, orders; `why_not`: why this can't be approved, or ""."""

    id: str = ""
    name: str = ""
    born: str = ""
    mrn: str = ""
    facts: list[Compared] = field(default_factory=list)
    stands: list[str] = field(default_factory=list)
    why_not: str = ""


@dataclass
class ClaimCase:
    """One request at the desk. `child`: it is for somebody else's chart, `kin` as what."""

    id: str = ""
    title: str = ""
    child: bool = False
    asked_by: str = ""
    asked: str = ""
    due: str = ""
    late: bool = False
    conflict: bool = False
    relation: str = ""
    proof: str = ""
    kin: str = ""
    candidates: list[Candidate] = field(default_factory=list)
    kins: list[Choice] = field(default_factory=list)
    reasons: list[Choice] = field(default_factory=list)

    @classmethod
    def empty(cls) -> ClaimCase:
        """Nothing is open."""
        return cls()


@dataclass
class CodeRow:
    """A visit code as the desk sees it later: never the code itself."""

    id: str = ""
    made: str = ""
    state: str = ""
    live: bool = False


@dataclass
class OrderRow:
    """A court order that holds."""

    id: str = ""
    name: str = ""
    email: str = ""
    reason: str = ""
    since: str = ""


@dataclass
class NewCode:
    """A code that was just made. `code` is "" where it was sent and not shown."""

    code: str = ""
    until: str = ""
    sent: bool = False


@dataclass
class ProofCard:
    """One patient: codes and orders. `owned`: the chart has its owner; `sendable`: there is an address on file."""

    id: str = ""
    name: str = ""
    born: str = ""
    mrn: str = ""
    owned: bool = False
    sendable: bool = False
    codes: list[CodeRow] = field(default_factory=list)
    orders: list[OrderRow] = field(default_factory=list)

    @classmethod
    def empty(cls) -> ProofCard:
        """Nobody is chosen."""
        return cls()
