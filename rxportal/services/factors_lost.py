"""Everything lost: factors are taken off after the front desk looked who it is."""

from __future__ import annotations

from sqlmodel import select

from rxportal.core.access import Permission
from rxportal.core.errors import NotFound
from rxportal.core.live import Change
from rxportal.core.scopes import Desk
from rxportal.core.text import _
from rxportal.core.usecase import use_case
from rxportal.models.accounts import Account
from rxportal.models.credentials import Authenticator, Passkey, RecoveryCode
from rxportal.services.credentials import end_sessions, tell_of_change
from rxportal.services.factors import FACTORS
from rxportal.services.sessions import normal_email

GONE = _("At our front desk, passkeys and codes of your account were removed.")
GONE_TOO = _("At our front desk, passkeys and codes of your account were removed. Your password was too short to stand "
             "alone: choose a new one with “Forgot your password?” on the sign-in page.")  # fmt: skip


@use_case(Permission.FORGET_FACTORS, kind="write")
def forget_factors(desk: Desk, *, email: str) -> int:
    """Take every passkey, authenticator app and recovery code off an account and end its sign-ins. How many there were.

    Raises:
        NotFound: no account has this address.
    """
    found = desk.session.exec(select(Account).where(Account.email == normal_email(email)).with_for_update()).first()
    if found is None:
        raise NotFound(_("No account has this e-mail address."))
    return take_off(desk, found)


def take_off(desk: Desk, account: Account) -> int:
    """Do it to an account whose row is locked; a password that is too short to stand alone opens nothing any more."""
    gone = 0
    for model in (Passkey, Authenticator, RecoveryCode):
        for row in desk.session.exec(select(model).where(model.account_id == account.id)):
            desk.session.delete(row)
            gone += 1
    short = account.password_hash != "" and not account.password_long
    if short:
        account.password_hash, account.password_long = "", True
    end_sessions(desk, account.id, "second step removed at the desk")
    desk.changes.append(Change("account", str(account.id), FACTORS))
    tell_of_change(desk, account, GONE_TOO if short else GONE)
    desk.note(account=account.id, removed=gone)
    return gone
