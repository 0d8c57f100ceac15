"""Passkeys: challenges that are used once, keys that are kept, sign-ins and proofs with them (ADR 0051).

What a browser's authenticator says is checked by `adapters.passkeys`, between taking the challenge and acting on it.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID

from sqlalchemy import delete
from sqlmodel import col, select

from rxportal.core.access import Permission
from rxportal.core.errors import Conflict, InvalidInput, NotFound, NotSignedIn
from rxportal.core.live import Change
from rxportal.core.scopes import AccountScope, PublicScope, Scope
from rxportal.core.text import _
from rxportal.core.usecase import use_case
from rxportal.models.accounts import Account, Session
from rxportal.models.credentials import Passkey, PasskeyChallenge
from rxportal.rules.given_names import can_be_shown, is_blank, tidied
from rxportal.services.credentials import has_second_factor, own_account
from rxportal.services.factors import FACTORS, factor_added, passkeys_of
from rxportal.services.tries import Limit, reserve

SIGN_IN, NEW, PROOF = "sign_in", "new", "proof"
LIVES = timedelta(minutes=5)
MOST_PASSKEYS = 20
LONGEST_NAME = 60
MOST_PER_ADDRESS = 120


@dataclass(frozen=True)
class NewPasskey:
    """For whom a passkey is made; `known`: the ids of those that the account has."""

    account_id: UUID
    email: str
    name: str
    known: tuple[str, ...]


@dataclass(frozen=True)
class KnownPasskey:
    """What an answer is checked against."""

    passkey_id: UUID
    account_id: UUID
    email: str
    public_key: str
    sign_count: int


@use_case(Permission.SIGN_IN, kind="write", audited=False)
def ask_passkey(public: PublicScope, *, challenge: str, browser: str, address: str) -> None:
    """Ask a browser for a passkey to sign in with. `browser`, `address`: hashes of its mark and its internet address.

    Raises:
        TooMany: too many from that address.
    """
    reserve(public, [Limit(address, MOST_PER_ADDRESS)])
    _ask(public, challenge, SIGN_IN, browser=browser)


@use_case(Permission.SIGN_IN, kind="write", audited=False)
def take_passkey(public: PublicScope, *, challenge: str, browser: str, credential_id: str) -> KnownPasskey | None:
    """Use a challenge up, whatever comes of it; the passkey that answers it. None: no such challenge or passkey."""
    if not _take(public, challenge, SIGN_IN, browser=browser):
        return None
    return _known(public, credential_id)


@use_case(Permission.SIGN_IN, kind="write")
def passkey_used(public: PublicScope, *, passkey_id: UUID, sign_count: int) -> str:
    """A passkey was proved; its counter moves on. The e-mail address of its account.

    Raises:
        NotFound: it was removed meanwhile, or its counter went back (a copy of it is about).
    """
    account_id = _moved_on(public, passkey_id, sign_count)
    public.note(account=account_id, passkey=passkey_id)
    return public.session.get_one(Account, account_id).email


@use_case(Permission.MANAGE_FACTORS, kind="write", audited=False, fresh=True)
def ask_new_passkey(account: AccountScope, *, challenge: str) -> NewPasskey:
    """Begin to add a passkey to one's account, in this session.

    Raises:
        Conflict: twenty are enough.
    """
    own, keys = own_account(account), passkeys_of(account, account.account_id)
    if len(keys) >= MOST_PASSKEYS:
        raise Conflict(_("You have twenty passkeys. Remove one that you don’t use first."))
    _ask(account, challenge, NEW, session_id=account.actor.session_id)
    return NewPasskey(own.id, own.email, own.name, tuple(one.credential_id for one in keys))


@use_case(Permission.MANAGE_FACTORS, kind="write", audited=False)
def take_new_passkey(account: AccountScope, *, challenge: str) -> bool:
    """Use a challenge of this session up, whatever comes of it."""
    return _take(account, challenge, NEW, session_id=account.actor.session_id)


@use_case(Permission.MANAGE_FACTORS, kind="write", fresh=True)
def keep_passkey(
    account: AccountScope, *, credential_id: str, public_key: str, sign_count: int, transports: str, name: str
) -> bool:
    """Add a passkey that was checked to one's account.

    Raises:
        Conflict: it is there already.
    """
    if account.session.exec(select(Passkey.id).where(Passkey.credential_id == credential_id)).first():
        raise Conflict(_("This passkey was added before."))
    first = not has_second_factor(account, account.account_id)
    account.add(
        Passkey(
            account_id=account.account_id, credential_id=credential_id, public_key=public_key, sign_count=sign_count,
            transports=transports[:100], name=name[:80], created_at=account.now,
        )
    )  # fmt: skip
    factor_added(account, _("The passkey “{name}” was added.").format(name=name[:80]), first=first)
    return True


@use_case(Permission.MANAGE_FACTORS, kind="write")
def rename_passkey(account: AccountScope, *, passkey_id: UUID, name: str) -> str:
    """Call a passkey of this account something else: a name opens nothing, so no fresh proof is asked. The new name.

    Raises:
        NotFound: none of this account.
        InvalidInput: nothing that anybody would see, or more than 60 characters.
    """
    wanted = tidied(name)
    if is_blank(wanted) or not can_be_shown(wanted) or len(wanted) > LONGEST_NAME:
        raise InvalidInput("name", _("Use 1 to 60 characters for the name."))
    rows = select(Passkey).where(Passkey.account_id == account.account_id, Passkey.id == passkey_id)
    found = account.session.exec(rows.with_for_update()).first()
    if found is None:
        raise NotFound
    found.name = wanted
    account.note(account=account.account_id)
    account.changes.append(Change("account", str(account.account_id), FACTORS))
    return wanted


@use_case(Permission.PROVE_SESSION, kind="write", audited=False)
def ask_proof_passkey(account: AccountScope, *, challenge: str) -> list[str]:
    """Begin to prove afresh who one is with a passkey; the ids of the account's passkeys."""
    _ask(account, challenge, PROOF, session_id=account.actor.session_id)
    return [one.credential_id for one in passkeys_of(account, account.account_id)]


@use_case(Permission.PROVE_SESSION, kind="write")
def take_proof_passkey(account: AccountScope, *, challenge: str, credential_id: str) -> KnownPasskey | None:
    """Use a challenge of this session up; the passkey of this account that answers it. Each try is audited."""
    if not _take(account, challenge, PROOF, session_id=account.actor.session_id):
        return None
    found = _known(account, credential_id)
    return found if found is not None and found.account_id == account.account_id else None


@use_case(Permission.PROVE_SESSION, kind="write")
def prove_by_passkey(account: AccountScope, *, passkey_id: UUID, sign_count: int) -> None:
    """This session's person proved who they are with a passkey that was checked.

    Raises:
        NotFound: another account's passkey, or its counter went back. NotSignedIn.
    """
    if _moved_on(account, passkey_id, sign_count) != account.account_id:
        raise NotFound
    session = account.session.get(Session, account.actor.session_id)
    if session is None:
        raise NotSignedIn
    session.fresh_at = account.now
    account.note(way="passkey")


def _ask(scope: Scope, challenge: str, purpose: str, *, browser: str = "", session_id: UUID | None = None) -> None:
    scope.session.execute(delete(PasskeyChallenge).where(col(PasskeyChallenge.expires_at) <= scope.now))
    scope.add(
        PasskeyChallenge(
            challenge=challenge, purpose=purpose, account_id=scope.actor.account_id, session_id=session_id,
            browser_hash=browser, expires_at=scope.now + LIVES,
        )
    )  # fmt: skip


def _take(scope: Scope, challenge: str, purpose: str, *, browser: str = "", session_id: UUID | None = None) -> bool:
    wanted = select(PasskeyChallenge).where(
        PasskeyChallenge.challenge == challenge,
        PasskeyChallenge.purpose == purpose,
        PasskeyChallenge.browser_hash == browser,
        PasskeyChallenge.session_id == session_id,
        col(PasskeyChallenge.used_at).is_(None),
        col(PasskeyChallenge.expires_at) > scope.now,
    )
    found = scope.session.exec(wanted.with_for_update()).first()
    if found is None:
        return False
    found.used_at = scope.now
    return True


def _known(scope: Scope, credential_id: str) -> KnownPasskey | None:
    wanted = select(Passkey, Account).where(
        Passkey.credential_id == credential_id, Passkey.account_id == Account.id, col(Account.disabled_at).is_(None)
    )
    found = scope.session.exec(wanted).first()
    if found is None:
        return None
    key, account = found
    return KnownPasskey(key.id, account.id, account.email, key.public_key, key.sign_count)


def _moved_on(scope: Scope, passkey_id: UUID, sign_count: int) -> UUID:
    row = scope.session.exec(select(Passkey).where(Passkey.id == passkey_id).with_for_update()).first()
    # authenticators without a counter (most of those that sync) always say 0
    if row is None or ((sign_count or row.sign_count) and sign_count <= row.sign_count):
        raise NotFound
    row.sign_count, row.used_at = sign_count, scope.now
    return row.account_id
