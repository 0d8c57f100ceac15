"""Letters that wait to be sent, and the development mailbox where they land when no SMTP server is set."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from sqlalchemy import Text
from sqlmodel import Field, SQLModel

from rxportal.models.base import instant, key


class MailboxMessage(SQLModel, table=True):
    """Development: one e-mail as it would have been sent. Production never writes it."""

    __tablename__ = "mailbox_message"
    id: UUID = key()
    at: datetime = instant()
    to: str
    subject: str
    text: str = Field(sa_type=Text)
    html: str = Field(default="", sa_type=Text)


class Letter(SQLModel, table=True):
    """An e-mail that waits to be sent, written in the transaction of the act it tells of. Never carries health facts.

    Its words leave `$origin`, `$practice` and `$phone` open until delivery. Once it was taken, words and address are
    emptied: they may hold a one-time link, and its reader may leave.
    """

    __tablename__ = "letter"
    id: UUID = key()
    account_id: UUID | None = Field(default=None, index=True)
    to: str
    subject: str
    text: str = Field(sa_type=Text)
    html: str = Field(default="", sa_type=Text)
    created_at: datetime = instant()
    due_at: datetime = instant(index=True)
    tries: int = 0
    sent_at: datetime | None = instant(default=None)
    failed_because: str = ""
