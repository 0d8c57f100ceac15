"""Where the figures are kept: `bench/latest.json` for programs, `docs/performance.md` for people."""

from __future__ import annotations

import inspect
import json
import os
import platform
from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, datetime
from importlib.metadata import version
from typing import Any

import psutil

from bench.figures import Figure, as_markdown
from bench.served import HERE, ROOT, processor

Found = Mapping[str, tuple[Callable[..., Any], Sequence[Figure]]]
TITLES = {
    "size": "What a first visit weighs",
    "events": "One event, there and back",
    "kernel": "Use cases by themselves",
    "growth": "Long charts",
    "pages": "A page in the browser",
    "memory": "Memory of a session",
    "load": "200 people at once",
    "flood": "One socket that floods",
    "flat": "As many events as it can",
}
DOC = """# Performance

Written by `make bench`, which measures all of this in one run, from its [figures](../bench/latest.json). Everything is
measured against a bare Reflex app (`bench/bare`) that is built and served on the same machine in the same minutes, with
the same server and state manager and as many rows on its one page: absolute times depend on the machine, ratios hardly.

{machine}

{sections}
A portal of the same kind with a JavaScript server and front end, measured the same way, took 3 × the bare app cold and
2 × on slow 4G.
"""


def machine() -> dict[str, str]:
    """What was measured on, and how busy it was when the run began."""
    return {
        "measured": datetime.now(UTC).isoformat(timespec="minutes"),
        "processor": f"{processor()}, {os.cpu_count()} cores",
        "memory": f"{psutil.virtual_memory().total / 2**30:.0f} GiB",
        "system": f"{platform.system()} {platform.release()}",
        "Python": platform.python_version(),
        "Reflex": version("reflex"),
        "load before": f"{os.getloadavg()[0]:.2f}",
    }


def write(about: Mapping[str, str], found: Found) -> None:
    """Write both files."""
    figures = {name: [figure.as_json() for figure in measured] for name, (_, measured) in found.items()}
    (HERE / "latest.json").write_text(json.dumps({"machine": about, "figures": figures}, indent=1) + "\n")
    sections = [
        f"## {TITLES[name]}\n\n{inspect.getdoc(measure)}\n\n{as_markdown(name, measured)}\n"
        for name, (measure, measured) in found.items()
    ]
    named = ", ".join(f"{name} {value}" for name, value in about.items())
    (ROOT / "docs" / "performance.md").write_text(
        DOC.format(machine=f"Machine: {named}.", sections="\n".join(sections))
    )
