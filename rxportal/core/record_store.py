"""What an import asks the store: records by identity, whatever chart they are in or not in yet.

It lives in the kernel because it looks at whole organizations, before anybody's rights; nothing of it is ever shown.
"""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any, TypeVar
from uuid import UUID

from sqlalchemy import Select, and_, case, exists, func, or_, select, update
from sqlalchemy.orm import aliased
from sqlmodel import Session, col

from rxportal.models.accounts import Patient
from rxportal.models.records import Gate, PendingLink, Reading, Record, RecordLink, RecordVersion, Sensitivity

T = TypeVar("T")
MOST = 400
Identity = tuple[str, str]


def chunks(values: Iterable[T]) -> Iterator[list[T]]:
    """The distinct values in parts that fit one IN list."""
    listed = list(dict.fromkeys(values))
    for start in range(0, len(listed), MOST):
        yield listed[start : start + MOST]


@dataclass(frozen=True)
class OrganizationRecords:
    """The records of one organization, asked for in bulk. Nothing is kept between two questions."""

    session: Session
    organization_id: UUID

    def by_identity(self, wanted: Iterable[Identity], columns: Sequence[Any]) -> dict[Identity, Any]:
        """Rows of (type, source id, *columns) by (type, source id)."""
        by_type: dict[str, list[str]] = defaultdict(list)
        for kind, identity in wanted:
            by_type[kind].append(identity)
        found: dict[Identity, Any] = {}
        for kind, identities in by_type.items():
            for part in chunks(identities):
                rows = self._rows(columns, col(Record.resource_type) == kind, col(Record.source_id).in_(part))
                found.update({(row[0], row[1]): row for row in rows})
        return found

    def by_url(self, urls: dict[str, str], columns: Sequence[Any]) -> Iterator[Any]:
        """Rows of (type, source id, *columns, url) of records with one of these fullUrls, or the id standing in it."""
        for part in chunks(urls):
            ids = [urls[url] for url in part if urls[url]]
            match = or_(col(Record.source_url).in_(part), col(Record.source_id).in_(ids))
            yield from self._rows([*columns, Record.source_url], match)

    def patient_by_mrn(self, mrn: str) -> UUID | None:
        """The one patient of this organization with this medical record number."""
        statement = (
            select(col(Patient.id))
            .join(Record, col(Record.patient_id) == Patient.id)
            .where(
                col(Record.resource_type) == "Patient",
                col(Record.organization_id) == self.organization_id,
                col(Patient.mrn) == mrn,
            )
        )
        found = set(self.session.execute(statement).scalars())
        return found.pop() if len(found) == 1 and mrn else None

    def waiting_for(self, targets: Iterable[str]) -> list[Any]:
        """(pending id, target, position, record id, patient id) of records that wait for one of these."""
        found: list[Any] = []
        columns: list[Any] = [col(PendingLink.id), col(PendingLink.target), col(PendingLink.position)]
        for part in chunks(targets):
            statement: Any = select(*columns, col(Record.id), col(Record.patient_id))
            statement = statement.join(Record, col(Record.id) == PendingLink.record_id)
            mine = col(PendingLink.organization_id) == self.organization_id
            found += self.session.execute(statement.where(mine, col(PendingLink.target).in_(part)))
        return found

    def _rows(self, columns: Sequence[Any], *conditions: Any) -> Iterable[Any]:
        statement: Select[Any] = select(col(Record.resource_type), col(Record.source_id), *columns)
        return self.session.execute(statement.where(col(Record.organization_id) == self.organization_id, *conditions))


def body_of(session: Session, record_id: UUID) -> str:
    """The original JSON of a stored record."""
    return str(session.execute(select(col(Record.body)).where(col(Record.id) == record_id)).scalar_one())


def was_replaced(session: Session, record_id: UUID, digest: str) -> bool:
    """Whether this content is an earlier version of the record."""
    kept = select(col(RecordVersion.id)).where(
        col(RecordVersion.record_id) == record_id, col(RecordVersion.digest) == digest
    )
    return session.execute(kept).first() is not None


def bodies_of(session: Session, record_ids: Sequence[UUID]) -> list[Any]:
    """(id, body, fullUrl, patient id) of some records."""
    columns: list[Any] = [col(Record.id), col(Record.body), col(Record.source_url), col(Record.patient_id)]
    statement: Any = select(*columns).where(col(Record.id).in_(record_ids))
    return list(session.execute(statement))


def linked_pairs(session: Session, parents: Iterable[UUID]) -> set[tuple[UUID, UUID]]:
    """The links that these records have."""
    found: set[tuple[UUID, UUID]] = set()
    for part in chunks(parents):
        rows = select(col(RecordLink.parent_id), col(RecordLink.child_id)).where(col(RecordLink.parent_id).in_(part))
        found.update((parent, child) for parent, child in session.execute(rows))
    return found


def told_only_by_hidden(session: Session, patient_id: UUID, *, to_proxy: bool) -> set[UUID]:
    """Orders and specimens of this chart that no result but a hidden one names: by themselves they would be its trace.

    Hidden: withheld; for a proxy also what is sensitive.
    """
    parent, child = aliased(Record), aliased(Record)
    hidden: Any = col(parent.gate) == Gate.WITHHELD.value
    if to_proxy:
        hidden = or_(hidden, col(parent.sensitivity) != Sensitivity.NONE.value)
    statement = (
        select(col(child.id))
        .join(RecordLink, col(RecordLink.child_id) == child.id)
        .join(parent, col(parent.id) == RecordLink.parent_id)
        .where(col(child.patient_id) == patient_id, col(child.resource_type).in_(("Specimen", "ServiceRequest")))
        .where(col(parent.resource_type).in_(("Observation", "DiagnosticReport")), col(parent.struck).is_(False))
        .group_by(col(child.id))
        .having(func.sum(case((hidden, 0), else_=1)) == 0)
    )
    return set(session.execute(statement).scalars())


def sum_reports(session: Session, patients: Sequence[UUID]) -> None:
    """Write how many values each report of these patients carries, and how many of them are flagged."""
    child = aliased(Record)

    def total(column: Any) -> Any:
        carried = and_(col(RecordLink.child_id) == child.id, col(RecordLink.position) >= 0)
        summed = select(func.coalesce(func.sum(column), 0)).join(RecordLink, carried)
        summed = summed.where(col(RecordLink.parent_id) == Record.id, col(child.struck).is_(False))
        return summed.correlate(Record).scalar_subquery()

    carries = select(col(RecordLink.id)).where(col(RecordLink.parent_id) == Record.id, col(RecordLink.position) >= 0)
    for part in chunks(patients):
        statement = (
            update(Record)
            .where(col(Record.patient_id).in_(part), col(Record.resource_type) == "DiagnosticReport", exists(carries))
            .values(values=total(child.values), flagged=total(child.flagged))
        )
        session.execute(statement.execution_options(synchronize_session=False))


def summarize(session: Session, patients: Sequence[UUID]) -> None:
    """Write how the values of each row of these patients stand, as `Record.summary`.

    JSON [values of its parts, flagged ones among them, {flag in words: numbers}]; struck parts are not counted.
    """
    for part in chunks(patients):
        rows = select(col(Record.id), col(Record.summary)).where(col(Record.patient_id).in_(part), col(Record.listed))
        before = {row.id: row.summary for row in session.execute(rows)}
        sums, numbers = _sums(session, part), _numbers(session, part)
        changed = []
        for key, summary in before.items():
            values, flagged = sums.get(key, (0, 0))
            told = json.dumps([values, flagged, dict(sorted(numbers.get(key, {}).items()))])
            if told != summary:
                changed.append({"id": key, "summary": told})
        if changed:
            session.execute(update(Record), changed)


def _carried(part: Sequence[UUID], *columns: Any) -> Any:
    """Rows of (whole, …) for every Observation that a row of these patients carries; Record is the part."""
    whole = aliased(Record)
    statement: Any = select(col(RecordLink.parent_id), *columns).join(Record, col(Record.id) == RecordLink.child_id)
    statement = statement.join(whole, col(whole.id) == RecordLink.parent_id)
    inside = (col(Record.resource_type) == "Observation", col(Record.struck).is_(False))
    return statement.where(col(whole.patient_id).in_(part), col(whole.listed), *inside).group_by(RecordLink.parent_id)


def _sums(session: Session, part: Sequence[UUID]) -> dict[UUID, tuple[int, int]]:
    rows = session.execute(_carried(part, func.sum(col(Record.values)), func.sum(col(Record.flagged))))
    return {key: (int(values or 0), int(flagged or 0)) for key, values, flagged in rows}


def _numbers(session: Session, part: Sequence[UUID]) -> dict[UUID, dict[str, int]]:
    """The numbers of each row and of its parts by their flag."""
    found: dict[UUID, dict[str, int]] = defaultdict(lambda: defaultdict(int))
    own = (
        select(col(Reading.record_id), col(Reading.flag), func.count())
        .join(Record, col(Record.id) == Reading.record_id)
        .where(col(Record.patient_id).in_(part), col(Record.listed))
        .group_by(col(Reading.record_id), col(Reading.flag))
    )
    inside = _carried(part, col(Reading.flag), func.count()).join(Reading, col(Reading.record_id) == Record.id)
    for statement in (own, inside.group_by(col(Reading.flag))):
        for key, flag, count in session.execute(statement):
            found[key][flag] += count
    return found
