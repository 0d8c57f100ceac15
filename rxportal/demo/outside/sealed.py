"""Codes and tokens of the stand-ins: sealed, so that they carry all that is needed and any worker can open them."""

from __future__ import annotations

import base64
import hashlib
import json
from typing import Any

from cryptography.fernet import Fernet, InvalidToken


class Seal:
    """Seals facts under the portal's secret, for one kind of use and a few minutes."""

    def __init__(self, secret: str, kind: str) -> None:
        key = hashlib.blake2b(f"stand-in:{kind}".encode(), key=secret.encode()[:64], digest_size=32).digest()
        self._fernet = Fernet(base64.urlsafe_b64encode(key))

    def close(self, facts: dict[str, Any]) -> str:
        """The facts as one opaque word."""
        return self._fernet.encrypt(json.dumps(facts).encode()).decode()

    def open(self, word: str, seconds: int) -> dict[str, Any] | None:
        """The facts again; None: not ours, or too old."""
        try:
            found: dict[str, Any] = json.loads(self._fernet.decrypt(word.encode(), ttl=seconds))
        except (InvalidToken, ValueError):
            return None
        return found
