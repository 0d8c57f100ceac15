"""In which order the files of tests are run: what this file says holds for one process and for several workers.

Workers (`pytest -n 2 --dist loadfile --no-loadscope-reorder`) take file after file from the front of one queue.
"""

from __future__ import annotations

from pathlib import Path

import pytest

# Files that take more than half a minute, and their seconds on one core: who begins with them is not the last to end.
LONG: dict[str, int] = {}
TESTS = Path(__file__).parent


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Files with a browser come last: Playwright keeps an event loop running in its thread from its start on."""
    browsing = {item.path for item in items if "chromium" in getattr(item, "fixturenames", ())}
    long = {TESTS / name: seconds for name, seconds in LONG.items()}
    items.sort(key=lambda item: (item.path in browsing, -long.get(item.path, 0)))
