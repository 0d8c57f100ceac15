"""How somebody proves that an account is theirs: registrations, links, outside identities, second factors."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum
from uuid import UUID

from sqlalchemy import Text
from sqlmodel import Field, SQLModel, UniqueConstraint

from rxportal.models.base import instant, key, word


class LinkUse(StrEnum):
    """What a one-time link from a letter is for."""

    RESET = "reset"
    NEW_EMAIL = "new_email"
    CONFIRM_IDENTITY = "confirm_identity"


class Registration(SQLModel, table=True):
    """Somebody who asked for an account and has not opened the link in the letter yet; no account exists before that.

    With an outside identity `issuer` and `subject` are filled and there need be no password.
    """

    __tablename__ = "registration"
    id: UUID = key()
    email: str = Field(index=True)
    name: str = ""
    password_hash: str = ""
    provider: str = ""
    issuer: str = ""
    subject: str = ""
    token_hash: str = Field(unique=True)
    browser_hash: str = ""
    created_at: datetime = instant()
    expires_at: datetime = instant()
    used_at: datetime | None = instant(default=None)


class AccountLink(SQLModel, table=True):
    """A one-time link in a letter to the holder of an account; only the hash of its token is kept."""

    __tablename__ = "account_link"
    id: UUID = key()
    account_id: UUID = Field(foreign_key="account.id", index=True)
    use: LinkUse = word()
    email: str = ""
    token_hash: str = Field(unique=True)
    created_at: datetime = instant()
    expires_at: datetime = instant()
    used_at: datetime | None = instant(default=None)


class Identity(SQLModel, table=True):
    """An outside identity of an account: (issuer, subject) is who it is, the e-mail is only shown. No token is kept."""

    __tablename__ = "identity"
    __table_args__ = (UniqueConstraint("issuer", "subject"),)
    id: UUID = key()
    account_id: UUID = Field(foreign_key="account.id", index=True)
    provider: str
    issuer: str
    subject: str
    email: str = ""
    name: str = ""
    linked_at: datetime = instant()
    used_at: datetime | None = instant(default=None)


class OutsideFlow(SQLModel, table=True):
    """One round trip to an outside provider: bound to one browser (its cookie) and one tab (its state), used once.

    `purpose`: sign_in, link or fresh; the last two belong to the session that began them. From `issuer` on: who came
    back, kept until that person has agreed to an account.
    """

    __tablename__ = "outside_flow"
    id: UUID = key()
    provider: str
    purpose: str
    state_hash: str = Field(unique=True)
    browser_hash: str
    nonce: str = ""
    verifier: str
    session_id: UUID | None = Field(default=None, foreign_key="session.id")
    after: str = ""
    created_at: datetime = instant()
    expires_at: datetime = instant(index=True)
    used_at: datetime | None = instant(default=None)
    issuer: str = ""
    subject: str = ""
    email: str = ""
    email_verified: bool = False
    name: str = ""
    settled_at: datetime | None = instant(default=None)


class HalfSignIn(SQLModel, table=True):
    """A sign-in whose first step is done (password or outside identity) and whose second factor is still asked."""

    __tablename__ = "half_sign_in"
    id: UUID = key()
    account_id: UUID = Field(foreign_key="account.id", index=True)
    token_hash: str = Field(unique=True)
    way: str
    after: str = ""
    tries: int = 0
    created_at: datetime = instant()
    expires_at: datetime = instant()
    used_at: datetime | None = instant(default=None)


class Passkey(SQLModel, table=True):
    """A WebAuthn credential. Ids and keys are base64url without padding."""

    __tablename__ = "passkey"
    id: UUID = key()
    account_id: UUID = Field(foreign_key="account.id", index=True)
    credential_id: str = Field(unique=True)
    public_key: str = Field(sa_type=Text)
    sign_count: int = 0
    transports: str = ""
    name: str = ""
    created_at: datetime = instant()
    used_at: datetime | None = instant(default=None)


class PasskeyChallenge(SQLModel, table=True):
    """A WebAuthn challenge, used once; bound to a session where one is registering, else to the browser that asked."""

    __tablename__ = "passkey_challenge"
    id: UUID = key()
    challenge: str = Field(unique=True)
    purpose: str
    account_id: UUID | None = Field(default=None, foreign_key="account.id")
    session_id: UUID | None = Field(default=None, foreign_key="session.id")
    browser_hash: str = ""
    expires_at: datetime = instant(index=True)
    used_at: datetime | None = instant(default=None)


class Authenticator(SQLModel, table=True):
    """Authenticator codes (RFC 6238). `secret` is sealed; `last_step`: the newest time step whose code was taken."""

    __tablename__ = "authenticator"
    id: UUID = key()
    account_id: UUID = Field(foreign_key="account.id", unique=True)
    secret: str
    last_step: int = 0
    created_at: datetime = instant()
    confirmed_at: datetime | None = instant(default=None)


class RecoveryCode(SQLModel, table=True):
    """A code for the day on which the second factor is lost; shown once, used once."""

    __tablename__ = "recovery_code"
    id: UUID = key()
    account_id: UUID = Field(foreign_key="account.id", index=True)
    code_hash: str = Field(unique=True)
    created_at: datetime = instant()
    used_at: datetime | None = instant(default=None)
