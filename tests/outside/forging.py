"""A provider within the process that sends whatever a test wants: good answers, and forty kinds of bad ones."""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
import warnings
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any
from urllib.parse import parse_qs, urlsplit

import httpx2
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import padding
from joserfc import jwt
from joserfc.jwk import ECKey, OctKey, RSAKey

from rxportal.adapters.outside import OutsideSignIn
from rxportal.adapters.outside_person import OutsidePerson, Trip
from rxportal.core.providers import Provider

ISSUER = "https://id.provider.example"
CALLBACK = "https://portal.example/auth/google/callback"
CLIENT = "our-client"
NOW = datetime(2026, 11, 23, 18, 0, tzinfo=UTC)
RSA = RSAKey.generate_key(2048, {"kid": "rsa", "use": "sig", "alg": "RS256"})
EC = ECKey.generate_key("P-256", {"kid": "ec", "use": "sig", "alg": "ES256"})
THEIRS = RSAKey.generate_key(2048, {"kid": "rsa", "use": "sig", "alg": "RS256"})
with warnings.catch_warnings():
    warnings.simplefilter("ignore")  # short on purpose
    SHORT = RSAKey.generate_key(1024, {"kid": "short", "use": "sig", "alg": "RS256"})
CURVE = ECKey.generate_key("P-384", {"kid": "p384", "use": "sig"})
ACCESS = "access-token-of-this-trip"
Change = Callable[["Forge"], None]


def part(value: Any) -> str:
    """One part of a compact token."""
    raw = value if isinstance(value, bytes) else json.dumps(value).encode()
    return base64.urlsafe_b64encode(raw).rstrip(b"=").decode()


def public(*keys: Any) -> list[dict[str, Any]]:
    """Keys as a provider publishes them."""
    return [key.as_dict(private=False) for key in keys]


@dataclass
class Forge:
    """What the provider says; a test changes any of it before the answer is read."""

    provider: Provider = field(
        default_factory=lambda: Provider(
            name="google", label="Google", issuer=ISSUER, client_id=CLIENT, client_secret="their-secret"
        )
    )
    now: datetime = NOW
    nonce: str = "nonce-of-this-trip"
    claims: dict[str, Any] = field(default_factory=dict)
    header: dict[str, Any] = field(default_factory=lambda: {"alg": "RS256", "kid": "rsa"})
    key: Any = field(default_factory=lambda: RSA)
    keys: list[dict[str, Any]] = field(default_factory=lambda: public(RSA, EC))
    document: dict[str, Any] = field(default_factory=dict)
    answer: dict[str, Any] = field(default_factory=dict)
    userinfo: dict[str, Any] = field(default_factory=dict)
    query: dict[str, str] = field(default_factory=lambda: {"code": "a-code", "state": "state"})
    raw_token: str | None = None
    statuses: dict[str, int] = field(default_factory=dict)
    fault: dict[str, Exception] = field(default_factory=dict)
    bodies: dict[str, bytes] = field(default_factory=dict)
    fresh: bool = False
    asked: list[str] = field(default_factory=list)
    forms: list[dict[str, str]] = field(default_factory=list)
    signs: Callable[[Forge], str] | None = None

    def __post_init__(self) -> None:
        """Everything good until it is changed."""
        at = int(self.now.timestamp())
        self.claims = {
            "iss": ISSUER, "aud": CLIENT, "sub": "subject-1", "iat": at, "exp": at + 600, "nonce": self.nonce,
            "email": "ann@mail.example", "email_verified": True, "name": "Ann Outside", **self.claims,
        }  # fmt: skip
        self.document = {
            "issuer": ISSUER, "authorization_endpoint": f"{ISSUER}/authorize", "token_endpoint": f"{ISSUER}/token",
            "jwks_uri": f"{ISSUER}/keys", "userinfo_endpoint": f"{ISSUER}/userinfo", **self.document,
        }  # fmt: skip

    @property
    def outside(self) -> OutsideSignIn:
        """The adapter, speaking with this provider alone; made once."""
        if not hasattr(self, "_outside"):
            transport = httpx2.MockTransport(self.respond)
            self._outside = OutsideSignIn(clock=lambda: self.now, transport=lambda _: transport)
        return self._outside

    @property
    def trip(self) -> Trip:
        """The round trip that our side believes in."""
        return Trip(CALLBACK, "state", "v" * 43, "nonce-of-this-trip", fresh=self.fresh, begun_at=NOW)

    async def person(self) -> OutsidePerson:
        """Who came back."""
        return await self.outside.person(self.provider, self.trip, self.query)

    def respond(self, request: httpx2.Request) -> httpx2.Response:
        """One request of ours."""
        what = urlsplit(str(request.url)).path.rpartition("/")[2]
        self.asked.append(what)
        if what in self.fault:
            raise self.fault[what]
        if what in self.bodies:
            return httpx2.Response(self.statuses.get(what, 200), content=self.bodies[what])
        if what == "token":
            self.forms.append({name: values[0] for name, values in parse_qs(request.content.decode()).items()})
        said: dict[str, Callable[[], Any]] = {
            "openid-configuration": lambda: self.document,
            "keys": lambda: {"keys": self.keys},
            "token": self._tokens,
            "userinfo": lambda: self.userinfo,
        }
        return httpx2.Response(self.statuses.get(what, 200), json=said[what]())

    def _tokens(self) -> dict[str, Any]:
        given = {
            "access_token": ACCESS,
            "token_type": "Bearer",
            "expires_in": 600,
            "id_token": self.token(),
            **self.answer,
        }
        return {name: value for name, value in given.items() if value is not None}

    def token(self) -> str:
        """The ID token as it goes out."""
        if self.raw_token is not None:
            return self.raw_token
        if self.signs is not None:
            return self.signs(self)
        claims = {name: value for name, value in self.claims.items() if value is not ...}
        return jwt.encode(self.header, claims, self.key, algorithms=[str(self.header["alg"])])

    def unsigned(self) -> str:
        """Header and claims, and no signature."""
        return f"{part(self.header)}.{part(self.claims)}."

    def with_header(self, **more: Any) -> str:
        """Well signed, with header fields that the library would not write."""
        return self.well_signed({**self.header, **more}, self.claims)

    def of_a_list(self) -> str:
        """Well signed, and no claims at all."""
        return self.well_signed(self.header, ["subject-1"])

    @staticmethod
    def well_signed(header: dict[str, Any], claims: Any) -> str:
        """By the right key, whatever it says."""
        signed = f"{part(header)}.{part(claims)}"
        signature = RSA.raw_value.sign(signed.encode(), padding.PKCS1v15(), hashes.SHA256())
        return f"{signed}.{part(signature)}"


def with_claims(**claims: Any) -> Change:
    """Other claims; `...` leaves one out."""

    def change(forge: Forge) -> None:
        forge.claims.update(claims)

    return change


def shifted(**seconds: float) -> Change:
    """Times, so many seconds from now."""

    def change(forge: Forge) -> None:
        forge.claims.update({name: int(NOW.timestamp()) + by for name, by in seconds.items()})

    return change


def with_shared_secret(forge: Forge) -> str:
    """Signed by HMAC with our client secret."""
    forge.header = {"alg": "HS256", "kid": "rsa"}
    return jwt.encode(forge.header, forge.claims, OctKey.import_key(forge.provider.client_secret), algorithms=["HS256"])


def with_public_key_as_secret(forge: Forge) -> str:
    """Signed by HMAC with the provider's public key, the classic mix of algorithms."""
    signed = f"{part({'alg': 'HS256', 'kid': 'rsa'})}.{part(forge.claims)}"
    signature = hmac.new(RSA.as_pem(private=False), signed.encode(), hashlib.sha256).digest()
    return f"{signed}.{part(signature)}"
