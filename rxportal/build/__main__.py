"""`python -m rxportal.build`: builds the front end unless the built one is still right."""

from __future__ import annotations

import argparse
import sys
import time

from rxportal.build.export import BuildFailed, export
from rxportal.build.finish import finish
from rxportal.build.stamp import is_current, stamp
from rxportal.settings import SettingsError, load_settings


def main() -> int:
    """Build; exit code 1 with a sentence when it cannot be done."""
    parser = argparse.ArgumentParser(prog="python -m rxportal.build", description=__doc__)
    parser.add_argument("--force", action="store_true", help="build even when nothing changed")
    parser.add_argument("--lock", action="store_true", help="build and rewrite the package lock")
    options = parser.parse_args()
    try:
        settings = load_settings()
        if is_current(settings) and not (options.force or options.lock):
            return 0
        started = time.monotonic()
        print("Building the front end…", flush=True)
        wanted = stamp(settings)
        export(keep_lock=not options.lock)
        finish(stamp(settings) if options.lock else wanted)
    except (BuildFailed, SettingsError) as problem:
        print(problem, file=sys.stderr)
        return 1
    print(f"Built in {time.monotonic() - started:.0f} s.", flush=True)
    return 0


if __name__ == "__main__":
    sys.exit(main())
