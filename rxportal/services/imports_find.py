"""Finding what an import already knows: records by identity, by reference, and the names that references stand for."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from typing import Any, TypeVar
from uuid import UUID

from sqlalchemy import Select, or_, select
from sqlmodel import Session, col

from rxportal.fhir.links import read_reference, spelled
from rxportal.models.accounts import Patient
from rxportal.models.records import Record

T = TypeVar("T")
MOST = 400
Identity = tuple[str, str]


def chunks(values: Iterable[T]) -> Iterator[list[T]]:
    """The distinct values in parts that fit one IN list."""
    listed = list(dict.fromkeys(values))
    for start in range(0, len(listed), MOST):
        yield listed[start : start + MOST]


class Known:
    """The records of one organization, asked for in bulk. Nothing is kept between two questions."""

    def __init__(self, session: Session, organization_id: UUID) -> None:
        self._session = session
        self._organization = organization_id

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

    def by_reference(self, targets: Iterable[str], columns: Sequence[Any]) -> dict[str, Any]:
        """Rows of (type, source id, *columns) by reference: typed ones by identity, urns by id or by fullUrl."""
        wanted = {target: read_reference(target) for target in targets if target}
        typed = self.by_identity([pair for pair in wanted.values() if pair[0]], columns)
        found = {target: typed[pair] for target, pair in wanted.items() if pair in typed}
        urns = {target: pair[1] for target, pair in wanted.items() if not pair[0]}
        for part in chunks(urns):
            ids = [urns[target] for target in part if urns[target]]
            match = or_(col(Record.source_url).in_(part), col(Record.source_id).in_(ids))
            for row in self._rows([*columns, Record.source_url], match):
                for target in (row[-1], f"urn:uuid:{row[1]}", f"urn:oid:{row[1]}"):
                    if target in urns and (target not in found or row[-1] == target):
                        found[target] = row
        return found

    def patients(self, targets: Iterable[str]) -> dict[str, UUID]:
        """Patient ids by reference; a conditional reference also finds a medical record number."""
        listed = list(dict.fromkeys(targets))
        rows = self.by_reference(listed, [Record.patient_id])
        found = {target: row[2] for target, row in rows.items() if row[0] == "Patient" and row[2]}
        for target in listed:
            if target not in found and "?" in target and (patient := self._by_mrn(read_reference(target)[1])):
                found[target] = patient
        return found

    def _by_mrn(self, mrn: str) -> UUID | None:
        statement = (
            select(col(Patient.id))
            .join(Record, col(Record.patient_id) == Patient.id)
            .where(
                col(Record.resource_type) == "Patient",
                col(Record.organization_id) == self._organization,
                col(Patient.mrn) == mrn,
            )
        )
        found = set(self._session.execute(statement).scalars())
        return found.pop() if len(found) == 1 and mrn else None

    def _rows(self, columns: Sequence[Any], *conditions: Any) -> Iterable[Any]:
        statement: Select[Any] = select(col(Record.resource_type), col(Record.source_id), *columns)
        return self._session.execute(statement.where(col(Record.organization_id) == self._organization, *conditions))


def spellings(kind: str, identity: str, url: str) -> list[str]:
    """Every way in which another resource may have referred to this one."""
    return list(
        dict.fromkeys(filter(None, [f"{kind}/{identity}", f"urn:uuid:{identity}", url, spelled(url) if url else ""]))
    )
