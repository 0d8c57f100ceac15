"""The address and the password of one's own account: seen, changed, and the letter that tells of each change."""

from __future__ import annotations

import secrets
from datetime import timedelta
from uuid import UUID

from sqlmodel import col, select

from rxportal.core.access import Permission
from rxportal.core.errors import Conflict, InvalidInput, NotFound
from rxportal.core.identity import token_hash
from rxportal.core.live import Change
from rxportal.core.scopes import AccountScope, Scope
from rxportal.core.text import _
from rxportal.core.usecase import use_case
from rxportal.models.accounts import Account, Session
from rxportal.models.credentials import AccountLink, Authenticator, HalfSignIn, LinkUse, Passkey
from rxportal.rules.addresses import is_address
from rxportal.rules.invitations import mailbox_of
from rxportal.rules.passwords import SHORTEST, SHORTEST_WITH_FACTOR
from rxportal.services.credentials_view import SignInFacts
from rxportal.services.letters import Words, write_letter
from rxportal.services.sessions import SESSIONS, normal_email
from rxportal.services.tries import DAY, Limit, reserve, take_turns

NEW_EMAIL_LIVES = timedelta(hours=24)
MOST_NEW_EMAILS = 5
# From all accounts together: a mailbox is not flooded by many of them
MOST_TO_ONE = 10
NO_ADDRESS = _("Write an e-mail address, for example lee@mail.example.")
LINK_OVER = _("This link was used, or it is too old. Ask for a new one.")
NOT_YOU = _("If this was not you, call us at once. Our number stands below.")


def own_account(scope: AccountScope) -> Account:
    """The row of the account that acts, for changing it."""
    found = scope.session.exec(select(Account).where(Account.id == scope.account_id).with_for_update()).first()
    if found is None:
        raise NotFound
    return found


def has_second_factor(scope: Scope, account_id: UUID) -> bool:
    """Whether a sign-in with the password is asked for something more."""
    codes = select(Authenticator.id).where(
        Authenticator.account_id == account_id, col(Authenticator.confirmed_at).is_not(None)
    )
    keys = select(Passkey.id).where(Passkey.account_id == account_id)
    return bool(scope.session.exec(codes).first() or scope.session.exec(keys).first())


def shortest_password(scope: Scope, account_id: UUID) -> int:
    """How many characters a password of this account has at least (NIST SP 800-63B-4: 15 alone, 8 with a factor)."""
    return SHORTEST_WITH_FACTOR if has_second_factor(scope, account_id) else SHORTEST


def keep_password(scope: Scope, account: Account, password_hash: str, *, length: int) -> None:
    """From now on this password counts, and what was begun with the old one is over.

    `length`: how many characters it has; a short one needs a second factor.
    """
    account.password_hash, account.password_long = password_hash, length >= SHORTEST
    scope.add(account)
    links = select(AccountLink).where(AccountLink.account_id == account.id, AccountLink.use == LinkUse.RESET)
    halves = select(HalfSignIn).where(HalfSignIn.account_id == account.id)
    for link in scope.session.exec(links.where(col(AccountLink.used_at).is_(None))):
        link.used_at = scope.now
    for half in scope.session.exec(halves.where(col(HalfSignIn.used_at).is_(None))):
        half.used_at = scope.now


def tell_of_change(scope: Scope, account: Account, what: str, *, to: str = "") -> None:
    """The letter after a means of signing in was changed. `what`: one sentence. `to`: another address than today's."""
    words = Words(
        _("Your sign-in was changed"),
        (_("The sign-in of your account on our patient portal was changed:"), what),
        below=(_("If this was you, there is nothing to do."), NOT_YOU),
    )
    write_letter(scope, to or account.email, words, account_id=account.id)


def end_sessions(scope: Scope, account_id: UUID, because: str, *, but: UUID | None = None) -> None:
    """End every sign-in of an account, or all but one."""
    for session in scope.session.exec(select(Session).where(Session.account_id == account_id)):
        if session.id != but:
            scope.end(session, because)
    scope.changes.append(Change("account", str(account_id), SESSIONS))


@use_case(Permission.CHANGE_ACCOUNT, audited=False)
def view_sign_in_facts(account: AccountScope) -> SignInFacts:
    """What one's own account is reached by: address, whether there is a password, how long that has to be."""
    own = own_account(account)
    open_links = _open_links(account, LinkUse.NEW_EMAIL)
    return SignInFacts(
        email=own.email,
        has_password=own.password_hash != "",
        shortest=shortest_password(account, own.id),
        waiting=open_links[-1].email if open_links else "",
    )


@use_case(Permission.CHANGE_ACCOUNT, audited=False, fresh=True)
def open_sign_in_change(account: AccountScope) -> bool:
    """Whether one may change one's sign-in now: asked before a new password is hashed, which costs something."""
    return account.account_id is not None


@use_case(Permission.CHANGE_ACCOUNT, kind="write", fresh=True)
def change_password(account: AccountScope, *, password_hash: str, length: int) -> bool:
    """Set one's own password; every other sign-in of the account ends, and a letter tells of it.

    `length`: how many characters the password has.

    Raises:
        InvalidInput: it is shorter than this account needs now.
    """
    own = own_account(account)
    if length < shortest_password(account, own.id):
        raise InvalidInput("password", _("Use a longer password."))
    what = _("The password was changed.") if own.password_hash else _("A password was added.")
    keep_password(account, own, password_hash, length=length)
    end_sessions(account, own.id, "password changed", but=account.actor.session_id)
    tell_of_change(account, own, what)
    account.note(account=own.id)
    return True


@use_case(Permission.CHANGE_ACCOUNT, kind="write", fresh=True)
def ask_new_email(account: AccountScope, *, email: str) -> bool:
    """Ask for another address: a link goes there, and nothing changes before it is opened.

    Whether somebody else has an account with that address is told to the holder of its mailbox alone.

    Raises:
        InvalidInput: it is no address, or today's.
        TooMany: five times a day is all, and ten letters a day for one mailbox.
    """
    address, own = normal_email(email), own_account(account)
    if not is_address(address):
        raise InvalidInput("email", NO_ADDRESS)
    if address == own.email:
        raise InvalidInput("email", _("That is your address already."))
    there = token_hash(f"new e-mail to:{mailbox_of(address)}")
    reserve(account, [Limit(token_hash(f"new e-mail:{own.id}"), MOST_NEW_EMAILS, DAY), Limit(there, MOST_TO_ONE, DAY)])
    for link in _open_links(account, LinkUse.NEW_EMAIL):
        link.used_at = account.now
    account.note(account=own.id)
    if account.session.exec(select(Account.id).where(Account.email == address)).first():
        write_letter(account, address, _taken_words())
        return True
    token = secrets.token_urlsafe(32)
    account.add(
        AccountLink(
            account_id=own.id, use=LinkUse.NEW_EMAIL, email=address, token_hash=token_hash(token),
            created_at=account.now, expires_at=account.now + NEW_EMAIL_LIVES,
        )
    )  # fmt: skip
    write_letter(account, address, _new_email_words(token), account_id=own.id)
    return True


@use_case(Permission.CHANGE_ACCOUNT, kind="write")
def confirm_new_email(account: AccountScope, *, token: str) -> str:
    """Open the link to a new address, signed in to the account that asked: from now on it counts. The new address.

    Raises:
        NotFound: the link is used, too old, replaced, or another account's.
        Conflict: somebody registered with that address meanwhile.
    """
    wanted = token_hash(token)
    link = next((one for one in _open_links(account, LinkUse.NEW_EMAIL) if one.token_hash == wanted), None)
    if link is None:
        raise NotFound(LINK_OVER)
    take_turns(account, link.email)
    if account.session.exec(select(Account.id).where(Account.email == link.email)).first():
        raise Conflict(_("There is an account with this address by now. Nothing was changed."))
    own = own_account(account)
    before, own.email, own.email_confirmed_at = own.email, link.email, account.now
    # what was sent to the old mailbox opens nothing any more
    for use in (LinkUse.NEW_EMAIL, LinkUse.RESET):
        for one in _open_links(account, use):
            one.used_at = account.now
    tell_of_change(account, own, _("The e-mail address was changed. From now on, sign in with the new one."), to=before)
    tell_of_change(account, own, _("The e-mail address was changed to this one."))
    account.changes.append(Change("account", str(own.id), SESSIONS))
    account.note(account=own.id)
    return own.email


def _open_links(account: AccountScope, use: LinkUse) -> list[AccountLink]:
    mine = select(AccountLink).where(
        AccountLink.account_id == account.account_id,
        AccountLink.use == use,
        col(AccountLink.used_at).is_(None),
        col(AccountLink.expires_at) > account.now,
    )
    return list(account.session.exec(mine.order_by(col(AccountLink.created_at)).with_for_update()))


def _new_email_words(token: str) -> Words:
    return Words(
        _("Confirm your new e-mail address"),
        (
            _("You asked to use this address for your account on our patient portal."),
            _("Open this link within 24 hours, in a browser in which you are signed in, and confirm it."),
        ),
        (_("Confirm this address"), f"/new-email/{token}"),
        (_("If this was not you, do nothing. Nothing changes then."),),
    )


def _taken_words() -> Words:
    return Words(
        _("This address has an account already"),
        (
            _("Somebody who is signed in to our patient portal wants to use this address for another account."),
            _("That can’t be: there is an account with this address already. Nothing was changed."),
        ),
        below=(_("If this was you, use another address, or sign in with this one."),),
    )
