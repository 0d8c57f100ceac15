"""In which order the files of tests are run: what this file says holds for one process and for several workers.

Workers (`pytest -n 2 --dist loadfile --no-loadscope-reorder`) take file after file from the front of one queue.
"""

from __future__ import annotations

from pathlib import Path

import pytest

TESTS = Path(__file__).parent
#: Files of half a minute and more, the longest first (`make test ARGS=--durations=60` tells): what begins first does not
#: run alone at the end.
LONG = (
    "e2e/test_every_route.py",
    "e2e/test_families.py",
    "security/test_matrix_socket.py",
    "unit/services/test_imports.py",
    "security/test_fuzz.py",
    "security/test_socket.py",
    "unit/core/test_perform.py",
    "security/test_matrix_http.py",
    "faults/test_outages.py",
    "e2e/test_desk_results.py",
    "security/test_matrix.py",
    "security/test_socket_wide.py",
)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Files with a browser come last: Playwright keeps an event loop running in its thread from its start on."""
    browsing = {item.path for item in items if "chromium" in getattr(item, "fixturenames", ())}
    places = {TESTS / name: place for place, name in enumerate(LONG)}
    items.sort(key=lambda item: (item.path in browsing, places.get(item.path, len(LONG))))
