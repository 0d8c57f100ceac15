"""Outside identities of one's own account: see them, link another, unlink one, prove oneself by a new round trip."""

from __future__ import annotations

from uuid import UUID
from zoneinfo import ZoneInfo

from sqlalchemy import func
from sqlmodel import col, select

from rxportal.core.access import Permission
from rxportal.core.errors import Conflict, NotFound
from rxportal.core.live import Change
from rxportal.core.scopes import AccountScope, Scope
from rxportal.core.text import _
from rxportal.core.usecase import use_case
from rxportal.models.accounts import Account, Session
from rxportal.models.credentials import Authenticator, Identity, Passkey
from rxportal.services.credentials import own_account, tell_of_change
from rxportal.services.identity_views import IdentitiesPage, IdentityRow
from rxportal.services.outside import FRESH, LINK, Begun, identity_of, set_out, trip_of_session
from rxportal.services.result_journey import day

IDENTITIES = "identities"
"""Topic of an account whose ways of signing in with others changed."""
UNLINKED = "way of signing in removed"


@use_case(Permission.VIEW_IDENTITIES)
def list_identities(account: AccountScope, *, labels: dict[str, str] | None = None) -> IdentitiesPage:
    """The identities of this account, the first linked first. `labels`: what the providers are called here."""
    rows, names = _identities(account, account.account_id), labels or {}
    only = len(rows) == 1 and not _other_ways(account, account.account_id)
    return IdentitiesPage([_row(one, names.get(one.provider, one.provider.capitalize()), only=only) for one in rows])


def _row(one: Identity, label: str, *, only: bool) -> IdentityRow:
    zone = ZoneInfo("UTC")
    used = day(one.used_at, zone) if one.used_at else ""
    return IdentityRow(str(one.id), label, one.email or one.name, day(one.linked_at, zone), used, only)


@use_case(Permission.MANAGE_IDENTITIES, audited=False, fresh=True)
def may_link(_account: AccountScope) -> bool:
    """Whether linking may begin now: only soon after a proof of who one is."""
    return True


@use_case(Permission.MANAGE_IDENTITIES, kind="write", fresh=True)
def begin_link(account: AccountScope, *, provider: str, browser: str) -> Begun:
    """Begin to link an identity of a provider to this account."""
    account.note(provider=provider)
    return set_out(account, provider, LINK, browser)


@use_case(Permission.MANAGE_IDENTITIES, kind="write")
def link_identity(
    account: AccountScope, *, flow_id: UUID, issuer: str, subject: str, label: str, email: str = "", name: str = ""
) -> str:
    """Link who came back to this account, in the session that began it. What was done: "linked" or "same".

    Raises:
        TripOver: another session's round trip, or an old one.
        Conflict: that identity opens another account here.
    """
    flow = trip_of_session(account, flow_id, LINK)
    holder = own_account(account)
    known = identity_of(account, issuer, subject)
    if known is not None and known.account_id == holder.id:
        return "same"
    keep_identity(
        account, account_id=holder.id, provider=flow.provider, issuer=issuer, subject=subject, email=email, name=name
    )
    tell_of_change(account, holder, _("You can now sign in with {provider} too.").format(provider=label))
    return "linked"


@use_case(Permission.MANAGE_IDENTITIES, kind="write", fresh=True)
def unlink_identity(account: AccountScope, *, identity_id: UUID, label: str = "") -> str:
    """Take an identity off this account; sign-ins in other browsers that began with it end. Its provider.

    Raises:
        NotFound: none of this account.
        Conflict: it is the last way in.
    """
    holder = own_account(account)
    rows = _identities(account, holder.id)
    found = next((one for one in rows if one.id == identity_id), None)
    if found is None:
        raise NotFound
    if len(rows) == 1 and not _other_ways(account, holder.id):
        raise Conflict(_("This is your only way to sign in. Set a password or add a passkey first, then unlink it."))
    account.session.delete(found)
    if all(one.provider != found.provider for one in rows if one is not found):
        _end_others(account, holder.id, found.provider)
    account.note(provider=found.provider)
    account.changes.append(Change("account", str(holder.id), IDENTITIES))
    name = label or found.provider.capitalize()
    tell_of_change(account, holder, _("You can no longer sign in with {provider}.").format(provider=name))
    return found.provider


@use_case(Permission.PROVE_SESSION, kind="write", audited=False)
def begin_proof(account: AccountScope, *, provider: str, browser: str, after: str = "") -> Begun:
    """Begin to prove who one is by a new round trip: for accounts that have nothing else to prove it with.

    Raises:
        NotFound: no identity of this provider, or the account has a password, a passkey or codes for that.
    """
    if provider not in round_trips(account, account.account_id):
        raise NotFound
    return set_out(account, provider, FRESH, browser, after)


@use_case(Permission.PROVE_SESSION, kind="write")
def prove_by_trip(account: AccountScope, *, flow_id: UUID, issuer: str, subject: str) -> None:
    """Whoever came back is the holder of this account: the session counts as proved from now on.

    Raises:
        TripOver: another session's round trip, or an old one.
        Conflict: somebody else came back.
    """
    trip_of_session(account, flow_id, FRESH)
    known = identity_of(account, issuer, subject)
    if known is None or known.account_id != account.account_id:
        raise Conflict(_("That is another person’s sign-in. Use the one that is linked to this account."))
    session = account.session.get(Session, account.actor.session_id)
    if session is None or not round_trips(account, account.account_id):
        raise NotFound
    session.fresh_at = known.used_at = account.now
    account.note(provider=known.provider)


@use_case(Permission.PROVE_SESSION, audited=False)
def list_round_trips(account: AccountScope) -> list[str]:
    """The providers by which this account can prove afresh who it is."""
    return round_trips(account, account.account_id)


def round_trips(scope: Scope, account_id: UUID) -> list[str]:
    """The providers by which this account may prove itself; none where there is a password, passkey or code for it."""
    coded = select(func.count()).select_from(Authenticator).where(Authenticator.account_id == account_id)
    codes = scope.session.exec(coded.where(col(Authenticator.confirmed_at).is_not(None))).one()
    if codes or _other_ways(scope, account_id):
        return []
    return list(dict.fromkeys(one.provider for one in _identities(scope, account_id)))


def keep_identity(
    scope: Scope, *, account_id: UUID, provider: str, issuer: str, subject: str, email: str = "", name: str = ""
) -> Identity:
    """Link an identity to an account. No token of the provider is kept.

    Raises:
        Conflict: it opens another account.
    """
    known = identity_of(scope, issuer, subject)
    if known is not None and known.account_id != account_id:
        raise Conflict(_("That sign-in belongs to another account here. Sign in with it, or call sign-in support."))
    if known is not None:
        return known
    scope.changes.append(Change("account", str(account_id), IDENTITIES))
    scope.note(provider=provider)
    return scope.add(
        Identity(
            account_id=account_id, provider=provider, issuer=issuer, subject=subject, email=email[:254],
            name=name[:300], linked_at=scope.now,
        )
    )  # fmt: skip


def _identities(scope: Scope, account_id: UUID) -> list[Identity]:
    wanted = select(Identity).where(Identity.account_id == account_id)
    return list(scope.session.exec(wanted.order_by(col(Identity.linked_at), col(Identity.id))))


def _other_ways(scope: Scope, account_id: UUID) -> int:
    """How many ways in there are besides outside identities: a password, passkeys."""
    account = scope.session.get(Account, account_id)
    keys = scope.session.exec(select(func.count()).select_from(Passkey).where(Passkey.account_id == account_id)).one()
    return keys + bool(account and account.password_hash)


def _end_others(account: AccountScope, account_id: UUID, provider: str) -> None:
    live = select(Session).where(
        Session.account_id == account_id, Session.way == provider, col(Session.ended_at).is_(None)
    )
    for one in account.session.exec(live):
        if one.id != account.actor.session_id:
            account.end(one, UNLINKED)
