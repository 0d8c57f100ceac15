"""One event to the server and back, and the use case behind it without a server."""

from __future__ import annotations

import asyncio
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from sqlalchemy import event as listening

from bench.clients import Tab, state
from bench.figures import Figure, Samples, percentile
from bench.practice import HOME, RESULT, RESULTS, Practice
from bench.served import Target
from bench.stage import Stage
from rxportal.core.cookies import credentials_of
from rxportal.core.kernel import Kernel
from rxportal.core.usecase import REGISTRY
from rxportal.services.family import family_home
from rxportal.services.results import list_results, open_result
from rxportal.services.shell import view_shell

ROUNDS, EACH, WARM = 10, 30, 20
USE_CASES = 60
SESSION = state("rxportal.state.session", "session_state")

Act = Callable[[Tab], Any]


def events(stage: Stage) -> list[Figure]:
    """One tab asks for its list and waits for it, 300 times, in turns of 30 with the bare app.

    Ours reads the session, authorizes, queries an encrypted database and writes an audit line in the same
    transaction; the bare app fills as many rows from memory. Processor time is that of the server alone: it holds on a
    noisy machine, where the times of one round trip do not.
    """
    plain, plain_cpu, own, own_cpu = asyncio.run(in_turns(stage.plain, stage.ours))
    return [
        Figure("round trip of the read that fills /results, p50", percentile(own, 50), "ms",
               percentile(plain, 50), most=5, most_times=8),
        Figure("the same, p95", percentile(own, 95), "ms", percentile(plain, 95)),
        Figure("the same, processor time of the server", own_cpu, "ms", plain_cpu),
        *asyncio.run(_others(stage)),
    ]  # fmt: skip


async def in_turns(plain: Target, own: Target, rounds: int = ROUNDS) -> tuple[Samples, float, Samples, float]:
    """Milliseconds of each round trip and of processor time for one, for either target."""
    tabs = [await Tab.open(each.url, each.page, each.cookie) for each in (plain, own)]
    kept: tuple[Samples, Samples] = ([], [])
    spent = [0.0, 0.0]
    for turn in range(rounds + 1):
        for at, target in enumerate((plain, own)):
            before = target.cpu_ms()
            samples = [await tabs[at].ask(target.event) for _ in range(EACH if turn else WARM)]
            if turn:
                kept[at].extend(samples)
                spent[at] += target.cpu_ms() - before
    for tab in tabs:
        await tab.close()
    return kept[0], round(spent[0] / len(kept[0]), 2), kept[1], round(spent[1] / len(kept[1]), 2)


async def _others(stage: Stage) -> list[Figure]:
    """Other reads, and the four events of following a link."""
    target = stage.ours
    result = first_result(stage.practice, target.cookie)
    tab = await Tab.open(target.url, target.page, target.cookie)
    acts: dict[str, Act] = {
        "the frame of a page, read anew (who, which charts)": lambda one: one.ask(f"{SESSION}.refresh"),
        "searching results for a word": lambda one: one.ask(f"{RESULTS}.search", {"form": {"query": "panel"}}),
        "following a link to /results": lambda one: one.go("/results", RESULTS),
        "following a link to one result": lambda one: one.go(f"/results/{result}", RESULT, id=result),
        "following a link to /home": lambda one: one.go("/home", HOME),
    }
    figures = []
    for name, act in acts.items():
        for _ in range(5):
            await act(tab)
        before = target.cpu_ms()
        samples = [await act(tab) for _ in range(EACH)]
        spent = (target.cpu_ms() - before) / EACH
        figures.append(Figure(f"{name}, p50 ({spent:.1f} ms of processor)", percentile(samples, 50)))
    await tab.close()
    return figures


def first_result(practice: Practice, cookie: str) -> str:
    """The newest result that this person may read."""
    shown = practice.kernel.perform(list_results, credentials_of(cookie), live=True)
    return str(shown.rows[0].id)


def kernel(stage: Stage) -> list[Figure]:
    """Use cases without server, socket or state: time and SQL statements of one `perform`, audit line included.

    A view that reads the same as before is not made anew (ADR 0006): read again, as every other part of this bench does
    most of the time, and as it is the first time.
    """
    practice, cookie = stage.practice, stage.ours.cookie
    result = first_result(practice, cookie)
    cases: dict[str, tuple[Callable[..., Any], dict[str, Any]]] = {
        "list_results": (list_results, {}),
        "list_results, one word": (list_results, {"query": "panel"}),
        "open_result": (open_result, {"result_id": result}),
        "family_home": (family_home, {}),
        "view_shell": (view_shell, {"chart": ""}),
    }
    figures = []
    for name, (case, inputs) in cases.items():
        for how, anew in {"": False, ", made anew": True}.items() if REGISTRY[case.__name__].kept else [("", False)]:
            spent, statements, processor = use_case(practice.kernel, case, cookie, anew=anew, **inputs)
            told = f"{name}{how}, p50 ({statements} statements, {processor:.1f} ms of processor)"
            figures.append(Figure(told, spent))
    credentials = credentials_of(cookie)
    samples = _timed(lambda: practice.kernel.actor_of(credentials))
    return [*figures, Figure("actor_of (the guard asks it before every event), p50", percentile(samples, 50))]


def use_case(
    kernel: Kernel, case: Callable[..., Any], cookie: str, *, anew: bool = False, **inputs: Any
) -> tuple[float, int, float]:
    """Median milliseconds, SQL statements and processor milliseconds of one run. `anew`: nothing is kept before it."""
    credentials = credentials_of(cookie)

    def act() -> Any:
        if anew:
            kernel.shelf.clear()
        return kernel.perform(case, credentials, **inputs)

    act()
    with counted(kernel) as statements:
        act()
    before = time.process_time()
    samples = _timed(act)
    spent = (time.process_time() - before) * 1000 / (USE_CASES + 5)
    return percentile(samples, 50), len(statements), round(spent, 2)


def _timed(act: Callable[[], Any]) -> Samples:
    samples = []
    for number in range(USE_CASES + 5):
        begun = time.perf_counter()
        act()
        if number >= 5:
            samples.append((time.perf_counter() - begun) * 1000)
    return samples


@contextmanager
def counted(kernel: Kernel) -> Iterator[list[str]]:
    """The SQL statements that this thread sends in the block."""
    sent: list[str] = []
    own = threading.get_ident()

    def note(_connection: Any, _cursor: Any, statement: str, *_rest: Any) -> None:
        if threading.get_ident() == own and not statement.startswith(("BEGIN", "COMMIT", "ROLLBACK")):
            sent.append(statement)

    listening.listen(kernel.engine, "before_cursor_execute", note)
    try:
        yield sent
    finally:
        listening.remove(kernel.engine, "before_cursor_execute", note)
