"""A figure with its bound, and the tables in which figures are shown."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from statistics import quantiles
from typing import Any

Samples = list[float]


@dataclass(frozen=True)
class Figure:
    """One thing that was measured. `bare`: the same of what it is compared with, mostly the bare app.

    `most` bounds the figure itself, `most_times` its ratio to `bare`; without a bound it is only reported.
    """

    name: str
    value: float
    unit: str = "ms"
    bare: float | None = None
    most: float | None = None
    most_times: float | None = None

    @property
    def ratio(self) -> float | None:
        """How many times the bare app's."""
        return round(self.value / self.bare, 2) if self.bare else None

    @property
    def bound(self) -> str:
        """The bound in words; empty where there is none."""
        parts = [f"≤ {self.most:g} {self.unit}".strip()] if self.most is not None else []
        return ", ".join(parts + ([f"≤ {self.most_times:g} ×"] if self.most_times is not None else []))

    @property
    def verdict(self) -> str:
        """ok, over, or nothing where nothing is asked."""
        if not self.bound:
            return ""
        over = self.most is not None and self.value > self.most
        over |= self.most_times is not None and (self.ratio or 0) > self.most_times
        return "over" if over else "ok"

    @property
    def cells(self) -> tuple[str, ...]:
        """As a row of a table."""
        bare = _number(self.bare, self.unit) if self.bare is not None else ""
        ratio = f"{self.ratio:g} ×" if self.ratio is not None else ""
        return self.name, _number(self.value, self.unit), bare, ratio, self.bound, self.verdict

    def as_json(self) -> dict[str, Any]:
        """Everything of it, with what follows from it."""
        return {**asdict(self), "ratio": self.ratio, "verdict": self.verdict}


HEAD = ("", "rxportal", "bare app", "ratio", "bound", "")
# Measures that compare the portal with itself: what stands in the two columns
ITSELF = {"growth": ("6,000", "60"), "flood": ("beside it", "without it")}


def _number(value: float, unit: str) -> str:
    shown = f"{value:,.0f}" if abs(value) >= 1_000 or float(value).is_integer() else f"{value:.3g}"
    return f"{shown} {unit}".strip()


def percentile(samples: Samples, percent: float) -> float:
    """A percentile of at least two samples, in their unit."""
    cut = quantiles(samples, n=1000, method="inclusive")[round(percent * 10) - 1]
    return round(cut, 2)


def _head(measure: str) -> tuple[str, ...]:
    return (HEAD[0], *ITSELF.get(measure, HEAD[1:3]), *HEAD[3:])


def as_text(measure: str, figures: Sequence[Figure]) -> str:
    """A table for the screen."""
    rows = [_head(measure), *(figure.cells for figure in figures)]
    widths = [max(len(row[column]) for row in rows) for column in range(len(HEAD))]
    lines = []
    for row in rows:
        cells = [row[0].ljust(widths[0])] + [cell.rjust(width) for cell, width in zip(row[1:], widths[1:], strict=True)]
        lines.append("  ".join(cells).rstrip())
    return "\n".join(lines)


def as_markdown(measure: str, figures: Sequence[Figure]) -> str:
    """A table for the docs; columns without a single entry are left out."""
    rows = [figure.cells for figure in figures]
    kept = [column for column in range(len(HEAD)) if column < 2 or any(row[column] for row in rows)]
    lines = [[_head(measure)[column] for column in kept], ["---" if column == 0 else "---:" for column in kept]]
    lines += [[row[column] for column in kept] for row in rows]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)
