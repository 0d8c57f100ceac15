"""Streaming readers: FHIR Bundles of every type, NDJSON, single resources and folders of them.

Memory does not grow with the file: one resource is held at a time. A broken file is named with the place of its fault
and the others go on; one bad resource never drops its bundle.
"""

from __future__ import annotations

import io
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, BinaryIO

from rxportal.core.text import _
from rxportal.fhir.json_text import LARGEST_VALUE, BadJson, Cursor, Cut, decode, printable, spot
from rxportal.fhir.shapes import Json, text

SUFFIXES = {".json", ".ndjson", ".jsonl"}
SMALL = 8 << 20
BUNDLE = re.compile(r'\{\s*"resourceType"\s*:\s*"Bundle"')
ENCODINGS = {b"\xff\xfe": "UTF-16", b"\xfe\xff": "UTF-16", b"\x00\x00": "UTF-32"}


@dataclass(frozen=True)
class Sent:
    """One resource as it was sent: what it is, its own text, its Bundle fullUrl ("" without one)."""

    data: Json
    text: str
    url: str = ""
    file: str = ""
    place: str = ""


@dataclass(frozen=True)
class Fault:
    """Something that could not be read. `whole`: nothing of the file is taken; `broken`: worth an exit code of 1."""

    file: str
    place: str
    message: str
    whole: bool = False
    broken: bool = True


def read_paths(paths: Iterable[Path]) -> Iterator[Sent | Fault]:
    """Everything in these files and folders, in a steady order."""
    for path, named in find_files(paths):
        yield from read_file(path, named=named)


def find_files(paths: Iterable[Path]) -> Iterator[tuple[Path, bool]]:
    """The files to read, each with whether it was named itself (else it was found in a folder)."""
    for path in paths:
        if path.is_dir():
            found = (part for part in path.rglob("*") if part.suffix.lower() in SUFFIXES and part.is_file())
            yield from ((part, False) for part in sorted(found) if not part.name.startswith("."))
        else:
            yield path, True


def read_file(path: Path, *, named: bool = True) -> Iterator[Sent | Fault]:
    """The resources of one file. After a Fault that is `whole`, nothing more comes."""
    name = str(path)
    try:
        with path.open("rb") as stream:
            yield from _read(stream, name, path, named)
    except BadJson as bad:
        yield Fault(name, bad.place, bad.message, whole=True)
    except FileNotFoundError:
        yield Fault(name, "", _("there is no such file"), whole=True)
    except OSError as fault:
        yield Fault(name, "", _("the file cannot be read ({reason})").format(reason=fault.strerror), whole=True)


def _read(stream: BinaryIO, name: str, path: Path, named: bool) -> Iterator[Sent | Fault]:
    head = stream.read(1 << 16)
    stream.seek(0)
    if problem := _not_json(head):
        yield Fault(name, spot(1, 1, 0), problem, whole=True)
    elif path.suffix.lower() in {".ndjson", ".jsonl"} or _is_ndjson(head):
        yield from _ndjson(stream, name)
    elif path.stat().st_size <= SMALL and not BUNDLE.match(
        head.removeprefix(b"\xef\xbb\xbf").decode("utf-8", "ignore")
    ):
        yield from _small(stream, name, named)
    else:
        yield from _bundle(Cursor(stream), name)


def _not_json(head: bytes) -> str:
    start = head.removeprefix(b"\xef\xbb\xbf").lstrip()
    if head[:2] in ENCODINGS:
        return _("the text is {encoding}; FHIR is UTF-8").format(encoding=ENCODINGS[head[:2]])
    if not start:
        return _("the file is empty")
    if head[:2] == b"\x1f\x8b" or head[:2] == b"PK":
        return _("the file is compressed; unpack it first")
    if start[:1] == b"<":
        return _("this is XML or HTML; FHIR as JSON is what can be read")
    if start[:1] == b"[":
        return _("the file is a list; it must be one Bundle, one resource, or NDJSON")
    return "" if start[:1] == b"{" else _("this is not JSON: a FHIR file starts with “{”")


def _is_ndjson(head: bytes) -> bool:
    first, _mark, rest = head.removeprefix(b"\xef\xbb\xbf").lstrip().partition(b"\n")
    if not rest.lstrip().startswith(b"{") or not first.rstrip().endswith(b"}"):
        return False
    try:
        decode(first.decode("utf-8"))
    except (BadJson, UnicodeDecodeError):
        return False
    return True


def _ndjson(stream: BinaryIO, name: str) -> Iterator[Sent | Fault]:
    number = 0
    while raw := stream.readline(LARGEST_VALUE):
        number += 1
        line = raw.removeprefix(b"\xef\xbb\xbf") if number == 1 else raw
        if not line.strip():
            continue
        try:
            written = line.decode("utf-8").strip()
            data = Cursor(io.BytesIO(written.encode())).value().data
            yield from _one(Cut(data, written, number, 1), name, "")
        except UnicodeDecodeError as fault:
            yield Fault(name, spot(number, fault.start + 1), _("the text is not UTF-8"))
        except BadJson as bad:
            yield Fault(name, bad.place.replace("line 1,", f"line {number},"), bad.message)


def _small(stream: BinaryIO, name: str, named: bool) -> Iterator[Sent | Fault]:
    cursor = Cursor(stream)
    try:
        whole = cursor.value()
    except BadJson as bad:
        if bad.whole:
            raise
        stream.seek(0)
        yield from _bundle(Cursor(stream), name)
        return
    if cursor.peek():
        raise cursor.fault(_("the JSON is broken: something follows after its end"))
    if not text(whole.data.get("resourceType")):
        message = _("this is not FHIR: it has no resourceType")
        yield Fault(name, spot(1, 1), message, whole=True, broken=named)
        return
    yield from _one(whole, name, "")


def _one(cut: Cut, name: str, url: str) -> Iterator[Sent | Fault]:
    """One value that should be a resource; a Bundle gives what is inside it."""
    if not isinstance(cut.data, dict):
        yield Fault(name, spot(cut.line, cut.column), _("a resource was expected here"), broken=False)
    elif cut.data.get("resourceType") == "Bundle":
        yield from _bundle(Cursor(io.BytesIO(cut.text.encode())), name, cut.line, inside=True)
    else:
        yield Sent(cut.data, cut.text, url, name, spot(cut.line, cut.column))


def _bundle(cursor: Cursor, name: str, first_line: int = 1, *, inside: bool = False) -> Iterator[Sent | Fault]:
    """Walk a Bundle key by key; its entries are given out as they come, wherever the key stands."""
    seen: dict[str, Any] = {}
    for key in _keys(cursor):
        if key in seen:
            raise cursor.fault(_("the key “{key}” stands twice in one object").format(key=printable(key)))
        seen[key] = True
        if key == "entry" and cursor.peek() == "[":
            for _index in _elements(cursor):
                yield from _entry(cursor, name, first_line)
        else:
            seen[key] = cursor.value().data
    if not inside and cursor.peek():
        raise cursor.fault(_("the JSON is broken: something follows after its end"))
    if seen.get("resourceType") != "Bundle":
        raise BadJson(_("this is not a FHIR Bundle: its resourceType says something else"), spot(first_line, 1))


def _keys(cursor: Cursor) -> Iterator[str]:
    cursor.take("{")
    if cursor.peek() == "}":
        cursor.take("}")
        return
    while True:
        if cursor.peek() != '"':
            raise cursor.fault(_("the JSON is broken: a key was expected"))
        key = str(cursor.value().data)
        cursor.take(":")
        yield key
        if cursor.peek() != ",":
            break
        cursor.take(",")
    cursor.take("}")


def _elements(cursor: Cursor) -> Iterator[int]:
    cursor.take("[")
    index = 0
    while cursor.peek() != "]":
        if index:
            cursor.take(",")
        yield index
        index += 1
    cursor.take("]")


def _entry(cursor: Cursor, name: str, first_line: int) -> Iterator[Sent | Fault]:
    """One Bundle entry. The fullUrl may stand behind the resource, so the resource waits for it."""
    if cursor.peek() != "{":
        cut = cursor.value()
        yield Fault(
            name, spot(cut.line + first_line - 1, cut.column), _("a bundle entry is not an object"), broken=False
        )
        return
    url, waiting, has_resource = "", None, False
    for key in _keys(cursor):
        if key == "resource" and cursor.starts(BUNDLE):
            yield from _bundle(cursor, name, first_line, inside=True)
            has_resource = True
            continue
        try:
            cut = cursor.value()
        except BadJson as bad:
            if bad.whole:
                raise
            yield Fault(name, bad.place, bad.message)
            has_resource = has_resource or key == "resource"
            continue
        if key == "resource":
            waiting, has_resource = Cut(cut.data, cut.text, cut.line + first_line - 1, cut.column), True
        elif key == "fullUrl":
            url = text(cut.data)[:500]
    if waiting is not None and waiting.data is not None:
        yield from _one(waiting, name, url)
    elif waiting is not None or not has_resource:
        yield Fault(name, "", _("a bundle entry holds no resource"), broken=False)
