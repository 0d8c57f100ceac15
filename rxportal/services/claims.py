"""Who is this? A person asks for a chart, their own or a child's, and proves with a code that it is theirs (S13).

A wrong fact, a missing person, a wrong code and a chart that has an owner are never told apart before a code is right.
"""

from __future__ import annotations

from uuid import UUID
from zoneinfo import ZoneInfo

from sqlmodel import col, select

from rxportal.core.access import Permission
from rxportal.core.authorize import live_grants
from rxportal.core.clock import day_in
from rxportal.core.errors import Conflict, NotFound
from rxportal.core.proving import owner_of, the_one
from rxportal.core.scopes import AccountScope
from rxportal.core.text import _
from rxportal.core.usecase import use_case
from rxportal.models.accounts import Grant, Level, Practice
from rxportal.models.people import Claim, ClaimKind, ClaimState, FileCode
from rxportal.rules.addresses import TURNS, person_name
from rxportal.rules.claims import BASES, OWN_FROM, Facts, Kin, answer_due
from rxportal.services.claims_facts import check_child, check_own_age, checked
from rxportal.services.claims_open import tell
from rxportal.services.claims_tries import admit_try, count_try
from rxportal.services.claims_views import ClaimRow, ClaimsPage, Typed
from rxportal.services.claims_words import claim_row, typed_of
from rxportal.services.home_views import Line

MOST_OPEN, MOST_SHOWN = 5, 20


@use_case(Permission.VIEW_CLAIMS)
def view_claims(account: AccountScope) -> ClaimsPage:
    """What this account asked for, and where each request stands."""
    mine = select(Claim).where(Claim.account_id == account.account_id).order_by(col(Claim.created_at).desc())
    claims = list(account.session.exec(mine.order_by(col(Claim.id)).limit(MOST_SHOWN)))
    own = next((one for one in claims if one.kind == ClaimKind.OWN), None)
    live = own is not None and own.state == ClaimState.OPEN
    return ClaimsPage(
        has_own=_has_own(account),
        own=_row(account, own) if own and own.state != ClaimState.WITHDRAWN else ClaimRow(),
        typed=typed_of(own) if own and not live else Typed(),
        children=[
            _row(account, one) for one in claims if one.kind == ClaimKind.CHILD and one.state != ClaimState.WITHDRAWN
        ],
    )


@use_case(Permission.VIEW_CLAIMS, audited=False)
def waiting_claims(account: AccountScope) -> list[Line]:
    """What this account asked for and the desk has not answered, one line each for the home page (N4)."""
    mine = select(Claim).where(Claim.account_id == account.account_id, Claim.state == ClaimState.OPEN)
    claims = account.session.exec(mine.order_by(col(Claim.due_at), col(Claim.id)).limit(MOST_SHOWN))
    return [_line(_row(account, claim), claim) for claim in claims]


@use_case(Permission.MAKE_CLAIMS, kind="write")
def claim_own_chart(
    account: AccountScope,
    *,
    practice: str,
    name: str,
    birth_date: str,
    postal_code: str = "",
    phone: str = "",
    mrn: str = "",
    own_from: int = OWN_FROM,
) -> UUID:
    """Ask for one's own chart with the facts of oneself. `practice`: whose portal this is; `own_from`: from which age.

    Raises:
        InvalidInput: naming the field.
        Conflict: there is an own chart or an open request already.
        TooMany: too many requests today.
    """
    where = _practice(account, practice)
    today = day_in(where.time_zone, account.now)
    facts = checked(today, name=name, birth_date=birth_date, postal_code=postal_code, phone=phone, mrn=mrn)
    check_own_age(facts, today, own_from)
    admit_try(account, "claim")
    if _has_own(account):
        raise Conflict(_("You have your own chart here already."))
    if _open(account, ClaimKind.OWN):
        raise Conflict(_("You asked already. Take that request back to change what you wrote."))
    found = the_one(account.session, where.id, facts)
    claim = _kept(account, where, facts, ClaimKind.OWN)
    claim.conflict = found is not None and owner_of(account.session, found.id, account.now) is not None
    return claim.id


@use_case(Permission.MAKE_CLAIMS, kind="write")
def claim_child_chart(
    account: AccountScope,
    *,
    practice: str,
    kin: Kin,
    relationship: str,
    proof: str,
    name: str,
    birth_date: str,
    postal_code: str = "",
    phone: str = "",
    mrn: str = "",
) -> UUID:
    """Ask for the chart of a child, or of somebody one is responsible for; the front desk decides.

    Raises:
        InvalidInput: naming the field.
        TooMany: too many open requests.
    """
    where = _practice(account, practice)
    today = day_in(where.time_zone, account.now)
    facts = checked(today, name=name, birth_date=birth_date, postal_code=postal_code, phone=phone, mrn=mrn)
    check_child(facts, today, kin, relationship, proof)
    admit_try(account, "claim")
    waiting = _open(account, ClaimKind.CHILD)
    if any((one.name, one.birth_date) == (facts.name, facts.birth_date) for one in waiting):
        raise Conflict(_("You asked for this chart already. The front desk answers by the day that stands there."))
    if len(waiting) >= MOST_OPEN:
        raise Conflict(_("{count} requests are open. Wait for an answer, or take one back.").format(count=MOST_OPEN))
    claim = _kept(account, where, facts, ClaimKind.CHILD)
    claim.relationship, claim.proof = person_name(relationship), proof.translate(TURNS).strip()
    claim.basis = BASES[kin].value
    return claim.id


@use_case(Permission.MAKE_CLAIMS, kind="write")
def withdraw_claim(account: AccountScope, *, claim_id: UUID) -> None:
    """Take a request back that nobody answered yet.

    Raises:
        NotFound: no request of this account.
        Conflict: it was answered or taken back before.
    """
    claim = my_claim(account, claim_id)
    claim.state, claim.decided_at = ClaimState.WITHDRAWN, account.now
    account.add(claim)
    account.note(claim=str(claim.id))
    tell(account, claim)


def my_claim(account: AccountScope, claim_id: UUID) -> Claim:
    """An open request of this account, kept from others till the end.

    Raises:
        NotFound, Conflict: it is over.
    """
    wanted = select(Claim).where(Claim.id == claim_id, Claim.account_id == account.account_id)
    claim = account.session.exec(wanted.with_for_update()).first()
    if claim is None:
        raise NotFound
    if claim.state != ClaimState.OPEN:
        raise Conflict(_("This request is over. The page shows what became of it."))
    return claim


def newest_code(account: AccountScope, claim: Claim) -> FileCode | None:
    """The code that was sent last for a claim, while it can still be used."""
    sent = select(FileCode).where(FileCode.claim_id == claim.id, col(FileCode.used_at).is_(None))
    live = sent.where(col(FileCode.expires_at) > account.now).order_by(col(FileCode.created_at).desc())
    return account.session.exec(live).first()


def _row(account: AccountScope, claim: Claim) -> ClaimRow:
    practice = account.session.get(Practice, claim.practice_id)
    zone = ZoneInfo(practice.time_zone if practice else "UTC")
    code = newest_code(account, claim) if claim.state == ClaimState.OPEN else None
    return claim_row(claim, zone, account.now, code)


def _line(row: ClaimRow, claim: Claim) -> Line:
    place = "own" if claim.kind == ClaimKind.OWN else "others"
    return Line(row.title, row.sentence, f"/account/verify#{place}", row.tag, row.tone)


def _practice(account: AccountScope, name: str) -> Practice:
    found = account.session.exec(select(Practice).where(Practice.name == name)).first()
    if found is None:
        raise NotFound
    return found


def _has_own(account: AccountScope) -> bool:
    own = select(Grant.id).where(Grant.account_id == account.account_id, Grant.level == Level.SELF)
    return account.session.exec(own.where(*live_grants(account.now))).first() is not None


def _open(account: AccountScope, kind: ClaimKind) -> list[Claim]:
    mine = select(Claim).where(Claim.account_id == account.account_id, Claim.kind == kind)
    return list(account.session.exec(mine.where(Claim.state == ClaimState.OPEN)))


def _kept(account: AccountScope, practice: Practice, facts: Facts, kind: ClaimKind) -> Claim:
    count_try(account, "claim")
    claim = account.add(
        Claim(
            account_id=account.account_id, practice_id=practice.id, kind=kind, state=ClaimState.OPEN, name=facts.name,
            birth_date=facts.birth_date, postal_code=facts.postal_code, phone=facts.phone, mrn=facts.mrn,
            created_at=account.now, due_at=answer_due(account.now, ZoneInfo(practice.time_zone)),
        )
    )  # fmt: skip
    account.session.flush()
    account.note(claim=str(claim.id))
    tell(account, claim)
    return claim
