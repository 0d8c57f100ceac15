"""Loading the demo practice: the last eight days are lived through with the real use cases, each at its own time.

Why the past is lived through and not written down: docs/adr/0040.
"""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from rxportal.core.clock import system_clock
from rxportal.core.identity import Anonymous, Operator, SessionToken
from rxportal.core.kernel import Kernel, PracticeFacts
from rxportal.core.live import MemoryBus
from rxportal.demo.bundles import CHARTS, ELSEWHERE, Writer, arrivals
from rxportal.demo.calendar import ARRIVALS, moment
from rxportal.demo.decisions import ACTS, ACTS_ELSEWHERE, Act
from rxportal.demo.people import DOCTOR, MEMBERS, OTHER_DOCTOR, Member
from rxportal.demo.practice import OTHER_NAME
from rxportal.demo.receive import Inbox
from rxportal.demo.settle import demo_accounts, demo_results, open_demo_accounts, tie_demo_accounts
from rxportal.demo.story import born
from rxportal.models.accounts import Level
from rxportal.rules.sections import Part
from rxportal.services.claims import claim_own_chart
from rxportal.services.desk_results import hold_result, mark_seen, release_result
from rxportal.services.invitations import prepare_invitation, sealed, send_invitation
from rxportal.services.sessions import begin_session, end_session

OPERATOR = Operator("demo")
ASKED_DAYS_AGO = 1
INVITED_DAYS_AGO = 2
Hash = Callable[[str], str]


@dataclass(frozen=True)
class Office:
    """One of the two practices while its last days are lived through."""

    kernel: Kernel
    charts: dict[str, Writer]
    doctor: Member
    acts: tuple[Act, ...]
    elsewhere: bool = False
    key: bytes = b""

    def at(self, when: datetime) -> Kernel:
        """The practice's kernel at that moment; its changes are told to nobody, since nobody is there yet."""
        return replace(self.kernel, clock=lambda: when, bus=MemoryBus())


def load(kernel: Kernel, inbox: Inbox, hashed: Hash, key: bytes) -> bool:
    """Load the demo practice and the other one beside it; False when it is here already. `key`: seals passcodes."""
    if kernel.perform(demo_accounts, OPERATOR):
        return False
    hashes = _hashes(hashed)
    other = replace(kernel, practice=PracticeFacts(OTHER_NAME, kernel.practice.state, kernel.practice.time_zone))
    for office in (
        Office(kernel, CHARTS, DOCTOR, ACTS, key=key),
        Office(other, ELSEWHERE, OTHER_DOCTOR, ACTS_ELSEWHERE, elsewhere=True),
    ):
        _live_through(office, inbox, hashes)
    return True


def _hashes(hashed: Hash) -> dict[str, str]:
    """E-mail → password hash; argon2 lets two run at once."""
    with ThreadPoolExecutor(2) as pool:
        return dict(
            zip((one.email for one in MEMBERS), pool.map(hashed, (one.password for one in MEMBERS)), strict=True)
        )


def _live_through(office: Office, inbox: Inbox, hashes: dict[str, str]) -> None:
    now = system_clock().astimezone(ZoneInfo(office.kernel.practice.time_zone))
    own = {one.email: hashes[one.email] for one in MEMBERS if one.elsewhere is office.elsewhere}
    first = office.at(moment(now, ARRIVALS[0], "17:00"))
    first.perform(open_demo_accounts, OPERATOR, hashes=own, elsewhere=office.elsewhere)
    bundles = dict(arrivals(office.charts, now))
    for days_ago in range(ARRIVALS[0], -1, -1):
        acts = [act for act in office.acts if act.days_ago == days_ago]
        if acts:
            _decide(office.at(moment(now, days_ago, "09:30")), office.doctor, acts, now)
        if days_ago in bundles:
            inbox.receive(office.at(moment(now, days_ago, "18:00")), office.elsewhere, bundles[days_ago])
        if days_ago == ARRIVALS[0]:
            first.perform(tie_demo_accounts, OPERATOR, elsewhere=office.elsewhere)
        if days_ago == INVITED_DAYS_AGO:
            _invite(office.at(moment(now, days_ago, "12:20")), office)
        if days_ago == ASKED_DAYS_AGO:
            _ask(office.at(moment(now, days_ago, "11:15")), office.elsewhere, now)


def _ask(kernel: Kernel, elsewhere: bool, now: datetime) -> None:
    """Whoever registered and asks for their chart with facts of themselves; the front desk has not answered yet."""
    accounts = kernel.perform(demo_accounts, OPERATOR)
    for member in (member for member in MEMBERS if member.asks and member.elsewhere is elsewhere):
        signed_in = kernel.perform(
            begin_session, Anonymous(), account_id=accounts[member.email], attempt_ids=[], browser="demo"
        )
        session = SessionToken(signed_in)
        birth = born(now.date(), 38, 200)
        kernel.perform(
            claim_own_chart, session, practice=kernel.practice.name, name=member.name, birth_date=birth.isoformat(),
            postal_code="00000", phone="555-0100",
        )  # fmt: skip
        kernel.perform(end_session, session)


def _invite(kernel: Kernel, office: Office) -> None:
    """Whoever wants help with their chart invites somebody: the letter leaves when the portal is started."""
    accounts = kernel.perform(demo_accounts, OPERATOR)
    for member in (member for member in MEMBERS if member.elsewhere is office.elsewhere):
        if guest := member.invites:
            signed_in = kernel.perform(
                begin_session, Anonymous(), account_id=accounts[member.email], attempt_ids=[], browser="demo"
            )
            session = SessionToken(signed_in)
            draft = kernel.perform(
                prepare_invitation, session, name=guest.name, email=guest.email, relationship=guest.relationship,
                level=Level.READ_ONLY, parts=list(Part),
            )  # fmt: skip
            seal = sealed(office.key, guest.passcode)
            kernel.perform(send_invitation, session, invitation_id=draft.id, seal=seal)
            kernel.perform(end_session, session)


def _decide(kernel: Kernel, doctor: Member, acts: list[Act], now: datetime) -> None:
    """The doctor signs in, decides, and signs out."""
    account = kernel.perform(demo_accounts, OPERATOR)[doctor.email]
    results = kernel.perform(demo_results, OPERATOR)
    signed_in = kernel.perform(begin_session, Anonymous(), account_id=account, attempt_ids=[], browser="demo")
    session = SessionToken(signed_in)
    for act in acts:
        _do(kernel, session, act, results[act.result], now)
    kernel.perform(end_session, session)


def _do(kernel: Kernel, session: SessionToken, act: Act, result: Any, now: datetime) -> None:
    if act.do == "hold":
        until = now.date() + timedelta(days=act.until_in_days)
        kernel.perform(hold_result, session, record_id=result, reason=act.reason, until=until, comment=act.comment)
    else:
        case = release_result if act.do == "release" else mark_seen
        kernel.perform(case, session, record_id=result, comment=act.comment)
