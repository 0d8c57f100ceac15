"""Whether an ID token is for us, for this round trip, from this provider. Nothing is left to a library's defaults.

What Authlib 1.9.9 lets pass and this refuses: a foreign issuer, `aud` that is not exactly ours, another `azp`, an empty
subject, an old `iat`, two minutes of leeway, any algorithm that discovery names (even `none`). OpenID Core 3.1.3.7.
"""

from __future__ import annotations

import hashlib
import hmac
from base64 import urlsafe_b64encode
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from joserfc import jws, jwt
from joserfc.errors import JoseError
from joserfc.jwk import ECKey, JWKRegistry, RSAKey

KEY_KINDS: Final = {"RS256": "RSA", "ES256": "EC"}
"""The algorithms that we take, whatever a provider's own list says, and the kind of key of each."""
LEEWAY: Final = 30
OLDEST: Final = 600
"""Seconds: how far clocks may differ, and how old a token of a round trip can be."""
LONGEST_TOKEN: Final = 20_000
LONGEST_SUBJECT: Final = 255
SMALLEST_RSA: Final = 2048
# A token that brings its own key, or asks for rules that we do not know
ODD_HEADERS: Final = frozenset({"jwk", "jku", "x5u", "x5c", "crit", "b64", "zip", "enc"})
COMMON: Final = "/common/"
TEMPLATE: Final = "/{tenantid}/"


class BadToken(Exception):
    """The token is not what it must be. The words are for the log: they hold no value of it."""


class UnknownKey(BadToken):
    """It names a key that we have not seen: the provider may have changed its keys."""


@dataclass(frozen=True)
class Expected:
    """What the token of one round trip must say. `issuer`: as the settings and discovery say it."""

    issuer: str
    client_id: str
    nonce: str
    now: datetime
    access_token: str = ""
    proved_after: datetime | None = None


def check_id_token(token: object, keys: Sequence[Mapping[str, Any]], expected: Expected) -> dict[str, Any]:
    """The claims of a good token.

    Raises:
        UnknownKey: signed with a key that is not among `keys`.
        BadToken: anything else.
    """
    if not isinstance(token, str) or not token or len(token) > LONGEST_TOKEN:
        raise BadToken("no ID token")
    try:
        header = _header(token)
        claims = _signed(token, header, keys)
    except JoseError as fault:
        raise BadToken(f"signature: {type(fault).__name__}") from None
    except (ValueError, TypeError, KeyError, AttributeError, RecursionError) as fault:
        raise BadToken(f"shape: {type(fault).__name__}") from None
    _who(claims, expected)
    _when(claims, expected)
    _bound(claims, expected)
    return claims


def _header(token: str) -> dict[str, Any]:
    if token.count(".") != 2:
        raise BadToken("not three parts")
    header = jws.extract_compact(token.encode("ascii")).headers()
    if header.get("alg") not in KEY_KINDS:
        raise BadToken("algorithm")
    if ODD_HEADERS & set(header):
        raise BadToken("header")
    if str(header.get("typ", "JWT")).upper() != "JWT":
        raise BadToken("type of token")
    return header


def _signed(token: str, header: Mapping[str, Any], keys: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
    algorithm, wanted = str(header["alg"]), header.get("kid")
    fitting = [one for one in keys if _fits(one, algorithm)]
    named = [one for one in fitting if one.get("kid") == wanted] if wanted is not None else fitting
    if not named:
        raise UnknownKey("key")
    if len(named) > 1:
        raise BadToken("more than one key")
    key = JWKRegistry.import_key(
        {name: value for name, value in named[0].items() if name not in {"d", "use", "key_ops"}}
    )
    if isinstance(key, RSAKey) and key.raw_value.key_size < SMALLEST_RSA:
        raise BadToken("short key")
    if not isinstance(key, RSAKey | ECKey):
        raise BadToken("kind of key")
    return dict(jwt.decode(token, key, algorithms=[algorithm]).claims)


def _fits(key: Mapping[str, Any], algorithm: str) -> bool:
    kind = KEY_KINDS[algorithm]
    return (
        key.get("kty") == kind
        and key.get("use", "sig") == "sig"
        and key.get("alg", algorithm) == algorithm
        and (kind != "EC" or key.get("crv") == "P-256")
    )


def _who(claims: Mapping[str, Any], expected: Expected) -> None:
    if claims.get("iss") != issuer_for(expected.issuer, claims):
        raise BadToken("issuer")
    if claims.get("aud") not in (expected.client_id, [expected.client_id]):
        raise BadToken("audience")
    if claims.get("azp", expected.client_id) != expected.client_id:
        raise BadToken("authorized party")
    subject = claims.get("sub")
    if (
        not isinstance(subject, str)
        or not subject.strip()
        or len(subject) > LONGEST_SUBJECT
        or not subject.isprintable()
    ):
        raise BadToken("subject")


def issuer_for(issuer: str, claims: Mapping[str, Any]) -> str:
    """The issuer that this token must name. Microsoft's `common` has one for each tenant: its template, filled."""
    if COMMON not in issuer:
        return issuer
    try:
        tenant = UUID(str(claims.get("tid")))
    except ValueError:
        raise BadToken("tenant") from None
    return issuer.replace(COMMON, f"/{tenant}/", 1)


def issuer_of_discovery(issuer: str) -> str:
    """What a provider's discovery document must call itself."""
    return issuer.replace(COMMON, TEMPLATE, 1)


def _when(claims: Mapping[str, Any], expected: Expected) -> None:
    now = expected.now.timestamp()
    if _instant(claims, "exp") + LEEWAY <= now:
        raise BadToken("expired")
    issued = _instant(claims, "iat")
    if issued > now + LEEWAY or issued < now - OLDEST - LEEWAY:
        raise BadToken("issued at")
    if "nbf" in claims and _instant(claims, "nbf") > now + LEEWAY:
        raise BadToken("not yet")
    if expected.proved_after is not None and "auth_time" in claims:
        proved = _instant(claims, "auth_time")
        if proved < expected.proved_after.timestamp() - LEEWAY or proved > now + LEEWAY:
            raise BadToken("proof is old")


def _instant(claims: Mapping[str, Any], name: str) -> float:
    value = claims.get(name)
    if isinstance(value, bool) or not isinstance(value, int | float) or not 0 < value < 1e11:
        raise BadToken(name)
    return float(value)


def _bound(claims: Mapping[str, Any], expected: Expected) -> None:
    """To this round trip by the nonce, and to its access token where the token says which."""
    nonce = claims.get("nonce")
    if not isinstance(nonce, str) or not hmac.compare_digest(nonce.encode(), expected.nonce.encode()):
        raise BadToken("nonce")
    if "at_hash" in claims:
        half = hashlib.sha256(expected.access_token.encode()).digest()[:16]
        if claims["at_hash"] != urlsafe_b64encode(half).rstrip(b"=").decode():
            raise BadToken("access token")
