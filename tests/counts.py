"""What the suite proved, in numbers: tests add to a line, pytest prints all lines at its end.

Where several workers run the tests, each sends its counts to the process that prints when it is done.
"""

from __future__ import annotations

from collections import Counter
from typing import Any

import pytest

PROVED: Counter[str] = Counter()


def proved(what: str, number: int = 1) -> None:
    """Count things that were looked at and found right."""
    PROVED[what] += number


def pytest_sessionfinish(session: pytest.Session) -> None:
    """A worker hands over what it counted."""
    if hasattr(session.config, "workeroutput"):
        session.config.workeroutput["proved"] = dict(PROVED)


@pytest.hookimpl(optionalhook=True)
def pytest_testnodedown(node: Any) -> None:
    """A worker is done; one that crashed tells nothing."""
    PROVED.update(getattr(node, "workeroutput", {}).get("proved", {}))


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """The section "proved" of pytest's own summary."""
    if PROVED:
        terminalreporter.section("proved")
        for what, number in sorted(PROVED.items()):
            terminalreporter.write_line(f"{number:>8,}  {what}")
