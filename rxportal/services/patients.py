"""Who is here: the practice's patients with what their charts hold, for the operator of the command line."""

from __future__ import annotations

from collections import Counter, defaultdict
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import func
from sqlmodel import col

from rxportal.core.access import Permission
from rxportal.core.scopes import Desk
from rxportal.core.usecase import use_case
from rxportal.models.accounts import Patient
from rxportal.models.records import Record


@dataclass(frozen=True)
class PatientLine:
    """One patient. `birth_date` is a FHIR date, partial as partial; `counts`: records by resource type."""

    id: str
    name: str
    birth_date: str
    mrn: str
    counts: dict[str, int]


@use_case(Permission.LIST_PATIENTS)
def list_patients(desk: Desk) -> list[PatientLine]:
    """List the practice's patients by name, with the number of records of each type."""
    counted: Any = desk.select(Record).with_only_columns(
        col(Record.patient_id), col(Record.resource_type), func.count(), maintain_column_froms=True
    )
    counts: dict[UUID, Counter[str]] = defaultdict(Counter)
    for patient_id, kind, number in desk.exec(counted.group_by(col(Record.patient_id), col(Record.resource_type))):
        counts[patient_id][kind] = number
    patients = desk.exec(desk.select(Patient).order_by(col(Patient.name), col(Patient.id))).scalars()
    return [
        PatientLine(str(each.id), each.name, each.birth_date, each.mrn, dict(sorted(counts[each.id].items())))
        for each in patients
    ]
