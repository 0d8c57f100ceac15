"""Release policy as data: what a practice, in a state, at a time, does with each kind of result."""

from __future__ import annotations

from datetime import date
from enum import StrEnum
from uuid import UUID

from sqlmodel import Field, SQLModel

from rxportal.models.base import key, word
from rxportal.models.records import Kind


class Mode(StrEnum):
    """How a kind of result is released."""

    IMMEDIATE = "immediate"
    AFTER_SEEN = "after_seen"
    ON_ORDER = "on_order"
    WITHHELD = "withheld"


class ReleaseRule(SQLModel, table=True):
    """One line of a policy. `practice_id` absent: a law or preset line; `state` "": every state.

    `latest_days`: days after arrival when a waiting result opens by itself; absent: it waits for the act alone.
    A practice's own line beats a state's; a state's `withheld` line (law) beats everything.
    """

    __tablename__ = "release_rule"
    id: UUID = key()
    practice_id: UUID | None = Field(default=None, foreign_key="practice.id", index=True)
    state: str = ""
    kind: Kind = word()
    mode: Mode = word()
    latest_days: int | None = None
    valid_from: date | None = None
    valid_until: date | None = None
    source: str = ""
