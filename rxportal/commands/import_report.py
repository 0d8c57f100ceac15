"""What an import did, as text for people, as JSON for scripts, and as the table of docs/import.md."""

from __future__ import annotations

from collections import Counter, defaultdict
from pathlib import Path
from typing import Any

from rxportal.fhir.types import MODELLED
from rxportal.services.import_run import Report

FATES = ("created", "updated", "unchanged", "skipped")


def by_type(report: Report) -> dict[str, dict[str, int]]:
    """Counts by resource type and fate."""
    found: dict[str, dict[str, int]] = defaultdict(lambda: dict.fromkeys(FATES, 0))
    for (_file, kind, fate), number in report.tally.fates.items():
        found[kind][fate] += number
    for (_file, kind, _reason), number in report.tally.skipped.items():
        found[kind]["skipped"] += number
    return dict(sorted(found.items()))


def as_json(report: Report) -> dict[str, Any]:
    """Everything, for scripts."""
    types = by_type(report)
    return {
        "types": types,
        "total": {fate: sum(counts[fate] for counts in types.values()) for fate in FATES},
        "patients": len(report.tally.patients),
        "skipped": _reasons(report.tally.skipped),
        "without_chart": _reasons(report.tally.chartless),
        "kept_whole": {kind: sum(counts.values()) for kind, counts in types.items() if kind not in MODELLED},
        "not_quite_valid": _reasons(
            Counter({(*key, "not valid FHIR R4"): n for key, n in report.tally.imperfect.items()})
        ),
        "broken": [
            {"file": each.file, "place": each.place, "reason": each.message, "whole_file": each.whole}
            for each in report.faults
            if each.broken
        ],
        "left_out": [
            {"file": each.file, "place": each.place, "reason": each.message}
            for each in report.faults
            if not each.broken
        ],
    }


def _reasons(counted: Counter[tuple[str, str, str]]) -> list[dict[str, Any]]:
    return [
        {"file": file, "type": kind, "reason": reason, "count": number}
        for (file, kind, reason), number in sorted(counted.items())
    ]


def as_text(report: Report) -> str:
    """A table by type, then what was skipped and why."""
    types = by_type(report)
    width = max([12, *map(len, types)])
    rows = [f"{'':{width}} " + "".join(f"{fate:>11}" for fate in FATES)]
    rows += [f"{kind:{width}} " + "".join(f"{counts[fate]:>11}" for fate in FATES) for kind, counts in types.items()]
    rows += _told("Skipped", report.tally.skipped)
    rows += _told("Kept whole, but in no chart", report.tally.chartless)
    if others := sorted(kind for kind in types if kind not in MODELLED):
        rows.append(f"Kept whole without a page of their own yet: {', '.join(others)}")
    if imperfect := sum(report.tally.imperfect.values()):
        rows.append(f"Not quite valid FHIR R4, taken all the same: {imperfect}")
    return "\n".join(rows)


def _told(heading: str, counted: Counter[tuple[str, str, str]]) -> list[str]:
    by_reason: Counter[tuple[str, str]] = Counter()
    for (_file, kind, reason), number in counted.items():
        by_reason[reason, kind] += number
    lines = [f"  {number} {kind}: {reason}" for (reason, kind), number in sorted(by_reason.items())]
    return [f"{heading}:", *lines] if lines else []


def as_table(report: Report) -> str:
    """One Markdown row per file: created, updated, unchanged, skipped, and why some are in no chart."""
    files = sorted({file for file, _kind, _fate in [*report.tally.fates, *report.tally.skipped]})
    rows = ["| file | created | updated | unchanged | skipped | in no chart, and why |", "|---|---|---|---|---|---|"]
    for file in files:
        fates = Counter[str]()
        for (where, _kind, fate), number in report.tally.fates.items():
            fates[fate] += number if where == file else 0
        skipped = sum(n for (where, _kind, _reason), n in report.tally.skipped.items() if where == file)
        told = "; ".join(_why(report, file)) or "none"
        name = "/".join(Path(file).parts[-2:])
        counts = " | ".join(str(fates[fate]) for fate in FATES[:3])
        rows.append(f"| `{name}` | {counts} | {skipped} | {told} |")
    return "\n".join(rows)


def _why(report: Report, file: str) -> list[str]:
    by_reason: dict[str, list[str]] = defaultdict(list)
    for counted in (report.tally.skipped, report.tally.chartless):
        for (where, kind, reason), number in sorted(counted.items()):
            if where == file:
                by_reason[reason].append(f"{number} {kind}")
    return [f"{', '.join(kinds)}: {reason}" for reason, kinds in by_reason.items()]
