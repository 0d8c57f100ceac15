"""The audit log: one line per act, each carrying the keyed digest of the one before."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from sqlalchemy import Text
from sqlmodel import Field, SQLModel

from rxportal.models.base import instant, key


class AuditEntry(SQLModel, table=True):
    """Who did what, for whom, when, and how it ended. Rows are only ever added.

    `detail` is canonical JSON of ids and counts, never clinical words.
    """

    __tablename__ = "audit_entry"
    seq: int = Field(primary_key=True, sa_column_kwargs={"autoincrement": False})
    id: UUID = Field(unique=True)
    at: datetime = instant(index=True)
    actor: str
    account_id: UUID | None = Field(default=None, index=True)
    session_id: UUID | None = None
    patient_id: UUID | None = Field(default=None, index=True)
    relationship: str = ""
    use_case: str
    outcome: str
    count: int = 1
    detail: str = Field(default="", sa_type=Text)
    previous: str
    digest: str


class AuditHead(SQLModel, table=True):
    """The sealed end of the chain, so that a cut tail is found too. One row, id 1."""

    __tablename__ = "audit_head"
    id: int = Field(primary_key=True)
    seq: int
    digest: str
    seal: str


class OutboxMessage(SQLModel, table=True):
    """What must be told to the outside, written in the same transaction as the act it tells of.

    `payload` holds ids only; what is sent is read again at delivery, with the reader's own rights.
    """

    __tablename__ = "outbox_message"
    id: UUID = key()
    topic: str = Field(index=True)
    payload: str = Field(default="{}", sa_type=Text)
    created_at: datetime = instant()
    due_at: datetime = instant(index=True)
    tries: int = 0
    delivered_at: datetime | None = instant(default=None)
    failed_because: str = ""
