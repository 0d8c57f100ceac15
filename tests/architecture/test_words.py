"""Every visible string goes through gettext: children and spoken props of components, sentences of errors."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
PACKAGE = ROOT / "rxportal"
SHOWN = sorted(
    path
    for folder in ("pages", "components", "desk/pages")
    for path in (PACKAGE / folder).rglob("*.py")
    if "__pycache__" not in path.parts
)
SPOKEN = {
    "aria_label", "aria_description", "aria_roledescription", "alt", "title", "placeholder", "label", "hint", "text",
    "heading", "description", "summary", "caption", "legend", "message",
}  # fmt: skip
COMPONENT = re.compile(r"^(rx\.el\.\w+|rx\.fragment|rx\.text|el\.\w+)$")
WORDS = re.compile(r"[A-Za-z]{2,}")
# Symbols, file names and the like are not words.
NOT_WORDS = re.compile(r"^(https?:|/|#|[a-z0-9-]+$|[a-z0-9 -]+$|[MmLlHhVvCcSsQqTtAaZz0-9 .,-]+$)")
MARKERS = {"_", "plural"}


def visible(text: str) -> bool:
    return bool(WORDS.search(text)) and not NOT_WORDS.match(text)


def bare(node: ast.expr) -> Iterator[ast.Constant]:
    """Strings that reach the page as they are written: not inside `_()`."""
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        yield node
    elif isinstance(node, ast.JoinedStr):
        yield from (part for part in node.values if isinstance(part, ast.Constant))
    elif isinstance(node, ast.BinOp):
        yield from bare(node.left)
        yield from bare(node.right)
    elif isinstance(node, ast.IfExp):
        yield from bare(node.body)
        yield from bare(node.orelse)


def unmarked(path: Path) -> list[str]:
    found = []
    for call in (node for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))) if isinstance(node, ast.Call)):
        name = ast.unparse(call.func)
        if name in MARKERS:
            continue
        shown: list[ast.expr] = []
        if COMPONENT.match(name) and name not in {"rx.el.style", "rx.el.script"}:
            shown += call.args
            shown += [key.value for key in call.keywords if key.arg in SPOKEN]
        elif name in {"rx.cond", "rx.match"}:
            shown += call.args[1:]
        else:
            shown += [key.value for key in call.keywords if key.arg in SPOKEN - {"text", "description"}]
        for one in shown:
            found += [
                f"{path.relative_to(ROOT)}:{text.lineno}: {text.value!r}"
                for text in bare(one)
                if visible(str(text.value))
            ]
    return found


@pytest.mark.parametrize("path", SHOWN, ids=lambda path: str(path.relative_to(PACKAGE)))
def test_visible_strings_are_marked(path: Path) -> None:
    assert unmarked(path) == []


def test_an_unmarked_string_would_be_found(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(globals(), "ROOT", tmp_path)
    for text in (
        'rx.el.p("Your results")',
        'rx.el.button(_("Save"), aria_label="Save it")',
        'rx.el.p(f"Hello {name}, good day")',
        'rx.el.h1("A" if x else "Sign in")',
        'rx.cond(x, "Try again", _("Wait"))',
    ):
        file = tmp_path / "page.py"
        file.write_text(text)
        assert unmarked(file), text
    for text in (
        'rx.el.p(_("Your results"))',
        'rx.el.a(_("x"), href="/help", class_name="quiet link")',
        'rx.el.p("·")',
    ):
        file.write_text(text)
        assert unmarked(file) == [], text


def test_a_marked_string_is_whole_and_not_put_together() -> None:
    """`_(f"…")` is never found in a catalogue."""
    found = []
    for path in PACKAGE.rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and ast.unparse(node.func) in MARKERS and node.args:
                strings = node.args[:2] if ast.unparse(node.func) == "plural" else node.args[:1]
                found += [
                    f"{path.relative_to(ROOT)}:{node.lineno}"
                    for one in strings
                    if isinstance(one, ast.JoinedStr | ast.BinOp)
                    or (isinstance(one, ast.Call) and ast.unparse(one.func).endswith(".format"))
                ]
    assert found == []


def test_sentences_of_errors_are_marked() -> None:
    found = []
    kinds = {"InvalidInput", "NotFound", "NotAllowed", "Conflict", "TooMany", "Unavailable", "NotSignedIn"}
    for path in PACKAGE.rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and ast.unparse(node.func).rpartition(".")[2] in kinds:
                texts = [text for argument in node.args for text in bare(argument) if " " in str(text.value)]
                found += [f"{path.relative_to(ROOT)}:{text.lineno}" for text in texts]
    assert found == []
