"""What the desk did with a result: dated rows, never a status that is overwritten."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum
from uuid import UUID

from sqlalchemy import Text
from sqlmodel import Field, SQLModel

from rxportal.models.base import instant, key, word


class ReleaseAct(StrEnum):
    """One thing a clinician can do with a result."""

    SEEN = "seen"
    RELEASED = "released"
    HELD = "held"
    COMMENTED = "commented"


class HoldReason(StrEnum):
    """Coded reasons for keeping a result back (45 CFR 171.201 and .202)."""

    HARM = "harm"
    PATIENT_ASKED = "patient_asked"
    TALK_FIRST = "talk_first"
    CORRECTION = "correction"


class ReleaseEvent(SQLModel, table=True):
    """Who did what with which result and when, with what was told to the patient."""

    __tablename__ = "release_event"
    id: UUID = key()
    record_id: UUID = Field(foreign_key="record.id", index=True)
    patient_id: UUID = Field(foreign_key="patient.id", index=True)
    staff_id: UUID | None = Field(default=None, foreign_key="staff.id")
    by: str = ""
    act: ReleaseAct = word()
    at: datetime = instant()
    comment: str = Field(default="", sa_type=Text)
    reason: HoldReason | None = word(default=None)
    until: datetime | None = instant(default=None)
