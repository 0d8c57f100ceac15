"""A new password for whoever forgot theirs: by a link that only the mailbox of the account gets, once, for 30 minutes.

The answer is the same whether the address has an account or not. A second factor stays: the next sign-in asks for it.
"""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID

from sqlmodel import col, select

from rxportal.core.access import Permission
from rxportal.core.errors import InvalidInput, NotFound
from rxportal.core.identity import token_hash
from rxportal.core.own_path import with_next
from rxportal.core.scopes import PublicScope
from rxportal.core.text import _
from rxportal.core.usecase import use_case
from rxportal.models.accounts import Account
from rxportal.models.credentials import AccountLink, LinkUse
from rxportal.services.credentials import end_sessions, keep_password, shortest_password, tell_of_change
from rxportal.services.letters import Words, write_letter
from rxportal.services.tries import DAY, Limit, forgive, reserve

LIVES = timedelta(minutes=30)
MOST_PER_MAILBOX = 3
MOST_PER_MAILBOX_A_DAY = 10
MOST_PER_ADDRESS = 20
OVER = _("This link was used, or is older than 30 minutes. Ask for a new one on the sign-in page.")


@dataclass(frozen=True)
class OpenReset:
    """What stands behind a link: whose account it is, and how long its password has to be."""

    account_id: UUID
    email: str
    shortest: int


@use_case(Permission.RECOVER, kind="write")
def ask_reset(public: PublicScope, *, email: str, mailbox: str, address: str, after: str = "") -> None:
    """Ask for a link to set a new password. `mailbox`, `address`: subjects of `tries`; `after`: the page they wanted.

    Raises:
        TooMany: this mailbox was written to often enough, or this internet address asked too often.
    """
    limits = [Limit(mailbox, MOST_PER_MAILBOX), Limit(mailbox, MOST_PER_MAILBOX_A_DAY, DAY)]
    reserve(public, [*limits, Limit(address, MOST_PER_ADDRESS)])
    account = public.session.exec(select(Account).where(Account.email == email)).first()
    token = secrets.token_urlsafe(32)
    if account is None or account.disabled_at is not None:
        write_letter(public, email, _nobody_words())
        return
    public.add(
        AccountLink(
            account_id=account.id, use=LinkUse.RESET, email=email, token_hash=token_hash(token),
            created_at=public.now, expires_at=public.now + LIVES,
        )
    )  # fmt: skip
    write_letter(public, email, _reset_words(token, after), account_id=account.id)


@use_case(Permission.RECOVER, audited=False)
def look_at_reset(public: PublicScope, *, token: str) -> OpenReset:
    """What stands behind a link; looking changes nothing.

    Raises:
        NotFound: the link was used, is too old, or never was.
    """
    _link, account = _open(public, token)
    return OpenReset(account.id, account.email, shortest_password(public, account.id))


@use_case(Permission.RECOVER, kind="write")
def reset_password(public: PublicScope, *, token: str, password_hash: str, length: int, forgiven: str) -> None:
    """Use a link: the new password counts, every session of the account ends, and a letter tells of it.

    `length`: how many characters the password has. `forgiven`: the subject whose wrong passwords count no more.

    Raises:
        NotFound: the link was used, is too old, or never was.
        InvalidInput: the password is shorter than this account needs now.
    """
    link, account = _open(public, token)
    if length < shortest_password(public, account.id):
        raise InvalidInput("password", _("Use a longer password."))
    keep_password(public, account, password_hash, length=length)
    account.email_confirmed_at = account.email_confirmed_at or public.now
    mine = select(AccountLink).where(AccountLink.account_id == account.id, col(AccountLink.used_at).is_(None))
    for other in public.session.exec(mine):
        other.used_at = public.now
    link.used_at = public.now
    end_sessions(public, account.id, "password changed")
    forgive(public, forgiven)
    tell_of_change(public, account, _("The password was set anew, by a link that we sent to this address."))
    public.note(account=account.id)


def _open(public: PublicScope, token: str) -> tuple[AccountLink, Account]:
    wanted = select(AccountLink).where(AccountLink.token_hash == token_hash(token), AccountLink.use == LinkUse.RESET)
    link = public.session.exec(wanted.with_for_update()).first()
    account = public.session.get(Account, link.account_id) if link else None
    if link is None or account is None or account.disabled_at is not None or account.email != link.email:
        raise NotFound(OVER)
    if link.used_at is not None or public.now >= link.expires_at:
        raise NotFound(OVER)
    return link, account


def _reset_words(token: str, after: str) -> Words:
    return Words(
        _("Set a new password"),
        (
            _("Somebody, we hope you, forgot the password of your account on our patient portal."),
            _("Open this link within 30 minutes and choose a new one. It works once."),
        ),
        (_("Choose a new password"), with_next(f"/reset/{token}", after)),
        (_("If this was not you, do nothing. Your password stays as it is."),),
    )


def _nobody_words() -> Words:
    return Words(
        _("No account with this address"),
        (
            _("Somebody, we hope you, wanted to set a new password on our patient portal for this address."),
            _("There is no account that can be opened with it. You may have registered with another address."),
        ),
        (_("Sign in or register"), "/sign-in"),
        (_("If this was not you, there is nothing to do."),),
    )
