"""Reading the code and the mail: who writes letters, what letters can say, what may stand in none."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from dataclasses import dataclass
from email.message import EmailMessage
from functools import cache
from html import unescape
from pathlib import Path

from rxportal.models.accounts import Patient
from rxportal.models.records import Record
from tests.factories import World

SERVICES = Path(__file__).resolve().parents[2] / "rxportal" / "services"
WRITE = ("rxportal.services.letters", "write_letter")
LINK = re.compile(r"https?://[^\s\"<>]+")
# Words of letters that are also words of records; none of them tells anything of anybody.
COMMON = frozenset(
    [
        "about", "another", "asked", "before", "below", "care", "changed", "clinic", "count", "each", "fairhaven",
        "from", "have", "left", "made", "minutes", "more", "number", "provider", "removed", "that", "they", "type",
        "were", "when", "with", "your",
    ]
)  # fmt: skip
# What even the kind of a record would tell.
KINDS = frozenset(
    [
        "abnormal", "allergy", "allergies", "appointment", "appointments", "blood", "condition", "conditions", "critical",
        "diagnosis", "doctor", "high", "lab", "low", "medicine", "medicines", "message", "negative", "normal", "positive",
        "prescription", "result", "results", "test", "tests", "visit", "vaccine",
    ]
)  # fmt: skip


@dataclass
class Function:
    """One function of the services: what it names, whether it is a use case."""

    tree: ast.FunctionDef
    meant: dict[str, tuple[str, str]]

    @property
    def names(self) -> set[tuple[str, str]]:
        """Modules and names of what it names."""
        return set(self.meant.values())

    @property
    def use_case(self) -> bool:
        """Whether people call it."""
        calls = (one.func for one in self.tree.decorator_list if isinstance(one, ast.Call))
        return any(isinstance(one, ast.Name) and one.id == "use_case" for one in calls)

    @property
    def tells_outside(self) -> bool:
        """Whether it asks for a notice."""
        return any(isinstance(one, ast.Attribute) and one.attr == "outbox" for one in ast.walk(self.tree))


@cache
def functions() -> dict[tuple[str, str], Function]:
    """Every function of the services, by module and name."""
    found = {}
    for file in sorted(SERVICES.glob("*.py")):
        module, tree = f"rxportal.services.{file.stem}", ast.parse(file.read_text(encoding="utf-8"))
        imports = {
            name.asname or name.name: (one.module, name.name)
            for one in tree.body
            if isinstance(one, ast.ImportFrom) and one.module
            for name in one.names
        }
        for one in tree.body:
            if isinstance(one, ast.FunctionDef):
                named = {part.id for part in ast.walk(one) if isinstance(part, ast.Name)}
                found[module, one.name] = Function(one, {name: imports.get(name, (module, name)) for name in named})
    return found


@cache
def writers() -> frozenset[tuple[str, str]]:
    """Every function that leads to a letter or a notice."""
    found = {WRITE} | {name for name, one in functions().items() if one.tells_outside}
    while more := {name for name, one in functions().items() if one.names & found} - found:
        found |= more
    return frozenset(found)


def acts() -> set[str]:
    """The use cases that write letters or notices."""
    return {name for module, name in writers() if functions()[module, name].use_case}


def sentences() -> set[tuple[str, ...]]:
    """Every sentence that a letter can say, as the code has it; of a plural, each form."""
    return {said for one in functions().values() for said in _said(one)}


def _said(one: Function) -> Iterator[tuple[str, ...]]:
    telling = writers() | {(WRITE[0], "Words")}
    assigned = {
        target.id: part.value
        for part in ast.walk(one.tree)
        if isinstance(part, ast.Assign)
        for target in part.targets
        if isinstance(target, ast.Name)
    }
    for part in ast.walk(one.tree):
        if isinstance(part, ast.Call) and isinstance(part.func, ast.Name) and one.meant.get(part.func.id) in telling:
            for given in (*part.args, *(more.value for more in part.keywords)):
                yield from _words(assigned.get(given.id, given) if isinstance(given, ast.Name) else given)


def _words(tree: ast.expr) -> Iterator[tuple[str, ...]]:
    for part in ast.walk(tree):
        if isinstance(part, ast.Call) and isinstance(part.func, ast.Name) and part.func.id in {"_", "plural"}:
            yield tuple(one.value for one in part.args if isinstance(one, ast.Constant) and isinstance(one.value, str))


def heard(said: tuple[str, ...], mail: str) -> bool:
    """Whether one of these forms stands in some letter, its gaps filled with whatever."""
    return any(
        re.search(r"[^\n]+?".join(re.escape(part) for part in re.split(r"\{\w+\}|\$\w+", form)), mail) for form in said
    )


def text_of(letter: EmailMessage) -> str:
    """The words of a letter as plain text."""
    part = letter.get_body(("plain",))
    assert part is not None, letter["Subject"]
    return str(part.get_content()).replace("\r\n", "\n")


def markup_of(letter: EmailMessage) -> str:
    """The same as HTML."""
    part = letter.get_body(("html",))
    assert part is not None, letter["Subject"]
    return str(part.get_content())


def words_of(said: str) -> list[str]:
    """Words alone: no addresses, no signs."""
    return re.findall(r"[\w’'-]*\w", LINK.sub(" ", said))


def shown(markup: str) -> str:
    """What a reader sees of HTML."""
    return unescape(re.sub(r"<[^>]+>", " ", re.sub(r"<head>.*?</head>", "", markup, flags=re.DOTALL)))


def telling_words(world: World) -> frozenset[str]:
    """What may stand in no letter: the words of every record's title, of every value in words, and of who the patients are."""
    people, found = world.rows(Patient), set()
    for record in world.rows(Record):
        coded = re.findall(r'"(?:display|text|valueString|conclusion)"\s*:\s*"([^"]{3,80})"', record.body)
        for said in (record.title, *coded):
            found |= {word for word in re.findall(r"[a-z]{4,}", said.lower()) if word not in COMMON}
    for one in people:
        found |= set(re.findall(r"\w{2,}", one.name.lower())) | {one.mrn.lower(), one.birth_date}
    return frozenset(found - {""}) | KINDS
