"""The development mailbox: where mail lands when no SMTP server is set. Production never writes it."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from sqlalchemy import Text
from sqlmodel import Field, SQLModel

from rxportal.models.base import instant, key


class MailboxMessage(SQLModel, table=True):
    """One e-mail as it would have been sent."""

    __tablename__ = "mailbox_message"
    id: UUID = key()
    at: datetime = instant()
    to: str
    subject: str
    text: str = Field(sa_type=Text)
