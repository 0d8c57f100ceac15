"""What the outbox keeps of a result that opened, until its readers are told (`services.notices`)."""

from __future__ import annotations

from uuid import UUID

RESULT_RELEASED = "result_released"
TOLD = "told"
"""In a notice: the accounts that were told already, or need no telling."""


def notice_of(record_id: UUID, patient_id: UUID) -> dict[str, str]:
    """What the outbox keeps of a released result: ids alone."""
    return {"record": str(record_id), "patient": str(patient_id)}
