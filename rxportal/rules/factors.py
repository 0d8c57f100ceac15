"""What a second factor takes: authenticator codes (RFC 6238) and recovery codes, without storage or a clock."""

from __future__ import annotations

import hmac
import re
import secrets
from datetime import datetime

import pyotp

STEP_SECONDS = 30
DRIFT = 1
RECOVERY_CODES = 10
LETTERS = "abcdefghjkmnpqrstuvwxyz23456789"
"""No l, i, o, 0, 1: nobody has to tell them apart on paper."""
GROUPS, GROUP = 4, 4


def new_secret() -> str:
    """A secret for an authenticator: 160 random bits in base32."""
    return pyotp.random_base32()


def address_of_secret(secret: str, email: str, practice: str) -> str:
    """What the picture holds that an authenticator scans (`otpauth://…`)."""
    return pyotp.TOTP(secret).provisioning_uri(name=email, issuer_name=practice)


def matching_step(secret: str, code: str, now: datetime, after: int) -> int | None:
    """The time step whose code this is: now, or one before or after; none that was taken already (<= `after`)."""
    if not re.fullmatch(r"[0-9]{6}", code):
        return None
    totp, current = pyotp.TOTP(secret), int(now.timestamp()) // STEP_SECONDS
    found = None
    for step in range(current - DRIFT, current + DRIFT + 1):
        if hmac.compare_digest(totp.generate_otp(step), code) and step > after and found is None:
            found = step
    return found


def as_code(typed: str) -> str:
    """A typed code without what people put between its signs; at most as long as one can be."""
    return re.sub(r"[\s\-–—.]", "", typed[:64]).lower()


def is_authenticator_code(code: str) -> bool:
    """Whether it looks like a code of an authenticator; everything else is tried as a recovery code."""
    return re.fullmatch(r"[0-9]{6}", code) is not None


def new_recovery_code() -> str:
    """One recovery code as it is shown, about 79 random bits: "abcd-efgh-jkmn-pqrs"."""
    return "-".join("".join(secrets.choice(LETTERS) for _ in range(GROUP)) for _ in range(GROUPS))
