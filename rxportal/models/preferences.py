"""What an account chose: which letters it gets, and when its owner wants to see which kind of result."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from sqlmodel import Field, SQLModel, UniqueConstraint

from rxportal.models.base import instant, key


class NoticeChoice(SQLModel, table=True):
    """Whether an account wants a letter about a topic; without a row it does."""

    __tablename__ = "notice_choice"
    __table_args__ = (UniqueConstraint("account_id", "topic"),)
    id: UUID = key()
    account_id: UUID = Field(foreign_key="account.id", index=True)
    topic: str
    email: bool = True
    changed_at: datetime = instant()


class TimingChoice(SQLModel, table=True):
    """When a patient wants to see one kind of result (N2), inside the practice's policy; without a row: as it says."""

    __tablename__ = "timing_choice"
    __table_args__ = (UniqueConstraint("patient_id", "kind"),)
    id: UUID = key()
    patient_id: UUID = Field(foreign_key="patient.id", index=True)
    kind: str
    choice: str
    changed_at: datetime = instant()
