"""Importing in tests: resources as dictionaries go through a file and the real use cases."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from datetime import date
from itertools import count
from pathlib import Path
from typing import Any

from sqlmodel import Session, SQLModel, col, select

from rxportal.adapters.attachments import EncryptedFolder
from rxportal.core.identity import Operator
from rxportal.core.kernel import Kernel
from rxportal.models.records import Record
from rxportal.services.import_run import Report, import_paths

KEY = "c3" * 32


@dataclass
class Importer:
    """Imports into one kernel's database, from files made in `folder`."""

    kernel: Kernel
    folder: Path
    kept_in: EncryptedFolder | None = None
    _numbers: count[int] = field(default_factory=lambda: count(1))

    @property
    def vault(self) -> EncryptedFolder:
        """Where attachments go."""
        return self.kept_in or EncryptedFolder(self.folder / "attachments", KEY)

    def take(self, *resources: dict[str, Any], organization: str = "Lab One", **options: date) -> Report:
        """Import resources as one NDJSON file."""
        path = self.folder / f"{next(self._numbers)}.ndjson"
        path.write_text("\n".join(json.dumps(each, default=float) for each in resources), encoding="utf-8")
        return self.files(path, organization=organization, **options)

    def files(self, *paths: Path, organization: str = "Lab One", **options: date) -> Report:
        """Import files or folders."""
        return import_paths(self.kernel, Operator(), paths, organization=organization, vault=self.vault, **options)

    def rows(self, model: type[SQLModel]) -> list[Any]:
        """Every row of a table."""
        with Session(self.kernel.engine) as session:
            return list(session.exec(select(model)))

    def record(self, source_id: str, resource_type: str = "Observation") -> Record:
        """One record by its own id."""
        with Session(self.kernel.engine) as session:
            wanted = select(Record).where(
                col(Record.source_id) == source_id, col(Record.resource_type) == resource_type
            )
            return session.exec(wanted).one()

    def snapshot(self) -> dict[str, list[tuple[Any, ...]]]:
        """Everything of every table but the audit log and what belongs to it."""
        with Session(self.kernel.engine) as session:
            tables = [table for table in SQLModel.metadata.sorted_tables if not table.name.startswith("audit")]
            return {table.name: sorted(map(tuple, session.execute(table.select())), key=repr) for table in tables}


def fates(report: Report) -> dict[str, int]:
    """How many resources were created, updated, unchanged and skipped."""
    found = {"created": 0, "updated": 0, "unchanged": 0, "skipped": sum(report.tally.skipped.values())}
    for (_file, _type, fate), number in report.tally.fates.items():
        found[fate] += number
    return {fate: number for fate, number in found.items() if number}


def reasons(report: Report) -> list[str]:
    """Why resources were skipped."""
    return [reason for (_file, _type, reason) in report.tally.skipped]


def patient(identity: str = "p1", family: str = "Testerson", **more: Any) -> dict[str, Any]:
    """A Patient resource."""
    return {
        "resourceType": "Patient",
        "id": identity,
        "name": [{"family": family, "given": ["Fay"]}],
        "birthDate": "1961-04",
        **more,
    }


def report(identity: str = "r1", *results: str, **more: Any) -> dict[str, Any]:
    """A final laboratory report of Patient/p1."""
    return {
        "resourceType": "DiagnosticReport",
        "id": identity,
        "status": "final",
        "category": [{"coding": [{"code": "LAB"}]}],
        "code": {"text": "Basic metabolic panel"},
        "subject": {"reference": "Patient/p1"},
        "effectiveDateTime": "2020-03-01",
        "issued": "2020-03-02T12:00:00Z",
        "result": [{"reference": f"Observation/{each}"} for each in results],
        **more,
    }
