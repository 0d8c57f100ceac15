"""The bench judges its figures rightly, and its made-up patient is what it says."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import pytest

from bench.figures import Figure, as_markdown, as_text, percentile
from bench.patient import bundle
from rxportal.core.kernel import Kernel
from rxportal.models.records import Reading, Record
from tests.importing import Importer


@pytest.mark.parametrize(
    ("figure", "verdict"),
    [
        (Figure("reported", 9), ""),
        (Figure("within", 5, most=5), "ok"),
        (Figure("beyond", 5.1, most=5), "over"),
        (Figure("times", 8, bare=1, most_times=8), "ok"),
        (Figure("too many times", 8.1, bare=1, most_times=8), "over"),
        (Figure("fast, but not beside the bare app", 4, bare=0.4, most=5, most_times=8), "over"),
        (Figure("none at all", 0, "", bare=0, most=0), "ok"),
    ],
)
def test_a_figure_is_judged_by_its_bound_and_by_its_ratio(figure: Figure, verdict: str) -> None:
    assert figure.verdict == verdict
    assert figure.as_json()["verdict"] == verdict


def test_percentiles() -> None:
    samples = [float(number) for number in range(101)]
    assert (percentile(samples, 50), percentile(samples, 95), percentile(samples, 99)) == (50, 95, 99)


def test_tables_say_the_bound_beside_the_figure() -> None:
    figures = [Figure("p50", 4.2, bare=0.5, most=5, most_times=8), Figure("plain", 1234, "kB")]
    assert "4.2 ms    0.5 ms  8.4 ×  ≤ 5 ms, ≤ 8 ×  over" in as_text("events", figures)
    assert "| plain | 1,234 kB |" in as_markdown("events", figures)
    assert "| 6,000 | 60 |" in as_markdown("growth", figures)


def test_the_made_up_patient_has_so_many_observations_and_two_thirds_as_many_rows(
    sqlite_kernel: Kernel, tmp_path: Path
) -> None:
    made = bundle("Short Chartley", 60)
    kinds = Counter(entry["resource"]["resourceType"] for entry in made["entry"])
    assert kinds == {"Patient": 1, "Observation": 60, "DiagnosticReport": 20}
    importer = Importer(sqlite_kernel, tmp_path)
    report = importer.take(*[entry["resource"] for entry in made["entry"]])
    assert not report.faults
    assert sum(row.listed for row in importer.rows(Record)) == 40
    assert len(importer.rows(Reading)) == 60
