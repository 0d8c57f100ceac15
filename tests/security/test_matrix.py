"""The access matrix, made from the registry: every use case, everybody, own, foreign and unknown ids.

What is expected is read off the table of permissions by `expected`, which knows nothing of how the kernel decides.
"""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, timedelta
from enum import Enum
from typing import Any, get_args
from uuid import UUID, uuid4

import pytest
from sqlalchemy import event, text
from sqlmodel import SQLModel

from rxportal.commands.registry import use_cases
from rxportal.core.access import TABLE, Relationship
from rxportal.core.errors import InvalidInput, NotAllowed, NotFound, NotSignedIn, PortalError
from rxportal.core.identity import Anonymous, Credentials, Operator, SessionToken
from rxportal.core.kernel import Kernel
from rxportal.core.scopes import AccountScope, Chart, Desk
from rxportal.core.usecase import UseCase
from rxportal.models.accounts import Basis, Grant, Level, Patient, Role, Session
from rxportal.models.audit import AuditEntry
from rxportal.models.records import Kind
from tests.factories import World

CASES = use_cases()
R = Relationship
DENIALS = (NotSignedIn, NotFound, NotAllowed)


@dataclass(frozen=True)
class Who:
    """One person: how they sign in, which grant they hold to patient A's chart, what the table calls them there."""

    name: str
    credentials: Credentials
    grant: str | None = None
    chart: Relationship | None = None
    desk: Relationship | None = None
    signed_in: bool = True
    read_only: bool = False


@dataclass
class Town:
    """Two practices, their people and results."""

    world: World
    people: list[Who] = field(default_factory=list)
    ids: dict[str, list[str]] = field(default_factory=dict)
    foreign_grant: str = ""

    def content(self) -> str:
        """A digest of every table but the audit log."""
        digest = hashlib.sha256()
        with self.world.kernel.engine.connect() as connection:
            for table in SQLModel.metadata.sorted_tables:
                if not table.name.startswith("audit_"):
                    for row in connection.execute(text(f"SELECT * FROM {table.name} ORDER BY 1")):
                        digest.update(repr(tuple(row)).encode())
            connection.rollback()
        return digest.hexdigest()

    def lines(self) -> int:
        """How long the audit log is."""
        with self.world.kernel.engine.connect() as connection:
            return int(connection.execute(text("SELECT count(*) FROM audit_entry")).scalar_one())


def stale(world: World, **facts: Any) -> SessionToken:
    """A session that is over in one way or another."""
    account, _ = world.owner()
    token = world.sign_in(account)
    session = next(row for row in world.rows(Session) if row.account_id == account.id)
    for name, value in facts.items():
        setattr(session, name, value)
    world.store(session)
    return token


@pytest.fixture(scope="module")
def town(tmp_path_factory: pytest.TempPathFactory, sqlite_file: Any) -> Iterator[Town]:
    from tests.kernels import kernel_on, sqlite_engine

    engine = sqlite_engine(sqlite_file, tmp_path_factory.mktemp("town"))
    event.listen(engine, "connect", lambda raw, _: raw.execute("PRAGMA synchronous=OFF"))  # thousands of small commits
    kernel = kernel_on(engine)
    kernel.refusal_window = timedelta(0)  # every refusal leaves a line of its own
    world = World(kernel)
    made = Town(world)
    here, there = world.practice(), world.practice("Elsewhere Clinic")
    chart = world.patient("A Quagga", practice=here)
    child, teen, grown = world.child(9), world.child(14), world.child(18)
    account, _ = world.owner(chart)
    stranger, foreign = world.owner(world.patient("B Okapi", practice=here))
    _, far = world.owner(world.patient("C Narwhal", practice=there))
    made.ids = {
        "visible": [str(world.released(one).id) for one in (chart, child, teen)],
        "waiting": [str(world.result(chart).id)],
        "hidden": [str(world.result(chart, kind=Kind.HIV).id), str(world.released(chart, struck=True).id)],
        "foreign": [str(world.released(foreign).id), str(world.result(foreign).id)],
        "far": [str(world.released(far).id), str(world.result(far).id), str(far.id)],
    }

    def proxy(name: str, patient: Patient, relationship: Relationship | None, level: Level, **facts: Any) -> Grant:
        who, grant = world.proxy(patient, level, **facts)
        made.people.append(
            Who(name, world.sign_in(who), str(grant.id), relationship, read_only=level is Level.READ_ONLY)
        )
        return grant

    gone, soon = world.now - timedelta(minutes=1), world.now + timedelta(minutes=1)
    made.people += [
        Who("anonymous", Anonymous(), signed_in=False),
        Who("made-up cookie", SessionToken("made-up"), signed_in=False),
        Who("idle too long", stale(world, active_at=world.now - timedelta(minutes=15)), signed_in=False),
        Who("signed out", stale(world, ended_at=gone), signed_in=False),
        Who("too old", stale(world, created_at=world.now - timedelta(hours=12)), signed_in=False),
        Who("owner", world.sign_in(account), None, R.OWNER),
        Who("account without any chart", world.sign_in(world.account())),
    ]
    full = proxy("full proxy", chart, R.FULL, Level.FULL)
    proxy("read-only proxy", chart, R.READ_ONLY, Level.READ_ONLY)
    proxy("not accepted", chart, None, Level.FULL, accepted=False)
    proxy("not begun", chart, None, Level.FULL, since=soon)
    proxy("ended", chart, None, Level.FULL, until=gone)
    proxy("revoked", chart, None, Level.FULL, revoked_at=gone)
    proxy("parent of a child", child, R.PARENT_OF_CHILD, Level.FULL, basis=Basis.PARENT)
    proxy("parent of a teen", teen, R.PARENT_OF_TEEN, Level.FULL, basis=Basis.PARENT)
    proxy("read-only parent", child, R.PARENT_OF_CHILD, Level.READ_ONLY, basis=Basis.PARENT)
    proxy("parent of a grown-up", grown, None, Level.FULL, basis=Basis.PARENT)
    made.people += [
        Who("stranger with a proxy's grant", world.sign_in(stranger), str(full.id)),
        Who("stranger with a patient's id", world.sign_in(world.owner()[0]), str(chart.id)),
        Who("stranger with an unknown grant", world.sign_in(world.owner()[0]), str(uuid4())),
        Who("stranger with no sense", world.sign_in(world.owner()[0]), "' OR 1=1 --"),
    ]
    for role in Role:
        made.people.append(Who(f"{role.value} here", world.sign_in(world.staff(role)), desk=R(role.value)))
    made.people += [
        Who("clinician who holds a proxy's grant id", world.sign_in(world.staff()), str(full.id), desk=R.CLINICIAN),
        Who("operator", Operator(), desk=R.OPERATOR, signed_in=False),
    ]
    yield made
    engine.dispose()


def value_for(name: str, hint: Any, key: str) -> Any:
    """Something of the right type for an input."""
    wanted = [one for one in get_args(hint) if one is not type(None)] or [hint]
    first = wanted[0]
    if hint is UUID or first is UUID:
        return [key] if str(hint).startswith("list") else key
    if isinstance(first, type) and issubclass(first, Enum):
        return next(iter(first)).value
    if first is date:
        return "2026-12-01"
    if first is bool:
        return False
    if first is int:
        return 1
    if str(hint).startswith("dict"):
        return {}
    if str(hint).startswith("list"):
        return []
    return {"email": "new@tests.example", "preset": "", "viewer": "owner"}.get(name, "x")


def inputs_of(case: UseCase, key: str) -> dict[str, Any]:
    return {
        name: value_for(name, facts.annotation, key)
        for name, facts in case.inputs.model_fields.items()
        if facts.is_required() or facts.annotation is UUID
    }


def takes_an_id(case: UseCase) -> bool:
    return any("UUID" in str(facts.annotation) for facts in case.inputs.model_fields.values())


def expected(case: UseCase, who: Who) -> type[PortalError] | None:
    """What the table says: the refusal, or None for "may"."""
    may = TABLE[case.permission]
    if case.scope is Chart:
        if not who.signed_in:
            return NotSignedIn
        if who.chart is None:
            return NotFound
        reads_only = who.read_only and R.READ_ONLY not in may
        return NotAllowed if who.chart not in may or reads_only else None
    if case.scope is Desk:
        if who.desk is R.OPERATOR:
            return None if R.OPERATOR in may else NotAllowed
        if not who.signed_in:
            return NotSignedIn
        if who.desk is None:
            return NotFound
        return None if who.desk in may else NotAllowed
    if case.scope is AccountScope:
        if not who.signed_in:
            return NotSignedIn
        return None if R.SIGNED_IN in may else NotAllowed
    if who.desk is R.OPERATOR:
        return None if R.OPERATOR in may else NotAllowed
    return None if (R.SIGNED_IN if who.signed_in else R.ANONYMOUS) in may else NotAllowed


def attempt(kernel: Kernel, case: UseCase, who: Who, key: str, **options: Any) -> PortalError | None:
    try:
        kernel.perform(case.function, who.credentials, who.grant, **options, **inputs_of(case, key))
    except PortalError as refusal:
        return refusal
    return None


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_every_denied_cell_changes_nothing_and_leaves_one_line(town: Town, case: UseCase) -> None:
    kernel = town.world.kernel
    keys = ["visible", "foreign", "far"] if takes_an_id(case) else ["visible"]
    denied: Counter[str] = Counter()
    before = town.content()
    for who in town.people:
        wanted = expected(case, who)
        if wanted is None:
            continue
        tries = [*((town.ids[one][0], False) for one in keys), (str(uuid4()), True)]
        lines = town.lines()
        for key, live in tries:
            refusal = attempt(kernel, case, who, key, live=live)
            assert type(refusal) is wanted, (who.name, key, refusal)
            assert refusal.message == wanted().message
            denied[who.name] += 1
        assert town.lines() == lines + len(tries), who.name
    assert town.content() == before
    assert denied or case.scope not in (Chart, Desk), "nobody is denied?"


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_every_allowed_cell_opens(town: Town, case: UseCase) -> None:
    """That it opens, without doing it: `still_open` decides as `perform` does."""
    kernel = town.world.kernel
    for who in town.people:
        answer = kernel.still_open(who.credentials, [(case.name, who.grant)])
        assert answer == [expected(case, who) is None], who.name


READS = [case for case in CASES if case.kind == "read" and case.scope in (Chart, AccountScope)]


@pytest.mark.parametrize("case", READS, ids=lambda case: case.name)
def test_every_allowed_read_of_a_chart_reads_and_is_audited(town: Town, case: UseCase) -> None:
    if takes_an_id(case):
        owner = next(who for who in town.people if who.name == "owner")
        readers = [(owner, town.ids["visible"][0])]
    else:
        readers = [(who, "") for who in town.people if expected(case, who) is None]
    for who, key in readers:
        lines = town.lines()
        assert attempt(town.world.kernel, case, who, key) is None, who.name
        assert town.lines() == lines + (1 if case.audited else 0)


WITH_IDS = [case for case in CASES if takes_an_id(case) and case.scope in (Chart, Desk)]


@pytest.mark.parametrize("case", WITH_IDS, ids=lambda case: case.name)
def test_foreign_hidden_and_unknown_ids_look_the_same(town: Town, case: UseCase) -> None:
    """Who may do it here, may not do it to what is not theirs, and does not learn whether it exists."""
    kernel = town.world.kernel
    closed = ["hidden", "foreign", "far"] if case.scope is Chart else ["far"]
    before, said = town.content(), set()
    for who in town.people:
        if expected(case, who) is not None:
            continue
        for key in [*(key for one in closed for key in town.ids[one]), str(uuid4()), str(UUID(int=0))]:
            try:
                answer = kernel.perform(case.function, who.credentials, who.grant, **inputs_of(case, key))
            except InvalidInput as refusal:
                said.add(("InvalidInput", refusal.message))
            except PortalError as refusal:
                said.add((type(refusal).__name__, refusal.message))
            else:
                said.add(("answered", _without(repr(answer), key)))
    assert len(said) <= 1, said
    assert town.content() == before


def _without(text_: str, key: str) -> str:
    return text_.replace(key, "…").replace(UUID(key).hex, "…")


def test_the_matrix_is_large_enough(town: Town) -> None:
    cells = sum(1 for case in CASES for who in town.people)
    assert len(town.people) >= 24
    assert cells >= 800
    assert town.world.kernel.audit_fault() == ""
    assert {line.outcome for line in town.world.rows(AuditEntry)} >= {
        "not_found",
        "not_allowed",
        "not_signed_in",
        "done",
    }
