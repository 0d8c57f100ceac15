"""What we run on: pinned, from known registries, not below the versions with known holes."""

from __future__ import annotations

import json
import re
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from packaging.version import Version

ROOT = Path(__file__).resolve().parents[2]
# pip-audit has no advisory data here: the floors come from the advisories in ../shared/reference/security.md §3.6.
SAFE = {
    "reflex": "0.10.0",
    "starlette": "1.3.1",
    "python-multipart": "0.0.32",
    "granian": "2.7.4",
    "python-socketio": "5.14.0",
    "authlib": "1.6.11",
    "pillow": "12.3.0",
}
UNWANTED = ("python-jose", "bcrypt", "uvicorn", "gunicorn", "pysqlcipher3")


def pins(name: str) -> dict[str, str]:
    lines = (ROOT / name).read_text(encoding="utf-8").splitlines()
    wanted = [line.split("#")[0].strip() for line in lines if line.split("#")[0].strip() and not line.startswith("-")]
    found = {}
    for line in wanted:
        match = re.fullmatch(r"([A-Za-z0-9._-]+)(\[[a-z0-9,]+\])?==([^\s;]+)( *;.*)?", line)
        assert match, f"{name}: {line} is not pinned"
        found[match[1].lower().replace("_", "-")] = match[3]
    return found


@pytest.mark.parametrize("name", ["requirements.txt", "requirements-dev.txt"])
def test_every_requirement_is_pinned(name: str) -> None:
    assert pins(name)


@pytest.mark.parametrize(("package", "floor"), SAFE.items())
def test_nothing_is_older_than_its_last_known_hole(package: str, floor: str) -> None:
    pinned = {**pins("requirements-dev.txt"), **pins("requirements.txt")}
    if package in pinned:
        assert Version(pinned[package]) >= Version(floor)
    try:
        assert Version(version(package)) >= Version(floor)
    except PackageNotFoundError:
        assert package not in pinned or package in {"authlib", "pillow"}


def test_what_is_dangerous_or_changes_the_server_is_not_there() -> None:
    assert not set(UNWANTED) & set(pins("requirements.txt"))


def test_all_parts_of_reflex_are_pinned_together() -> None:
    parts = {name for name in pins("requirements.txt") if name.startswith("reflex")}
    assert {"reflex", "reflex-base", "reflex-components-core"} <= parts


def test_the_lock_of_the_front_end_knows_one_registry() -> None:
    lock = json.loads((ROOT / "reflex.lock" / "package-lock.json").read_text(encoding="utf-8"))
    for name, facts in lock["packages"].items():
        if not name:
            continue
        assert "resolved" not in facts or urlsplit(facts["resolved"]).netloc == "registry.npmjs.org", name
        assert facts.get("integrity", "").startswith("sha512-") or facts.get("link") or "resolved" not in facts, name


def test_the_front_end_has_no_radix_no_toaster_and_no_foreign_package() -> None:
    package = json.loads((ROOT / "reflex.lock" / "package.json").read_text(encoding="utf-8"))
    names = {**package.get("dependencies", {}), **package.get("devDependencies", {})}
    assert not [name for name in names if "radix" in name or "sonner" in name]
    assert all(re.fullmatch(r"\d+\.\d+\.\d+", wanted) for wanted in names.values()), "an exact version each"


@pytest.mark.parametrize("folder", ["rxportal", "assets", "docs"])
def test_nothing_is_loaded_from_elsewhere(folder: str) -> None:
    """No font, script, style or picture from a host that is not ours."""
    pattern = re.compile(
        r"""(?:src|href|@import|url)\s*[=(]?\s*["'(]?\s*(https?:)?//(?!localhost|www\.w3\.org)[a-z]""", re.IGNORECASE
    )
    found = []
    for path in (ROOT / folder).rglob("*"):
        if path.suffix in {".css", ".js", ".jsx", ".html", ".webmanifest", ".svg"}:
            found += [f"{path.name}: {match[0]}" for match in pattern.finditer(path.read_text(encoding="utf-8"))]
    assert found == []


def test_no_secret_is_in_the_repository() -> None:
    pattern = re.compile(r"sk_live_[0-9A-Za-z]{8}|-----BEGIN [A-Z ]*PRIVATE KEY|AKIA[0-9A-Z]{16}|xox[bp]-[0-9]")
    for path in [*ROOT.glob("*"), *(ROOT / "rxportal").rglob("*"), *(ROOT / "docs").rglob("*")]:
        if path.is_file() and path.suffix in {".py", ".md", ".toml", ".txt", ".json", ".example", ".cfg", ""}:
            assert not pattern.search(path.read_text(encoding="utf-8", errors="replace")), path
