"""`make bench`: measures everything, prints tables, writes `bench/latest.json` and `docs/performance.md`.

`python -m bench --only events growth` measures only these and writes nothing.
"""

from __future__ import annotations

import argparse
import sys
import time

from bench.events import events, kernel
from bench.figures import Figure, as_text
from bench.growth import growth
from bench.load import flat, flood, load
from bench.memory import memory
from bench.pages import pages, size
from bench.report import machine, write
from bench.stage import Stage

MEASURES = {one.__name__: one for one in (size, events, kernel, growth, pages, memory, load, flood, flat)}


def main() -> int:
    """Exit code 1 when a figure is over its bound."""
    parser = argparse.ArgumentParser(prog="python -m bench", description=__doc__)
    parser.add_argument("--only", nargs="+", choices=list(MEASURES), metavar="MEASURE", help=", ".join(MEASURES))
    chosen = parser.parse_args().only or list(MEASURES)
    about = machine()
    print(", ".join(f"{name} {value}" for name, value in about.items()), flush=True)
    found: dict[str, list[Figure]] = {}
    begun = time.monotonic()
    with Stage() as stage:
        for name in chosen:
            started = time.monotonic()
            found[name] = MEASURES[name](stage)
            print(f"\n{name} ({time.monotonic() - started:.0f} s)\n{as_text(name, found[name])}", flush=True)
    over = [
        f"{name}: {figure.name}" for name, figures in found.items() for figure in figures if figure.verdict == "over"
    ]
    print(f"\n{time.monotonic() - begun:.0f} s in all. " + ("Over its bound:" if over else "Everything within bounds."))
    print("\n".join(over))
    if len(chosen) == len(MEASURES):
        write(about, {name: (MEASURES[name], figures) for name, figures in found.items()})
    return 1 if over else 0


if __name__ == "__main__":
    sys.exit(main())
