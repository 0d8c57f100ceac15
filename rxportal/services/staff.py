"""The practice's people: accounts at a desk, and the one-time link with which each sets a password."""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID

from sqlmodel import select

from rxportal.core.access import Permission
from rxportal.core.errors import InvalidInput, NotFound
from rxportal.core.identity import token_hash
from rxportal.core.scopes import Desk, PublicScope
from rxportal.core.text import _
from rxportal.core.usecase import use_case
from rxportal.models.accounts import Account, PasswordLink, Role, Session, Staff
from rxportal.rules.passwords import SHORTEST
from rxportal.services.credentials import keep_password, tell_of_change
from rxportal.services.sessions import normal_email

LINK_LIVES = timedelta(hours=24)


@dataclass(frozen=True)
class StaffInvitation:
    """A new place at the desk and the token of its one-time link."""

    account_id: UUID
    token: str


@use_case(Permission.MANAGE_STAFF, kind="write")
def add_staff(desk: Desk, *, email: str, name: str, role: Role, title: str = "") -> StaffInvitation:
    """Give somebody a place at this practice's desk; an account that exists keeps its password until the link is used.

    Raises:
        InvalidInput: the address is no e-mail address, or the person has a place here already.
    """
    address = normal_email(email)
    if "@" not in address or len(address) > 254:
        raise InvalidInput("email", _("Write an e-mail address, for example lee@clinic.example."))
    account = desk.session.exec(select(Account).where(Account.email == address)).first()
    if account is None:
        account = Account(email=address, name=name.strip() or address, created_at=desk.now)
        desk.add(account)
        desk.session.flush()
    place = _place(desk, account.id)
    if place and (place.until is None or place.until > desk.now):
        raise InvalidInput("email", _("This person has a place here already. End that one first."))
    place = place or Staff(account_id=account.id, practice_id=desk.practice.id, role=role, since=desk.now)
    place.role, place.title, place.since, place.until = role, title, desk.now, None
    desk.add(place)
    token = secrets.token_urlsafe(32)
    desk.add(PasswordLink(account_id=account.id, token_hash=token_hash(token), expires_at=desk.now + LINK_LIVES))
    desk.note(account=account.id, role=role.value)
    return StaffInvitation(account.id, token)


def _place(desk: Desk, account_id: UUID) -> Staff | None:
    """This practice's place of an account, ended or not: there is one at most."""
    wanted = select(Staff).where(Staff.account_id == account_id, Staff.practice_id == desk.practice.id)
    return desk.session.exec(wanted).first()


@use_case(Permission.SET_PASSWORD, audited=False)
def check_password_link(public: PublicScope, *, token: str) -> None:
    """Whether a one-time link can be used now.

    Raises:
        NotFound: the link was used, is older than a day, or never was.
    """
    _open_link(public, token)


@use_case(Permission.SET_PASSWORD, kind="write")
def set_password(public: PublicScope, *, token: str, password_hash: str) -> None:
    """Use a one-time link: the new password counts, every session of the account ends.

    Raises:
        NotFound: the link was used, is older than a day, or never was.
    """
    link, account = _open_link(public, token)
    link.used_at = public.now
    keep_password(public, account, password_hash, length=SHORTEST)
    for session in public.session.exec(select(Session).where(Session.account_id == account.id)):
        public.end(session, "password changed")
    tell_of_change(public, account, _("A password was set, by the link that the practice gave."))
    public.note(account=account.id)


def _open_link(public: PublicScope, token: str) -> tuple[PasswordLink, Account]:
    link = public.session.exec(
        select(PasswordLink).where(PasswordLink.token_hash == token_hash(token)).with_for_update()
    ).first()
    account = public.session.get(Account, link.account_id) if link else None
    if link is None or account is None or link.used_at is not None or public.now >= link.expires_at:
        raise NotFound(_("This link was used or is older than a day. Ask the practice for a new one."))
    return link, account
