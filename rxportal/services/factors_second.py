"""The second step of a sign-in: half signed in until a code or a passkey came (ADR 0051)."""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID

from sqlmodel import col, select

from rxportal.core.access import Permission
from rxportal.core.identity import token_hash
from rxportal.core.scopes import AccountScope, PublicScope, Scope
from rxportal.core.text import plural
from rxportal.core.usecase import use_case
from rxportal.models.accounts import Account, Session, Staff
from rxportal.models.credentials import HalfSignIn
from rxportal.rules.factors import as_code, is_authenticator_code
from rxportal.services.credentials import has_second_factor, tell_of_change
from rxportal.services.factors import (
    authenticator_of,
    passkeys_of,
    recovery_left,
    take_code,
    take_recovery_code,
)
from rxportal.services.factors_view import SecondWays
from rxportal.services.proof import MOST, MOST_A_DAY
from rxportal.services.tries import DAY, Limit, reserve, succeeded

LIVES = timedelta(minutes=10)
MOST_TRIES = 5


@dataclass(frozen=True)
class Half:
    """What the first step came to. `token`: the second is asked, "" when it is not; `setup`: one has to be made."""

    token: str = ""
    setup: bool = False


@dataclass(frozen=True)
class SecondAnswer:
    """What the second step came to: "in", "wrong" or "over"; whose it is and where they wanted to go."""

    outcome: str
    account_id: UUID | None = None
    email: str = ""
    way: str = ""
    after: str = ""


@use_case(Permission.SIGN_IN, kind="write", audited=False)
def begin_second(
    public: PublicScope,
    *,
    account_id: UUID,
    way: str,
    after: str = "",
    attempt_ids: list[UUID],
    required: bool = False,
) -> Half:
    """After the first step: ask for the second where there is one. `required`: members of staff need one."""
    if not has_second_factor(public, account_id):
        return Half(setup=required and is_staff(public, account_id))
    succeeded(public, attempt_ids)
    token = secrets.token_urlsafe(32)
    public.add(
        HalfSignIn(
            account_id=account_id, token_hash=token_hash(token), way=way, after=after, created_at=public.now,
            expires_at=public.now + LIVES,
        )
    )  # fmt: skip
    return Half(token)


@use_case(Permission.SIGN_IN, audited=False)
def second_ways(public: PublicScope, *, token: str) -> SecondWays:
    """What this browser's second step may be answered with."""
    half = _half(public, token)
    if half is None:
        return SecondWays()
    return SecondWays(
        code=authenticator_of(public, half.account_id, lock=False) is not None,
        passkey=bool(passkeys_of(public, half.account_id)),
        recovery=recovery_left(public, half.account_id) > 0,
        over=False,
    )


@use_case(Permission.SIGN_IN, kind="write")
def answer_second(public: PublicScope, *, token: str, code: str, key: str) -> SecondAnswer:
    """Take a code of the authenticator or a recovery code for the second step; each counts once.

    `key`: of `core.sealing`. Five tries for one sign-in, then it begins anew.

    Raises:
        TooMany: ten wrong ones for this account within 15 minutes, or a hundred a day.
    """
    half = _half(public, token)
    account = public.session.get(Account, half.account_id) if half else None
    if half is None or account is None or account.disabled_at is not None:
        return SecondAnswer("over")
    name = token_hash(f"second step:{account.id}")
    attempts = reserve(public, [Limit(name, MOST), Limit(name, MOST_A_DAY, DAY)])
    half.tries += 1
    public.note(account=account.id)
    if not _taken(public, account, key, code):
        public.note(refused=True)
        return SecondAnswer("wrong" if half.tries < MOST_TRIES else "over")
    succeeded(public, attempts)
    half.used_at = public.now
    return SecondAnswer("in", account.id, account.email, half.way, half.after)


@use_case(Permission.SIGN_IN, kind="write", audited=False)
def finish_half(public: PublicScope, *, token: str) -> str:
    """A passkey did both steps at once: this browser's half sign-in is over. Where its person wanted to go."""
    half = _half(public, token)
    if half is None:
        return ""
    half.used_at = public.now
    return half.after


@use_case(Permission.PROVE_SESSION, kind="write")
def prove_by_code(account: AccountScope, *, code: str, key: str) -> bool:
    """Prove afresh who one is by a code of the authenticator. False: it was not the right one.

    Raises:
        TooMany: ten within 15 minutes is all, a hundred a day.
    """
    name = token_hash(f"proof:{account.account_id}")
    attempts = reserve(account, [Limit(name, MOST), Limit(name, MOST_A_DAY, DAY)])
    row = authenticator_of(account, account.account_id)
    session = account.session.get(Session, account.actor.session_id)
    if row is None or session is None or not take_code(account, row, key, code):
        account.note(wrong=True)
        return False
    succeeded(account, attempts)
    session.fresh_at = account.now
    account.note(way="code")
    return True


def is_staff(scope: Scope, account_id: UUID) -> bool:
    """Whether this account has a place at a desk now."""
    places = select(Staff).where(Staff.account_id == account_id, col(Staff.since) <= scope.now)
    return any(one.until is None or one.until > scope.now for one in scope.session.exec(places))


def _half(scope: Scope, token: str) -> HalfSignIn | None:
    wanted = select(HalfSignIn).where(
        HalfSignIn.token_hash == token_hash(token),
        col(HalfSignIn.used_at).is_(None),
        col(HalfSignIn.expires_at) > scope.now,
        col(HalfSignIn.tries) < MOST_TRIES,
    )
    return scope.session.exec(wanted.with_for_update()).first()


def _taken(public: PublicScope, account: Account, key: str, typed: str) -> bool:
    if is_authenticator_code(as_code(typed)):
        row = authenticator_of(public, account.id)
        return row is not None and take_code(public, row, key, typed)
    if not take_recovery_code(public, account.id, typed):
        return False
    public.session.flush()
    left = recovery_left(public, account.id)
    tell_of_change(
        public,
        account,
        plural(
            "A recovery code was used to sign in. {count} is left.",
            "A recovery code was used to sign in. {count} are left.",
            left,
        ),
    )
    return True
