"""Files that came inside a resource as base64: presentedForm, DocumentReference content, Media, photos, Binary."""

from __future__ import annotations

import base64
import binascii
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from rxportal.fhir.document_text import every_word, kind_of, paragraphs
from rxportal.fhir.shapes import UNKEEPABLE, Json, text

PLACES = {"presentedForm", "attachment", "contentAttachment", "photo", "valueAttachment", "sourceAttachment", "content"}
READABLE = 200_000
TEXTUAL = ("html", "xml", "rtf", "json")
Way = Any
"""() at the root, else (the way to the parent, key or index)."""
SPACES = re.compile(r"\s+")


@dataclass(frozen=True)
class SentFile:
    """One file as it was sent: `place` is its JSON pointer, `data` the base64 text, `size` its bytes decoded."""

    place: str
    content_type: str
    title: str
    data: str
    size: int


def sent_files(resource: Json) -> list[SentFile]:
    """The files whose bytes stand in this resource, contained resources included."""
    return [_sent(place, value) for place, value in _found(resource) if isinstance(value.get("data"), str)]


def _found(resource: Json) -> Iterator[tuple[str, Json]]:
    if resource.get("resourceType") == "Binary":
        yield "", resource
        return
    stack: list[tuple[Way, str, Any]] = [((), "", resource)]
    while stack:
        way, key, value = stack.pop()
        if isinstance(value, dict):
            if key in PLACES and "data" in value:
                yield pointer(way), value
                continue
            stack.extend(
                ((way, name), name, inner) for name, inner in reversed(value.items()) if isinstance(inner, (dict, list))
            )
        else:
            last = len(value) - 1
            stack.extend(
                ((way, last - back), key, inner)
                for back, inner in enumerate(reversed(value))
                if isinstance(inner, (dict, list))
            )


def pointer(way: Way) -> str:
    """A JSON pointer from the keys and indexes that lead somewhere, the last one outermost."""
    parts: list[str] = []
    while way:
        way, step = way
        parts.append(f"/{escape(step)}")
    return "".join(reversed(parts))


def escape(key: str | int) -> str:
    """A key as a JSON pointer writes it (RFC 6901)."""
    return UNKEEPABLE.sub("", str(key))[:200].replace("~", "~0").replace("/", "~1")


def _sent(place: str, value: Json) -> SentFile:
    data = value["data"]
    size = max(0, len(data) * 3 // 4 - data[-2:].count("="))
    return SentFile(place, text(value.get("contentType")).lower()[:120], text(value.get("title"))[:200], data, size)


def decoded(sent: SentFile) -> bytes | None:
    """The bytes; absent where they are not base64."""
    try:
        return base64.b64decode(SPACES.sub("", sent.data), validate=True)
    except (binascii.Error, ValueError):
        return None


def readable(sent: SentFile) -> list[str]:
    """The paragraphs of a file that a person reads as text and that is no longer than a report; mark-up is dropped."""
    return paragraphs(_content(sent), sent.content_type)


def words_of(sent: SentFile) -> list[str]:
    """Whatever words stand in such a file, mark-up or not: what must be guarded is looked for in them."""
    return every_word(_content(sent), sent.content_type)


def _content(sent: SentFile) -> str:
    kind = kind_of(sent.content_type)
    if sent.size > READABLE or not (kind.startswith("text/") or any(word in kind for word in TEXTUAL)):
        return ""
    return (decoded(sent) or b"").decode("utf-8", errors="replace")
