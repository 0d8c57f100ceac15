"""Whoever was invited: finds the invitation, types the passcode, sees what they accept, accepts or declines (F7).

A wrong passcode is an answer, not a refusal: it is counted in the transaction that looked at it, so that five tries are
five, however many come at once.
"""

from __future__ import annotations

import hmac
from zoneinfo import ZoneInfo

from sqlmodel import col, select

from rxportal.core.access import Permission
from rxportal.core.authorize import live_grants
from rxportal.core.identity import token_hash
from rxportal.core.live import GRANTS, Change
from rxportal.core.scopes import AccountScope, PublicScope
from rxportal.core.text import _
from rxportal.core.usecase import use_case
from rxportal.models.accounts import Account, Basis, Grant, Level, Patient, Practice
from rxportal.models.people import Invitation
from rxportal.rules.invitations import MOST_TRIES, Stand, mailbox_of, stand
from rxportal.services.connections_views import OfferPage
from rxportal.services.court_orders import KEPT_OUT, kept_out
from rxportal.services.grants import GRANTS_TOPIC
from rxportal.services.invitations import kept_seal
from rxportal.services.invitations_words import (
    GONE,
    KNOWN,
    LEVELS,
    NOT_OPEN,
    OVER,
    SENT_IT,
    letter_to_owner,
    sees_words,
    until_words,
    wrong_passcode,
)  # fmt: skip
from rxportal.services.letters import write_letter


@use_case(Permission.FIND_INVITATION, audited=False)
def find_invitation(public: PublicScope, *, token: str) -> OfferPage:
    """Whether the invitation behind a link can still be answered; nothing of whose it is."""
    wanted = select(Invitation).where(Invitation.token_hash == token_hash(token))
    found = public.session.exec(wanted).first()
    where = stand(found, public.now) if found else Stand.WITHDRAWN
    return OfferPage("open") if where is Stand.OPEN else OfferPage("over", OVER.get(where, GONE))


@use_case(Permission.ANSWER_INVITATION, kind="write")
def enter_passcode(account: AccountScope, *, token: str, seal: str) -> OfferPage:
    """What is offered, to whoever has the link and the passcode. Wrong ones are counted. `seal`: see `sealed`."""
    found, refusal = _opened(account, token, seal)
    return refusal if found is None else _offer(account, found, "entered")


@use_case(Permission.ANSWER_INVITATION, kind="write")
def accept_invitation(account: AccountScope, *, token: str, seal: str) -> OfferPage:
    """Open the chart to this account, as it was offered, once."""
    found, refusal = _opened(account, token, seal)
    if found is None:
        return refusal
    grant = account.add(
        Grant(
            account_id=account.account_id, patient_id=found.patient_id, level=found.level, basis=Basis.INVITED,
            relationship=found.relationship, sections=found.sections, since=account.now, until=found.until,
            accepted_at=account.now,
        )
    )  # fmt: skip
    account.session.flush()
    found.accepted_at, found.grant_id = account.now, grant.id
    account.add(found)
    account.note(grant=str(grant.id))
    account.changes.append(Change("account", str(account.account_id), GRANTS))
    _tell(account, found, _("The invitation that you sent was accepted."))
    return _offer(account, found, "accepted", grant=str(grant.id))


@use_case(Permission.ANSWER_INVITATION, kind="write")
def decline_invitation(account: AccountScope, *, token: str, seal: str) -> OfferPage:
    """Say no: the link is dead, and whoever sent it sees that."""
    found, refusal = _opened(account, token, seal)
    if found is None:
        return refusal
    found.declined_at = account.now
    account.add(found)
    _tell(account, found, _("The invitation that you sent was declined."))
    return OfferPage(
        "declined",
        _("Nothing was opened to you. Whoever invited you sees that you declined, and can invite you again."),
    )


def _opened(account: AccountScope, token: str, seal: str) -> tuple[Invitation | None, OfferPage]:
    """The invitation, when this account may answer it and the passcode fits; else what to say."""
    wanted = select(Invitation).where(Invitation.token_hash == token_hash(token)).with_for_update()
    found = account.session.exec(wanted).first()
    where = stand(found, account.now) if found else Stand.WITHDRAWN
    if found is None or where is not Stand.OPEN:
        return None, OfferPage("over", OVER.get(where, GONE))
    if found.invited_by == account.account_id:
        return None, OfferPage("own", SENT_IT)
    account.note(patient_id=found.patient_id, invitation=str(found.id))
    if not hmac.compare_digest(found.passcode_hash, kept_seal(found.id, seal)):
        found.passcode_tries += 1
        account.add(found)
        left = MOST_TRIES - found.passcode_tries
        return None, OfferPage("wrong" if left else "over", wrong_passcode(left))
    return _allowed(account, found)


def _allowed(account: AccountScope, found: Invitation) -> tuple[Invitation | None, OfferPage]:
    """Whether this person may be let in; asked again at every step, since a court may have decided in between."""
    held = select(Grant, Account).join(Account, col(Account.id) == col(Grant.account_id))
    held = held.where(Grant.patient_id == found.patient_id, *live_grants(account.now))
    people = list(account.session.exec(held))
    if not any(grant.level == Level.SELF and who.id == found.invited_by for grant, who in people):
        return None, OfferPage("over", NOT_OPEN)
    me = account.session.exec(select(Account).where(Account.id == account.account_id)).one()
    if any(who.id == me.id or mailbox_of(who.email) == mailbox_of(me.email) for _grant, who in people):
        return None, OfferPage("known", KNOWN)
    if kept_out(account.session, found.patient_id, account.now, account_id=me.id, name=me.name, email=me.email):
        return None, OfferPage("over", KEPT_OUT)
    return found, OfferPage()


def _offer(account: AccountScope, found: Invitation, where: str, *, grant: str = "") -> OfferPage:
    patient = account.session.get_one(Patient, found.patient_id)
    practice = account.session.get_one(Practice, patient.practice_id)
    level = Level(found.level)
    return OfferPage(
        stand=where,
        patient=patient.name,
        level=LEVELS[level],
        sees=sees_words(level, found.sections),
        until=until_words(found.until, ZoneInfo(practice.time_zone)),
        grant=grant,
    )


def _tell(account: AccountScope, found: Invitation, what: str) -> None:
    """Whoever sent it: by a letter, and on every open page."""
    address = account.session.exec(select(Account.email).where(Account.id == found.invited_by)).first()
    if address:
        write_letter(account, address, letter_to_owner(what), account_id=found.invited_by)
    account.changes.append(Change("account", str(found.invited_by), GRANTS))
    account.changes.append(Change("chart", str(found.patient_id), GRANTS_TOPIC))
