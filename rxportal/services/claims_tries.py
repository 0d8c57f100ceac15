"""How often an account, and everybody at one internet address, may try to prove who they are."""

from __future__ import annotations

from datetime import timedelta
from uuid import UUID

from sqlmodel import col, func, select

from rxportal.core.errors import TooMany
from rxportal.core.identity import token_hash
from rxportal.core.scopes import AccountScope
from rxportal.core.text import _
from rxportal.models.accounts import Account, Session, SignInAttempt

SHORT, LONG = timedelta(minutes=15), timedelta(days=1)
MOST_SHORT, MOST_LONG, MOST_PER_ADDRESS = 5, 20, 40
SLOW_DOWN = _("Too many tries for now. Wait 15 minutes, or ask at the front desk: they can open the chart for you.")


def admit_try(account: AccountScope, what: str) -> None:
    """Stop whoever has used their tries up. Tries of one account wait for each other.

    Raises:
        TooMany.
    """
    account.session.exec(select(Account.id).where(Account.id == account.account_id).with_for_update()).first()
    mine, here = _subjects(account, what)
    over = _tries(account, mine, SHORT) >= MOST_SHORT or _tries(account, mine, LONG) >= MOST_LONG
    if over or (here and _tries(account, here, SHORT) >= MOST_PER_ADDRESS):
        raise TooMany(SLOW_DOWN)


def count_try(account: AccountScope, what: str) -> None:
    """Remember one try; it stays, so whoever calls this answers and raises nothing."""
    for name in filter(None, _subjects(account, what)):
        account.add(SignInAttempt(subject=name, at=account.now))


def _subjects(account: AccountScope, what: str) -> tuple[str, str]:
    """Digests of the account and of the internet address of its session ("" where it is not known)."""
    address = account.session.exec(select(Session.address).where(Session.id == account.actor.session_id)).first()
    return (
        _digest(what, "account", account.account_id),
        _digest(what, "address", address) if address else "",
    )


def _digest(what: str, kind: str, value: UUID | str) -> str:
    return token_hash(f"{what}:{kind}:{value}")


def _tries(account: AccountScope, name: str, window: timedelta) -> int:
    counted = select(func.count()).select_from(SignInAttempt)
    counted = counted.where(SignInAttempt.subject == name, col(SignInAttempt.at) > account.now - window)
    return account.session.exec(counted).one()
