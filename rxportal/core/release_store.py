"""Reading and writing what release decisions stand on, for many records at once.

It lives in the kernel because it works on whole charts, before anybody's rights: an import, an act, a change of policy.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import func, select, update
from sqlmodel import Session, col

from rxportal.core.clock import day_in
from rxportal.models.accounts import Patient, Practice
from rxportal.models.policies import ReleaseRule
from rxportal.models.preferences import TimingChoice
from rxportal.models.records import Kind, Record, RecordLink
from rxportal.models.releases import ReleaseEvent
from rxportal.rules.carrying import Own, Standing
from rxportal.rules.release import Policy, Preset, Rule, own_facts, preset_lines, resolve
from rxportal.rules.timing import wishes

CHUNK = 400
WRITTEN = ("kind", "sensitivity", "listed", "gate", "visible_from", "latest_at", "waits_for", "even")
READ = (
    "id", "patient_id", "resource_type", "section", "struck", "own_kind", "own_sensitivity", "final_at", "arrived_at",
    "seen_at", "released_at", "hold_reason", "hold_until", *WRITTEN,
)  # fmt: skip


@dataclass(frozen=True)
class ChartFacts:
    """One chart as release sees it: every record by itself, its links, and what is written now."""

    records: Mapping[UUID, Own]
    links: Sequence[tuple[UUID, UUID]]
    written: Mapping[UUID, tuple[Any, ...]]


def policy_of(session: Session, practice: Practice, now: datetime) -> Policy:
    """The policy in force at a practice on its calendar day; where no general line is stored, the shipped default."""
    lines: list[Rule] = list(session.execute(select(ReleaseRule)).scalars())
    if all(line.practice_id is not None for line in lines):
        lines += preset_lines(Preset.DEFAULT)
    return resolve(lines, practice.id, practice.state, day_in(practice.time_zone, now))


def policy_for(session: Session, practice: Practice, patient_id: UUID, now: datetime) -> Policy:
    """The same with what one patient wishes about the time (N2)."""
    return replace(policy_of(session, practice, now), wishes=wishes_of(session, [patient_id]).get(patient_id, {}))


def wishes_of(session: Session, patient_ids: Sequence[UUID]) -> dict[UUID, dict[Kind, datetime]]:
    """Since when which of these patients waits for a doctor's word on which kinds; most of them wish nothing."""
    chosen: dict[UUID, list[tuple[str, str, datetime]]] = {}
    for chunk in chunks(patient_ids):
        for row in session.execute(select(TimingChoice).where(col(TimingChoice.patient_id).in_(chunk))).scalars():
            chosen.setdefault(row.patient_id, []).append((row.kind, row.choice, row.changed_at))
    return {patient_id: wishes(rows) for patient_id, rows in chosen.items()}


def comments_of(session: Session, patient_id: UUID) -> dict[UUID, datetime]:
    """When a clinician first wrote to this patient about each record."""
    said = select(ReleaseEvent.record_id, func.min(ReleaseEvent.at)).where(col(ReleaseEvent.comment) != "")  # type: ignore[call-overload]
    said = said.where(col(ReleaseEvent.patient_id) == patient_id).group_by(col(ReleaseEvent.record_id))
    return {row[0]: row[1] for row in session.execute(said)}


def practices_of(session: Session, patient_ids: Sequence[UUID]) -> dict[UUID, tuple[Practice, list[UUID]]]:
    """The patients of each practice, by practice id."""
    found: dict[UUID, tuple[Practice, list[UUID]]] = {}
    for chunk in chunks(patient_ids):
        rows = session.execute(
            select(Patient.id, Practice)  # type: ignore[call-overload]
            .join(Practice, col(Practice.id) == col(Patient.practice_id))
            .where(col(Patient.id).in_(chunk))
        )
        for patient_id, practice in rows:
            found.setdefault(practice.id, (practice, []))[1].append(patient_id)
    return found


def chart_facts(session: Session, patient_id: UUID, *, wishes: bool = False) -> ChartFacts:
    """Everything of one chart that release depends on, in two statements; one more where its patient has wishes."""
    spoken = comments_of(session, patient_id) if wishes else {}
    records: dict[UUID, Own] = {}
    written: dict[UUID, tuple[Any, ...]] = {}
    columns = [getattr(Record, name) for name in READ]
    for row in session.execute(select(*columns).where(col(Record.patient_id) == patient_id)):
        records[row.id] = Own(row.resource_type, own_facts(row, spoken.get(row.id)))
        written[row.id] = tuple(row[-len(WRITTEN) :])
    links = session.execute(
        select(RecordLink.parent_id, RecordLink.child_id)  # type: ignore[call-overload]
        .join(Record, col(Record.id) == col(RecordLink.parent_id))
        .where(col(Record.patient_id) == patient_id)
    )
    return ChartFacts(records, [(parent, child) for parent, child in links], written)


def write(session: Session, facts: ChartFacts, standings: Mapping[UUID, Standing]) -> list[UUID]:
    """Write what differs from what stands there, in one batch; rows already loaded are read again when used."""
    changed = [
        {"id": key, **dict(zip(WRITTEN, values, strict=True))}
        for key, standing in standings.items()
        if (values := _columns(standing)) != facts.written[key]
    ]
    if changed:
        session.execute(update(Record), changed)
        _forget(session, {row["id"] for row in changed})
    return [row["id"] for row in changed]


def _columns(standing: Standing) -> tuple[Any, ...]:
    settled = standing.settled
    return (
        standing.kind.value,
        standing.sensitivity.value,
        standing.listed,
        settled.gate.value,
        settled.visible_from,
        settled.latest_at,
        settled.waits_for.value,
        standing.even,
    )


def _forget(session: Session, keys: set[UUID]) -> None:
    for row in list(session.identity_map.values()):
        if isinstance(row, Record) and row.id in keys:
            session.expire(row, list(WRITTEN))


def chunks(keys: Sequence[UUID]) -> Iterator[Sequence[UUID]]:
    """Pieces small enough for one IN list."""
    for start in range(0, len(keys), CHUNK):
        yield keys[start : start + CHUNK]
