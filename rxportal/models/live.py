"""Facts that several workers share: who leads the jobs, what was imported with which key."""

from __future__ import annotations

from datetime import datetime

from sqlmodel import Field, SQLModel

from rxportal.models.base import instant


class Lease(SQLModel, table=True):
    """A leader lock: the job runs on the worker that holds its lease."""

    __tablename__ = "lease"
    name: str = Field(primary_key=True)
    holder: str
    until: datetime = instant()
