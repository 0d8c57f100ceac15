"""`make bench`: measures, prints a table, and writes `bench/latest.json`."""

from __future__ import annotations

import json
import os
import platform
from datetime import UTC, datetime

from playwright.sync_api import sync_playwright

from bench.measures import Samples, page_loads, percentile, round_trips
from bench.served import HERE, bare, ours
from rxportal.build.sizes import weights
from tests.browsing import FLAGS, SYSTEM


def main() -> None:
    """Measure both, one after the other on the same idle machine."""
    with bare() as plain, ours() as portal:
        figures = {"one event, there and back": (round_trips(plain), round_trips(portal))}
        with sync_playwright() as playwright:
            found = next((str(path) for path in SYSTEM if path.exists()), None)
            browser = playwright.chromium.launch(executable_path=found, args=FLAGS)
            figures["list on the page (/results)"] = (page_loads(plain, browser), page_loads(portal, browser))
            browser.close()
    rows = [_row(name, *samples) for name, samples in figures.items()]
    heaviest = weights()[0]
    report = {
        "at": datetime.now(UTC).isoformat(timespec="seconds"),
        "machine": f"{platform.machine()}, {os.cpu_count()} cores, Python {platform.python_version()}",
        "figures": rows,
        "heaviest_page": {"page": heaviest.page, "javascript": heaviest.scripts, "css": heaviest.styles},
    }
    (HERE / "latest.json").write_text(json.dumps(report, indent=1) + "\n")
    print(f"{'':32}{'bare p50':>10}{'ours p50':>10}{'ratio':>8}{'bare p95':>10}{'ours p95':>10}{'ratio':>8}")
    for row in rows:
        print(
            f"{row['name']:32}{row['bare_p50']:>9}ms{row['ours_p50']:>9}ms{row['ratio_p50']:>7}x"
            f"{row['bare_p95']:>9}ms{row['ours_p95']:>9}ms{row['ratio_p95']:>7}x"
        )
    scripts, styles = heaviest.scripts / 1000, heaviest.styles / 1000
    print(f"heaviest page {heaviest.page}: {scripts:.1f} kB JavaScript, {styles:.1f} kB CSS")


def _row(name: str, plain: Samples, own: Samples) -> dict[str, object]:
    row: dict[str, object] = {"name": name}
    for percent in (50, 95):
        base, mine = percentile(plain, percent), percentile(own, percent)
        row |= {f"bare_p{percent}": base, f"ours_p{percent}": mine, f"ratio_p{percent}": round(mine / base, 2)}
    return row


if __name__ == "__main__":
    main()
