"""JSON as it was sent: values cut out of a stream with their own text and place, numbers with their own digits.

The text of a value is needed whole (exports give it back), its place too (a fault is named with line and column), and a
file may be larger than memory. So values are cut at their brackets and decoded one by one.
"""

from __future__ import annotations

import codecs
import json
import re
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, BinaryIO

from rxportal.core.text import _

CHUNK = 1 << 18
LARGEST_VALUE = 64 << 20
DEEPEST = 100
LONGEST_NUMBER = 400
SPACE = re.compile(r"[ \t\n\r]*+")
TO_BRACKET = re.compile(r'[^"{}\[\]]*+(?:"[^"\\]*+(?:\\.[^"\\]*+)*+"[^"{}\[\]]*+)*+', re.DOTALL)
SCALAR = re.compile(r'"[^"\\]*+(?:\\.[^"\\]*+)*+"|[^\s,:{}\[\]"]++', re.DOTALL)


class BadJson(Exception):
    """The text is not JSON that can be read. `place` says where, `message` why, in one sentence."""

    def __init__(self, message: str, place: str, *, whole: bool = True) -> None:
        super().__init__(message)
        self.message = message
        self.place = place
        self.whole = whole


@dataclass(frozen=True)
class Cut:
    """One value: what it is, its own text, and where it stands."""

    data: Any
    text: str
    line: int
    column: int


class _Checks:
    """Collects what JSON allows to write but nobody can rely on: a key twice, NaN, numbers of a thousand digits."""

    def __init__(self) -> None:
        self.problem = ""

    def pairs(self, found: list[tuple[str, Any]]) -> dict[str, Any]:
        made = dict(found)
        if len(made) != len(found):
            names = [name for name, _value in found]
            twice = next(name for name in names if names.count(name) > 1)
            self.problem = _("the key “{key}” stands twice in one object").format(key=printable(twice))
        return made

    def constant(self, word: str) -> None:
        self.problem = _("{word} is not a number in JSON").format(word=word)

    def integer(self, digits: str) -> int:
        if len(digits) <= LONGEST_NUMBER:
            return int(digits)
        self.problem = _("a number has {count} digits").format(count=len(digits))
        return 0

    def real(self, digits: str) -> Decimal:
        if len(digits) <= LONGEST_NUMBER:
            return Decimal(digits)
        self.problem = _("a number has {count} digits").format(count=len(digits))
        return Decimal(0)


def decode(text: str, line: int = 1, column: int = 1) -> Any:
    """One JSON value; decimals keep their digits (`Decimal`).

    Raises:
        BadJson: naming the place, counted from `line` and `column`; not `whole`: what stands around it is sound.
    """
    checks = _Checks()
    try:
        data = json.loads(
            text, object_pairs_hook=checks.pairs, parse_constant=checks.constant,
            parse_float=checks.real, parse_int=checks.integer,
        )  # fmt: skip
    except json.JSONDecodeError as fault:
        here = (line, column + fault.colno - 1) if fault.lineno == 1 else (line + fault.lineno - 1, fault.colno)
        raise BadJson(_reason(fault.msg), spot(*here), whole=False) from None
    except RecursionError:
        raise BadJson(_too_deep(), spot(line, column), whole=False) from None
    if checks.problem:
        raise BadJson(checks.problem, spot(line, column), whole=False)
    return data


def printable(name: str) -> str:
    """A key or word from a file, short and safe to print."""
    return "".join(letter for letter in name[:40] if letter.isprintable())


def spot(line: int, column: int, byte: int | None = None) -> str:
    """A place in a file, in words."""
    if byte is None:
        return _("line {line}, column {column}").format(line=line, column=column)
    return _("line {line}, column {column} (byte {byte})").format(line=line, column=column, byte=byte)


def _reason(message: str) -> str:
    return _("the JSON is broken: {reason}").format(reason=(message[:1].lower() + message[1:]).removesuffix(" at"))


def _too_deep() -> str:
    return _("it is nested deeper than {count} levels").format(count=DEEPEST)


class Cursor:
    """A place in a stream of JSON text that only moves forward; what lies behind it is forgotten."""

    def __init__(self, stream: BinaryIO) -> None:
        self._stream = stream
        self._decoder = codecs.getincrementaldecoder("utf-8-sig")()
        self._buffer = ""
        self._at = 0
        self._ended = False
        self._line, self._column, self._byte = 1, 1, 0
        self._read = 0

    def peek(self) -> str:
        """The next character that is not white space; "" at the end."""
        while True:
            match = SPACE.match(self._buffer, self._at)
            self._at = match.end() if match else self._at
            if self._at < len(self._buffer):
                return self._buffer[self._at]
            if not self._more():
                return ""

    def take(self, wanted: str) -> None:
        """Step over one character.

        Raises:
            BadJson: where something else stands.
        """
        found = self.peek()
        if found != wanted:
            raise self.fault(_("the JSON is broken: {wanted} was expected").format(wanted=f"“{wanted}”"))
        self._at += 1

    def starts(self, pattern: re.Pattern[str]) -> bool:
        """Whether the text ahead matches; looks at most a kilobyte ahead."""
        self.peek()
        while len(self._buffer) - self._at < 1024 and self._more():
            pass
        return pattern.match(self._buffer, self._at) is not None

    def value(self) -> Cut:
        """Cut out the value that starts here.

        Raises:
            BadJson: `whole` when the file cannot be read on from here; else only this value is bad, and behind us.
        """
        opening = self.peek()
        self._forget()
        line, column = self._line, self._column
        end = self._end_of_group() if opening in {"{", "["} else self._end_of_scalar()
        text = self._buffer[self._at : end]
        self._at = end
        return Cut(decode(text, line, column), text, line, column)

    def fault(self, message: str) -> BadJson:
        """A fault at this place, after which the file cannot be read on."""
        self._forget()
        if not self.peek():
            message = _("the file ends too early")
        self._forget()
        return BadJson(message, spot(self._line, self._column, self._byte))

    def _end_of_scalar(self) -> int:
        while True:
            match = SCALAR.match(self._buffer, self._at)
            if match and (match.end() < len(self._buffer) or self._ended):
                return match.end()
            if not self._more():
                if self._buffer.startswith('"', self._at):
                    raise self._unclosed()
                raise self.fault(_("the JSON is broken: a value was expected"))

    def _end_of_group(self) -> int:
        at, depth, deepest, step = self._at, 0, 0, CHUNK
        while True:
            match = TO_BRACKET.match(self._buffer, at)
            at = match.end() if match else at
            mark = self._buffer[at : at + 1]
            if mark in {"", '"'}:
                if at - self._at > LARGEST_VALUE or len(self._buffer) - self._at > 2 * LARGEST_VALUE:
                    raise self.fault(_("one resource is larger than {size} MB").format(size=LARGEST_VALUE >> 20))
                if not self._more(step):
                    raise self._unclosed()
                step = min(step * 2, LARGEST_VALUE)
                continue
            depth += 1 if mark in "{[" else -1
            deepest = max(deepest, depth)
            at += 1
            if depth == 0:
                break
        if deepest > DEEPEST:
            fault = BadJson(_too_deep(), spot(self._line, self._column), whole=False)
            self._at = at
            raise fault
        return at

    def _unclosed(self) -> BadJson:
        self._at = len(self._buffer)
        self._forget()
        return BadJson(_("the file ends too early"), spot(self._line, self._column, self._byte))

    def _more(self, size: int = CHUNK) -> bool:
        if self._ended:
            return False
        block = self._stream.read(size)
        try:
            text = self._decoder.decode(block, final=not block)
        except UnicodeDecodeError as fault:
            raise BadJson(
                _("the text is not UTF-8"), _("byte {byte}").format(byte=max(0, self._read + fault.start))
            ) from None
        self._read += len(block)
        self._ended = not block
        self._forget()
        self._buffer += text
        return bool(text) or not self._ended

    def _forget(self) -> None:
        gone = self._buffer[: self._at]
        if not gone:
            return
        breaks = gone.count("\n")
        self._column = len(gone) - gone.rfind("\n") if breaks else self._column + len(gone)
        self._line += breaks
        self._byte += len(gone) if gone.isascii() else len(gone.encode("utf-8", "surrogatepass"))
        self._buffer = self._buffer[self._at :]
        self._at = 0
