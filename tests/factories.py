"""Rows for tests, written straight into a kernel's database; what a test does not care about is filled in."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from itertools import count
from typing import Any
from uuid import UUID, uuid4

from sqlmodel import Session as Database
from sqlmodel import SQLModel, col, select

from rxportal.core.errors import NotSignedIn
from rxportal.core.identity import SessionToken, token_hash
from rxportal.core.kernel import Kernel
from rxportal.models.accounts import Account, Basis, Grant, Level, Patient, Practice, Role, Session, Staff
from rxportal.models.records import Gate, ImportRun, Kind, Organization, Record, Section
from rxportal.rules.release import DEFAULT_POLICY, settle, stored_facts

NUMBERS = count(1)


@dataclass
class World:
    """Makes practices, people, grants, sign-ins and results in one kernel's database."""

    kernel: Kernel
    _practice: UUID | None = field(default=None)
    _runs: dict[UUID, tuple[UUID, UUID]] = field(default_factory=dict)

    @property
    def now(self) -> datetime:
        """The kernel's clock."""
        return self.kernel.clock()

    @contextmanager
    def database(self) -> Iterator[Database]:
        """A plain session on the database, committed at the end."""
        with Database(self.kernel.engine, expire_on_commit=False) as session:
            yield session
            session.commit()

    def store(self, row: Any) -> Any:
        """Write one row, new or changed."""
        with self.database() as session:
            session.merge(row) if _stored(session, row) else session.add(row)
        return row

    def rows(self, model: type[SQLModel]) -> list[Any]:
        """Every row of a table."""
        with self.database() as session:
            return list(session.exec(select(model)))

    def practice(self, name: str | None = None, state: str = "CA") -> Practice:
        """A practice; without a name the kernel's own, made once."""
        wanted = name or self.kernel.practice.name
        with self.database() as session:
            found = session.exec(select(Practice).where(col(Practice.name) == wanted)).first()
        return found or self.store(Practice(name=wanted, state=state))

    def patient(self, name: str = "", *, born: str | date = "1985-03-14", practice: Practice | None = None) -> Patient:
        """A patient, grown up unless `born` says otherwise."""
        number = next(NUMBERS)
        row = Patient(
            practice_id=(practice or self.practice()).id,
            name=name or f"Person{number} Testerson",
            birth_date=str(born),
            mrn=f"T{number:05d}",
            created_at=self.now,
        )
        return self.store(row)

    def child(self, years: int, **more: Any) -> Patient:
        """A patient whose last birthday, the `years`-th, was 100 days ago."""
        birthday = self.now.date() - timedelta(days=100)
        return self.patient(born=birthday.replace(year=birthday.year - years, day=min(birthday.day, 28)), **more)

    def account(self, name: str = "", *, email: str = "", password_hash: str = "") -> Account:
        """An account without any chart."""
        number = next(NUMBERS)
        return self.store(
            Account(
                email=email or f"person{number}@tests.example",
                name=name or f"Person{number} Testerson",
                password_hash=password_hash,
                created_at=self.now,
                email_confirmed_at=self.now,
            )
        )

    def grant(
        self,
        account: Account,
        patient: Patient,
        level: Level = Level.SELF,
        *,
        basis: Basis | None = None,
        since: datetime | None = None,
        until: datetime | None = None,
        accepted: bool = True,
        revoked_at: datetime | None = None,
        sections: str = "",
    ) -> Grant:
        """A grant, begun yesterday and accepted."""
        begun = since or self.now - timedelta(days=1)
        return self.store(
            Grant(
                account_id=account.id,
                patient_id=patient.id,
                level=level,
                basis=basis or (Basis.SELF if level is Level.SELF else Basis.INVITED),
                sections=sections,
                since=begun,
                until=until,
                accepted_at=begun if accepted else None,
                revoked_at=revoked_at,
            )
        )

    def owner(self, patient: Patient | None = None) -> tuple[Account, Patient]:
        """An account with its own chart."""
        chart = patient or self.patient()
        account = self.account(chart.name)
        self.grant(account, chart)
        return account, chart

    def proxy(self, patient: Patient, level: Level = Level.READ_ONLY, **more: Any) -> tuple[Account, Grant]:
        """An account that opens somebody else's chart."""
        account = self.account()
        return account, self.grant(account, patient, level, **more)

    def parent(self, patient: Patient, level: Level = Level.FULL) -> tuple[Account, Grant]:
        """A parent of a minor."""
        return self.proxy(patient, level, basis=Basis.PARENT)

    def staff(self, role: Role = Role.CLINICIAN, *, practice: Practice | None = None) -> Account:
        """An account with a place at a desk."""
        account = self.account()
        self.store(
            Staff(
                account_id=account.id,
                practice_id=(practice or self.practice()).id,
                role=role,
                since=self.now - timedelta(days=1),
            )
        )
        return account

    def sign_in(self, account: Account, *, fresh: bool = True) -> SessionToken:
        """A live session of the account; `fresh`: its person proved just now who they are."""
        token = f"token-{uuid4()}"
        self.store(
            Session(
                account_id=account.id,
                token_hash=token_hash(token),
                created_at=self.now,
                active_at=self.now,
                fresh_at=self.now if fresh else None,
            )
        )
        return SessionToken(token)

    def result(self, patient: Patient, title: str = "", *, kind: Kind = Kind.ORDINARY, **columns: Any) -> Record:
        """A result that stands as a row of its own, settled by the default policy: waiting unless seen or released."""
        return self.record(
            patient, title=title or f"Result {next(NUMBERS)}", section=Section.RESULTS, kind=kind, own_kind=kind,
            listed=True, **columns,
        )  # fmt: skip

    def released(self, patient: Patient, title: str = "", **columns: Any) -> Record:
        """A result that everybody with the chart may read."""
        return self.result(patient, title, seen_at=self.now, released_at=self.now, **columns)

    def record(self, patient: Patient, *, resource_type: str = "DiagnosticReport", **columns: Any) -> Record:
        """Any record; columns not given are plain, final and a day old."""
        organization, run = self._run(patient)
        number = next(NUMBERS)
        yesterday = self.now - timedelta(days=1)
        facts: dict[str, Any] = {
            "patient_id": patient.id,
            "organization_id": organization,
            "import_run_id": run,
            "resource_type": resource_type,
            "source_id": f"r{number}",
            "source_version": "1",
            "digest": f"{number:064x}",
            "body": f'{{"resourceType": "{resource_type}", "id": "r{number}"}}',
            "status": "final",
            "occurred": yesterday.date().isoformat(),
            "occurred_at": yesterday,
            "final_at": yesterday,
            "arrived_at": yesterday,
        }
        row = Record(**(facts | columns))
        row.search = row.search or row.title.lower()
        return self.store(self.settled(row))

    def settled(self, row: Record) -> Record:
        """The row with its gate as the default policy has it now."""
        answer = settle(stored_facts(row), DEFAULT_POLICY, self.now)
        row.gate, row.visible_from, row.latest_at = answer.gate, answer.visible_from, answer.latest_at
        row.even = True
        row.waits_for = answer.waits_for
        return row

    def _run(self, patient: Patient) -> tuple[UUID, UUID]:
        if patient.practice_id not in self._runs:
            organization = self.store(Organization(practice_id=patient.practice_id, name=f"Sender {next(NUMBERS)}"))
            run = self.store(ImportRun(organization_id=organization.id, started_at=self.now))
            self._runs[patient.practice_id] = (organization.id, run.id)
        return self._runs[patient.practice_id]


def _stored(session: Database, row: Any) -> bool:
    return session.get(type(row), row.id) is not None


__all__ = ["Gate", "World"]


def lives(kernel: Kernel, token: SessionToken) -> bool:
    """Whether a cookie still has a live session behind it."""
    try:
        kernel.actor_of(token)
    except NotSignedIn:
        return False
    return True
