"""What the suite proved, in numbers: tests add to a line, pytest prints all lines at its end."""

from __future__ import annotations

from collections import Counter

import pytest

PROVED: Counter[str] = Counter()


def proved(what: str, number: int = 1) -> None:
    """Count things that were looked at and found right."""
    PROVED[what] += number


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """The section "proved" of pytest's own summary."""
    if PROVED:
        terminalreporter.section("proved")
        for what, number in sorted(PROVED.items()):
            terminalreporter.write_line(f"{number:>8,}  {what}")
