"""Which record carries or names which other one. Links join records of one chart only.

`RecordLink.position` from 0 on: the parent carries the child (a report its results, in order). NAMED (below 0): it
only names it, and so must be hidden where the child is.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from uuid import UUID, uuid4

from sqlalchemy import delete, update
from sqlmodel import col

from rxportal.core.record_store import bodies_of, chunks, linked_pairs
from rxportal.fhir.links import NAMED, NOT_LINKED, spelled
from rxportal.models.records import PendingLink, Reading, Record, RecordLink
from rxportal.services.imports_find import spellings
from rxportal.services.imports_rows import Row, read_again, reading_rows, record_columns
from rxportal.services.imports_store import Importing, Placed, bulk, chart_of, count, names_for

Pair = tuple[UUID, UUID]


def link(job: Importing, placed: list[Placed]) -> None:
    """Resolve what these records refer to, keep what is not here yet for later, and join what waited for them."""
    _outgoing(job, placed)
    _arrivals(job, placed)


def _outgoing(job: Importing, placed: list[Placed]) -> None:
    targets = [ref.target for each in placed for ref in each.incoming.facts.links]
    found = job.known.by_reference(targets, [Record.id, Record.patient_id])
    links: dict[Pair, int] = {}
    waiting: list[Row] = []
    for each in placed:
        if each.patient_id is not None:
            for ref in each.incoming.facts.links:
                row = found.get(ref.target)
                if row is None:
                    waiting.append(_pending(job, each.record_id, ref.target, ref.position))
                elif row[3] == each.patient_id and row[2] != each.record_id and row[0] not in NOT_LINKED:
                    links.setdefault((each.record_id, row[2]), ref.position)
        waiting += _waits_for_others(job, each)
    _insert_links(job, links)
    bulk(job.session, PendingLink, waiting)


def _waits_for_others(job: Importing, each: Placed) -> list[Row]:
    """Records without a chart wait for their patient; prescriptions for the medication they name."""
    facts = each.incoming.facts
    targets = list(facts.patients) if each.patient_id is None and not facts.shared else []
    if facts.named_by and not job.known.by_reference([facts.named_by], [Record.id]):
        targets.append(facts.named_by)
    return [_pending(job, each.record_id, spelled(target), NAMED) for target in targets]


def _pending(job: Importing, record_id: UUID, target: str, position: int) -> Row:
    return {
        "id": uuid4(), "record_id": record_id, "organization_id": job.organization_id, "target": target,
        "position": position,
    }  # fmt: skip


def _insert_links(job: Importing, links: dict[Pair, int]) -> None:
    rows = [
        {"id": uuid4(), "parent_id": parent, "child_id": child, "position": position}
        for (parent, child), position in links.items()
    ]
    bulk(job.session, RecordLink, rows)


def _arrivals(job: Importing, placed: list[Placed]) -> None:
    """What earlier records waited for is here now."""
    here: dict[str, Placed] = {}
    for each in placed:
        for name in spellings(*each.incoming.identity, each.incoming.facts.source_url):
            here.setdefault(name, each)
    due = job.known.waiting_for(here)
    links: dict[Pair, int] = {}
    again: list[UUID] = []
    for _key, target, position, parent, patient_id in due:
        each = here[target]
        linked = each.incoming.identity[0] not in NOT_LINKED
        if each.incoming.facts.resource_type in {"Patient", "Medication"}:
            again.append(parent)
        elif patient_id is not None and patient_id == each.patient_id and parent != each.record_id and linked:
            links.setdefault((parent, each.record_id), position)
    for part in chunks(row[0] for row in due):
        job.session.execute(delete(PendingLink).where(col(PendingLink.id).in_(part)))
    _insert_links(job, _not_yet(job, links))
    for records in chunks(again):
        _read_again(job, records)


def _not_yet(job: Importing, links: dict[Pair, int]) -> dict[Pair, int]:
    """Links that are not there already under another spelling of the reference."""
    there = linked_pairs(job.session, [parent for parent, _child in links])
    return {pair: position for pair, position in links.items() if pair not in there}


def _read_again(job: Importing, record_ids: Sequence[UUID]) -> None:
    """A patient or a medication arrived after these records: give them their chart and their name."""
    rows = bodies_of(job.session, record_ids)
    waiting = [(row[0], read_again(row[1], row[2], job.zone), row[3]) for row in rows]
    charts = job.known.patients(target for _id, each, _patient in waiting for target in each.facts.patients)
    names = names_for(job.known, [each for _id, each, _patient in waiting])
    joined, updates = [], []
    for record_id, each, patient_id in waiting:
        placed = Placed(each, record_id, patient_id or chart_of(each, charts)[0])
        columns = record_columns(each, names)
        columns = {key: columns[key] for key in ("title", "author", "own_kind", "own_sensitivity")}
        updates.append(columns | {"id": record_id, "patient_id": placed.patient_id})
        count(job, each, "updated", placed.patient_id)
        joined.append((placed, patient_id))
    if updates:
        job.session.execute(update(Record), updates)
    newly = [placed for placed, before in joined if before is None and placed.patient_id is not None]
    numbers = [row for each in newly for row in reading_rows(each.incoming, each.record_id, each.patient_id)]
    bulk(job.session, Reading, numbers)
    still = [replace(placed) for placed, before in joined if before is None and placed.patient_id is None]
    _outgoing(job, [*newly, *still])
