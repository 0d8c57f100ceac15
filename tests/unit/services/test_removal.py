"""Leaving for good: what the page says is what happens, at once, and nothing of the person is left but ids."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import timedelta

import pytest
from sqlalchemy import text

from rxportal.core.errors import InvalidInput, NotAllowed, NotFound, NotFresh, NotSignedIn
from rxportal.core.identity import SessionToken
from rxportal.core.kernel import Kernel
from rxportal.core.live import Change
from rxportal.models.accounts import Account, Basis, Grant, Level, Patient, Session
from rxportal.models.audit import AuditEntry
from rxportal.models.credentials import Authenticator, Identity, OutsideFlow, Passkey, RecoveryCode
from rxportal.models.people import Claim, ClaimKind, ClaimState, Invitation
from rxportal.models.preferences import NoticeChoice, TimingChoice
from rxportal.models.records import Record
from rxportal.services.access_log import access_log
from rxportal.services.claims_open import CLAIMS
from rxportal.services.connections import connections
from rxportal.services.desk_results import mark_seen
from rxportal.services.removal import remove_account, view_removal
from rxportal.services.result_timing import choose_timing
from rxportal.services.results import list_results
from tests.factories import World
from tests.fakes import RecordingBus


@dataclass
class Leaver:
    """Ana owns a chart that Ben reads by invitation, and opens her child's; everything an account can have, she has."""

    world: World
    account: Account = field(init=False)
    patient: Patient = field(init=False)
    child: Patient = field(init=False)
    token: SessionToken = field(init=False)
    ben: Account = field(init=False)
    ben_token: SessionToken = field(init=False)
    shared: Grant = field(init=False)

    def __post_init__(self) -> None:
        world = self.world
        self.account = world.account("Ana Leaverson", email="ana.leaverson@tests.example", password_hash="x")
        self.patient, self.child = world.patient("Ana Leaverson"), world.child(5, name="Cleo Leaverson")
        world.grant(self.account, self.patient)
        world.grant(self.account, self.child, Level.FULL, basis=Basis.PARENT)
        self.token = world.sign_in(self.account)
        self.ben = world.account("Ben Readerson")
        self.shared = world.grant(self.ben, self.patient, Level.READ_ONLY)
        self.ben_token = world.sign_in(self.ben)
        key, now = self.account.id, world.now
        world.store(
            Identity(
                account_id=key,
                provider="google",
                issuer="https://g",
                subject="s",
                email="ana@g",
                name="Ana Leaverson",
                linked_at=now,
            )
        )
        world.store(Passkey(account_id=key, credential_id="c", public_key="p", created_at=now))
        world.store(Authenticator(account_id=key, secret="sealed", created_at=now, confirmed_at=now))
        world.store(RecoveryCode(account_id=key, code_hash="h", created_at=now))
        world.store(NoticeChoice(account_id=key, topic="results", email=False, changed_at=now))
        world.store(
            Invitation(
                patient_id=self.patient.id,
                invited_by=key,
                name="Cara Invitedson",
                email="cara@tests.example",
                level=Level.READ_ONLY,
                token_hash="t",
                passcode_hash="p",
                created_at=now,
                expires_at=now + timedelta(days=7),
            )
        )
        world.store(Claim(account_id=key, practice_id=self.patient.practice_id, kind=ClaimKind.CHILD,
                          state=ClaimState.OPEN, name="Dora", birth_date="2020-01-01", created_at=now, due_at=now))  # fmt: skip


@pytest.fixture
def ana(kernel: Kernel) -> Leaver:
    return Leaver(World(kernel))


def test_the_page_names_everybody_who_loses_something(kernel: Kernel, ana: Leaver) -> None:
    page = kernel.perform(view_removal, ana.token)
    assert [one.name for one in page.lose] == ["Ben Readerson", "Cara Invitedson"]
    [left] = page.left
    assert left.name == "Cleo Leaverson"
    assert "nobody else" in left.sentence
    assert page.owner
    assert page.stay == []


def test_a_parents_access_to_a_teens_chart_stays_and_the_page_says_so(kernel: Kernel) -> None:
    world = World(kernel)
    teen, parent = world.account("Tea Teenson"), world.account("Pat Parentson")
    chart = world.child(15)
    world.grant(teen, chart)
    kept = world.grant(parent, chart, Level.FULL, basis=Basis.PARENT)
    token = world.sign_in(teen)
    assert [one.name for one in kernel.perform(view_removal, token).stay] == ["Pat Parentson"]
    kernel.perform(remove_account, token, word="REMOVE")
    assert next(one for one in world.rows(Grant) if one.id == kept.id).revoked_at is None
    assert kernel.perform(list_results, world.sign_in(parent), kept.id)


def test_afterwards_nothing_opens_and_nothing_is_left_of_the_person(kernel: Kernel, ana: Leaver) -> None:
    world = ana.world
    kernel.perform(list_results, ana.token)
    kernel.perform(remove_account, ana.token, word=" remove ")
    with pytest.raises(NotSignedIn):
        kernel.perform(list_results, ana.token)
    with pytest.raises(NotFound):
        kernel.perform(list_results, ana.ben_token, ana.shared.id)
    for model in (Identity, Passkey, Authenticator, RecoveryCode, NoticeChoice):
        assert world.rows(model) == []
    [account] = [one for one in world.rows(Account) if one.id == ana.account.id]
    assert (account.name, account.called, account.password_hash) == ("", "", "")
    assert account.removed_at is not None
    assert all(one.ended_at and not one.browser for one in world.rows(Session) if one.account_id == account.id)
    assert all(one.revoked_at for one in world.rows(Grant))
    assert world.rows(Invitation)[0].withdrawn_at is not None
    assert world.rows(Claim)[0].state == ClaimState.WITHDRAWN
    assert isinstance(kernel.bus, RecordingBus)
    desk = Change("desk", str(ana.patient.practice_id), CLAIMS)
    assert desk in kernel.bus.published, "the desk’s queue drops the request"
    assert kernel.audit_fault() == ""


def test_a_wish_about_the_time_of_results_ends_with_the_account(kernel: Kernel, ana: Leaver) -> None:
    world = ana.world
    kernel.perform(choose_timing, ana.token, group="laboratory", choice="word")
    kernel.clock.advance(minutes=1)  # type: ignore[attr-defined]
    result = world.result(ana.patient)
    kernel.perform(mark_seen, world.sign_in(world.staff()), record_id=str(result.id))
    opens = [row.visible_from for row in world.rows(Record) if row.id == result.id]
    assert opens[0] is None or opens[0] > kernel.clock()
    kernel.perform(remove_account, ana.token, word="REMOVE")
    assert world.rows(TimingChoice) == []
    (opens,) = [row.visible_from for row in world.rows(Record) if row.id == result.id]
    assert opens <= kernel.clock(), "a wish of somebody who is gone holds nothing back"


def test_the_name_and_address_stand_nowhere_but_in_the_chart_and_the_last_letter(kernel: Kernel, ana: Leaver) -> None:
    world, now = ana.world, ana.world.now
    grant = world.grant(ana.account, world.patient(), Level.READ_ONLY)
    world.store(
        Invitation(patient_id=grant.patient_id, invited_by=ana.ben.id, name="Ana Leaverson", email=ana.account.email,
                   level=Level.READ_ONLY, token_hash="u", passcode_hash="p", created_at=now, expires_at=now,
                   accepted_at=now, grant_id=grant.id)
    )  # fmt: skip
    world.store(
        Claim(account_id=ana.account.id, practice_id=ana.patient.practice_id, kind=ClaimKind.OWN, proof="Leaverson",
              state=ClaimState.REFUSED, name="Ana Leaverson", birth_date="1985-03-14", created_at=now, due_at=now)
    )  # fmt: skip
    world.store(
        OutsideFlow(provider="google", purpose="sign_in", state_hash="s", browser_hash="b", nonce="n", verifier="v",
                    issuer="https://g", subject="s", email=ana.account.email, created_at=now, expires_at=now)
    )  # fmt: skip
    kernel.perform(list_results, ana.token)
    kernel.perform(remove_account, ana.token, word="REMOVE")
    left = []
    with ana.world.database() as session:
        tables = session.connection().dialect.get_table_names(session.connection())
        for table in tables:
            rows = session.execute(text(f'SELECT * FROM "{table}"')).fetchall()
            left += [table for row in rows if "leaverson" in str(row).lower() and table != "patient"]
    assert left == ["letter"]


def test_the_owner_of_a_chart_reads_of_a_removed_account_without_its_name(kernel: Kernel, ana: Leaver) -> None:
    kernel.perform(list_results, ana.ben_token, ana.shared.id)
    kernel.perform(remove_account, ana.ben_token, word="REMOVE")
    said = [row.sentence for each in kernel.perform(access_log, ana.token).days for row in each.rows]
    assert any("Somebody whose account was removed looked" in one for one in said)
    assert not any("Ben" in one for one in said)
    past = [row.name for row in kernel.perform(connections, ana.token).past]
    assert past == ["Somebody whose account was removed"]


@pytest.mark.parametrize("word", ["", "REMOV", "yes"])
def test_without_the_word_nothing_happens(kernel: Kernel, ana: Leaver, word: str) -> None:
    with pytest.raises(InvalidInput):
        kernel.perform(remove_account, ana.token, word=word)
    assert kernel.perform(list_results, ana.token)
    assert all(one.revoked_at is None for one in ana.world.rows(Grant))


def test_it_needs_a_fresh_proof(kernel: Kernel, ana: Leaver) -> None:
    stale = ana.world.sign_in(ana.account, fresh=False)
    with pytest.raises(NotFresh):
        kernel.perform(remove_account, stale, word="REMOVE")
    assert kernel.perform(list_results, ana.token)


def test_a_staff_account_is_ended_by_the_practice(kernel: Kernel) -> None:
    world = World(kernel)
    token = world.sign_in(world.staff())
    with pytest.raises(NotAllowed, match="administrator"):
        kernel.perform(remove_account, token, word="REMOVE")
    assert [line.outcome for line in world.rows(AuditEntry)] == ["not_allowed"]
