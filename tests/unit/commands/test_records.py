"""`rxportal import-fhir`, `patients` and `export` as somebody at the command line meets them."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

from tests.importing import patient, report
from tests.samples import ROOT, observation


class Shell:
    """Runs rxportal with its own var folder."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.environment = {"RXPORTAL_VAR": str(folder / "var"), "PATH": "/usr/bin:/bin", "PYTHONPATH": str(ROOT)}

    def run(self, *words: str, code: int = 0) -> subprocess.CompletedProcess[str]:
        """One command; its exit code must be `code`."""
        done = subprocess.run(
            [sys.executable, "-m", "rxportal", *words],
            capture_output=True, text=True, cwd=self.folder, env=self.environment, check=False,
        )  # fmt: skip
        assert done.returncode == code, done.stdout + done.stderr
        return done


@pytest.fixture
def shell(tmp_path: Path) -> Shell:
    """A shell in an empty folder."""
    return Shell(tmp_path)


def test_a_chart_goes_in_and_comes_out(shell: Shell, tmp_path: Path) -> None:
    (tmp_path / "good.ndjson").write_text(
        "\n".join(map(json.dumps, [patient(), report("r1", "o1"), observation(id="o1")]))
    )
    (tmp_path / "bad.json").write_text('{"resourceType":"Bundle","entry":[\n{"resource":')
    done = shell.run("import-fhir", "good.ndjson", "bad.json", "--organization", "Lab", "--json", code=1)
    assert "bad.json: line 2, column" in done.stderr
    answer = json.loads(done.stdout)
    assert answer["total"] == {"created": 3, "updated": 0, "unchanged": 0, "skipped": 0}
    assert answer["broken"][0]["reason"] == "the file ends too early"
    again = shell.run("import-fhir", "good.ndjson", "--organization", "Lab")
    assert "Observation" in again.stdout
    (line,) = json.loads(shell.run("patients", "--json").stdout)
    assert (line["name"], line["birth_date"]) == ("Fay Testerson", "1961-04")
    shell.run("export", line["id"], "--as", "owner", "--out", "out.json")
    out = tmp_path / "out.json"
    assert out.stat().st_mode & 0o077 == 0
    assert len(json.loads(out.read_text())["entry"]) == 3


def test_mistakes_are_told_in_a_sentence(shell: Shell) -> None:
    nobody = "00000000-0000-0000-0000-000000000000"
    assert "no such file" in shell.run("import-fhir", "gone.json", "--organization", "Lab", code=1).stderr
    assert "--organization" in shell.run("import-fhir", "gone.json", "--organization", " ", code=1).stderr
    assert "can’t find" in shell.run("export", nobody, "--out", "x", code=1).stderr
    assert "later version" in shell.run("export", nobody, "--format", "pdf", "--out", "x", code=1).stderr
