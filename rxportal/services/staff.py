"""The practice's people: accounts at a desk, and the one-time link with which each sets a password."""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID

from sqlmodel import col, select

from rxportal.core.access import Permission
from rxportal.core.errors import InvalidInput, NotFound
from rxportal.core.identity import token_hash
from rxportal.core.scopes import Desk, PublicScope
from rxportal.core.text import _
from rxportal.core.usecase import use_case
from rxportal.models.accounts import Account, PasswordLink, Role, Session, Staff
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
        InvalidInput: the address is no e-mail address, or the person has this role here already.
    """
    address = normal_email(email)
    if "@" not in address or len(address) > 254:
        raise InvalidInput("email", _("Write an e-mail address, for example lee@clinic.example."))
    account = desk.session.exec(select(Account).where(Account.email == address)).first()
    if account is None:
        account = Account(email=address, name=name.strip() or address, created_at=desk.now)
        desk.add(account)
        desk.session.flush()
    if _has_place(desk, account.id, role):
        raise InvalidInput("email", _("This person has that role here already."))
    desk.add(Staff(account_id=account.id, practice_id=desk.practice.id, role=role, title=title, since=desk.now))
    token = secrets.token_urlsafe(32)
    desk.add(PasswordLink(account_id=account.id, token_hash=token_hash(token), expires_at=desk.now + LINK_LIVES))
    desk.note(account=account.id, role=role.value)
    return StaffInvitation(account.id, token)


def _has_place(desk: Desk, account_id: UUID, role: Role) -> bool:
    places = select(Staff).where(
        Staff.account_id == account_id,
        Staff.practice_id == desk.practice.id,
        Staff.role == role,
        col(Staff.until).is_(None),
    )
    return desk.session.exec(places).first() is not None


@use_case(Permission.SET_PASSWORD, kind="write")
def set_password(public: PublicScope, *, token: str, password_hash: str) -> None:
    """Use a one-time link: the new password counts, every session of the account ends.

    Raises:
        NotFound: the link was used, is older than a day, or never was.
    """
    link = public.session.exec(select(PasswordLink).where(PasswordLink.token_hash == token_hash(token))).first()
    account = public.session.get(Account, link.account_id) if link else None
    if link is None or account is None or link.used_at is not None or public.now >= link.expires_at:
        raise NotFound(_("This link was used or is older than a day. Ask the practice for a new one."))
    link.used_at = public.now
    account.password_hash = password_hash
    for session in public.session.exec(select(Session).where(Session.account_id == account.id)):
        public.end(session, "password changed")
    public.note(account=account.id)
