"""Loading the demo: through the real use cases, once, quickly, and away again without a trace but the audit log."""

from __future__ import annotations

import re
import time
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from sqlmodel import Session, SQLModel, col, func, select

from rxportal.adapters.attachments import EncryptedFolder
from rxportal.commands.demo import demo as demo_command
from rxportal.core.clock import system_clock
from rxportal.core.identity import SessionToken
from rxportal.core.kernel import Kernel
from rxportal.demo.load import OPERATOR, load
from rxportal.demo.people import BEN, CARL, DOCTOR, GRACE, LENA, MAYA, MEMBERS, NOAH, NORA
from rxportal.demo.receive import Inbox
from rxportal.demo.reset import clear_demo
from rxportal.models.accounts import Account, Grant, Patient
from rxportal.models.audit import AuditEntry
from rxportal.models.mail import Letter
from rxportal.models.records import Attachment, Gate, Kind, Record
from rxportal.models.releases import ReleaseAct, ReleaseEvent
from rxportal.services.answering import enter_passcode
from rxportal.services.invitations import sealed
from rxportal.services.results import list_results
from tests.factories import World
from tests.fakes import QuickPasswords
from tests.kernels import kernel_on, sqlite_engine
from tests.serving import Served

KEY = b"a key of the tests"
LISTED = (col(Record.listed).is_(True), col(Record.struck).is_(False))


@pytest.fixture(scope="module")
def loaded(sqlite_file: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Kernel]:
    """A kernel with the demo in it, loaded once for these tests."""
    folder = tmp_path_factory.mktemp("demo")
    kernel = replace(kernel_on(sqlite_engine(sqlite_file, folder)), clock=system_clock)
    assert load(kernel, Inbox(EncryptedFolder(folder / "attachments", "5c" * 32)), QuickPasswords().hash, KEY)
    yield kernel
    kernel.engine.dispose()


def records(kernel: Kernel, *conditions: object) -> list[Record]:
    with Session(kernel.engine) as session:
        return list(session.exec(select(Record).where(*conditions)))  # type: ignore[call-overload]


def signed_in(kernel: Kernel, email: str) -> SessionToken:
    world = World(kernel)
    return world.sign_in(next(one for one in world.rows(Account) if one.email == email))


def test_every_account_is_there_and_opens_what_it_should(loaded: Kernel) -> None:
    world = World(loaded)
    assert {one.email for one in world.rows(Account)} == {member.email for member in MEMBERS}
    grants = world.rows(Grant)
    assert sum(1 for grant in grants if grant.revoked_at) == 1
    assert sum(1 for grant in grants if grant.until) == 1
    assert sum(1 for grant in grants if grant.accepted_at is None) == 0
    assert len(world.rows(Patient)) == 9


def test_an_invitation_waits_with_its_letter_and_opens_with_its_passcode(loaded: Kernel) -> None:
    world = World(loaded)
    assert GRACE.invites and GRACE.invites.email == BEN.email
    [letter] = [one for one in world.rows(Letter) if one.to == BEN.email]
    found = re.search(r"/invitations/([\w-]+)", letter.text)
    assert found
    ben, seal = signed_in(loaded, BEN.email), sealed(KEY, GRACE.invites.passcode)
    offer = loaded.perform(enter_passcode, ben, token=found[1], seal=seal)
    assert (offer.stand, offer.patient, offer.level) == ("entered", GRACE.name, "Read only")
    assert loaded.perform(enter_passcode, ben, token=found[1], seal=sealed(KEY, "garden gate 8")).stand == "wrong"


def test_results_stand_in_every_state(loaded: Kernel) -> None:
    listed = records(loaded, *LISTED)
    assert {one.gate for one in listed} == {Gate.OPEN, Gate.WAITING, Gate.WITHHELD}
    assert {one.kind for one in listed} >= {
        Kind.ORDINARY, Kind.RADIOLOGY, Kind.PATHOLOGY, Kind.HIV, Kind.HEPATITIS, Kind.DRUG_ABUSE,
    }  # fmt: skip
    assert {one.waits_for for one in listed if one.gate == Gate.WAITING} >= {"seen", "order", "hold", "final"}
    assert [one for one in records(loaded) if one.struck], "an entered-in-error report is kept, and never shown"


def test_a_report_that_carries_a_withheld_result_is_withheld(loaded: Kernel) -> None:
    carrying = records(loaded, Record.source_id == "maya-samplewood-work-check")
    assert [one.kind for one in carrying] == [Kind.HIV]
    assert [one.gate for one in carrying] == [Gate.WITHHELD]


def test_the_desk_acted_with_comments_at_its_own_times(loaded: Kernel) -> None:
    acts = World(loaded).rows(ReleaseEvent)
    assert {one.act for one in acts} >= {ReleaseAct.SEEN, ReleaseAct.RELEASED, ReleaseAct.HELD}
    assert len({one.at.date() for one in acts}) >= 2
    assert max(one.at for one in acts) < system_clock()
    assert any(one.comment for one in acts)


def test_the_audit_log_is_whole_and_knows_who_decided(loaded: Kernel) -> None:
    assert loaded.audit_fault() == ""
    lines = World(loaded).rows(AuditEntry)
    doctor = next(one.id for one in World(loaded).rows(Account) if one.name == DOCTOR.name)
    assert doctor in {line.account_id for line in lines}
    assert "demo" in {line.actor for line in lines}
    assert all(line.outcome == "done" for line in lines)


def test_loading_again_changes_nothing(loaded: Kernel, tmp_path: Path) -> None:
    before = count_rows(loaded)
    assert not load(loaded, Inbox(EncryptedFolder(tmp_path, "5c" * 32)), QuickPasswords().hash, KEY)
    assert count_rows(loaded) == before


def test_people_see_their_results_and_no_trace_of_withheld_ones(loaded: Kernel) -> None:
    maya = loaded.perform(list_results, signed_in(loaded, MAYA.email))
    assert maya.total >= 20
    assert {"Chest X-ray, 2 views"} <= {row.title for row in maya.waiting}
    every = [
        row.title
        for page in range(1, maya.pages + 1)
        for row in loaded.perform(list_results, signed_in(loaded, MAYA.email), page=page).rows
    ]
    assert len(every) == maya.total
    told = " ".join(every + [row.title for row in maya.waiting])
    for hidden in ("HIV", "hepatitis", "Drugs of abuse"):
        assert hidden.lower() not in told.lower()
    nora = loaded.perform(list_results, signed_in(loaded, NORA.email))
    assert (nora.total, nora.waiting) == (0, [])


def test_the_teens_confidential_test_is_his_alone(loaded: Kernel) -> None:
    noah = loaded.perform(list_results, signed_in(loaded, NOAH.email))
    assert any("Chlamydia" in row.title for row in [*noah.rows, *noah.waiting])
    world = World(loaded)
    lena = next(one for one in world.rows(Account) if one.email == LENA.email)
    grant = next(one for one in world.rows(Grant) if one.account_id == lena.id and one.level != "self")
    parent = loaded.perform(list_results, world.sign_in(lena), grant.id)
    assert parent.total > 0
    assert not any("Chlamydia" in row.title for row in [*parent.rows, *parent.waiting])


def test_an_ended_grant_and_a_revoked_one_open_nothing(loaded: Kernel) -> None:
    world = World(loaded)
    carl = next(one for one in world.rows(Account) if one.email == CARL.email)
    from rxportal.core.errors import NotFound

    for grant in (one for one in world.rows(Grant) if one.account_id == carl.id):
        with pytest.raises(NotFound):
            loaded.perform(list_results, world.sign_in(carl), grant.id)


def test_an_invitation_that_nobody_accepted_opens_nothing(loaded: Kernel) -> None:
    world = World(loaded)
    ben = next(one for one in world.rows(Account) if one.email == BEN.email)
    grace = next(one for one in world.rows(Patient) if one.name == GRACE.name)
    assert [one for one in world.rows(Grant) if (one.account_id, one.patient_id) == (ben.id, grace.id)] == []


def test_nothing_arrives_before_it_happened(loaded: Kernel) -> None:
    early = [
        (one.resource_type, one.source_id)
        for one in records(loaded)
        if one.resource_type not in {"Appointment", "CarePlan"} and one.occurred_at and one.occurred_at > one.arrived_at
    ]
    assert early == []


@pytest.mark.parametrize("database", ["sqlite_kernel", pytest.param("postgres_kernel", marks=pytest.mark.postgresql)])
def test_it_loads_in_five_seconds_on_either_database_and_goes_away_again(
    request: pytest.FixtureRequest, tmp_path: Path, database: str
) -> None:
    kernel = replace(request.getfixturevalue(database), clock=system_clock)
    inbox = Inbox(EncryptedFolder(tmp_path / "attachments", "5c" * 32))
    began = time.process_time()  # ours: another program on the machine must not fail it
    assert load(kernel, inbox, QuickPasswords().hash, KEY)
    assert time.process_time() - began < 5
    files = kernel.perform(clear_demo, OPERATOR)
    assert len(files) >= 5
    inbox.forget(files)
    assert [one for one in (tmp_path / "attachments").rglob("*") if one.is_file()] == []
    left = {name: rows for name, rows in count_rows(kernel).items() if rows}
    assert set(left) <= {
        "practice",
        "audit_entry",
        "audit_head",
        "alembic_version",
        "outbox_message",
        "sign_in_attempt",
    }
    assert kernel.audit_fault() == ""
    assert load(kernel, inbox, QuickPasswords().hash, KEY)


def count_rows(kernel: Kernel) -> dict[str, int]:
    with Session(kernel.engine) as session:
        return {
            table.name: session.execute(select(func.count()).select_from(table)).scalar_one()
            for table in SQLModel.metadata.sorted_tables
        }


def test_production_refuses_it(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    from click.testing import CliRunner

    for name, value in {
        "ENV": "production", "VAR": str(tmp_path), "SECRET_KEY": "s" * 64, "DATABASE_KEY": "ab" * 32,
        "PUBLIC_URL": "https://portal.example",
    }.items():  # fmt: skip
        monkeypatch.setenv(f"RXPORTAL_{name}", value)
    done = CliRunner().invoke(demo_command, ["--json"])
    assert done.exit_code != 0
    assert "not for production" in done.output + (done.stderr or "")
    assert list(tmp_path.iterdir()) == []


def test_the_command_prints_the_accounts_as_json(demo: Served) -> None:
    """`demo.accounts` is what `rxportal demo --json` printed when this run loaded the demo for its portals."""
    assert {one["email"] for one in demo.accounts} == {member.email for member in MEMBERS}


def test_attachments_lie_outside_the_database_body(loaded: Kernel) -> None:
    kept = World(loaded).rows(Attachment)
    assert {one.content_type.partition(";")[0] for one in kept} >= {"application/pdf", "text/plain"}
