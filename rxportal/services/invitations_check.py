"""Who can be invited to a chart and for what: the refusals of inviting, each with its reason and the next step."""

from __future__ import annotations

from datetime import date
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlalchemy import Select
from sqlmodel import col, select

from rxportal.core.authorize import live_grants
from rxportal.core.errors import Conflict, InvalidInput, NotFound, PortalError
from rxportal.core.scopes import Chart
from rxportal.core.text import _
from rxportal.models.accounts import Account, Basis, Grant, Level
from rxportal.models.people import Invitation
from rxportal.rules.addresses import LONGEST_NAME, is_address
from rxportal.rules.invitations import Stand, mailbox_of, stand
from rxportal.rules.sections import Part
from rxportal.services.court_orders import KEPT_OUT, kept_out
from rxportal.services.invitations_words import ONESELF
from rxportal.services.result_journey import day


class NotInvitable(PortalError):
    """This person can't be invited; the sentence says why and what now."""

    code = "not_invitable"


def check_terms(chart: Chart, level: Level, parts: list[Part], until: date | None) -> None:
    """Whether this can be granted at all.

    Raises:
        InvalidInput: naming the field.
    """
    if level is Level.SELF:
        raise InvalidInput("level", _("Choose read only or full access."))
    if not parts:
        raise InvalidInput("parts", _("Choose one part of your chart at least."))
    if until is not None and until < chart.today:
        raise InvalidInput("until", _("That day is over. Write the last day of the access, or leave it empty."))


def check_address(name: str, address: str) -> None:
    """Whether somebody is named and a letter can be sent there.

    Raises:
        InvalidInput: naming the field.
    """
    if not name or len(name) > LONGEST_NAME:
        raise InvalidInput("name", _("Write the name of the person whom you invite."))
    if not is_address(address):
        raise InvalidInput("email", _("Write their e-mail address, like name@example.com."))


def check_person(chart: Chart, name: str, address: str, *, but: UUID | None = None) -> None:
    """Refuse whoever can't be invited, each with the reason. Whether the address has an account changes nothing."""
    mailbox, now = mailbox_of(address), chart.now
    mine = chart.session.exec(select(Account.email).where(Account.id == me(chart))).first()
    if mine and mailbox_of(mine) == mailbox:
        raise NotInvitable(ONESELF)
    for grant, account in _live(chart):
        if mailbox_of(account.email) == mailbox:
            guardian = grant.basis in (Basis.PARENT, Basis.GUARDIAN, Basis.COURT)
            raise NotInvitable(_as_guardian(account.name) if guardian else _as_proxy(account.name))
    if kept_out(chart.session, chart.patient.id, now, name=name, email=address):
        raise NotInvitable(KEPT_OUT)
    for one in waiting(chart):
        if one.id != but and mailbox_of(one.email) == mailbox:
            sent = day(one.created_at, ZoneInfo(chart.practice.time_zone))
            raise Conflict(_("You invited {name} on {day}. Send that invitation again, or withdraw it, in Connections.")
                           .format(name=one.name, day=sent))  # fmt: skip


def open_invitations(chart: Chart) -> list[tuple[Invitation, Stand]]:
    """The invitations of this chart that are not over for good, the newest first."""
    shown = (Stand.PREPARED, Stand.OPEN, Stand.DECLINED, Stand.LOCKED, Stand.EXPIRED)
    found = chart.exec(_invitations(chart).order_by(col(Invitation.created_at).desc(), col(Invitation.id))).scalars()
    return [(one, where) for one in found if (where := stand(one, chart.now)) in shown]


def _invitations(chart: Chart) -> Select[Any]:
    unanswered = col(Invitation.accepted_at).is_(None), col(Invitation.withdrawn_at).is_(None)
    return chart.select(Invitation).where(*unanswered)


def me(chart: Chart) -> UUID:
    """The account of whoever acts."""
    if chart.actor.account_id is None:
        raise NotFound
    return chart.actor.account_id


def _live(chart: Chart) -> list[tuple[Grant, Account]]:
    held = chart.select(Grant, Account).join(Account, col(Account.id) == col(Grant.account_id))
    return [(grant, account) for grant, account in chart.exec(held.where(*live_grants(chart.now)))]


def _as_guardian(name: str) -> str:
    return _("This is the address of {name}, who opens your chart as your parent or guardian. The practice decides on "
             "that access: call us.").format(name=name)  # fmt: skip


def _as_proxy(name: str) -> str:
    return _("{name} can open your chart already. To change what they see, go to Connections.").format(name=name)


def waiting(chart: Chart) -> list[Invitation]:
    """Those that wait for an answer."""
    return [one for one, where in open_invitations(chart) if where is Stand.OPEN]
