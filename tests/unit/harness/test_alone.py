"""The suite's own machinery: who measures time is alone, counts come together, ports are given once."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

from tests.ports import free_port

ROOT = Path(__file__).resolve().parents[3]
BUSY = """
import time
from pathlib import Path
import pytest
from tests.counts import proved

LOG = Path(__file__).with_name("log")

def spell(name):
    begun = time.monotonic()
    time.sleep(0.05)
    proved("spells")
    with LOG.open("a") as log:
        log.write(f"{name} {begun} {time.monotonic()}\\n")

@pytest.mark.parametrize("number", range(12))
def test_one_of_several(number):
    spell("several")
"""
ALONE = """
@pytest.mark.alone
@pytest.mark.parametrize("number", range(3))
def test_alone(number):
    spell("alone")
"""


def test_while_a_test_marked_alone_is_called_no_other_worker_runs_one(tmp_path: Path) -> None:
    (tmp_path / "test_first.py").write_text(BUSY)
    (tmp_path / "test_second.py").write_text(BUSY + ALONE)
    (tmp_path / "pytest.ini").write_text("[pytest]\nmarkers = alone\n")
    plain = {name: value for name, value in os.environ.items() if not name.startswith("PYTEST_")}
    done = subprocess.run(
        [
            sys.executable, "-m", "pytest", "-n", "2", "--dist", "loadfile", "-p", "tests.alone", "-p", "tests.counts",
            "-p", "no:cacheprovider", str(tmp_path),
        ],
        cwd=tmp_path, env={**plain, "PYTHONPATH": str(ROOT)}, capture_output=True, text=True, timeout=120, check=False,
    )  # fmt: skip
    assert "27 passed" in done.stdout, done.stdout + done.stderr
    assert "27  spells" in done.stdout
    lines = [line.split() for line in (tmp_path / "log").read_text().splitlines()]
    spells = [(name, float(begun), float(ended)) for name, begun, ended in lines]
    together = 0
    for name, begun, ended in spells:
        others = [other for other in spells if other[1] < ended and begun < other[2]]
        together += len(others) > 1
        assert name == "several" or len(others) == 1, others
    assert together, "two workers did nothing at the same time"


def test_a_port_is_given_once() -> None:
    mine = {free_port() for _ in range(50)}
    code = "from tests.ports import free_port; print(*(free_port() for _ in range(500)))"
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True)
    others = [int(port) for port in done.stdout.split()]
    assert len(mine) == 50
    assert len(set(others)) == 500
    assert not mine & set(others)
