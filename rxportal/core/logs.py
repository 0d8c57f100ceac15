"""What may stand in a log: no cookie, token, e-mail address, payload or message of an exception, and no flood.

Everything passes `Redaction` and `Calm` on the one handler that writes, the framework's lines included. Of an
exception only its type and its places in the code are written: its message may quote what a person typed.
"""

from __future__ import annotations

import logging
import re
import time
import traceback
from dataclasses import dataclass
from types import TracebackType
from typing import Any, Final

LONGEST = 400
LONGEST_OF_OTHERS = 160
OURS: Final = ("rxportal", "_granian")
SAME_LINES = 5
WINDOW_SECONDS = 60.0
MOST_KINDS = 512

_SECRETS: Final = (
    (re.compile(r"(?i)\b(cookie|authorization|set-cookie|proxy-authorization)(['\"]?\s*[:=]\s*).*"), r"\1\2[hidden]"),
    (re.compile(r"(__Host-[\w-]+)=[^\s;,'\"]+"), r"\1=[hidden]"),
    (
        re.compile(r"(?i)\b([\w-]*(?:token|secret|password|sid|api_key|apikey|for|next|code|state)=)[^\s&;,'\"]+"),
        r"\1[hidden]",
    ),
    (re.compile(r"(\w+://)[^\s/@]+:[^\s/@]+@"), r"\1[hidden]@"),
    (re.compile(r"[\w.+-]+@[\w-]+(?:\.[\w-]+)+"), "[e-mail]"),
    (re.compile(r"\b[0-9a-fA-F]{8}-(?:[0-9a-fA-F]{4}-){3}[0-9a-fA-F]{12}\b"), "[id]"),
    (re.compile(r"(?<![\w/.])[A-Za-z0-9_-]{32,}(?![\w/])"), "[hidden]"),
)
# Where another library begins to quote what it was sent.
_QUOTED: Final = re.compile(r"[{\[(<]|\bpayload\b|\bEvent\b")
_CONTROL: Final = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029]+")


def redacted(text: str) -> str:
    """The text on one line, without what identifies a person or opens a door."""
    text = _CONTROL.sub(" ", text)
    for pattern, instead in _SECRETS:
        text = pattern.sub(instead, text)
    return text


def places(fault: BaseException, trace: TracebackType | None = None) -> str:
    """The type of a fault and where it went through our code, innermost last; none of its values."""
    frames = traceback.extract_tb(trace or fault.__traceback__)
    ours = [frame for frame in frames if "rxportal" in frame.filename] or frames[-1:]
    shown = " > ".join(f"{frame.filename.rpartition('/')[2]}:{frame.lineno}" for frame in ours[-4:])
    return f"{type(fault).__name__} at {shown or 'unknown place'}"


class Redaction(logging.Filter):
    """Rewrites a record so that nothing personal is left in it, whoever wrote it."""

    def filter(self, record: logging.LogRecord) -> bool:
        """Rewrite; the record always passes."""
        text = _text(record)
        ours = record.name.partition(".")[0] in OURS
        if not ours:
            cut = _QUOTED.search(text)
            text = text[: cut.start()].rstrip() if cut and cut.start() > 0 else text
        record.msg = redacted(text)[: LONGEST if ours else LONGEST_OF_OTHERS]
        record.args = ()
        if record.exc_info and record.exc_info[1] is not None:
            record.msg = f"{record.msg} · {places(record.exc_info[1], record.exc_info[2])}"
        record.exc_info = record.exc_text = record.stack_info = None
        return True


def _text(record: logging.LogRecord) -> str:
    """The message; when its arguments do not fit it, only the part that a programmer wrote."""
    try:
        text = record.getMessage()
    except (TypeError, ValueError):
        text = str(record.msg)
    return text.partition("Traceback (most recent call last)")[0] or "a fault"


@dataclass
class _Seen:
    since: float
    passed: int = 0
    dropped: int = 0


class Calm(logging.Filter):
    """Lets the same line through a few times a minute: a database that is away must not fill the disk."""

    def __init__(self, lines: int = SAME_LINES, seconds: float = WINDOW_SECONDS) -> None:
        """At most `lines` records of one place in the code within `seconds`."""
        super().__init__()
        self._lines = lines
        self._seconds = seconds
        self._seen: dict[tuple[str, int, int], _Seen] = {}

    def filter(self, record: logging.LogRecord) -> bool:
        """Whether this record still passes; the first of a new window says how many did not."""
        if record.levelno < logging.WARNING and record.name.startswith(OURS):
            return True
        now = time.monotonic()
        key = (record.name, record.levelno, record.lineno)
        seen = self._seen.get(key)
        if seen is None or now - seen.since > self._seconds:
            if len(self._seen) >= MOST_KINDS:
                self._seen.clear()
            self._seen[key] = _Seen(since=now, passed=1)
            if seen is not None and seen.dropped:
                record.msg = f"{record.msg} ({seen.dropped} more like it in between)"
            return True
        if seen.passed < self._lines:
            seen.passed += 1
            return True
        seen.dropped += 1
        return False


def configuration(level: str = "INFO") -> dict[str, Any]:
    """For `logging.config.dictConfig`, the same in every process of the portal."""
    return {
        "version": 1,
        "disable_existing_loggers": False,
        "filters": {"redaction": {"()": Redaction}, "calm": {"()": Calm}},
        "formatters": {"line": {"format": "%(asctime)s %(levelname)s %(name)s: %(message)s"}},
        "handlers": {
            "screen": {
                "class": "logging.StreamHandler",
                "formatter": "line",
                "filters": ["redaction", "calm"],
                "stream": "ext://sys.stderr",
            }
        },
        "root": {"handlers": ["screen"], "level": level},
        "loggers": {
            "_granian": {"handlers": ["screen"], "level": "WARNING", "propagate": False},
            "granian.access": {"handlers": [], "level": "CRITICAL", "propagate": False},
            # by their full names: without a level of their own these two print around every filter of ours
            "engineio.server": {"level": "ERROR"},
            "socketio.server": {"level": "ERROR"},
            "httpx": {"level": "WARNING"},
            "httpx2": {"level": "WARNING"},
            "alembic": {"level": "WARNING"},
        },
    }
