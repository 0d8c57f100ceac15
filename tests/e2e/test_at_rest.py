"""What lies on the disk after a whole demo: nothing that a thief could read."""

from __future__ import annotations

import re
from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from rxportal.demo.bundles import CHARTS, ELSEWHERE, written
from rxportal.demo.people import MEMBERS
from tests.browsing import Opener, settled
from tests.serving import ROOT, Served

pytestmark = pytest.mark.browser
LONG = re.compile(r"[A-Za-z]{8,}")
#: Words of FHIR and of our own names, which tables and settings may carry.
PLAIN = {
    "resourcetype", "observation", "diagnosticreport", "laboratory", "practitioner", "organization", "reference",
    "collection", "appointment", "immunization", "medication", "condition", "document", "location", "fairhaven",
}  # fmt: skip


def secret_words() -> set[bytes]:
    """Every word of eight letters and more in the demo records' own texts, and every name and address."""
    words: set[str] = set()

    def gather(node: object, key: str = "") -> None:
        if isinstance(node, dict):
            for name, value in node.items():
                gather(value, name)
        elif isinstance(node, list):
            for value in node:
                gather(value, key)
        elif isinstance(node, str) and key in {"text", "display", "conclusion", "family", "valueString", "name"}:
            words.update(LONG.findall(node))

    now = datetime.now(ZoneInfo("America/Los_Angeles"))
    gather(written({**CHARTS, **ELSEWHERE}, now))
    words |= {member.last for member in MEMBERS if len(member.last) >= 8} | {member.email for member in MEMBERS}
    words |= {member.password for member in MEMBERS}
    return {word.encode() for word in words if word.lower() not in PLAIN}


def test_no_name_result_or_token_lies_on_the_disk(served: Served, visitors: Opener) -> None:
    visitor = visitors(served)
    cookie = served.cookie("maya")
    visitor.borrow(cookie)
    for path in ("/home", "/results"):
        settled(visitor.go(path))
    token = cookie.partition("=")[2]
    words = secret_words() | {token.encode()}
    assert {b"Samplewood", b"Hemoglobin", b"Lisinopril"} <= words
    files = [file for file in served.var.rglob("*") if file.is_file()]
    assert any(file.suffix == ".db" for file in files)
    found = [f"{word.decode()} in {file.relative_to(served.var)}" for file in files for word in read_out(file, words)]
    assert not found, found[:20]
    assert not (ROOT / ".states").exists()
    log = served.log.read_bytes()
    personal = {word for word in words if word in log and b"@" not in word}
    assert not personal - printed_at_start(), personal


def read_out(file: Path, words: set[bytes]) -> list[bytes]:
    """The words that can be read in a file, as they are or in UTF-16."""
    content = file.read_bytes()
    return [word for word in words if word in content or word.decode().encode("utf-16-le") in content]


def printed_at_start() -> set[bytes]:
    """What `serve` itself prints of the demo accounts for the newcomer."""
    return {member.last.encode() for member in MEMBERS} | {member.password.encode() for member in MEMBERS}
