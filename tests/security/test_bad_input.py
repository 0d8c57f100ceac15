"""Bad input, generated: every input of every use case, every argument of every handler, every route, broken FHIR.

Each gets a clear sentence, or nothing at all where no page of ours would send it; nothing is written but audit lines.
Settings, keys, ports and outages: tests/faults. Frames that are no frames: test_socket. Random events: test_fuzz.
"""

from __future__ import annotations

import json
from datetime import date
from enum import Enum
from pathlib import Path
from typing import Any, get_args, get_type_hints
from uuid import UUID

import httpx
import pytest
from reflex_base.registry import RegistrationContext

from rxportal.cli import main
from rxportal.commands.registry import use_cases
from rxportal.core.errors import InvalidInput, PortalError
from rxportal.core.identity import Operator
from rxportal.core.kernel import Kernel
from rxportal.core.scopes import AccountScope, Chart, PublicScope
from rxportal.core.usecase import UseCase
from tests.counts import proved
from tests.factories import World
from tests.importing import patient, report
from tests.kernels import KEY
from tests.security.cells import Event, converse, handlers
from tests.security.conftest import ServedTown
from tests.security.socket_client import Socket, router_data
from tests.security.talk import log_of
from tests.security.test_matrix import inputs_of, takes_an_id
from tests.security.test_matrix_http import DOORS, knock
from tests.security.town import ADULT, unknown
from tests.write_counter import AUDIT, JOBS, WriteCounter

CASES = use_cases()
LONG = "x" * 30_000
NONSENSE: dict[str, list[Any]] = {
    "id": ["x", "", 1, True, [], {}, "' OR 1=1 --", LONG, "\0", "00000000-0000-0000-0000-00000000000g"],
    "text": [1, True, 1.5, [], {}, LONG, "a\0b", "\ud800"],
    "number": ["1", 1.5, True, [], {}, "x", float("nan"), float("inf")],
    "seconds": ["1", True, [], {}, "x", float("nan"), float("inf")],
    "yes or no": ["true", 1, 0, [], None],
    "choice": ["nonsense", 1, [], {}, True],
    "day": ["2026-13-45", "tomorrow", 1, [], True],
    "fields": ["x", 1, [], True],
    "list": ["x", 1, {}, True],
}


def sort_of(hint: Any) -> str:
    """What sort of input a type hint asks for."""
    inner = [one for one in get_args(hint) if one is not type(None)]
    first = inner[0] if inner and "|" in str(hint) else hint
    word = str(first)
    if word.startswith(("list", "typing.List", "tuple", "frozenset", "set")):
        return "list"
    if word.startswith("dict"):
        return "fields"
    known = {UUID: "id", str: "text", bool: "yes or no", int: "number", float: "seconds", date: "day"}
    if first in known:
        return known[first]
    return "choice" if isinstance(first, type) and issubclass(first, Enum) else ""


@pytest.fixture(scope="module")
def counted(tmp_path_factory: pytest.TempPathFactory, sqlite_file: Path) -> tuple[World, WriteCounter]:
    from datetime import timedelta

    from tests.kernels import kernel_on, sqlite_engine

    kernel: Kernel = kernel_on(sqlite_engine(sqlite_file, tmp_path_factory.mktemp("bad")))
    kernel.refusal_window = timedelta(0)
    return World(kernel), WriteCounter(kernel.engine, kernel.engine).install()


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_every_wrong_value_of_every_input_gets_a_sentence_and_writes_nothing(
    counted: tuple[World, WriteCounter], case: UseCase
) -> None:
    world, counter = counted
    account, _patient = world.owner()
    credentials = world.sign_in(account) if case.scope in {Chart, AccountScope, PublicScope} else Operator()
    good = inputs_of(case, unknown())
    tries: list[tuple[str, dict[str, Any]]] = [
        ("", {**good, "extra": 1}),
        ("", {**good, "patient_id": [unknown()] * 3, "\0": 1}),
    ]
    for name, facts in case.inputs.model_fields.items():
        tries += [(name, {**good, name: value}) for value in NONSENSE.get(sort_of(facts.annotation), [])]
        if facts.is_required():
            tries.append((name, {one: value for one, value in good.items() if one != name}))
    for name, inputs in tries:
        before = counter.read()
        with pytest.raises(PortalError) as refusal:
            world.kernel.perform(case.function, credentials, None, **inputs)
        assert isinstance(refusal.value, InvalidInput), (case.name, name)
        assert len(refusal.value.message) > 10
        assert refusal.value.message.endswith(".")
        assert refusal.value.field in {name, ""} or not name, (name, refusal.value.field)
        assert not any(str(value) in refusal.value.message for value in inputs.values() if len(str(value)) > 4)
        assert counter.since(before) == AUDIT, (case.name, name)
    proved("wrong values of use cases' inputs: a sentence each, nothing written but the audit line", len(tries))


TURNS_PAGES = [case for case in CASES if "page" in case.inputs.model_fields and case.scope is Chart]


@pytest.mark.parametrize("case", TURNS_PAGES, ids=lambda case: case.name)
@pytest.mark.parametrize("page", [-1, 0, 2**31, 2**63, 10**30, -(10**400), 10**400], ids=lambda page: str(page)[:8])
def test_a_page_that_is_not_there_is_the_nearest_one(
    counted: tuple[World, WriteCounter], case: UseCase, page: int
) -> None:
    world, _counter = counted
    account, _patient = world.owner()
    assert world.kernel.perform(case.function, world.sign_in(account), None, page=page) is not None


WRONG_FOR = {
    "str": [1, None, True, [], {}, "x", "' OR '1'='1", "../../etc/passwd", "x" * 150_000, "<script>alert(1)</script>"],
    "int": ["x", None, [], {}, -1, 10**30, 1.5, True],
    "bool": ["x", None, [], 1],
    "dict": ["x", None, [], 1, {"$ne": 1}, {"a": {"b": {"c": []}}}, {"query": [1], "kind": {}, "page": "x"}],
    "list": ["x", None, {}, 1, [[]] * 50, [unknown()] * 40],
}


@pytest.mark.parametrize(
    "name", ["owner", "parent of a teen", "clinician here", "front_desk here", "administrator here"]
)
def test_wrong_arguments_over_the_socket_change_nothing_and_break_nothing(served_town: ServedTown, name: str) -> None:
    """As somebody who may: the arguments alone are wrong. What one may do by pressing a button without any is left out."""
    who = served_town.town.who(name)
    events: list[Event] = []
    for handler in handlers():
        hints = get_type_hints(RegistrationContext.get().event_handlers[handler.name].handler.fn)
        good = handler.payload(unknown())
        for argument in handler.arguments:
            sort = next((one for one in WRONG_FOR if one in str(hints.get(argument, ""))), "str")
            for value in WRONG_FOR[sort]:
                if isinstance(value, bool) and sort == "str":
                    continue
                events.append((handler.name, {**good, argument: value}, handler.address(who.grant, "")))
        events.append((handler.name, {**good, "extra": 1}, handler.address(who.grant, "")))
        if handler.arguments:
            events.append((handler.name, {}, handler.address(who.grant, "")))
        odd = ({"pathname": 1}, {"asPath": "//[bad"}, {"query": []}, router_data("/x" * 2000), {"headers": 1})
        events += [(handler.name, {**good, "extra": 1}, where) for where in odd]
    before, printed = served_town.counter.read(), len(served_town.portal.printed())
    with Socket(served_town.portal.url, cookie=who.cookie) as socket:
        said = "".join(converse(socket, [event for event in events if len(json.dumps(event)) < 400_000]))
    written = served_town.counter.since(before, ignore=JOBS)
    # pressed without any argument: signing out elsewhere, a new code for an app that counts once it came back, a counted try
    assert not set(written) - set(AUDIT) - {"session", "authenticator", "sign_in_attempt"}, written
    assert "went wrong" not in said
    log = log_of(served_town.portal, printed)
    assert "Traceback" not in log
    assert "fault" not in log, [line for line in log.splitlines() if "fault" in line][:3]
    assert httpx.get(f"{served_town.portal.url}/readyz", timeout=20).status_code == 200
    proved("wrong arguments over the raw socket: nothing written but audit lines, no fault", len(events))


def test_wrong_addresses_and_bodies_over_http_are_refused_plainly(served_town: ServedTown) -> None:
    who = served_town.town.who("owner")
    grants = ["", "x", "' OR 1=1 --", "%00", "%ff%fe", "../..", "a" * 3000, "1&for=2", served_town.town.grants["ended"]]
    keys = [
        "x",
        "0",
        "-1",
        "%2e%2e%2f%2e%2e%2fetc%2fpasswd",
        "%00",
        "a" * 3000,
        "' OR 1=1",
        "null",
        "⅓",
        unknown(),
    ]
    before, printed = served_town.counter.read(), len(served_town.portal.printed())
    looked = 0
    with httpx.Client(base_url=served_town.portal.url, timeout=30) as client:
        for door in DOORS:
            for grant in grants:
                for key in keys if "{" in door.path else [""]:
                    answer = knock(client, served_town, door, who, grant, key)
                    if grant or "{" in door.path:
                        assert answer.status_code in {303, 400, 403, 404, 405, 414}, (
                            door,
                            grant,
                            key,
                            answer.status_code,
                        )
                    assert ADULT not in answer.text or not grant, (door, grant, key)
                    looked += 1
    written = served_town.counter.since(before, ignore=JOBS)
    assert not set(written) - set(AUDIT) - {"session"}, written
    assert "Traceback" not in log_of(served_town.portal, printed)
    proved("wrong addresses and ids over HTTP, refused plainly", looked)


# --- FHIR

BROKEN: dict[str, bytes] = {
    "empty.json": b"",
    "space.json": b"  \n ",
    "cut.json": b'{"resourceType": "Bundle", "type": "collection", "entry": [{"resource": {"resourceType": "Pat',
    "number.json": b"42",
    "list.json": b"[1, 2, 3]",
    "words.json": b"this is no JSON at all",
    "bytes.json": b"\xff\xfe\x00\x01" * 30,
    "deep.json": b'{"resourceType": "Bundle", "entry": ' + b"[" * 30_000 + b"]" * 30_000 + b"}",
    "nan.json": b'{"resourceType": "Observation", "id": "n", "valueQuantity": {"value": NaN}}',
    "twice.json": b'{"resourceType": "Patient"} {"resourceType": "Patient"}',
    "line.ndjson": b'{"resourceType": "Patient", "id": "b1"}\n{"resourceType": \n',
    "surrogate.json": b'{"resourceType": "Patient", "id": "\\ud800"',
}


@pytest.fixture
def shell(tmp_path: Path, sqlite_file: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The folder of a portal whose settings are this process's own."""
    import shutil

    shutil.copyfile(sqlite_file, tmp_path / "rxportal.db")
    settings = {"ENV": "test", "VAR": str(tmp_path), "DATABASE_KEY": KEY, "SECRET_KEY": "s" * 60}
    for name, value in settings.items():
        monkeypatch.setenv(f"RXPORTAL_{name}", value)
    return tmp_path


@pytest.mark.parametrize("name", BROKEN)
def test_broken_fhir_is_named_with_its_place_and_the_sound_file_beside_it_is_taken(
    shell: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    from rxportal.core.database import encrypted_engine

    folder = shell / "sent"
    folder.mkdir()
    (folder / name).write_bytes(BROKEN[name])
    engine = encrypted_engine(shell / "rxportal.db", KEY)
    counter = WriteCounter(engine, engine).install()

    def run(*paths: Path) -> tuple[int, str]:
        """Its exit code and what it said to whoever ran it."""
        monkeypatch.setattr("sys.argv", ["rxportal", "import-fhir", *map(str, paths), "--organization", "Lab One"])
        with pytest.raises(SystemExit) as end:
            main()
        said = capsys.readouterr()
        assert "Traceback" not in said.out + said.err
        return int(end.value.code or 0), said.err

    before = counter.read()
    code, said = run(folder / name)
    assert code == 1, said
    assert name in said
    kept = [table for table in counter.since(before, ignore=JOBS) if table.startswith(("record", "patient", "reading"))]
    assert not kept or name.endswith(".ndjson"), "whole lines before a broken one are whole resources"
    (folder / "sound.ndjson").write_text(json.dumps(patient()) + "\n" + json.dumps(report()) + "\n")
    code, said = run(folder)
    assert code == 1
    assert name in said
    taken = counter.since(before)
    assert taken["patient"] >= 1
    assert taken["record"] >= 2
    after = counter.read()
    assert run(folder)[0] == 1
    again = counter.since(after, ignore=(*JOBS, *AUDIT, "practice"))
    assert again == {}, "running it again changes nothing"
    engine.dispose()
    proved("broken FHIR files: named, exit code 1, the sound file beside each taken once")


def test_no_case_is_left_out() -> None:
    """Every type of input is one of which this module knows wrong values."""
    unknown_types = {
        (case.name, name, str(facts.annotation))
        for case in CASES
        for name, facts in case.inputs.model_fields.items()
        if not sort_of(facts.annotation)
    }
    assert unknown_types == set()
    assert any(takes_an_id(case) for case in CASES)
