"""Who signs in, whose chart it is, and the dated facts that let the one open the other."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum
from uuid import UUID

from sqlalchemy import Index, text
from sqlmodel import Field, SQLModel, UniqueConstraint

from rxportal.models.base import instant, key, word

# One's own chart is one, and has one owner: a second claim is a conflict for the desk, whatever two at once believe
OWN = text("level = 'self' AND revoked_at IS NULL")


class Role(StrEnum):
    """The practice's people."""

    CLINICIAN = "clinician"
    FRONT_DESK = "front_desk"
    BILLING = "billing"
    ADMINISTRATOR = "administrator"


class Level(StrEnum):
    """What a grant allows: one's own chart, or somebody else's to act in or only to read."""

    SELF = "self"
    FULL = "full"
    READ_ONLY = "read_only"


class Basis(StrEnum):
    """Why a grant exists."""

    SELF = "self"
    INVITED = "invited"
    PARENT = "parent"
    GUARDIAN = "guardian"
    COURT = "court"


class Practice(SQLModel, table=True):
    """The practice that runs this portal. `state` is the US state whose law withholds results."""

    __tablename__ = "practice"
    id: UUID = key()
    name: str = Field(unique=True)
    state: str = "CA"
    time_zone: str = "America/Los_Angeles"


class Account(SQLModel, table=True):
    """Who signs in. `email` is stored in lower case, NFKC; once `removed_at`, it and the name are gone.

    `password_long`: the password may stand alone. `called`: the name to use. `text_size`: "", "large" or "larger".
    """

    __tablename__ = "account"
    id: UUID = key()
    email: str = Field(unique=True, index=True)
    name: str
    password_hash: str = ""
    password_long: bool = True
    created_at: datetime = instant()
    disabled_at: datetime | None = instant(default=None)
    email_confirmed_at: datetime | None = instant(default=None)
    removed_at: datetime | None = instant(default=None)
    called: str = ""
    language: str = "en"
    text_size: str = ""


class Staff(SQLModel, table=True):
    """An account's place at the desk of one practice."""

    __tablename__ = "staff"
    __table_args__ = (UniqueConstraint("account_id", "practice_id"),)
    id: UUID = key()
    account_id: UUID = Field(foreign_key="account.id", index=True)
    practice_id: UUID = Field(foreign_key="practice.id", index=True)
    role: Role = word()
    title: str = ""
    since: datetime = instant()
    until: datetime | None = instant(default=None)


class Patient(SQLModel, table=True):
    """Whose chart it is. `birth_date` is a FHIR date and may be partial ("1961", "1961-04") or empty.

    `email`, `phone`, `postal_code`: as the practice has them on file, to prove who asks for the chart; never shown.
    """

    __tablename__ = "patient"
    id: UUID = key()
    practice_id: UUID = Field(foreign_key="practice.id", index=True)
    name: str
    birth_date: str = ""
    sex: str = ""
    mrn: str = ""
    email: str = ""
    phone: str = ""
    postal_code: str = ""
    created_at: datetime = instant()


class Grant(SQLModel, table=True):
    """Lets one account open one chart. Its id is the public id in `?for=`.

    `representative`: a parent holds it as the teen's personal representative: the teen can't narrow it. `papers`: what
    the desk looked at, in words.
    """

    __tablename__ = "chart_grant"
    __table_args__ = (
        Index("uq_own_chart", "account_id", unique=True, sqlite_where=OWN, postgresql_where=OWN),
        Index("uq_owned_chart", "patient_id", unique=True, sqlite_where=OWN, postgresql_where=OWN),
    )
    id: UUID = key()
    account_id: UUID = Field(foreign_key="account.id", index=True)
    patient_id: UUID = Field(foreign_key="patient.id", index=True)
    level: Level = word()
    basis: Basis = word()
    relationship: str = ""
    sections: str = ""
    since: datetime = instant()
    until: datetime | None = instant(default=None)
    accepted_at: datetime | None = instant(default=None)
    revoked_at: datetime | None = instant(default=None)
    representative: bool = False
    papers: str = ""


class Session(SQLModel, table=True):
    """One sign-in of one browser. Only the SHA-256 of its cookie is kept.

    `fresh_at`: when its person last proved who they are; `way`: how they signed in ("password", "passkey", a provider).
    """

    __tablename__ = "session"
    id: UUID = key()
    account_id: UUID = Field(foreign_key="account.id", index=True)
    token_hash: str = Field(unique=True, index=True)
    created_at: datetime = instant()
    active_at: datetime = instant()
    ended_at: datetime | None = instant(default=None)
    ended_because: str = ""
    browser: str = ""
    address: str = ""
    fresh_at: datetime | None = instant(default=None)
    way: str = ""


class SignInAttempt(SQLModel, table=True):
    """One password check, for the limits per account, per address and per known browser.

    `subject` is a keyed digest of "account:…", "address:…" or "device:…", so that the table tells nobody who tried.
    """

    __tablename__ = "sign_in_attempt"
    id: UUID = key()
    subject: str = Field(index=True)
    at: datetime = instant(index=True)
    succeeded: bool = False


class PasswordLink(SQLModel, table=True):
    """A one-time link with which a new member of staff sets a password; only its hash is kept."""

    __tablename__ = "password_link"
    id: UUID = key()
    account_id: UUID = Field(foreign_key="account.id", index=True)
    token_hash: str = Field(unique=True)
    expires_at: datetime = instant()
    used_at: datetime | None = instant(default=None)
