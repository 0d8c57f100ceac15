"""Reading near-valid FHIR: a list where an object belongs, a number where text belongs, or nothing at all.

Every function takes whatever JSON value stands there and answers with the type it promises; none of them raises.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from decimal import Decimal
from html import unescape
from typing import Any

Json = dict[str, Any]
UNKEEPABLE = re.compile(
    r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff\u200b\u200e\u200f\u202a-\u202e\u2060\u2066-\u2069\ufeff]"
)
LONGEST = 20_000
BLOCK_TAG = re.compile(r"<(?:/p|/div|/li|/tr|/h[1-6]|br\s*/?)\s*>", re.IGNORECASE)
TAG = re.compile(
    r"<(?:script|style|title|head\b)[^>]*>.*?</(?:script|style|title|head)\s*>|<[^>]*>", re.IGNORECASE | re.DOTALL
)


def obj(value: Any) -> Json:
    """The object that stands here; the first object of a list; else an empty one."""
    if isinstance(value, list):
        value = next((item for item in value if isinstance(item, dict)), None)
    return value if isinstance(value, dict) else {}


def items(value: Any) -> list[Json]:
    """The objects that stand here, whether as a list or as one object alone."""
    if isinstance(value, dict):
        return [value]
    return [item for item in value if isinstance(item, dict)] if isinstance(value, list) else []


def text(value: Any) -> str:
    """What stands here as one line of clean text; "" for objects, lists of objects and nothing."""
    if type(value) is str and value.isascii() and value.isprintable() and "  " not in value and len(value) < LONGEST:
        return value.strip()
    if isinstance(value, list):
        value = next((item for item in value if isinstance(item, (str, int, float, Decimal))), "")
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, (str, int, float, Decimal)):
        return " ".join(UNKEEPABLE.sub("", plain(value)[: LONGEST + 1])[:LONGEST].split())
    return ""


def plain(value: str | float | Decimal) -> str:
    """Text of a scalar; numbers too long to be one are cut rather than spelled out."""
    return value if isinstance(value, str) else str(value)


def lines(value: Any) -> list[str]:
    """The paragraphs of a longer text, without mark-up, empty ones dropped."""
    if not isinstance(value, str):
        return [text(value)] if text(value) else []
    cut = UNKEEPABLE.sub("", value)
    return [line for part in re.split(r"\r\n|\r|\n", cut) if (line := " ".join(part.split()))]


def unmarked(html: Any) -> list[str]:
    """The paragraphs of an XHTML narrative (`text.div`), tags dropped, entities read."""
    if not isinstance(html, str):
        return []
    return lines(unescape(TAG.sub(" ", BLOCK_TAG.sub("\n", html))))


def path(value: Any, dotted: str) -> Any:
    """Follow `a.b.c`, taking the first object wherever a list stands."""
    *way, last = dotted.split(".")
    for step in way:
        value = obj(value).get(step)
    return obj(value).get(last)


def first_text(resource: Json, *paths: str) -> str:
    """The text of the first of `paths` that has any; concepts give their words."""
    for dotted in paths:
        found = path(resource, dotted)
        words = concept(found) if isinstance(found, (dict, list)) else text(found)
        if words := words or text(found):
            return words
    return ""


def codings(concept_value: Any) -> list[tuple[str, str, str]]:
    """(system, code, display) of a CodeableConcept, a bare Coding, a list of either, or a bare code."""
    if isinstance(concept_value, str):
        return [("", text(concept_value), "")]
    found: list[tuple[str, str, str]] = []
    for entry in items(concept_value):
        inner = items(entry.get("coding")) or ([entry] if "code" in entry else [])
        found += [(text(c.get("system")), text(c.get("code")), text(c.get("display"))) for c in inner]
    return found


def concept(value: Any) -> str:
    """A concept in words: its text, else a display, else its code."""
    if isinstance(value, str):
        return text(value)
    for entry in items(value):
        if words := text(entry.get("text")):
            return words
    listed = codings(value)
    return next((d for _, _, d in listed if d), "") or next((c for _, c, _ in listed if c), "")


def references(resource: Json) -> Iterator[tuple[str, Json]]:
    """Every (key path without indexes, Reference object) of a resource, contained resources included."""
    stack: list[tuple[str, Any]] = [("", resource)]
    while stack:
        where, value = stack.pop()
        if isinstance(value, dict):
            if isinstance(value.get("reference"), str):
                yield where, value
            stack.extend((f"{where}.{key}" if where else str(key), inner) for key, inner in reversed(value.items()))
        elif isinstance(value, list):
            stack.extend((where, inner) for inner in reversed(value))


def words(resource: Json) -> Iterator[tuple[str, str]]:
    """Every (key, text) of a resource that a person could read, mark-up and encoded bytes left out."""
    stack: list[tuple[str, Any]] = [("", resource)]
    while stack:
        key, value = stack.pop()
        if isinstance(value, dict):
            stack.extend((str(name), inner) for name, inner in value.items())
        elif isinstance(value, list):
            stack.extend((key, inner) for inner in value)
        elif isinstance(value, str) and key != "data":
            yield key, value


def all_codings(resource: Json) -> Iterator[tuple[str, str, str]]:
    """Every (system, code, display) anywhere in a resource, `meta` left out."""
    stack: list[Any] = [inner for name, inner in resource.items() if name != "meta"]
    while stack:
        value = stack.pop()
        if isinstance(value, dict):
            if isinstance(value.get("code"), str) and ("system" in value or "display" in value):
                yield text(value.get("system")), text(value["code"]), text(value.get("display"))
            stack.extend(value.values())
        elif isinstance(value, list):
            stack.extend(value)
