"""The second factors of one's own account: see them, add and remove them, recovery codes (ADR 0051)."""

from __future__ import annotations

from uuid import UUID
from zoneinfo import ZoneInfo

from sqlalchemy import func
from sqlmodel import col, select

from rxportal.core.access import Permission
from rxportal.core.errors import Conflict, NotFound
from rxportal.core.identity import token_hash
from rxportal.core.live import Change
from rxportal.core.scopes import AccountScope, Scope
from rxportal.core.sealing import SealBroken, seal, unseal
from rxportal.core.text import _
from rxportal.core.usecase import use_case
from rxportal.models.accounts import Account
from rxportal.models.credentials import Authenticator, Identity, Passkey, RecoveryCode
from rxportal.rules.factors import RECOVERY_CODES, as_code, matching_step, new_recovery_code, new_secret
from rxportal.services.credentials import end_sessions, has_second_factor, own_account, tell_of_change
from rxportal.services.factors_view import FactorsPage, PasskeyRow
from rxportal.services.result_journey import day
from rxportal.services.tries import DAY, Limit, reserve, succeeded

FACTORS = "factors"
"""Topic of an account whose second factors changed."""
FIRST_CODES = _("Recovery codes were made. Each of them works once.")
NEW_CODES = _("New recovery codes were made. The old ones no longer work.")
MOST_CODES = 10
MOST_CODES_A_DAY = 100


@use_case(Permission.VIEW_FACTORS, audited=False)
def view_factors(account: AccountScope, *, required: bool = False) -> FactorsPage:
    """The second factors of this account. `required`: members of staff need one."""
    own, zone = account.session.get_one(Account, account.account_id), ZoneInfo("UTC")
    codes = authenticator_of(account, own.id, lock=False)
    keys = passkeys_of(account, own.id)
    on = bool(codes or keys)
    return FactorsPage(
        passkeys=[
            PasskeyRow(str(one.id), one.name, day(one.created_at, zone), day(one.used_at, zone) if one.used_at else "")
            for one in keys
        ],
        codes=codes is not None,
        codes_since=day(codes.confirmed_at, zone) if codes and codes.confirmed_at else "",
        recovery_left=recovery_left(account, own.id),
        has_password=own.password_hash != "",
        on=on,
        needed=required and not on and bool(account.actor.places),
    )


@use_case(Permission.MANAGE_FACTORS, audited=False, fresh=True)
def open_factor_change(account: AccountScope) -> bool:
    """Whether one may change one's factors now: asked before the browser or an app is."""
    return account.account_id is not None


@use_case(Permission.MANAGE_FACTORS, kind="write", fresh=True)
def begin_authenticator(account: AccountScope, *, key: str) -> str:
    """Offer a secret to an authenticator app; nothing counts before one of its codes came back. The secret, once.

    `key`: of `core.sealing`.

    Raises:
        Conflict: there is an authenticator already.
    """
    row = _authenticator(account, account.account_id)
    if row is not None and row.confirmed_at is not None:
        raise Conflict(_("You have an authenticator app already. Remove it first, then add the new one."))
    secret = new_secret()
    if row is None:
        row = account.add(Authenticator(account_id=account.account_id, secret="", created_at=account.now))
    row.secret, row.created_at, row.last_step = seal(key, secret, str(account.account_id)), account.now, 0
    return secret


@use_case(Permission.MANAGE_FACTORS, kind="write", fresh=True)
def confirm_authenticator(account: AccountScope, *, key: str, code: str) -> bool:
    """The first code of the app: from now on it is asked for at each sign-in. False: it was not the right one.

    Raises:
        NotFound: nothing was offered. TooMany.
    """
    row = _authenticator(account, account.account_id)
    if row is None or row.confirmed_at is not None:
        raise NotFound
    name = token_hash(f"confirm code:{account.account_id}")
    attempts = reserve(account, [Limit(name, MOST_CODES), Limit(name, MOST_CODES_A_DAY, DAY)])
    if not take_code(account, row, key, code):
        account.note(wrong=True)
        return False
    succeeded(account, attempts)
    first = not has_second_factor(account, account.account_id)
    row.confirmed_at = account.now
    factor_added(account, _("An authenticator app was added. Its codes are asked for when you sign in."), first=first)
    return True


@use_case(Permission.MANAGE_FACTORS, kind="write", fresh=True)
def remove_authenticator(account: AccountScope) -> bool:
    """Take the authenticator app off this account.

    Raises:
        NotFound: there is none.
        Conflict: it is the last second factor and the password is too short to stand alone.
    """
    row = authenticator_of(account, account.account_id)
    if row is None:
        raise NotFound
    if not passkeys_of(account, account.account_id):
        _may_stand_alone(own_account(account))
    account.session.delete(row)
    _factor_removed(account, _("The authenticator app was removed."))
    return True


@use_case(Permission.MANAGE_FACTORS, kind="write", fresh=True)
def remove_passkey(account: AccountScope, *, passkey_id: UUID) -> str:
    """Take a passkey off this account. Its name.

    Raises:
        NotFound: none of this account.
        Conflict: it is the last way in, or the last second factor of a password that is too short to stand alone.
    """
    own, keys = own_account(account), passkeys_of(account, account.account_id)
    found = next((one for one in keys if one.id == passkey_id), None)
    if found is None:
        raise NotFound
    if len(keys) == 1:
        if not own.password_hash and not _identities(account, own.id):
            raise Conflict(_("This is your only way to sign in. Set a password first, then remove the passkey."))
        if authenticator_of(account, own.id) is None:
            _may_stand_alone(own)
    account.session.delete(found)
    _factor_removed(account, _("The passkey “{name}” was removed.").format(name=found.name))
    return found.name


@use_case(Permission.MANAGE_FACTORS, kind="write", fresh=True)
def new_recovery_codes(account: AccountScope) -> list[str]:
    """Ten new recovery codes, shown this once; the old ones open nothing any more.

    Raises:
        Conflict: there is no second factor that they could stand in for.
    """
    own = own_account(account)
    if not has_second_factor(account, own.id):
        raise Conflict(_("Add a passkey or an authenticator app first. Recovery codes stand in for those."))
    had = _forget_recovery(account, own.id)
    codes = [new_recovery_code() for _each in range(RECOVERY_CODES)]
    for code in codes:
        account.add(RecoveryCode(account_id=own.id, code_hash=recovery_hash(own.id, code), created_at=account.now))
    tell_of_change(account, own, NEW_CODES if had else FIRST_CODES)
    _published(account)
    return codes


def take_code(scope: Scope, row: Authenticator, key: str, typed: str) -> bool:
    """Take a code of this authenticator, whose row the caller has locked; no time step is ever taken twice."""
    try:
        secret = unseal(key, row.secret, str(row.account_id))
    except SealBroken:
        return False
    step = matching_step(secret, as_code(typed), scope.now, row.last_step)
    if step is None:
        return False
    row.last_step = step
    scope.add(row)
    return True


def take_recovery_code(scope: Scope, account_id: UUID, typed: str) -> bool:
    """Take a recovery code of this account: once."""
    wanted = select(RecoveryCode).where(
        RecoveryCode.account_id == account_id,
        RecoveryCode.code_hash == recovery_hash(account_id, typed),
        col(RecoveryCode.used_at).is_(None),
    )
    found = scope.session.exec(wanted.with_for_update()).first()
    if found is None:
        return False
    found.used_at = scope.now
    scope.add(found)
    return True


def recovery_hash(account_id: UUID, code: str) -> str:
    """What is kept of a recovery code."""
    return token_hash(f"recovery:{account_id}:{as_code(code)}")


def recovery_left(scope: Scope, account_id: UUID) -> int:
    """How many recovery codes were not used yet."""
    left = select(func.count()).select_from(RecoveryCode)
    return scope.session.exec(
        left.where(col(RecoveryCode.account_id) == account_id, col(RecoveryCode.used_at).is_(None))
    ).one()


def authenticator_of(scope: Scope, account_id: UUID, *, lock: bool = True) -> Authenticator | None:
    """The authenticator that counts. `lock`: nobody else changes it until this transaction ends."""
    row = _authenticator(scope, account_id, lock=lock)
    return row if row is not None and row.confirmed_at is not None else None


def passkeys_of(scope: Scope, account_id: UUID) -> list[Passkey]:
    """The passkeys, the first added first."""
    wanted = select(Passkey).where(Passkey.account_id == account_id)
    return list(scope.session.exec(wanted.order_by(col(Passkey.created_at), col(Passkey.id))))


def factor_added(account: AccountScope, what: str, *, first: bool) -> None:
    """A letter, and with the first factor the end of every other sign-in: none of them was asked for it."""
    tell_of_change(account, own_account(account), what)
    if first:
        end_sessions(account, account.account_id, "second step added", but=account.actor.session_id)
    _published(account)


def _factor_removed(account: AccountScope, what: str) -> None:
    account.session.flush()
    own = own_account(account)
    if not has_second_factor(account, own.id):
        _forget_recovery(account, own.id)
    tell_of_change(account, own, what)
    _published(account)


def _may_stand_alone(own: Account) -> None:
    if own.password_hash and not own.password_long:
        raise Conflict(
            _("Your password is short, so it needs this second step. Change it to one of 15 characters or more first.")
        )


def _authenticator(scope: Scope, account_id: UUID, *, lock: bool = True) -> Authenticator | None:
    wanted = select(Authenticator).where(Authenticator.account_id == account_id)
    return scope.session.exec(wanted.with_for_update() if lock else wanted).first()


def _identities(scope: Scope, account_id: UUID) -> int:
    counted = select(func.count()).select_from(Identity).where(col(Identity.account_id) == account_id)
    return scope.session.exec(counted).one()


def _forget_recovery(scope: Scope, account_id: UUID) -> bool:
    """Delete its recovery codes; whether it had any."""
    codes = scope.session.exec(select(RecoveryCode).where(RecoveryCode.account_id == account_id)).all()
    for code in codes:
        scope.session.delete(code)
    return bool(codes)


def _published(account: AccountScope) -> None:
    account.note(account=account.account_id)
    account.changes.append(Change("account", str(account.account_id), FACTORS))
