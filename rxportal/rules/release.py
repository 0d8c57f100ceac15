"""When a result may be seen, by whom: the one pure function, and what is stored so that queries give the same answer.

`settle` turns the facts of a record and a policy into an instant (`visible_from`), written when something changes (an
import, an act of the desk, a policy); `decide` answers for one viewer at one moment; its twin in SQL is
`core.release_filter`.
Seed rows S16 to S19; 45 CFR 171 for the coded holds; why the latest day opens by itself: docs/adr/0021.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from typing import Any

from rxportal.models.policies import Mode
from rxportal.models.records import Gate, Kind, Record, Section, Sensitivity
from rxportal.rules.policy import DEFAULT_POLICY, Line, Policy, Preset, Rule, preset_lines, resolve
from rxportal.rules.sharing import IN_FREE_WORDS
from rxportal.rules.timing import wished_line

__all__ = [
    "DEFAULT_POLICY", "TEEN_CLOSED", "Decision", "Line", "Outcome", "Policy", "Preset", "Rule", "Settled", "Stored",
    "Viewer", "WaitsFor", "decide", "once", "own_facts", "preset_lines", "resolve", "settle", "stored_facts",
]  # fmt: skip


class Viewer(StrEnum):
    """Who looks, as far as release goes. The desk sees everything that was not entered in error."""

    OWNER = "owner"
    PROXY = "proxy"
    PARENT_OF_CHILD = "parent_of_child"
    PARENT_OF_TEEN = "parent_of_teen"
    CLINICIAN = "clinician"


class Outcome(StrEnum):
    """The answer of `decide`. WITHHELD means: no trace."""

    VISIBLE = "visible"
    WAITING = "waiting"
    WITHHELD = "withheld"


class WaitsFor(StrEnum):
    """What a waiting result waits for."""

    NOTHING = ""
    FINAL = "final"
    SEEN = "seen"
    ORDER = "order"
    HOLD = "hold"
    WISH = "wish"


#: What a parent of a 12 to 17 year old does not open: places that tell of confidential care in free words or on a bill.
TEEN_CLOSED = frozenset(IN_FREE_WORDS.values())

#: Whose status says when it is final; a document or a picture is what it is when it arrives.
_WITH_STATUS = frozenset({"Observation", "DiagnosticReport"})

#: Before every record: the instant from which a record that nothing holds back is visible when its arrival is unknown.
_ALWAYS = datetime(1900, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Stored:
    """The facts of one record that its release depends on. Instants are aware UTC."""

    kind: Kind
    sensitivity: Sensitivity = Sensitivity.NONE
    section: Section = Section.RESULTS
    struck: bool = False
    listed: bool = True
    arrived_at: datetime = _ALWAYS
    final_at: datetime | None = None
    seen_at: datetime | None = None
    released_at: datetime | None = None
    hold_reason: str = ""
    hold_until: datetime | None = None
    commented_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Settled:
    """Where a record stands. `visible_from` None: it opens by an act alone; WITHHELD: never. `latest_at`: by itself."""

    gate: Gate
    visible_from: datetime | None = None
    latest_at: datetime | None = None
    waits_for: WaitsFor = WaitsFor.NOTHING


@dataclass(frozen=True, slots=True)
class Decision:
    """What one viewer gets at one moment. `waits_for`, `why` and `latest` speak of waiting results only."""

    outcome: Outcome
    waits_for: WaitsFor = WaitsFor.NOTHING
    why: str = ""
    latest: datetime | None = None

    @property
    def visible(self) -> bool:
        """Whether the viewer may read it."""
        return self.outcome is Outcome.VISIBLE


_NO_TRACE = Decision(Outcome.WITHHELD)
_NOTHING: frozenset[str] = frozenset()


def decide(result: Stored, policy: Policy, viewer: Viewer, now: datetime, shown: frozenset[str] = _NOTHING) -> Decision:
    """Whether this viewer sees this record now, sees that it is on its way, or learns nothing of it.

    `shown`: what a parent of a teen sees beyond what all of them do (`rules.sharing.shown_words`).
    """
    if result.struck or _hidden_from(viewer, result, shown):
        return _NO_TRACE
    if viewer is Viewer.CLINICIAN:
        return Decision(Outcome.VISIBLE)
    settled = settle(result, policy, now)
    if settled.visible_from is not None and settled.visible_from <= now:
        return Decision(Outcome.VISIBLE)
    if settled.gate is Gate.WITHHELD or not result.listed:
        return _NO_TRACE
    return Decision(Outcome.WAITING, settled.waits_for, _why(settled.waits_for, result), settled.latest_at)


def _hidden_from(viewer: Viewer, result: Stored, shown: frozenset[str]) -> bool:
    """Proxies learn nothing of what would tell a secret; the parent of a teen opens fewer sections (seed F7).

    Unless the teen shows them: see `rules.sharing`.
    """
    if viewer in (Viewer.OWNER, Viewer.CLINICIAN):
        return False
    told = shown if viewer is Viewer.PARENT_OF_TEEN and result.kind is not Kind.GENETIC else _NOTHING
    if result.sensitivity is not Sensitivity.NONE and result.sensitivity not in told:
        return True
    return viewer is Viewer.PARENT_OF_TEEN and result.section in TEEN_CLOSED and result.section not in shown


def settle(result: Stored, policy: Policy, now: datetime) -> Settled:
    """What is stored about a record's release, until one of its facts or the policy changes.

    `now` only decides what `gate` says at this moment; `visible_from` answers for every later one.
    """
    if result.kind is Kind.NOT_A_RESULT:
        return _standing(result.arrived_at, None, WaitsFor.NOTHING, now)
    line = policy.line(result.kind)
    if line.mode is Mode.WITHHELD:
        return Settled(Gate.WITHHELD)
    if result.final_at is None:
        return Settled(Gate.WAITING, waits_for=WaitsFor.FINAL)
    settled = _timed(_opening(result, line, result.final_at), result, line, now)
    return _as_wished(settled, result, policy, result.final_at, now)


def _as_wished(settled: Settled, result: Stored, policy: Policy, final_at: datetime, now: datetime) -> Settled:
    """Later, where the patient wants a doctor's word first (N2): never earlier, and nothing that was open closes."""
    since, line = policy.wishes.get(result.kind), wished_line(policy.line(result.kind))
    opens = settled.visible_from
    if since is None or line is None or (opens is not None and opens <= since):
        return settled
    spoken = min((act for act in (result.released_at, result.commented_at) if act is not None), default=None)
    wished = _timed(_opening(replace(result, released_at=spoken), line, final_at), result, line, now)
    if wished.visible_from is not None and (opens is None or wished.visible_from < opens):
        return settled
    return replace(wished, waits_for=WaitsFor.WISH) if wished.waits_for is WaitsFor.ORDER else wished


def _opening(result: Stored, line: Line, final_at: datetime) -> tuple[datetime | None, bool]:
    """The instant it opens, and whether an act (or the policy at once) opened it rather than the latest day."""
    ready = max(final_at, result.arrived_at)
    if line.mode is Mode.IMMEDIATE:
        return ready, True
    acts = [result.released_at] if line.mode is Mode.ON_ORDER else [result.released_at, result.seen_at]
    acted = min((act for act in acts if act is not None), default=None)
    latest = None if line.latest_days is None else ready + timedelta(days=line.latest_days)
    if acted is not None:
        opened = max(acted, final_at)
        return (opened, True) if latest is None or opened <= latest else (latest, True)
    return latest, False


def _timed(opening: tuple[datetime | None, bool], result: Stored, line: Line, now: datetime) -> Settled:
    opens, acted = opening
    held = _hold_end(result)
    if held is not None and (opens is None or opens < held):
        # A hold pushes the day back; where nothing but an act opens the result, the end of the hold opens nothing.
        if opens is not None:
            return _standing(held, held, WaitsFor.HOLD, now)
        if now < held:
            return _standing(None, None, WaitsFor.HOLD, now)
    waits = WaitsFor.NOTHING if acted else WaitsFor.ORDER if line.mode is Mode.ON_ORDER else WaitsFor.SEEN
    return _standing(opens, None if acted else opens, waits, now)


def _hold_end(result: Stored) -> datetime | None:
    return result.hold_until if result.hold_reason and result.released_at is None else None


def _standing(opens: datetime | None, latest: datetime | None, waits: WaitsFor, now: datetime) -> Settled:
    gate = Gate.OPEN if opens is not None and opens <= now else Gate.WAITING
    return Settled(gate, opens, latest, waits)


def _why(waits: WaitsFor, result: Stored) -> str:
    return f"hold:{result.hold_reason}" if waits is WaitsFor.HOLD else str(waits)


def stored_facts(record: Record) -> Stored:
    """The facts of a stored record, with the kind and sensitivity it stands with."""
    return _facts(record, Kind(record.kind), Sensitivity(record.sensitivity))


def own_facts(record: Any, commented_at: datetime | None = None) -> Stored:
    """The facts of a record by itself, before it takes over anything from what it is linked with."""
    facts = _facts(record, Kind(record.own_kind), Sensitivity(record.own_sensitivity))
    return facts if commented_at is None else replace(facts, commented_at=commented_at)


def _facts(record: Any, kind: Kind, sensitivity: Sensitivity) -> Stored:
    ready = None if record.resource_type in _WITH_STATUS else record.arrived_at
    return Stored(
        kind=kind,
        sensitivity=sensitivity,
        section=Section(record.section),
        struck=record.struck,
        listed=record.listed,
        arrived_at=record.arrived_at,
        final_at=record.final_at or ready,
        seen_at=record.seen_at,
        released_at=record.released_at,
        hold_reason=record.hold_reason,
        hold_until=record.hold_until,
    )


def once(result: Stored, *, seen_at: datetime | None = None, released_at: datetime | None = None) -> Stored:
    """The same record after an act of the desk, to say beforehand who will see it."""
    return replace(result, seen_at=seen_at or result.seen_at, released_at=released_at or result.released_at)
