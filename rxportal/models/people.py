"""How an account comes to a chart: claims, codes that prove possession, invitations, court orders."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum
from uuid import UUID

from sqlalchemy import Text
from sqlmodel import Field, SQLModel, UniqueConstraint

from rxportal.models.accounts import Level
from rxportal.models.base import instant, key, word


class ClaimKind(StrEnum):
    """Whose chart is asked for."""

    OWN = "own"
    CHILD = "child"


class ClaimState(StrEnum):
    """Where a claim stands. `open` waits for a code or for the desk."""

    OPEN = "open"
    APPROVED = "approved"
    REFUSED = "refused"
    WITHDRAWN = "withdrawn"


class Claim(SQLModel, table=True):
    """Somebody asks for a chart, with the facts they gave of its person.

    `due_at`: until when the desk answers. `patient_id`: the chart it was decided for. `basis`: as in Grant.
    """

    __tablename__ = "claim"
    id: UUID = key()
    account_id: UUID = Field(foreign_key="account.id", index=True)
    practice_id: UUID = Field(foreign_key="practice.id", index=True)
    kind: ClaimKind = word()
    state: ClaimState = word()
    name: str
    birth_date: str
    postal_code: str = ""
    phone: str = ""
    mrn: str = ""
    relationship: str = ""
    proof: str = Field(default="", sa_type=Text)
    basis: str = ""
    conflict: bool = False
    created_at: datetime = instant()
    due_at: datetime = instant()
    decided_at: datetime | None = instant(default=None)
    decided_by: UUID | None = Field(default=None, foreign_key="staff.id")
    reason: str = Field(default="", sa_type=Text)
    patient_id: UUID | None = Field(default=None, foreign_key="patient.id", index=True)
    grant_id: UUID | None = Field(default=None, foreign_key="chart_grant.id")


class VisitCode(SQLModel, table=True):
    """A code that the practice gave to a patient, printed or sent: with it the facts open the chart. Used once."""

    __tablename__ = "visit_code"
    id: UUID = key()
    patient_id: UUID = Field(foreign_key="patient.id", index=True)
    code_hash: str = Field(unique=True)
    made_by: UUID | None = Field(default=None, foreign_key="staff.id")
    created_at: datetime = instant()
    expires_at: datetime = instant()
    used_at: datetime | None = instant(default=None)
    used_by: UUID | None = Field(default=None, foreign_key="account.id")
    withdrawn_at: datetime | None = instant(default=None)


class FileCode(SQLModel, table=True):
    """A code sent to the e-mail address or phone on file, to open one claim. `patient_id` absent: sent to nobody."""

    __tablename__ = "file_code"
    id: UUID = key()
    claim_id: UUID = Field(foreign_key="claim.id", index=True)
    patient_id: UUID | None = Field(default=None, foreign_key="patient.id")
    code_hash: str
    tries: int = 0
    created_at: datetime = instant()
    expires_at: datetime = instant()
    used_at: datetime | None = instant(default=None)


class CourtOrder(SQLModel, table=True):
    """Whom a court order keeps from a chart: by account where there is one, else by name and e-mail."""

    __tablename__ = "court_order"
    id: UUID = key()
    patient_id: UUID = Field(foreign_key="patient.id", index=True)
    account_id: UUID | None = Field(default=None, foreign_key="account.id", index=True)
    name: str
    email: str = ""
    reason: str = Field(default="", sa_type=Text)
    recorded_by: UUID | None = Field(default=None, foreign_key="staff.id")
    since: datetime = instant()
    until: datetime | None = instant(default=None)


class Invitation(SQLModel, table=True):
    """An owner asks somebody to be their proxy; the link is in the letter, the passcode is told outside it.

    `sections`: as in Grant, "" is all. `expires_at`: of the invitation; `until`: of the access.
    """

    __tablename__ = "invitation"
    id: UUID = key()
    patient_id: UUID = Field(foreign_key="patient.id", index=True)
    invited_by: UUID = Field(foreign_key="account.id")
    name: str
    email: str = Field(index=True)
    relationship: str = ""
    level: Level = word()
    sections: str = ""
    until: datetime | None = instant(default=None)
    token_hash: str = Field(unique=True)
    passcode_hash: str
    passcode_tries: int = 0
    created_at: datetime = instant()
    expires_at: datetime = instant()
    accepted_at: datetime | None = instant(default=None)
    declined_at: datetime | None = instant(default=None)
    withdrawn_at: datetime | None = instant(default=None)
    grant_id: UUID | None = Field(default=None, foreign_key="chart_grant.id")


class TeenChoice(SQLModel, table=True):
    """What a teen shows to, or hides from, their parents of the things that the law gives to the teen."""

    __tablename__ = "teen_choice"
    __table_args__ = (UniqueConstraint("patient_id", "thing"),)
    id: UUID = key()
    patient_id: UUID = Field(foreign_key="patient.id", index=True)
    thing: str
    shown: bool = False
    changed_at: datetime = instant()
