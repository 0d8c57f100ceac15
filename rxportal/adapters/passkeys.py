"""WebAuthn through `webauthn`: what a browser is asked for, and whether its answer is right.

Discoverable credentials with user verification only, so that a passkey is both factors at once; no attestation.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

import webauthn
from webauthn.helpers import base64url_to_bytes, bytes_to_base64url
from webauthn.helpers.structs import (
    AuthenticatorSelectionCriteria,
    PublicKeyCredentialDescriptor,
    ResidentKeyRequirement,
    UserVerificationRequirement,
)

TIMEOUT_MS = 120_000
REQUIRED = UserVerificationRequirement.REQUIRED


class AnswerWrong(Exception):
    """The browser's answer is not the right one: forged, for another site, or without a check of the person."""


@dataclass(frozen=True)
class MadeKey:
    """A new passkey; base64url without padding."""

    credential_id: str
    public_key: str
    sign_count: int


@dataclass(frozen=True)
class Passkeys:
    """WebAuthn for one origin. `name`: what the portal is called in the browser's dialog."""

    origin: str
    name: str

    @property
    def host(self) -> str:
        """The relying party's id."""
        return urlsplit(self.origin).hostname or "localhost"

    def ask_new(self, challenge: str, *, account_id: str, email: str, person: str, known: tuple[str, ...]) -> Any:
        """Options for `navigator.credentials.create`, as JSON. The user handle is the account's id."""
        options = webauthn.generate_registration_options(
            rp_id=self.host,
            rp_name=self.name,
            user_id=account_id.encode(),
            user_name=email,
            user_display_name=person,
            challenge=base64url_to_bytes(challenge),
            timeout=TIMEOUT_MS,
            authenticator_selection=AuthenticatorSelectionCriteria(
                resident_key=ResidentKeyRequirement.REQUIRED, user_verification=REQUIRED
            ),
            exclude_credentials=[PublicKeyCredentialDescriptor(id=base64url_to_bytes(one)) for one in known],
        )
        return json.loads(webauthn.options_to_json(options))

    def ask(self, challenge: str, allowed: tuple[str, ...] = ()) -> Any:
        """Options for `navigator.credentials.get`, as JSON. `allowed` empty: whatever passkey the person chooses."""
        options = webauthn.generate_authentication_options(
            rp_id=self.host,
            challenge=base64url_to_bytes(challenge),
            timeout=TIMEOUT_MS,
            allow_credentials=[PublicKeyCredentialDescriptor(id=base64url_to_bytes(one)) for one in allowed],
            user_verification=REQUIRED,
        )
        return json.loads(webauthn.options_to_json(options))

    def made(self, credential: dict[str, Any], challenge: str) -> MadeKey:
        """Check a new passkey.

        Raises:
            AnswerWrong.
        """
        try:
            found = webauthn.verify_registration_response(
                credential=credential,
                expected_challenge=base64url_to_bytes(challenge),
                expected_rp_id=self.host,
                expected_origin=self.origin,
                require_user_verification=True,
            )
        except Exception as fault:  # whatever the library makes of what a stranger sent, it is not an answer
            raise AnswerWrong from fault
        return MadeKey(
            bytes_to_base64url(found.credential_id), bytes_to_base64url(found.credential_public_key), found.sign_count
        )

    def proved(
        self, credential: dict[str, Any], challenge: str, *, public_key: str, sign_count: int, account_id: str
    ) -> int:
        """Check an answer of a passkey of this account; its counter now.

        Raises:
            AnswerWrong: also when the counter did not move on.
        """
        try:
            handle = credential["response"].get("userHandle")
            if handle and base64url_to_bytes(handle) != account_id.encode():
                raise AnswerWrong
            found = webauthn.verify_authentication_response(
                credential=credential,
                expected_challenge=base64url_to_bytes(challenge),
                expected_rp_id=self.host,
                expected_origin=self.origin,
                credential_public_key=base64url_to_bytes(public_key),
                credential_current_sign_count=sign_count,
                require_user_verification=True,
            )
        except Exception as fault:  # see `made`
            raise AnswerWrong from fault
        return found.new_sign_count


def challenge_in(credential: dict[str, Any]) -> str:
    """The challenge that an answer says it is for; "" when it says none. Says nothing about who answers."""
    try:
        said = json.loads(base64url_to_bytes(credential["response"]["clientDataJSON"]))
        challenge = said["challenge"]
    except (ValueError, TypeError, KeyError, RecursionError):
        return ""
    return challenge if isinstance(challenge, str) and len(challenge) <= 128 else ""
