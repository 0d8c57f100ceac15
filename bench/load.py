"""Many people at once, one who floods, and as many events as the server can take."""

from __future__ import annotations

import asyncio
import sys
import time
from collections import defaultdict
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from random import Random

from bench.clients import EventFailed, Tab
from bench.events import first_result
from bench.figures import Figure, Samples, percentile
from bench.practice import FREE, HOME, RESULT, RESULTS, Practice, embedded
from bench.stage import Stage

PEOPLE, THINK, SECONDS = 200, 5.0, 45.0
OTHERS, OTHERS_THINK, FLOOD_SECONDS, FLOOD_TURNS = 20, 1.0, 15.0, 3
AT_ONCE = 10
ASKERS, FLAT_SECONDS = 16, 8.0
DEMO = ("maya", "ben", "grace", "lena", "noah")


@dataclass
class Crowd:
    """Signed-in tabs and what became of their events, by kind."""

    practice: Practice
    spent: dict[str, Samples] = field(default_factory=lambda: defaultdict(list))
    failed: list[str] = field(default_factory=list)
    tabs: list[tuple[Tab, str]] = field(default_factory=list)

    async def come(self, number: int) -> None:
        """Open tabs on /results, each with a session of its own."""
        target = self.practice.target()
        people = [self.practice.account(first) for first in DEMO]
        results = [first_result(self.practice, self.practice.cookie(person)) for person in people]

        async def one(at: int) -> tuple[Tab, str]:
            cookie = self.practice.cookie(people[at % len(people)])
            return await Tab.open(target.url, target.page, cookie), results[at % len(people)]

        for start in range(0, number, AT_ONCE):
            self.tabs += await asyncio.gather(*(one(at) for at in range(start, min(start + AT_ONCE, number))))

    async def stay(self, seconds: float, think: float) -> None:
        """Everybody thinks and acts until the time is up; thinking is half to one and a half times `think`."""
        until = time.monotonic() + seconds
        people = [self._person(tab, result, until, think, Random(at)) for at, (tab, result) in enumerate(self.tabs)]
        await asyncio.gather(*people)

    async def _person(self, tab: Tab, result: str, until: float, think: float, chance: Random) -> None:
        acts: dict[str, Callable[[], Awaitable[float]]] = {
            "list": lambda: tab.ask(f"{RESULTS}.load"),
            "search": lambda: tab.ask(f"{RESULTS}.search", {"form": {"query": chance.choice(["panel", "lipid", ""])}}),
            "to one result": lambda: tab.go(f"/results/{result}", RESULT, id=result),
            "to home": lambda: tab.go("/home", HOME),
            "to results": lambda: tab.go("/results", RESULTS),
        }
        await asyncio.sleep(chance.uniform(0, think))
        while time.monotonic() < until:
            kind = chance.choice(list(acts)) if tab.at["pathname"] == "/results" else "to results"
            try:
                self.spent[kind].append(await acts[kind]())
            except EventFailed as fault:
                self.failed.append(f"{kind}: {fault}")
                return
            await asyncio.sleep(think * chance.uniform(0.5, 1.5))

    async def leave(self) -> None:
        """Everybody hangs up."""
        await asyncio.gather(*(tab.close() for tab, _ in self.tabs))

    @property
    def all(self) -> Samples:
        """Every event that was answered."""
        return [each for samples in self.spent.values() for each in samples]


def load(stage: Stage) -> list[Figure]:
    """200 signed-in people, each in a session of its own, think five seconds and act: read, search, follow links.

    A link takes four events of the framework's and ours; it counts as one, until the new page's content arrives. The
    people run on the same two cores as the server.
    """
    figures = []
    for name, portal in (("in memory", embedded), ("PostgreSQL and Redis, two workers", stage.hospital.wide)):
        with portal() as practice:
            crowd, busy = asyncio.run(_visited(practice))
        total = crowd.all
        figures += [
            Figure(f"{name}: p95 of {len(total)} acts", percentile(total, 95), most=50),
            Figure(f"{name}: p99", percentile(total, 99), most=150),
            Figure(f"{name}: failed", len(crowd.failed), "", most=0),
            Figure(f"{name}: processor time of the server for one act", round(busy / len(total), 1)),
            *(Figure(f"{name}: {kind}, p95", percentile(samples, 95)) for kind, samples in sorted(crowd.spent.items())),
        ]
    return figures


async def _visited(practice: Practice) -> tuple[Crowd, float]:
    crowd = Crowd(practice)
    await crowd.come(PEOPLE)
    target = practice.target()
    before = target.cpu_ms()
    await crowd.stay(SECONDS, THINK)
    busy = target.cpu_ms() - before
    await crowd.leave()
    return crowd, busy


def flood(_stage: Stage) -> list[Figure]:
    """20 people act once a second, alone and beside one signed-in client that sends as fast as it can, in turns.

    The flooder sends a thousand events a second on its socket and opens a new one whenever it is cut off; the event
    budget is that of every installation. It is cut, and a session that was cut is kept outside for ten seconds.
    """
    with embedded() as practice:
        alone, beside = asyncio.run(_flooded(practice))
    return [
        Figure("the others' p95", percentile(beside.all, 95), "ms", percentile(alone.all, 95), most_times=2),
        Figure("the others' failed acts", len(beside.failed), "", most=0),
    ]  # fmt: skip


async def _flooded(practice: Practice) -> tuple[Crowd, Crowd]:
    alone = Crowd(practice)
    await alone.come(OTHERS)
    await alone.stay(3, OTHERS_THINK)
    alone.spent.clear()
    beside = Crowd(practice, tabs=alone.tabs)
    target = practice.target(practice.cookie(practice.account("nora")))
    for _ in range(FLOOD_TURNS):  # in turns: a busy machine is busy with both
        await alone.stay(FLOOD_SECONDS, OTHERS_THINK)
        flooder = await asyncio.create_subprocess_exec(sys.executable, "-m", "bench.flooder", target.url, target.cookie)
        try:
            await asyncio.sleep(2)  # it starts Python meanwhile, which takes a processor
            await beside.stay(FLOOD_SECONDS, OTHERS_THINK)
        finally:
            flooder.kill()
            await flooder.wait()
    await alone.leave()
    return alone, beside


def flat(stage: Stage) -> list[Figure]:
    """16 tabs ask for their list again as soon as they have it. Reported, not bounded."""
    memory = asyncio.run(_flat_out(stage.practice))
    with stage.hospital.wide(**FREE) as practice:
        shared = asyncio.run(_flat_out(practice))
    figures = []
    for name, (each, spent) in {"in memory": memory, "PostgreSQL and Redis, two workers": shared}.items():
        figures.append(Figure(f"{name}: reads of /results a second ({spent:.1f} ms of processor each)", each, "/s"))
    return figures


async def _flat_out(practice: Practice) -> tuple[float, float]:
    crowd = Crowd(practice)
    await crowd.come(ASKERS)
    target = practice.target()
    done = 0

    async def ask(tab: Tab, until: float) -> None:
        nonlocal done
        while time.monotonic() < until:
            await tab.ask(f"{RESULTS}.load")
            done += 1

    await asyncio.gather(*(ask(tab, time.monotonic() + 1) for tab, _ in crowd.tabs))
    done, begun, before = 0, time.monotonic(), target.cpu_ms()
    await asyncio.gather(*(ask(tab, begun + FLAT_SECONDS) for tab, _ in crowd.tabs))
    each, spent = done / (time.monotonic() - begun), (target.cpu_ms() - before) / done
    await crowd.leave()
    return round(each), spent
