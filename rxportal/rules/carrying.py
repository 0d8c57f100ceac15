"""What a record takes over from those that it carries or that carry it (S16; reasons: docs/adr/0023).

A link says: the parent carries or names the child inside it. So a parent takes over from its children, always, unless
the child is a person, a place or an event that many records share: one shared Encounter must not hide a whole chart. A
child takes over from its parent only where the parent is a report or a group of observations: parts of one result.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Hashable, Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Generic, TypeVar

from rxportal.models.records import Gate, Kind, Sensitivity
from rxportal.rules.kinds import RESULTS, guard_of, kind_at, rank_of, sensitivity_at
from rxportal.rules.release import Policy, Settled, Stored, settle

Key = TypeVar("Key", bound=Hashable)

#: Parts of a result: they are released with the report or the group that carries them.
PARTS = frozenset({"Observation", "DiagnosticReport", "Media", "ImagingStudy", "DocumentReference", "Binary"})
#: What many records name: who, where, when, for whom, on whose order, from which tube.
SHARED = frozenset(
    {
        "Patient", "RelatedPerson", "Practitioner", "PractitionerRole", "Organization", "Location", "Device", "Group",
        "Encounter", "EpisodeOfCare", "Appointment", "Schedule", "Slot", "CareTeam", "Coverage", "HealthcareService",
        "Endpoint", "Substance", "Specimen", "ServiceRequest",
    }
)  # fmt: skip
_NEVER = datetime.max.replace(tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Own:
    """One record by itself: `facts.kind` and `facts.sensitivity` are its own, before anything is taken over."""

    resource_type: str
    facts: Stored


@dataclass(frozen=True, slots=True)
class Standing:
    """What `settle_records` writes: kind and sensitivity after taking over, whether it is a row, and its release.

    `even`: every part of it may be seen by whoever may see it.
    """

    kind: Kind
    sensitivity: Sensitivity
    listed: bool
    settled: Settled
    even: bool = False


class _Web(Generic[Key]):
    """The links of some records, sorted into carrying (a result and its parts) and naming (everything else)."""

    def __init__(self, records: Mapping[Key, Own], links: Iterable[tuple[Key, Key]]) -> None:
        self.records = records
        self.parts: dict[Key, list[Key]] = defaultdict(list)
        self.wholes: dict[Key, list[Key]] = defaultdict(list)
        self.named_by: dict[Key, list[Key]] = defaultdict(list)
        for parent, child in links:
            if parent == child or parent not in records or child not in records:
                continue
            carrier, part = records[parent].resource_type, records[child].resource_type
            if carrier in RESULTS and part in PARTS:
                self.parts[parent].append(child)
                self.wholes[child].append(parent)
            elif part not in SHARED:
                self.named_by[child].append(parent)

    def heirs(self, key: Key) -> Iterable[Key]:
        """Who takes over from this record: its parts, its wholes and whoever names it."""
        yield from self.parts.get(key, ())
        yield from self.wholes.get(key, ())
        yield from self.named_by.get(key, ())


def stand(
    records: Mapping[Key, Own], links: Iterable[tuple[Key, Key]], policy: Policy, now: datetime
) -> dict[Key, Standing]:
    """Where every record of one chart stands. `links`: (parent, child); links to unknown records are left out."""
    web = _Web(records, links)
    kinds = {key: kind_at(rank) for key, rank in _spread(web, _kind_ranks(records)).items()}
    tells = {key: sensitivity_at(rank) for key, rank in _spread(web, _guards(records)).items()}
    releases = _releases(web, kinds, policy, now)
    _wait_for_named(web, releases)
    return {
        key: Standing(
            kinds[key], tells[key], _is_row(web, key, kinds), releases[key], _is_even(web, key, tells, releases)
        )
        for key in records
    }


def _kind_ranks(records: Mapping[Key, Own]) -> dict[Key, int]:
    return {key: rank_of(own.facts.kind) for key, own in records.items()}


def _guards(records: Mapping[Key, Own]) -> dict[Key, int]:
    return {key: guard_of(own.facts.sensitivity) for key, own in records.items()}


def _spread(web: _Web[Key], ranks: dict[Key, int]) -> dict[Key, int]:
    """Let every heir have at least the rank of what it inherits from, to the fix-point."""
    pending = [key for key, rank in ranks.items() if rank]
    while pending:
        key = pending.pop()
        for heir in web.heirs(key):
            if ranks[heir] < ranks[key]:
                ranks[heir] = ranks[key]
                pending.append(heir)
    return ranks


def _is_row(web: _Web[Key], key: Key, kinds: Mapping[Key, Kind]) -> bool:
    if web.records[key].resource_type not in RESULTS or kinds[key] is Kind.NOT_A_RESULT:
        return False
    return not _carried(web, key)


def _is_even(web: _Web[Key], key: Key, tells: Mapping[Key, Sensitivity], releases: Mapping[Key, Settled]) -> bool:
    whole = web.records[key].facts
    for part in web.parts.get(key, ()):
        facts = web.records[part].facts
        if facts.struck:
            continue
        late = _opens(releases[part]) > _opens(releases[key])
        if late or facts.section != whole.section or tells[part] != tells[key]:
            return False
        if (releases[part].gate is Gate.WITHHELD) != (releases[key].gate is Gate.WITHHELD):
            return False
    return True


def _carried(web: _Web[Key], key: Key) -> bool:
    return key in web.wholes


def _releases(web: _Web[Key], kinds: Mapping[Key, Kind], policy: Policy, now: datetime) -> dict[Key, Settled]:
    """A result that stands alone follows its own acts; its parts follow the least waiting whole that carries them."""
    own = {key: settle(_with_kind(record, kinds[key]), policy, now) for key, record in web.records.items()}
    releases = {key: settled for key, settled in own.items() if not _carried(web, key)}
    for root in sorted(releases, key=lambda key: _opens(releases[key])):
        pending = [root]
        while pending:
            for part in web.parts.get(pending.pop(), ()):
                if part not in releases:
                    releases[part] = own[part] if own[part].gate is Gate.WITHHELD else releases[root]
                    pending.append(part)
    return {key: releases.get(key, own[key]) for key in web.records}


def _with_kind(record: Own, kind: Kind) -> Stored:
    """A record that only took over a kind (a document with a lab report inside) has no acts of its own to wait for."""
    facts = record.facts
    if facts.kind is Kind.NOT_A_RESULT and kind is not Kind.NOT_A_RESULT and record.resource_type not in RESULTS:
        return replace(
            facts, kind=kind, final_at=facts.arrived_at, seen_at=facts.arrived_at, released_at=facts.arrived_at
        )
    return replace(facts, kind=kind)


def _wait_for_named(web: _Web[Key], releases: dict[Key, Settled]) -> None:
    """Whatever names or carries a waiting result waits with it, to the fix-point; nobody shall miss an appointment."""
    pending = list(web.named_by)
    while pending:
        key = pending.pop()
        mine = releases[key]
        if mine.gate is Gate.WITHHELD:
            continue
        for parent in web.named_by.get(key, ()):
            theirs = releases[parent]
            if web.records[parent].resource_type == "Appointment":
                continue
            if theirs.gate is not Gate.WITHHELD and _opens(theirs) < _opens(mine):
                releases[parent] = mine
                pending.append(parent)


def _opens(settled: Settled) -> datetime:
    return settled.visible_from or _NEVER
