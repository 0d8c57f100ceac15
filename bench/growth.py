"""A long chart against a short one: the list, its page in the browser, one result with its trends."""

from __future__ import annotations

import asyncio

from bench.events import first_result, in_turns, use_case
from bench.figures import Figure, percentile
from bench.pages import VISITS, chromium, compared
from bench.practice import LONG, SHORT
from bench.stage import Stage
from rxportal.services.results import list_results, open_result

ROUNDS = 4
TIMES = 1.3


def growth(stage: Stage) -> list[Figure]:
    """A patient with 6,000 observations against one with 60; either list shows a full first page of 20 results.

    The records come from `bench/patient.py` through `import-fhir`: for every three observations a panel that carries
    two, and one that stands alone. SQL statements are counted at the driver, transaction control left out.
    """
    practice = stage.practice
    readers = (practice.target(practice.reader(SHORT[0])), practice.target(practice.reader(LONG[0])))
    short, short_cpu, long, long_cpu = asyncio.run(in_turns(*readers, ROUNDS))
    lists = [use_case(practice.kernel, list_results, one.cookie, anew=True) for one in readers]
    details = [
        use_case(practice.kernel, open_result, one.cookie, anew=True, result_id=first_result(practice, one.cookie))
        for one in readers
    ]
    with chromium() as browser:
        few, many = compared(browser, readers, VISITS[1])
    return [
        Figure("read that fills /results, p50", percentile(long, 50), "ms", percentile(short, 50), most_times=TIMES),
        Figure("the same, processor time of the server", long_cpu, "ms", short_cpu),
        Figure("the same, SQL statements", lists[1][1], "", lists[0][1], most_times=1),
        Figure("/results in the browser, warm, p50", percentile(many, 50), "ms", percentile(few, 50), most_times=TIMES),
        Figure("one result with its trends, in the kernel, p50", details[1][0], "ms", details[0][0]),
        Figure("the same, SQL statements", details[1][1], "", details[0][1]),
    ]
