"""Finding what an import already knows, by reference: records, patients, and the names that references stand for."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any
from uuid import UUID

from rxportal.core.record_store import Identity, OrganizationRecords
from rxportal.fhir.links import read_reference, spelled
from rxportal.models.records import Record


class Known(OrganizationRecords):
    """The records of one organization, found by the references that resources write."""

    def by_reference(self, targets: Iterable[str], columns: Sequence[Any]) -> dict[str, Any]:
        """Rows of (type, source id, *columns) by reference: typed ones by identity, urns by fullUrl or by id."""
        wanted = {target: read_reference(target) for target in targets if target}
        pairs: list[Identity] = [pair for pair in wanted.values() if pair[0]]
        typed = self.by_identity(pairs, columns)
        found = {target: typed[pair] for target, pair in wanted.items() if pair in typed}
        urns = {target: pair[1] for target, pair in wanted.items() if not pair[0]}
        for row in self.by_url(urns, columns):
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
            if target not in found and "?" in target and (patient := self.patient_by_mrn(read_reference(target)[1])):
                found[target] = patient
        return found


def spellings(kind: str, identity: str, url: str) -> list[str]:
    """Every way in which another resource may have referred to this one."""
    every = [f"{kind}/{identity}", f"urn:uuid:{identity}", url, spelled(url) if url else ""]
    return list(dict.fromkeys(filter(None, every)))
