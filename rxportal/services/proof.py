"""Proving once more who one is, before what is guarded more than the rest (a sign-in of at most five minutes ago)."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from sqlmodel import col, select

from rxportal.core.access import Permission
from rxportal.core.errors import NotSignedIn
from rxportal.core.identity import is_fresh, token_hash
from rxportal.core.scopes import AccountScope
from rxportal.core.usecase import use_case
from rxportal.models.accounts import Session
from rxportal.models.credentials import Authenticator, Passkey
from rxportal.services.credentials import own_account
from rxportal.services.credentials_view import ProofWays
from rxportal.services.tries import DAY, Limit, reserve, succeeded

MOST = 10
MOST_A_DAY = 100


@dataclass(frozen=True)
class ProofTry:
    """One check of the password that may be made, and what to check it against."""

    attempt_ids: tuple[UUID, ...]
    password_hash: str


@use_case(Permission.PROVE_SESSION, audited=False)
def ways_to_prove(account: AccountScope) -> ProofWays:
    """By what this account can prove afresh who it is; none of them: by a new round trip to its outside provider."""
    own = own_account(account)
    passkeys = select(Passkey.id).where(Passkey.account_id == own.id)
    codes = select(Authenticator.id).where(
        Authenticator.account_id == own.id, col(Authenticator.confirmed_at).is_not(None)
    )
    return ProofWays(
        password=own.password_hash != "",
        passkey=account.session.exec(passkeys).first() is not None,
        code=account.session.exec(codes).first() is not None,
    )


@use_case(Permission.PROVE_SESSION, audited=False)
def proved_lately(account: AccountScope) -> bool:
    """Whether a fresh proof is still there, so that nobody is asked for nothing."""
    return is_fresh(account.actor, account.now)


@use_case(Permission.PROVE_SESSION, kind="write")
def admit_proof(account: AccountScope) -> ProofTry:
    """Count one proof of this account, before it is checked; its line in the log stays when the password is wrong.

    Raises:
        TooMany: ten within 15 minutes is all, a hundred a day.
    """
    name = token_hash(f"proof:{account.account_id}")
    attempt_ids = reserve(account, [Limit(name, MOST), Limit(name, MOST_A_DAY, DAY)])
    return ProofTry(attempt_ids, own_account(account).password_hash)


@use_case(Permission.PROVE_SESSION, kind="write")
def prove_session(account: AccountScope, *, way: str, attempt_ids: list[UUID]) -> None:
    """This session's person proved who they are, just now. `way`: by what; whoever calls has checked it.

    Raises:
        NotSignedIn: the session ended meanwhile.
    """
    session = account.session.get(Session, account.actor.session_id)
    if session is None:
        raise NotSignedIn
    succeeded(account, attempt_ids)
    session.fresh_at = account.now
    account.note(way=way)
