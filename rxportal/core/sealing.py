"""Small secrets sealed before they are stored: whoever steals the table alone can't use them (AES-256-GCM)."""

from __future__ import annotations

import base64
import binascii
import hashlib
import secrets

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

NONCE = 12


class SealBroken(Exception):
    """It was altered, belongs to somebody else, or was sealed with another key."""


def sealing_key(secret_key: str) -> str:
    """The key for this, as hex, made of the portal's secret: another one than anything else made of it."""
    return hashlib.blake2b(b"authenticators", key=secret_key.encode()[:64], digest_size=32).hexdigest()


def seal(key: str, secret: str, whose: str) -> str:
    """Encrypt a secret; only for `whose` it opens again."""
    nonce = secrets.token_bytes(NONCE)
    sealed = AESGCM(bytes.fromhex(key)).encrypt(nonce, secret.encode(), whose.encode())
    return base64.urlsafe_b64encode(nonce + sealed).decode()


def unseal(key: str, sealed: str, whose: str) -> str:
    """The secret again.

    Raises:
        SealBroken.
    """
    try:
        raw = base64.urlsafe_b64decode(sealed)
        return AESGCM(bytes.fromhex(key)).decrypt(raw[:NONCE], raw[NONCE:], whose.encode()).decode()
    except (InvalidTag, ValueError, binascii.Error) as fault:
        raise SealBroken from fault
