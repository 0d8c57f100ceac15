"""An account for somebody whom an outside provider proved and whom we don't know yet: asked first, then made."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from sqlmodel import col, select

from rxportal.core.access import Permission
from rxportal.core.errors import InvalidInput
from rxportal.core.identity import token_hash
from rxportal.core.scopes import PublicScope
from rxportal.core.text import _
from rxportal.core.usecase import use_case
from rxportal.models.accounts import Account
from rxportal.models.credentials import OutsideFlow, Registration
from rxportal.rules.addresses import is_address
from rxportal.services.credentials import NO_ADDRESS
from rxportal.services.identities import keep_identity
from rxportal.services.letters import Words, write_letter
from rxportal.services.outside import SIGN_IN, TripOver, identity_of
from rxportal.services.registration import OutsideWho, begin_registration
from rxportal.services.sessions import normal_email


@dataclass(frozen=True)
class Newcomer:
    """What a provider told us of somebody, before we keep it. `vouched`: it vouches for the e-mail address."""

    provider: str
    issuer: str
    subject: str
    email: str
    vouched: bool
    name: str
    after: str


@dataclass(frozen=True)
class Made:
    """The account that was made; `account_id` None: none yet, and a letter is on its way."""

    account_id: UUID | None
    email: str


@use_case(Permission.REGISTER, audited=False)
def view_newcomer(public: PublicScope, *, flow_id: UUID, browser: str) -> Newcomer:
    """What came back with a round trip of this browser that opened no account.

    Raises:
        TripOver: another browser's, too old, or settled before.
    """
    flow = _open(public, flow_id, browser)
    vouched = flow.email_verified and is_address(normal_email(flow.email))
    return Newcomer(flow.provider, flow.issuer, flow.subject, flow.email, vouched, flow.name, flow.after)


@use_case(Permission.REGISTER, kind="write")
def register_newcomer(
    public: PublicScope, *, flow_id: UUID, browser: str, label: str, email: str = "", registering: str = ""
) -> Made:
    """Make the account, or send the letter that does: for an address nobody vouches for, and for a known one.

    `email`: typed, where the provider vouches for none. `registering`: this browser's mark, to which the letter's link
    is bound. An address that has an account already gets a letter too, and nothing is linked to it.

    Raises:
        TripOver: another browser's, too old, or settled before.
        InvalidInput: no e-mail address.
    """
    flow = _open(public, flow_id, browser)
    vouched = flow.email_verified and is_address(normal_email(flow.email))
    address = normal_email(flow.email if vouched else email)
    if not is_address(address):
        raise InvalidInput("email", NO_ADDRESS)
    flow.settled_at = public.now
    public.note(provider=flow.provider)
    holder = public.session.exec(select(Account).where(Account.email == address)).first()
    if holder is not None:
        write_letter(public, address, _known_words(label), account_id=holder.id)
        return Made(None, address)
    if not vouched:
        who = OutsideWho(flow.provider, flow.issuer, flow.subject)
        begin_registration(public, email=address, name=flow.name, browser_hash=token_hash(registering), identity=who)
        return Made(None, address)
    return _made(public, flow, address)


def _made(public: PublicScope, flow: OutsideFlow, address: str) -> Made:
    account = Account(email=address, name=flow.name or address, created_at=public.now, email_confirmed_at=public.now)
    public.add(account)
    public.session.flush()
    keep_identity(
        public, account_id=account.id, provider=flow.provider, issuer=flow.issuer, subject=flow.subject,
        email=flow.email, name=flow.name,
    )  # fmt: skip
    # whoever asked for an account with this address by a letter gets none: its holder has one now
    waiting = select(Registration).where(Registration.email == address, col(Registration.used_at).is_(None))
    for other in public.session.exec(waiting):
        other.used_at = public.now
    public.note(account=account.id)
    return Made(account.id, address)


def _open(public: PublicScope, flow_id: UUID, browser: str) -> OutsideFlow:
    found = public.session.exec(select(OutsideFlow).where(OutsideFlow.id == flow_id).with_for_update()).first()
    if found is None or found.purpose != SIGN_IN or not found.issuer or found.settled_at is not None:
        raise TripOver
    if not browser or found.browser_hash != token_hash(browser) or found.expires_at <= public.now:
        raise TripOver
    if identity_of(public, found.issuer, found.subject) is not None:
        raise TripOver  # another tab was quicker: signing in again opens the account
    return found


def _known_words(label: str) -> Words:
    return Words(
        _("You have an account already"),
        (
            _("Somebody, we hope you, signed in with {provider} and this address.").format(provider=label),
            _("You have an account with this address already, so nothing was made and nothing was linked."),
            _("Sign in as you did before. Then you can add {provider} under “Signing in and devices”.").format(
                provider=label
            ),
        ),
        (_("Sign in"), "/sign-in"),
        (_("If this was not you, there is nothing to do."),),
    )
