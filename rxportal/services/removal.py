"""Leaving for good (S27): who loses access, what is deleted, what stays, and then at once everywhere.

What the page says and what is done are read off the same grants by the same rule (`rules.grants.removal`).
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from sqlalchemy import delete
from sqlmodel import col, select

from rxportal.core.access import Permission
from rxportal.core.authorize import CHARTS, live_grants
from rxportal.core.clock import day_in
from rxportal.core.errors import InvalidInput, NotAllowed
from rxportal.core.live import Change
from rxportal.core.scopes import AccountScope
from rxportal.core.text import _
from rxportal.core.usecase import use_case
from rxportal.models.accounts import Account, Grant, Level, Patient, Practice, Session
from rxportal.models.credentials import (
    AccountLink,
    Authenticator,
    HalfSignIn,
    Identity,
    OutsideFlow,
    Passkey,
    PasskeyChallenge,
    RecoveryCode,
    Registration,
)
from rxportal.models.people import Claim, ClaimState, Invitation
from rxportal.models.preferences import NoticeChoice
from rxportal.rules.ages import stage_of
from rxportal.rules.grants import Removal, removal, standing
from rxportal.services.claims_open import CLAIMS
from rxportal.services.credentials import own_account
from rxportal.services.grants import end
from rxportal.services.letters import Words, write_letter
from rxportal.services.preferences_views import Loser, RemovalPage
from rxportal.services.result_timing import end_wishes

WORD = "REMOVE"
REMOVED = "account removed"
OF_ACCOUNT = (
    AccountLink, Authenticator, HalfSignIn, Identity, Passkey, PasskeyChallenge, RecoveryCode, NoticeChoice,
)  # fmt: skip
STAFF = _("A staff account is ended by the practice: ask an administrator.")


@use_case(Permission.REMOVE_ACCOUNT)
def view_removal(account: AccountScope) -> RemovalPage:
    """Who would lose what."""
    page = RemovalPage()
    for grant, patient, practice in _own_rows(account):
        if grant.level == Level.SELF:
            page.owner = True
            for other, name in _others(account, patient):
                ended = _ends(account, other, patient, practice)
                said = _("can no longer open your chart.") if ended else _("keeps access: ask the practice about it.")
                (page.lose if ended else page.stay).append(Loser(name, said))
            continue
        alone = not _others(account, patient)
        said = _("– you can no longer open this chart.")
        if alone:
            said = _("– you can no longer open this chart, and nobody else can on the portal. Call the practice first.")
        page.left.append(Loser(patient.name, said))
    page.lose += [Loser(one.name, _("is invited, and can no longer accept.")) for one in _invitations(account)]
    return page


@use_case(Permission.REMOVE_ACCOUNT, kind="write", fresh=True)
def remove_account(account: AccountScope, *, word: str = "") -> None:
    """Remove the account: its sign-ins, identities and factors, what it opens, and who was invited to its own chart.

    Raises:
        NotAllowed: a member of staff.
        InvalidInput: the word was not typed.
    """
    if account.actor.places:
        raise NotAllowed(STAFF)
    if word.strip().upper() != WORD:
        raise InvalidInput("word", _("Type the word {word} to go on.").format(word=WORD))
    own = own_account(account)
    end_wishes(account)
    ended = _end_access(account)
    open_claims = _withdraw(account)
    _tell(account, own)
    _forget(account, own)
    account.note(grants=ended, claims=open_claims)


def _own_rows(account: AccountScope) -> list[tuple[Grant, Patient, Practice]]:
    """The grants that this account holds now, with their charts."""
    rows = account.session.execute(CHARTS, {"account": account.account_id, "now": account.now})
    return [(grant, patient, practice) for grant, patient, practice in rows]


def _others(account: AccountScope, patient: Patient) -> list[tuple[Grant, str]]:
    """Who else opens a chart now, with their names."""
    wanted = (
        select(Grant, Account.name)
        .where(Grant.patient_id == patient.id, Grant.account_id != account.account_id)
        .where(Account.id == Grant.account_id, col(Account.disabled_at).is_(None), *live_grants(account.now))
        .order_by(col(Account.name), col(Grant.id))
    )
    return [(grant, name) for grant, name in account.session.exec(wanted)]


def _ends(account: AccountScope, grant: Grant, patient: Patient, practice: Practice) -> bool:
    """Whether an access to one's own chart ends with the account: what was given by invitation does."""
    stage = stage_of(patient.birth_date, day_in(practice.time_zone, account.now), practice.state)
    return removal(grant, standing(grant, stage, account.now)) is Removal.HERE


def _invitations(account: AccountScope) -> list[Invitation]:
    """What this account sent and nobody has answered."""
    wanted = select(Invitation).where(
        Invitation.invited_by == account.account_id,
        col(Invitation.accepted_at).is_(None),
        col(Invitation.declined_at).is_(None),
        col(Invitation.withdrawn_at).is_(None),
        col(Invitation.expires_at) > account.now,
    )
    return list(account.session.exec(wanted))


def _end_access(account: AccountScope) -> int:
    """End what the account holds and what others hold of its own chart by invitation; how many grants."""
    ended = 0
    for grant, patient, practice in _own_rows(account):
        mine = grant.level == Level.SELF
        gone = [
            other for other, _name in _others(account, patient) if mine and _ends(account, other, patient, practice)
        ]
        for one in (grant, *gone):
            end(account, one)
            ended += 1
        account.changes.append(Change("desk", str(practice.id), "grants"))
    for invitation in _invitations(account):
        invitation.withdrawn_at = account.now
        account.add(invitation)
    return ended


def _withdraw(account: AccountScope) -> int:
    """What the account asked for and the desk has not answered is withdrawn there; how many."""
    wanted = select(Claim).where(Claim.account_id == account.account_id, Claim.state == ClaimState.OPEN)
    claims = list(account.session.exec(wanted))
    for claim in claims:
        claim.state, claim.decided_at = ClaimState.WITHDRAWN, account.now
        claim.reason = _("The person removed their account.")
        account.add(claim)
        account.changes.append(Change("desk", str(claim.practice_id), CLAIMS))
    return len(claims)


def _tell(account: AccountScope, own: Account) -> None:
    words = Words(
        _("Your account was removed"),
        (_("Your account on our patient portal was removed, as you asked. Nobody can sign in with it any more."),),
        below=(_("If this was not you, call us at once. Our number stands below."),),
    )
    write_letter(account, own.email, words)


def _forget_typed(account: AccountScope, own: Account) -> None:
    """What the person wrote of themselves in requests, and what an invitation that they accepted called them."""
    for claim in account.session.exec(select(Claim).where(Claim.account_id == own.id)):
        claim.name = claim.birth_date = claim.postal_code = claim.phone = claim.mrn = ""
        claim.relationship = claim.proof = ""
    held = select(col(Grant.id)).where(Grant.account_id == own.id)
    for invitation in account.session.exec(select(Invitation).where(col(Invitation.grant_id).in_(held))):
        invitation.name = invitation.email = invitation.relationship = ""


def _forget(account: AccountScope, own: Account) -> None:
    """Delete what the account signed in with and chose; of its sign-ins the id alone stays, for the audit log."""
    sessions = list(account.session.exec(select(Session).where(Session.account_id == own.id)))
    keys = [one.id for one in sessions]
    _delete(account, (col(Registration.email) == own.email, Registration))
    _forget_typed(account, own)
    _delete(account, (col(OutsideFlow.email) == own.email, OutsideFlow))
    _delete(account, (col(OutsideFlow.session_id).in_(keys), OutsideFlow))
    _delete(account, *((model.account_id == own.id, model) for model in OF_ACCOUNT))
    for session in sessions:
        account.end(session, REMOVED)
        session.browser = session.address = session.way = ""
        account.add(session)
    own.email, own.name, own.called, own.password_hash = f"removed:{own.id}", "", "", ""
    own.disabled_at = own.removed_at = account.now
    account.add(own)


def _delete(account: AccountScope, *conditions: Iterable[Any]) -> None:
    account.session.flush()
    for condition, model in conditions:
        account.session.execute(delete(model).where(condition))
