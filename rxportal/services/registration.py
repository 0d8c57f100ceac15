"""Making an account: asked for on a page, made only when the link in the letter is confirmed (S5, S13).

Whoever only asks learns nothing: the answer is the same whether the address has an account or not, and the letter to
that address says which. No password counts that the reader of the letter did not choose: in another browser than the
one that asked, it is typed again.
"""

from __future__ import annotations

import hmac
import secrets
from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID

from sqlmodel import col, delete, select

from rxportal.core.access import Permission
from rxportal.core.errors import Conflict, NotAllowed, NotFound
from rxportal.core.identity import token_hash
from rxportal.core.own_path import with_next
from rxportal.core.scopes import PublicScope
from rxportal.core.text import _
from rxportal.core.usecase import use_case
from rxportal.models.accounts import Account
from rxportal.models.credentials import Identity, Registration
from rxportal.services.letters import Words, write_letter
from rxportal.services.tries import DAY, Limit, reserve, take_turns

LIVES = timedelta(hours=24)
MOST_PER_MAILBOX = 3
MOST_PER_MAILBOX_A_DAY = 10
MOST_PER_ADDRESS = 20
MOST_PASSWORDS = 5
OVER = _("This link was used, or is older than a day. Sign in, or register again.")
ANOTHER_BROWSER = _("Open this link in the browser in which you registered. Or register again here.")
THERE_IS_ONE = _("There is an account with this address by now. Sign in, or reset its password.")


@dataclass(frozen=True)
class OutsideWho:
    """Who an outside provider says that somebody is."""

    provider: str
    issuer: str
    subject: str


@dataclass(frozen=True)
class OpenRegistration:
    """What the page behind the link shows, and what a password typed there is checked against.

    `same_browser`: this browser asked for the account, so its password was typed here.
    """

    email: str
    same_browser: bool
    password_hash: str


@dataclass(frozen=True)
class NewAccount:
    """The account that was made."""

    account_id: UUID
    email: str
    way: str


@use_case(Permission.REGISTER, kind="write", audited=False)
def admit_registration(public: PublicScope, *, mailbox: str, address: str) -> None:
    """Count one wish for an account, before a password is hashed. `mailbox`, `address`: subjects of `tries`.

    Raises:
        TooMany: this mailbox was written to often enough, or this internet address asked too often.
    """
    limits = [Limit(mailbox, MOST_PER_MAILBOX), Limit(mailbox, MOST_PER_MAILBOX_A_DAY, DAY)]
    reserve(public, [*limits, Limit(address, MOST_PER_ADDRESS)])


@use_case(Permission.REGISTER, kind="write")
def register(
    public: PublicScope, *, email: str, name: str, password_hash: str, browser_hash: str, after: str = ""
) -> None:
    """Ask for an account: a letter goes to the address, with a link, or saying that there is an account already.

    `after`: the page of ours that was wanted; it stands in the link, which may be opened in another browser.
    """
    public.session.execute(delete(Registration).where(col(Registration.expires_at) < public.now - LIVES))
    if public.session.exec(select(Account.id).where(Account.email == email)).first():
        write_letter(public, email, _known_words(after))
        return
    begin_registration(
        public, email=email, name=name, password_hash=password_hash, browser_hash=browser_hash, after=after
    )


def begin_registration(
    public: PublicScope,
    *,
    email: str,
    name: str,
    password_hash: str = "",
    browser_hash: str = "",
    identity: OutsideWho | None = None,
    after: str = "",
) -> None:
    """Keep what an account will be made of, and send the link that makes it. `identity`: instead of a password."""
    token, who = secrets.token_urlsafe(32), identity or OutsideWho("", "", "")
    public.add(
        Registration(
            email=email, name=name, password_hash=password_hash, provider=who.provider, issuer=who.issuer,
            subject=who.subject, token_hash=token_hash(token), browser_hash=browser_hash, created_at=public.now,
            expires_at=public.now + LIVES,
        )
    )  # fmt: skip
    write_letter(public, email, _confirm_words(token, after))


@use_case(Permission.REGISTER, audited=False)
def look_at_registration(public: PublicScope, *, token: str, browser: str = "") -> OpenRegistration:
    """What stands behind a link; looking changes nothing. `browser`: the value of this browser's own mark.

    Raises:
        NotFound: the link was used, is too old, or never was.
        NotAllowed: there is no password to type, and this is another browser.
    """
    found = _open(public, token)
    same = bool(found.browser_hash) and hmac.compare_digest(found.browser_hash, token_hash(browser))
    if not same and not found.password_hash:
        raise NotAllowed(ANOTHER_BROWSER)
    return OpenRegistration(found.email, same, found.password_hash)


@use_case(Permission.REGISTER, kind="write", audited=False)
def admit_confirmation(public: PublicScope, *, token: str) -> tuple[UUID, ...]:
    """Count one password typed behind this link, before it is checked.

    Raises:
        TooMany: five is all.
    """
    return reserve(public, [Limit(token_hash(f"registration:{token_hash(token)}"), MOST_PASSWORDS, LIVES)])


@use_case(Permission.REGISTER, kind="write")
def confirm_registration(public: PublicScope, *, token: str) -> NewAccount:
    """Make the account that the link is for: its address is confirmed by having opened it.

    Whoever calls has checked the browser or the password (`look_at_registration`).

    Raises:
        NotFound: the link was used, is too old, or never was.
        Conflict: the address has an account by now.
    """
    found = _open(public, token)
    found.used_at = public.now
    take_turns(public, found.email)
    if public.session.exec(select(Account.id).where(Account.email == found.email)).first():
        raise Conflict(THERE_IS_ONE)
    account = Account(
        email=found.email, name=found.name or found.email, password_hash=found.password_hash, created_at=public.now,
        email_confirmed_at=public.now,
    )  # fmt: skip
    public.add(account)
    public.session.flush()
    if found.subject:
        _link(public, account, found)
    # whoever else asked for an account with this address gets none
    others = select(Registration).where(Registration.email == found.email, col(Registration.used_at).is_(None))
    for other in public.session.exec(others):
        other.used_at = public.now
    public.note(account=account.id)
    return NewAccount(account.id, account.email, found.provider or "password")


def _link(public: PublicScope, account: Account, found: Registration) -> None:
    mine = select(Identity.id).where(Identity.issuer == found.issuer, Identity.subject == found.subject)
    if public.session.exec(mine).first():
        raise Conflict(_("Somebody signs in with that outside account by now. Sign in with it."))
    public.add(
        Identity(
            account_id=account.id, provider=found.provider, issuer=found.issuer, subject=found.subject,
            email=found.email, name=found.name, linked_at=public.now, used_at=public.now,
        )
    )  # fmt: skip


def _open(public: PublicScope, token: str) -> Registration:
    wanted = select(Registration).where(Registration.token_hash == token_hash(token))
    found = public.session.exec(wanted.with_for_update()).first()
    if found is None or found.used_at is not None or public.now >= found.expires_at:
        raise NotFound(OVER)
    return found


def _confirm_words(token: str, after: str) -> Words:
    return Words(
        _("Confirm your e-mail address"),
        (
            _("Somebody, we hope you, registered on our patient portal with this address."),
            _("Open this link within 24 hours and confirm it. Your account is made then, and not before."),
        ),
        (_("Confirm my address"), with_next(f"/confirm/{token}", after)),
        (_("If this was not you, do nothing. No account is made then."),),
    )


def _known_words(after: str) -> Words:
    return Words(
        _("You have an account already"),
        (
            _("Somebody, we hope you, wanted to register on our patient portal with this address."),
            _("You have an account with it already. Nothing was changed. Sign in with it:"),
        ),
        (_("Sign in"), with_next("/sign-in", after)),
        (
            _("Forgot your password? The sign-in page has a link for that."),
            _("If this was not you, there is nothing to do."),
        ),
    )
