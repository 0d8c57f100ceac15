"""Round trips to outside providers: begun in one browser and tab, taken up once, settled as an account (S14, S15).

Who somebody is out there is (issuer, subject). An e-mail address alone opens nothing: where it belongs to an account
already, its holder gets a letter, and the browser is told what everybody is told.
"""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import delete, update
from sqlmodel import col, select

from rxportal.core.access import Permission
from rxportal.core.errors import PortalError
from rxportal.core.identity import token_hash
from rxportal.core.scopes import AccountScope, PublicScope, Scope
from rxportal.core.text import _
from rxportal.core.usecase import use_case
from rxportal.models.accounts import Account, Session
from rxportal.models.credentials import Identity, OutsideFlow
from rxportal.services.tries import Limit, reserve

SIGN_IN, LINK, FRESH = "sign_in", "link", "fresh"
TRIP_FOR = timedelta(minutes=10)
AGREE_WITHIN = timedelta(minutes=20)
KEPT_FOR = timedelta(days=1)
MOST_FROM_ADDRESS = 300
"""Round trips that may begin from one address in a window: a clinic's waiting room shares one."""


class TripOver(PortalError):
    """No such round trip of this browser: unknown, old, used, another browser's, or another provider's."""

    code = "trip_over"

    def __init__(self) -> None:
        """Say what helps."""
        super().__init__(_("That sign-in is over. Start again, and finish it in the same browser."))


@dataclass(frozen=True)
class Begun:
    """What goes to the provider, and stays with us to compare."""

    state: str
    nonce: str
    verifier: str
    at: datetime


@dataclass(frozen=True)
class Taken:
    """A round trip that came back to the browser that began it, for the first time."""

    flow_id: UUID
    purpose: str
    nonce: str
    verifier: str
    after: str
    begun_at: datetime


@dataclass(frozen=True)
class Arrival:
    """Whose account it is; None: nobody's yet, and the person is asked whether we may make one."""

    account_id: UUID | None
    email: str = ""


@use_case(Permission.SIGN_IN, kind="write", audited=False)
def begin_trip(public: PublicScope, *, provider: str, browser: str, address: str, after: str = "") -> Begun:
    """Begin to sign in with a provider. `browser`: the value of its cookie; `address`: a subject.

    Raises:
        TooMany: too many from this address.
    """
    reserve(public, [Limit(address, MOST_FROM_ADDRESS)])
    public.session.execute(delete(OutsideFlow).where(col(OutsideFlow.expires_at) < public.now - KEPT_FOR))
    return set_out(public, provider, SIGN_IN, browser, after)


def set_out(scope: Scope, provider: str, purpose: str, browser: str, after: str = "") -> Begun:
    """A new round trip; one that links or proves belongs to the session that began it."""
    state, nonce, verifier = (secrets.token_urlsafe(32) for _each in range(3))
    begun = Begun(state, nonce, verifier, scope.now)
    scope.add(
        OutsideFlow(
            provider=provider, purpose=purpose, state_hash=token_hash(begun.state), browser_hash=token_hash(browser),
            nonce=begun.nonce, verifier=begun.verifier, after=after[:200], created_at=scope.now,
            session_id=scope.actor.session_id if purpose != SIGN_IN else None, expires_at=scope.now + TRIP_FOR,
        )
    )  # fmt: skip
    return begun


@use_case(Permission.SIGN_IN, kind="write", audited=False)
def take_trip(public: PublicScope, *, provider: str, state: str, browser: str) -> Taken:
    """Take up the round trip that this browser began with this provider. It is used up by that, whatever comes next.

    Raises:
        TripOver.
    """
    found = public.session.exec(select(OutsideFlow).where(OutsideFlow.state_hash == token_hash(state))).first()
    if found is None or found.provider != provider or found.expires_at <= public.now:
        raise TripOver
    if not browser or found.browser_hash != token_hash(browser):
        raise TripOver
    first = update(OutsideFlow).where(col(OutsideFlow.id) == found.id, col(OutsideFlow.used_at).is_(None))
    if public.session.connection().execute(first.values(used_at=public.now)).rowcount != 1:
        raise TripOver
    return Taken(found.id, found.purpose, found.nonce, found.verifier, found.after, found.created_at)


@use_case(Permission.SIGN_IN, kind="write")
def arrive(
    public: PublicScope,
    *,
    flow_id: UUID,
    issuer: str,
    subject: str,
    email: str = "",
    email_verified: bool = False,
    name: str = "",
) -> Arrival:
    """Somebody was proved by a provider: whose account that is. For nobody's, what came back is kept with the trip.

    Raises:
        TripOver: the trip was settled before, or the account is closed.
    """
    flow = public.session.get(OutsideFlow, flow_id)
    if flow is None or flow.purpose != SIGN_IN or flow.used_at is None or flow.settled_at or flow.issuer:
        raise TripOver
    known = identity_of(public, issuer, subject)
    if known is None:
        flow.issuer, flow.subject, flow.email, flow.name = issuer, subject, email, name
        flow.email_verified, flow.expires_at = email_verified, public.now + AGREE_WITHIN
        public.note(provider=flow.provider, known=False)
        return Arrival(None)
    account = public.session.get(Account, known.account_id)
    if account is None or account.disabled_at or account.removed_at:
        raise TripOver
    known.used_at, flow.settled_at = public.now, public.now
    public.note(account=account.id, provider=flow.provider)
    return Arrival(account.id, account.email)


def identity_of(scope: Scope, issuer: str, subject: str) -> Identity | None:
    """The identity as we know it."""
    wanted = select(Identity).where(Identity.issuer == issuer, Identity.subject == subject)
    return scope.session.exec(wanted).first()


def trip_of_session(account: AccountScope, flow_id: UUID, purpose: str) -> OutsideFlow:
    """The round trip that this very session began for this, now settled.

    Raises:
        TripOver: another session's, another purpose, not taken up, or settled before.
    """
    flow = account.session.get(OutsideFlow, flow_id)
    if flow is None or flow.purpose != purpose or flow.used_at is None or flow.settled_at is not None:
        raise TripOver
    session = account.session.get(Session, account.actor.session_id)
    if session is None or flow.session_id != session.id:
        raise TripOver
    flow.settled_at = account.now
    return flow
