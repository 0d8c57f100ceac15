"""20,000 events that no page of ours would send: no error of ours, a small and clean log, nothing changed."""

from __future__ import annotations

import hashlib
import json
import random
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from uuid import UUID

import httpx
import pytest
from reflex_base.registry import RegistrationContext
from sqlalchemy import event, text
from sqlmodel import SQLModel
from websockets.exceptions import ConnectionClosed

from rxportal.core.kernel import Kernel
from rxportal.models.accounts import Level
from rxportal.models.records import Kind
from tests.factories import World
from tests.kernels import kernel_on, sqlite_engine
from tests.security.pipeline import HIDDEN_ARGUMENTS, logged, pipeline, place, portal, run
from tests.security.socket_client import Refused, Socket, router_data
from tests.serving import Served, serving

portal()

from rxportal.state.door import well_formed  # noqa: E402
from rxportal.state.guard import policy_of  # noqa: E402

EVENTS = 20_000
OVER_THE_SOCKET = 3_000
SECRET = "Zebedee-Canary-2218"
HANDLERS = sorted(RegistrationContext.get().event_handlers)
DECIDES = ("act", "bulk_seen")  # what a clinician may do is done: those change rows by right
OWN = {"preferences:change", "factors:manage"}  # and so is what anybody who is signed in changes of their own account


def junk(random_: random.Random, depth: int = 0) -> Any:
    """Some JSON value, sometimes a nasty one; texts carry a canary that no log may show."""
    kinds = 12 if depth < 3 else 9
    kind = random_.randrange(kinds)
    if kind < 3:
        return random_.choice(
            ["", SECRET, f"{SECRET}\r\n\x1b[31m", "1' OR '1'='1", "\0", "\ud800", "é🙂", "%s%n{0}", "null"]
        )
    if kind == 3:
        return random_.choice([0, -1, 1, 2**31, 2**63, 10**30, -(10**30)])
    if kind == 4:
        return random_.choice([True, False, None])
    if kind == 5:
        return random_.choice([0.5, -0.0, 1e308, float("inf"), float("nan")])
    if kind == 6:
        return SECRET * random_.choice([1, 50, 1200])
    if kind == 7:
        return str(UUID(int=random_.getrandbits(128)))
    if kind == 8:
        return random_.choice(
            ["2026-11-24", "2026-99-99", "harm", "hold", "seen", "release", "late", "../..", "javascript:0"]
        )
    if kind == 9:
        return [junk(random_, depth + 1) for _ in range(random_.randrange(4))]
    if kind == 10:
        return {str(junk(random_, 3))[:40]: junk(random_, depth + 1) for _ in range(random_.randrange(4))}
    deep: Any = SECRET
    for _ in range(random_.choice([5, 60, 400])):
        deep = [deep] if random_.random() < 0.5 else {"a": deep}
    return deep


def router(random_: random.Random) -> Any:
    if random_.random() < 0.7:
        path = random_.choice(["/", "/home", "/results", "/desk/results", "/sign-in", "/results/x", "/404"])
        return place(path, {"for": str(junk(random_, 3))[:60].replace("&", "")} if random_.random() < 0.3 else {})
    return random_.choice(
        [
            {}, None, [], "x", {"pathname": junk(random_), "query": junk(random_), "asPath": junk(random_)},
            {"asPath": "http://[::1"}, {"asPath": "//[bad/"}, {"asPath": "/results?for=" + "&for=".join("ab")},
            {"asPath": "/results?" + "&".join(f"a{n}=1" for n in range(80))}, {"query": {"for": {"a": 1}}},
            {"headers": {"cookie": SECRET}, "token": 1, "sid": [], "ip": None, "pathname": "/results"},
        ]
    )  # fmt: skip


def made_up(random_: random.Random) -> dict[str, Any]:
    """One event: mostly a known name with odd arguments, sometimes not even that."""
    name: Any = random_.choice(HANDLERS)
    if random_.random() < 0.1:
        name = random_.choice(
            [junk(random_), name + "x", name.rpartition(".")[0], name.upper(), f"{name}\0", "_redirect"]
        )
    payload: Any = {}
    known = RegistrationContext.get().event_handlers.get(name) if isinstance(name, str) else None
    if known is not None:
        code = known.handler.fn.__code__
        for wanted in code.co_varnames[HIDDEN_ARGUMENTS : code.co_argcount + code.co_kwonlyargcount]:
            if random_.random() < 0.9:
                payload[wanted] = junk(random_)
        hints = known.handler.fn.__annotations__
        for wanted in payload:
            if random_.random() < 0.5:
                payload[wanted] = fitting(str(hints.get(wanted, "")), random_)
    if random_.random() < 0.1:
        payload = junk(random_)
    return {
        "name": name,
        "payload": payload,
        "router_data": router(random_),
        **({"x": 1} if random_.random() < 0.05 else {}),
    }


def fitting(hint: str, random_: random.Random) -> Any:
    """A value of the type that is asked for, so that it gets further in."""
    if "dict" in hint:
        return {
            key: junk(random_, 2)
            for key in random_.sample(["query", "kind", "record", "comment", "reason", "until"], 3)
        }
    if "bool" in hint:
        return random_.random() < 0.5
    if "int" in hint:
        return random_.choice([-1, 0, 1, 2, 10**6, 2**63, 10**30])
    if "list" in hint:
        return [junk(random_, 3) for _ in range(3)]
    return str(junk(random_, 3))


@pytest.fixture(scope="module")
def kernel_with_people(tmp_path_factory: pytest.TempPathFactory, sqlite_file: Path) -> Iterator[Kernel]:
    engine = sqlite_engine(sqlite_file, tmp_path_factory.mktemp("fuzz"))
    event.listen(engine, "connect", lambda raw, _: raw.execute("PRAGMA synchronous=OFF"))
    yield kernel_on(engine)
    engine.dispose()


def content(kernel: Kernel) -> str:
    """A digest of everything that a fuzzed event has no business to change."""
    digest = hashlib.sha256()
    with kernel.engine.connect() as connection:
        for table in SQLModel.metadata.sorted_tables:
            if not table.name.startswith("audit_") and table.name not in {"session", "sign_in_attempt"}:
                for row in connection.execute(text(f"SELECT * FROM {table.name} ORDER BY 1")):
                    digest.update(repr(tuple(row)).encode())
        connection.rollback()
    return digest.hexdigest()


def test_20_000_made_up_events_through_the_whole_pipeline(kernel_with_people: Kernel) -> None:
    random_ = random.Random(20_000)
    world = World(kernel_with_people)
    account, patient = world.owner()
    for kind in (Kind.ORDINARY, Kind.HIV):
        world.result(patient, "Waitonium", kind=kind)
    world.released(patient, "Releasium")
    proxy, grant = world.proxy(patient, Level.READ_ONLY)
    cookies = [None, world.sign_in(account), world.sign_in(proxy), world.sign_in(world.staff()), "__Host-rxportal=x"]
    before = content(kernel_with_people)

    async def work() -> tuple[int, list[BaseException]]:
        through = 0
        async with pipeline(kernel_with_people) as portal_:
            for number in range(EVENTS):
                made = made_up(random_)
                if number % 7 == 0:
                    made["router_data"] = place("/results", {"for": str(grant.id)})
                if not well_formed(made):
                    continue
                through += 1
                cookie = random_.choice(cookies)
                deciding = made["name"].rpartition(".")[2] in DECIDES and cookie is cookies[3]
                owning = policy_of(made["name"]) in OWN and cookie in cookies[1:4]
                if deciding or owning or policy_of(made["name"]) == "session:end":
                    continue
                await portal_.send(
                    f"tab{number % 12}", made["name"], made["payload"], cookie=cookie, at=made["router_data"]
                )
            return through, portal_.faults

    with logged() as lines:
        through, faults = run(work)
    assert through > EVENTS // 10, "the door lets too little in for this to say anything"
    assert faults == []
    assert content(kernel_with_people) == before
    ours = [line for line in lines if "denied an event" not in line]
    assert not [line for line in ours if "fault" in line], ours[:5]
    assert sum(len(line) for line in lines) < 200 * EVENTS
    assert not [line for line in lines if "Canary" in line or "\n" in line or "__Host" in line]
    assert kernel_with_people.audit_fault() == ""


def test_the_door_stands_any_json(kernel_with_people: Kernel) -> None:
    random_ = random.Random(7)
    for _ in range(5_000):
        data = junk(random_) if random_.random() < 0.5 else made_up(random_)
        assert well_formed(data) in {True, False}


@pytest.fixture(scope="module")
def loose(tmp_path_factory: pytest.TempPathFactory, demo: Served) -> Iterator[Served]:
    """A portal whose event budget is lifted: a setting that only the tests have."""
    made = Served(tmp_path_factory.mktemp("loose"), settings={"RXPORTAL_BUDGET_OFF": "1"})
    with serving(made, demo) as portal:
        yield portal


def test_thousands_of_them_over_the_socket(loose: Served) -> None:
    random_ = random.Random(4_000)
    people = ["", *(loose.cookie(first) for first in ("maya", "ben", "dr.lee"))]
    quiet = len(loose.printed())
    sent = 0
    while sent < OVER_THE_SOCKET:
        try:
            with Socket(loose.url, cookie=random_.choice(people)) as socket:
                for _ in range(100):
                    made = made_up(random_)
                    if isinstance(made["name"], str) and made["name"].rpartition(".")[2] in DECIDES:
                        made["payload"] = {}
                    frame = json.dumps(["event", made])
                    if random_.random() < 0.02:
                        frame = frame[: random_.randrange(len(frame))]
                    sent += 1
                    socket.raw_send("42/_event," + frame)
                socket.send("x", {}, router_data("/"))
        except (ConnectionClosed, Refused):
            continue
    assert httpx.get(f"{loose.url}/healthz", timeout=20).status_code == 200
    assert httpx.get(f"{loose.url}/readyz", timeout=20).status_code == 200
    log = loose.printed()[quiet:]
    assert len(log) < 200 * sent
    assert "Traceback" not in log
    assert "fault" not in log, [line for line in log.splitlines() if "fault" in line][:5]
    for secret in ("Canary", "__Host-rxportal=", "Samplewood", "\x1b"):
        assert secret not in log.replace("__Host-rxportal=[hidden]", "")
    with Socket(loose.url, cookie=people[1]) as socket:
        assert socket.ask(HANDLERS[0], {}, router_data("/"), seconds=0.2) is not None
