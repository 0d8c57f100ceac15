"""Settling: after anything that a release depends on has changed, write where every record of the chart stands."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime
from uuid import UUID

from sqlmodel import Session

from rxportal.core.release_store import chart_facts, policy_of, practices_of, wishes_of, write
from rxportal.rules.carrying import stand


def settle_records(session: Session, patients: UUID | Iterable[UUID], now: datetime) -> int:
    """Write kind, sensitivity and release of every record of these patients; how many rows changed.

    Two statements and one batch per chart, one more where its patient wants a word first. Links reach across a whole
    chart, so a chart is always settled whole.
    """
    keys = [patients] if isinstance(patients, UUID) else list(dict.fromkeys(patients))
    session.flush()
    changed = 0
    for practice, members in practices_of(session, keys).values():
        general, wished = policy_of(session, practice, now), wishes_of(session, members)
        for patient_id in members:
            wishes = wished.get(patient_id)
            policy = replace(general, wishes=wishes) if wishes else general
            facts = chart_facts(session, patient_id, wishes=bool(wishes))
            changed += len(write(session, facts, stand(facts.records, facts.links, policy, now)))
    return changed
