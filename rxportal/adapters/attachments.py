"""Files that came inside records, encrypted one by one in a folder that no web server reaches (AES-256-GCM)."""

from __future__ import annotations

import hashlib
import hmac
import os
import secrets
from pathlib import Path

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

NONCE = 12
NAME = 40


class AttachmentLost(Exception):
    """The file is gone, was altered, or was written with another key."""


class EncryptedFolder:
    """Keeps bytes under names that tell nothing; the same bytes are kept once.

    `key`: the database key (64 hex digits) or, on PostgreSQL, the secret key; two keys are derived from it, one for the
    content and one for the names.
    """

    def __init__(self, folder: Path, key: str) -> None:
        material = HKDF(algorithm=hashes.SHA256(), length=64, salt=None, info=b"rxportal attachments").derive(
            key.encode()
        )
        self._folder = folder
        self._cipher = AESGCM(material[:32])
        self._naming = material[32:]

    def keep(self, content: bytes) -> str:
        """Store bytes; gives the name under which `read` finds them again."""
        name = hmac.new(self._naming, hashlib.sha256(content).digest(), hashlib.sha256).hexdigest()[:NAME]
        target = self._path(name)
        if target.exists():
            return name
        target.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        nonce = secrets.token_bytes(NONCE)
        unfinished = target.with_name(f"{target.name}.{secrets.token_hex(4)}")
        handle = os.open(unfinished, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(handle, "wb") as stream:
            stream.write(nonce + self._cipher.encrypt(nonce, content, name.encode()))
            stream.flush()
            os.fsync(stream.fileno())
        unfinished.replace(target)
        return name

    def read(self, name: str) -> bytes:
        """The bytes kept under this name.

        Raises:
            AttachmentLost: gone, altered, or another key.
        """
        try:
            sealed = self._path(name).read_bytes()
            return self._cipher.decrypt(sealed[:NONCE], sealed[NONCE:], name.encode())
        except (OSError, InvalidTag, ValueError) as fault:
            raise AttachmentLost("The file can’t be opened. The practice can send it again.") from fault

    def forget(self, name: str) -> None:
        """Remove the bytes; nothing happens where they are gone already."""
        self._path(name).unlink(missing_ok=True)

    def _path(self, name: str) -> Path:
        if len(name) != NAME or not all(letter in "0123456789abcdef" for letter in name):
            raise AttachmentLost("There is no such file.")
        return self._folder / name[:2] / name
