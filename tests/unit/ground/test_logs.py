"""Logs: nothing that identifies a person or opens a door, and no flood."""

from __future__ import annotations

import logging
import logging.config

import pytest

from rxportal.core.logs import Calm, Redaction, configuration, places, redacted


@pytest.mark.parametrize(
    "secret",
    [
        "cookie: __Host-rxportal=abc123def",
        "'cookie': 'a=b; c=d'",
        "Authorization: Bearer abc.def",
        "GET /_event/?EIO=4&token=0f9c-secret",
        "sent to maya.alvarez@example.org today",
        "postgresql://app:hunter2@db/x",
        "session 3f2504e0-4f89-11d3-9a0c-0305e82c3301",
        "key 9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08",
    ],
)
def test_what_opens_a_door_is_hidden(secret: str) -> None:
    text = redacted(secret)
    for part in ("abc", "a=b", "0f9c", "maya", "hunter2", "3f2504e0", "9f86d081"):
        assert part not in text


def test_a_line_stays_one_line() -> None:
    assert "\n" not in redacted("fine\nFAKE 2026 ERROR\r\x1b[31m")


def emitted(record: logging.LogRecord) -> str:
    assert Redaction().filter(record)
    return logging.Formatter("%(message)s").format(record)


def test_the_framework_does_not_quote_what_it_was_sent() -> None:
    record = logging.LogRecord(
        "reflex_base.event",
        logging.ERROR,
        "x",
        1,
        "Unknown event %s",
        ("Event(name='x', payload={'q': 'hepatitis'})",),
        None,
    )
    assert "hepatitis" not in emitted(record)
    assert emitted(record).startswith("Unknown event")


def test_an_exception_leaves_its_place_but_not_its_words() -> None:
    try:
        raise KeyError("Maya Alvarez")
    except KeyError as fault:
        record = logging.LogRecord(
            "rxportal.x", logging.ERROR, "x", 1, "failed", (), (type(fault), fault, fault.__traceback__)
        )
        assert "test_logs.py" in places(fault)
    text = emitted(record)
    assert "KeyError" in text
    assert "Maya" not in text


def test_arguments_that_do_not_fit_are_left_out() -> None:
    assert emitted(logging.LogRecord("rxportal.x", logging.ERROR, "x", 1, "%d of", ("Maya",), None)) == "%d of"


def test_a_flood_of_one_line_is_cut_and_counted() -> None:
    calm = Calm(lines=3, seconds=0.05)
    record = logging.LogRecord("redis", logging.ERROR, "x", 1, "away", (), None)
    assert sum(calm.filter(record) for _ in range(500)) == 3
    import time

    time.sleep(0.06)
    again = logging.LogRecord("redis", logging.ERROR, "x", 1, "away", (), None)
    assert calm.filter(again)
    assert "497 more" in str(again.msg)


def test_the_configuration_is_one_that_logging_takes() -> None:
    kept = logging.getLogger().handlers[:]
    try:
        logging.config.dictConfig(configuration())
    finally:
        logging.getLogger().handlers[:] = kept
