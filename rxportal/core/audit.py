"""The audit chain: each line carries a keyed digest of itself and the line before; a sealed head guards the tail."""

from __future__ import annotations

import hashlib
import hmac
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from types import SimpleNamespace
from typing import Any
from uuid import UUID, uuid4

from sqlalchemy import String, bindparam, cast, func, insert, update
from sqlmodel import Session, col, select

from rxportal.core.quick import read, write
from rxportal.models.accounts import Session as SignIn
from rxportal.models.audit import AuditEntry, AuditHead
from rxportal.models.records import ImportRun

START = "0" * 64
CHAIN_LOCK = 0x52785041


@dataclass(frozen=True)
class Line:
    """What one audit line says, before it is chained."""

    at: datetime
    actor: str
    use_case: str
    outcome: str
    account_id: UUID | None = None
    session_id: UUID | None = None
    patient_id: UUID | None = None
    relationship: str = ""
    count: int = 1
    detail: Mapping[str, Any] = field(default_factory=dict)


# Written at every act, so built once.
HEAD: Any = select(col(AuditHead.seq), col(AuditHead.digest)).where(col(AuditHead.id) == 1).with_for_update()
NEXT: Any = insert(AuditEntry)
BEGIN: Any = insert(AuditHead)
LOCK: Any = select(cast(func.pg_advisory_xact_lock(CHAIN_LOCK), String))
MOVE: Any = (
    update(AuditHead)
    .where(col(AuditHead.id) == 1)
    .values(seq=bindparam("to"), digest=bindparam("end"), seal=bindparam("sealed"))
)


def append(session: Session, key: bytes, line: Line) -> None:
    """Chain one line in the caller's transaction; on PostgreSQL the tail is locked, and the first line by a word."""
    connection = session.connection()
    found = read(connection, HEAD, {})
    if not found and connection.dialect.name == "postgresql":
        read(connection, LOCK, {})
        found = read(connection, HEAD, {})
    seq, previous = found[0] if found else (0, START)
    row: dict[str, Any] = {
        "seq": seq + 1,
        "id": uuid4(),
        "at": line.at,
        "actor": line.actor,
        "account_id": line.account_id,
        "session_id": line.session_id,
        "patient_id": line.patient_id,
        "relationship": line.relationship,
        "use_case": line.use_case,
        "outcome": line.outcome,
        "count": line.count,
        "detail": json.dumps(dict(line.detail), sort_keys=True, default=str) if line.detail else "",
        "previous": previous,
    }
    row["digest"] = digest_of(SimpleNamespace(**row), key)
    write(connection, NEXT, row)
    sealed = seal_of(seq + 1, row["digest"], key)
    if not found:
        write(connection, BEGIN, {"id": 1, "seq": seq + 1, "digest": row["digest"], "seal": sealed})
    else:
        write(connection, MOVE, {"to": seq + 1, "end": row["digest"], "sealed": sealed})


def digest_of(entry: AuditEntry | SimpleNamespace, key: bytes) -> str:
    """HMAC-SHA-256 over every column but the digest itself; `entry` has the attributes of an AuditEntry."""
    row = [
        entry.seq,
        str(entry.id),
        entry.at.astimezone(UTC).isoformat(timespec="microseconds"),
        entry.actor,
        *[str(value) if value else "" for value in (entry.account_id, entry.session_id, entry.patient_id)],
        entry.relationship,
        entry.use_case,
        entry.outcome,
        entry.count,
        entry.detail,
        entry.previous,
    ]
    return hmac.new(key, json.dumps(row, ensure_ascii=False).encode(), hashlib.sha256).hexdigest()


def seal_of(seq: int, digest: str, key: bytes) -> str:
    """HMAC-SHA-256 that only the holder of the key can write."""
    return hmac.new(key, f"head:{seq}:{digest}".encode(), hashlib.sha256).hexdigest()


def first_fault(session: Session, key: bytes) -> str:
    """Walk the chain; the first broken line in words, or "" when it is whole."""
    previous, expected = START, 0
    lines = iter(session.exec(select(AuditEntry).order_by(col(AuditEntry.seq)).execution_options(yield_per=500)))
    while True:
        try:
            entry = next(lines, None)
            if entry is None:
                break
            expected += 1
            fault = _fault_of(entry, expected, previous, key)
        except (ValueError, TypeError, AttributeError):  # a value that is none of its column's type any more
            return f"line {expected + 1} can't be read"
        if fault:
            return fault
        previous = entry.digest
    return _fault_of_tail(session, expected, previous, key)


def _fault_of(entry: AuditEntry, expected: int, previous: str, key: bytes) -> str:
    if entry.seq != expected:
        return f"line {expected} is missing"
    if entry.previous != previous:
        return f"line {entry.seq} does not follow the line before it"
    if not hmac.compare_digest(entry.digest.encode(), digest_of(entry, key).encode()):
        return f"line {entry.seq} was altered"
    return ""


def _fault_of_tail(session: Session, lines: int, last: str, key: bytes) -> str:
    head = session.get(AuditHead, 1)
    if head is None:
        # an empty log is whole only where nothing was done yet that leaves a line
        acted = session.exec(select(SignIn.id)).first() or session.exec(select(ImportRun.id)).first()
        return "the head of the chain is missing" if lines or acted else ""
    if not isinstance(head.seal, str) or not hmac.compare_digest(
        head.seal.encode(), seal_of(head.seq, head.digest, key).encode()
    ):
        return "the head of the chain was altered"
    if head.seq != lines or head.digest != last:
        return f"the tail is cut: {lines} of {head.seq} lines are left"
    return ""
