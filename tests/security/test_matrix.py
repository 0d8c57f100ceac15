"""The access matrix through `perform`: every use case of the registry, everybody, own, foreign and unknown ids.

What is expected is read off the table of permissions by `town.expected`, which knows nothing of how the kernel decides.
After every refusal the database's own triggers say what was written: one audit line, nothing else.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from enum import Enum
from pathlib import Path
from typing import Any, get_args
from uuid import UUID

import pytest
from sqlalchemy import event, text

from rxportal.commands.registry import use_cases
from rxportal.core.access import Relationship
from rxportal.core.database import open_engine
from rxportal.core.errors import NotAllowed, NotFound, NotSignedIn, PortalError
from rxportal.core.kernel import Kernel
from rxportal.core.scopes import AccountScope, Chart, Desk
from rxportal.core.usecase import UseCase
from rxportal.models.accounts import Level
from rxportal.models.audit import AuditEntry
from tests.counts import proved
from tests.kernels import kernel_on, sqlite_engine
from tests.postgres import OWNER, Postgres
from tests.security.canaries import words_in
from tests.security.town import ADULT, CHARTS, FAR, STRANGER, Builder, Town, Who, expected, unknown
from tests.write_counter import AUDIT, WriteCounter

CASES = use_cases()
ENOUGH = 4  # answers of one use case to one reader
ON_POSTGRESQL = {("own", ""), ("own", "own"), ("own", "foreign"), ("foreign", ""), ("foreign", "own")}
SENTENCES = {one.code: one().message for one in (NotSignedIn, NotFound, NotAllowed)}
RELATIONSHIPS_OF_THE_ISSUE = {
    "owner", "full proxy", "read-only proxy", "parent of a child", "parent of a teen", "the teen", "ended", "revoked",
    "invited, not accepted", "none", "clinician here", "front_desk here", "billing here", "administrator here",
    "clinician elsewhere", "front_desk elsewhere", "billing elsewhere", "administrator elsewhere", "anonymous",
    "expired: idle too long", "expired: too old", "expired: signed out",
}  # fmt: skip


@dataclass
class Matrix:
    """A town, and the counter in its database."""

    town: Town
    counter: WriteCounter
    database: str

    @property
    def kernel(self) -> Kernel:
        """Its kernel."""
        return self.town.world.kernel


@pytest.fixture(scope="module")
def on_sqlite(tmp_path_factory: pytest.TempPathFactory, sqlite_file: Path) -> Iterator[Matrix]:
    folder = tmp_path_factory.mktemp("town")
    engine = sqlite_engine(sqlite_file, folder)
    event.listen(engine, "connect", lambda raw, _: raw.execute("PRAGMA synchronous=OFF"))  # thousands of small commits
    yield settled(Kernel(**_facts(kernel_on(engine))), folder, WriteCounter(engine, engine), "SQLite")
    engine.dispose()


@pytest.fixture(scope="module")
def on_postgresql(tmp_path_factory: pytest.TempPathFactory, postgres: Postgres, postgres_name: str) -> Iterator[Matrix]:
    postgres.create("town", postgres_name)
    engine, owner = open_engine(postgres.url("town")), open_engine(postgres.url("town", OWNER))
    folder = tmp_path_factory.mktemp("town")
    yield settled(Kernel(**_facts(kernel_on(engine))), folder, WriteCounter(engine, owner), "PostgreSQL")
    engine.dispose()
    owner.dispose()
    postgres.drop("town")


def _facts(kernel: Kernel) -> dict[str, Any]:
    # every refusal leaves a line of its own
    return {
        "engine": kernel.engine, "audit_key": kernel.audit_key, "clock": kernel.clock, "bus": kernel.bus,
        "refusal_window": timedelta(0),
    }  # fmt: skip


def settled(kernel: Kernel, folder: Path, counter: WriteCounter, database: str) -> Matrix:
    town = Builder(kernel, folder).build()
    return Matrix(town, counter.install(), database)


@pytest.fixture(params=["SQLite", pytest.param("PostgreSQL", marks=pytest.mark.postgresql)])
def matrix(request: pytest.FixtureRequest) -> Matrix:
    made: Matrix = request.getfixturevalue("on_sqlite" if request.param == "SQLite" else "on_postgresql")
    return made


# --- what is sent


def value_for(name: str, hint: Any, key: str) -> Any:
    """Something of the right type for an input."""
    wanted = [one for one in get_args(hint) if one is not type(None)] or [hint]
    first = wanted[0]
    if hint is UUID or first is UUID:
        return [key] if str(hint).startswith("list") else key
    if isinstance(first, type) and issubclass(first, Enum):
        some = Level.FULL.value if first is Level else next(iter(first)).value
        return [some] if str(hint).startswith("list") else some
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
    """Inputs of the right types, with this id wherever one is asked for."""
    return {
        name: value_for(name, facts.annotation, key)
        for name, facts in case.inputs.model_fields.items()
        if facts.is_required() or "UUID" in str(facts.annotation)
    }


def takes_an_id(case: UseCase) -> bool:
    return any("UUID" in str(facts.annotation) for facts in case.inputs.model_fields.values())


def attempt(kernel: Kernel, case: UseCase, who: Who, grant: str, key: str, **options: Any) -> tuple[str, str]:
    """Do it. The code and sentence of the refusal, or ("", what was answered)."""
    try:
        answer = kernel.perform(case.function, who.credentials, grant or None, **options, **inputs_of(case, key))
    except PortalError as refusal:
        return refusal.code, refusal.message
    return "", repr(answer)


def address(town: Town, who: Who, target: str) -> str:
    """The grant in the address: one's own, one that is another's and live, or nobody's."""
    if target == "own":
        return who.grant
    foreign = town.grants["proxy of a stranger" if who.name != "proxy of a stranger" else "read-only proxy"]
    return foreign if target == "foreign" else unknown()


def combinations(case: UseCase) -> list[tuple[str, str]]:
    """Addresses and ids to try: each of own, foreign and unknown, as far as the case has them."""
    targets = ["own", "foreign", "unknown"] if case.scope is Chart else ["own"]
    keys = ["own", "foreign", "far", "unknown"] if takes_an_id(case) else [""]
    return [(target, key) for target in targets for key in keys if target == "own" or key in {"", "own", "unknown"}]


def key_for(town: Town, who: Who, which: str) -> str:
    """An id of a sort."""
    if which in {"", "unknown"}:
        return unknown()
    chart = {"own": who.chart or ADULT, "foreign": STRANGER if who.chart != STRANGER else ADULT, "far": FAR}[which]
    return town.records(chart, {"open"})[0]


# --- the cells


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_every_refusal_writes_its_audit_line_and_nothing_else(matrix: Matrix, case: UseCase) -> None:
    town, counter = matrix.town, matrix.counter
    cells = 0
    for who in town.people:
        for target, which in combinations(case):
            wanted = expected(case, who, target)
            if not wanted or (matrix.database == "PostgreSQL" and (target, which) not in ON_POSTGRESQL):
                continue
            before = counter.read()
            refusal = attempt(
                matrix.kernel, case, who, address(town, who, target), key_for(town, who, which), live=cells % 2 == 1
            )
            cell = (case.name, who.name, target, which)
            assert refusal == (wanted, SENTENCES[wanted]), cell
            assert counter.since(before) == AUDIT, cell
            cells += 1
    assert cells or case.scope not in (Chart, Desk), "nobody is refused?"
    proved(
        f"refused cells of the matrix through perform on {matrix.database}: nothing written but the audit line", cells
    )


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_every_other_cell_opens(matrix: Matrix, case: UseCase) -> None:
    """That it opens, without doing it: `still_open` decides as `perform` does."""
    for who in matrix.town.people:
        answer = matrix.kernel.still_open(who.credentials, [(case.name, who.grant or None)])
        assert answer == [expected(case, who) == ""], who.name
    proved(f"cells decided as the table says on {matrix.database}", len(matrix.town.people))


READS = [case for case in CASES if case.kind == "read" and case.scope in (Chart, AccountScope)]


@pytest.mark.parametrize("case", READS, ids=lambda case: case.name)
def test_an_allowed_read_tells_of_its_own_chart_what_this_reader_may_know(on_sqlite: Matrix, case: UseCase) -> None:
    town, kernel = on_sqlite.town, on_sqlite.kernel
    answered = 0
    good: dict[str, list[str]] = {}  # ids of a chart that answered somebody
    for who in [one for one in town.people if expected(case, one) == ""]:
        keys = [unknown()]
        if takes_an_id(case):
            keys = good.get(who.chart) or town.visible_to(who) + own_others(town, who)
        allowed = {word for chart in who.charts for word in who.may_hear(chart)}
        if case.scope is Chart:
            allowed = who.may_hear(who.chart)
        mine = 0
        for key in keys:
            if mine == ENOUGH:
                break
            code, said = attempt(kernel, case, who, who.grant, key)
            assert words_in(said, CHARTS) <= allowed, (case.name, who.name, words_in(said, CHARTS) - allowed)
            answered += code == ""
            mine += code == ""
            if code == "" and mine > len(good.get(who.chart, [])):
                good.setdefault(who.chart, []).append(key)
            proved("answers of allowed reads without a word of another chart or of what is hidden", code == "")
    assert answered, "nobody got an answer: this proves nothing"


def some(ids: list[str]) -> list[str]:
    """A dozen of them from all over the list."""
    return ids[:: max(1, len(ids) // 12)]


def own_others(town: Town, who: Who) -> list[str]:
    """The grants, sessions and accounts of one's own chart and account: other use cases ask for those."""
    mine = town.everything_of(who.chart)[-60:] if who.chart else []
    return [one for one in mine if one not in town.records(who.chart, {"open", "free", "secret", "wait", "gone"})]


WITH_IDS = [case for case in CASES if takes_an_id(case) and case.scope in (Chart, Desk, AccountScope)]


@pytest.mark.parametrize("case", WITH_IDS, ids=lambda case: case.name)
def test_foreign_hidden_and_unknown_ids_look_the_same_and_write_nothing(on_sqlite: Matrix, case: UseCase) -> None:
    """Who may do it here, may not do it to what is not theirs, and does not learn whether it exists."""
    town, counter = on_sqlite.town, on_sqlite.counter
    looked = 0
    for who in [one for one in town.people if expected(case, one) == "" and one.desk is not Relationship.OPERATOR]:
        if case.scope is Desk:
            closed = town.everything_of(FAR if who.practice == ADULT else ADULT)
        else:
            closed = town.everything_of(
                STRANGER if who.chart not in {STRANGER, ""} and STRANGER not in who.charts else FAR
            )
        said = set()
        hidden = town.hidden_from(who) if case.scope is Chart else []
        for key in [*some(closed), *some(hidden), unknown(), str(UUID(int=0))]:
            before = counter.read()
            code, sentence = attempt(on_sqlite.kernel, case, who, who.grant, key)
            said.add((code, sentence.replace(key, "…").replace(UUID(key).hex, "…")))
            written = counter.since(before)
            audited = {"session": 1, **AUDIT} if code == "" else AUDIT
            assert {table: n for table, n in written.items() if table != "session"} == AUDIT or (
                code == "" and not set(written) - set(audited)
            ), (case.name, who.name, key, written)
            looked += 1
        assert len(said) == 1, (case.name, who.name, said)
    proved("foreign, hidden and unknown ids that look the same to whoever may do it elsewhere", looked)


# --- the matrix itself


def test_the_matrix_has_every_relationship_of_the_issue_and_both_databases_agree(matrix: Matrix) -> None:
    names = {who.name for who in matrix.town.people}
    assert names >= RELATIONSHIPS_OF_THE_ISSUE
    assert matrix.kernel.audit_fault() == ""
    assert {line.outcome for line in matrix.town.world.rows(AuditEntry)} >= set(SENTENCES) | {"done"}
    proved(f"people in the matrix on {matrix.database}", len(names))


def test_the_write_counter_bites(on_sqlite: Matrix, on_postgresql: Matrix) -> None:
    for matrix in (on_sqlite, on_postgresql):
        counter = matrix.counter
        before = counter.read()
        with matrix.kernel.engine.connect() as connection:
            connection.execute(text("UPDATE practice SET state = 'NV'"))
            connection.execute(text("DELETE FROM chart_grant"))
            connection.rollback()
        assert counter.since(before) == {}, "what is rolled back was never written"
        with matrix.kernel.engine.begin() as connection:
            connection.exec_driver_sql("UPDATE practice SET state = state")
        assert counter.since(before) == {"practice": 2}
        assert {"record", "chart_grant", "session", "audit_entry", "outbox_message"} <= set(before)
