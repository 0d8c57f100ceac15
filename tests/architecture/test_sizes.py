"""Small pieces: modules, functions and state classes stay within what can be read at once."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent.parent
# A migration is written once and read top to bottom: what it creates is as long as it is.
SKIPPED = {"__pycache__", "versions"}
MODULES = sorted(path for path in (ROOT / "rxportal").rglob("*.py") if not SKIPPED & set(path.parts))
MODULE_LINES = 300
FUNCTION_LINES = 40
COMPONENT_LINES = 60
STATE_LINES = 100
SHOWS = ("pages", "components")
FORBIDDEN_NAMES = ("utils", "helpers", "manager", "common", "misc")


def lines(node: ast.stmt) -> int:
    """How long a definition is, its docstring not counted."""
    length = (node.end_lineno or node.lineno) - node.lineno + 1
    body = getattr(node, "body", [])
    first = body[0] if body else None
    documented = (
        isinstance(first, ast.Expr) and isinstance(first.value, ast.Constant) and isinstance(first.value.value, str)
    )
    return length - ((first.end_lineno or 0) - first.lineno + 1 if first is not None and documented else 0)


def definitions(path: Path) -> Iterator[ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef]:
    """Every function and class of a module."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
            yield node


def test_modules_are_short() -> None:
    counts = {path.relative_to(ROOT): len(path.read_text(encoding="utf-8").splitlines()) for path in MODULES}
    assert {str(path): count for path, count in counts.items() if count > MODULE_LINES} == {}


def test_functions_are_short() -> None:
    long = {}
    for path in MODULES:
        limit = COMPONENT_LINES if any(part in SHOWS for part in path.parts) else FUNCTION_LINES
        for node in definitions(path):
            if not isinstance(node, ast.ClassDef) and lines(node) > limit:
                long[f"{path.relative_to(ROOT)}:{node.lineno} {node.name}"] = lines(node)
    assert long == {}


def test_state_classes_are_short() -> None:
    long = {
        f"{path.relative_to(ROOT)}:{node.lineno} {node.name}": lines(node)
        for path in MODULES
        if "state" in path.parts
        for node in definitions(path)
        if isinstance(node, ast.ClassDef) and lines(node) > STATE_LINES
    }
    assert long == {}


@pytest.mark.parametrize("word", FORBIDDEN_NAMES)
def test_no_module_is_named_after_nothing(word: str) -> None:
    assert [str(path) for path in MODULES if word in path.stem.split("_")] == []


def test_only_the_settings_read_the_environment() -> None:
    readers = {
        path.relative_to(ROOT).as_posix()
        for path in MODULES
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.Attribute) and node.attr in {"environ", "getenv", "putenv"}
    }
    assert readers <= {"rxportal/settings.py"}


def test_no_note_to_self_is_left_behind() -> None:
    words = ("TO" + "DO", "FIX" + "ME", "XX" + "X")
    found = [
        str(path.relative_to(ROOT))
        for path in MODULES
        if any(word in path.read_text(encoding="utf-8") for word in words)
    ]
    assert found == []
