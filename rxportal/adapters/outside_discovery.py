"""What a provider says of itself (OpenID Connect Discovery 1.0) and its keys: kept for a while, compared, bounded."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final
from urllib.parse import urlsplit

from authlib.integrations.httpx_client import AsyncOAuth2Client

from rxportal.adapters.outside_tokens import issuer_of_discovery
from rxportal.core.clock import Clock
from rxportal.core.providers import Provider

KEPT_FOR: Final = timedelta(hours=1)
NEW_KEYS_EVERY: Final = timedelta(minutes=1)
"""A token with a key that we don't know makes us ask for the keys again, but never more often than this."""
MOST_BYTES: Final = 256_000
MOST_KEYS: Final = 50
WELL_KNOWN: Final = "/.well-known/openid-configuration"


class OutsideFault(Exception):
    """A round trip that proves nobody. The words are for the log: they hold nothing that a person sent."""


@dataclass(frozen=True)
class Metadata:
    """What we use of a discovery document. `names_itself`: its answers carry `iss` (RFC 9207)."""

    issuer: str
    authorization_endpoint: str
    token_endpoint: str
    jwks_uri: str
    userinfo_endpoint: str
    auth_method: str
    names_itself: bool


class Discovery:
    """The documents and keys of all providers, each read again when it is too old."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._documents: dict[str, tuple[datetime, Metadata]] = {}
        self._keys: dict[str, tuple[datetime, list[dict[str, Any]]]] = {}

    async def metadata(self, client: AsyncOAuth2Client, provider: Provider) -> Metadata:
        """Where the provider answers.

        Raises:
            OutsideFault: it is not who the settings say, or names addresses that we don't go to.
        """
        now = self._clock()
        kept = self._documents.get(provider.issuer)
        if kept and now - kept[0] < KEPT_FOR:
            return kept[1]
        document = await read_json(client, provider.issuer.rstrip("/") + WELL_KNOWN)
        found = _read(document, provider.issuer)
        self._documents[provider.issuer] = (now, found)
        return found

    async def keys(self, client: AsyncOAuth2Client, provider: Provider, metadata: Metadata) -> list[dict[str, Any]]:
        """The provider's public keys, as it publishes them."""
        kept = self._keys.get(provider.issuer)
        if kept and self._clock() - kept[0] < KEPT_FOR:
            return kept[1]
        return await self._read_keys(client, provider, metadata)

    async def new_keys(self, client: AsyncOAuth2Client, provider: Provider, metadata: Metadata) -> list[dict[str, Any]]:
        """The keys once more, because a token names one that we have not seen.

        Raises:
            OutsideFault: we asked a moment ago.
        """
        kept = self._keys.get(provider.issuer)
        if kept and self._clock() - kept[0] < NEW_KEYS_EVERY:
            raise OutsideFault("a key that the provider does not publish")
        return await self._read_keys(client, provider, metadata)

    async def _read_keys(
        self, client: AsyncOAuth2Client, provider: Provider, metadata: Metadata
    ) -> list[dict[str, Any]]:
        found = (await read_json(client, metadata.jwks_uri)).get("keys")
        keys = [one for one in found if isinstance(one, dict)][:MOST_KEYS] if isinstance(found, list) else []
        self._keys[provider.issuer] = (self._clock(), keys)
        return keys


def _read(document: dict[str, Any], issuer: str) -> Metadata:
    if document.get("issuer") != issuer_of_discovery(issuer):
        raise OutsideFault("discovery is another issuer's")
    methods = document.get("token_endpoint_auth_methods_supported") or ["client_secret_basic"]
    method = next((one for one in ("client_secret_basic", "client_secret_post") if one in methods), "")
    if not method:
        raise OutsideFault("no way to prove who we are")
    needed = [_address(document, name, issuer) for name in ("authorization_endpoint", "token_endpoint", "jwks_uri")]
    userinfo = _address(document, "userinfo_endpoint", issuer) if document.get("userinfo_endpoint") else ""
    named = document.get("authorization_response_iss_parameter_supported") is True
    return Metadata(issuer, needed[0], needed[1], needed[2], userinfo, method, named)


def _address(document: dict[str, Any], name: str, issuer: str) -> str:
    """An address of the document; over plain http only where the settings name the issuer so (development)."""
    value = document.get(name)
    if not isinstance(value, str) or urlsplit(value).scheme not in {"https", urlsplit(issuer).scheme}:
        raise OutsideFault(f"discovery: {name}")
    return value


async def read_json(client: AsyncOAuth2Client, url: str, headers: dict[str, str] | None = None) -> dict[str, Any]:
    """A JSON object of bounded size.

    Raises:
        OutsideFault: another status than 200, too long, or no object.
    """
    body = b""
    async with client.stream("GET", url, withhold_token=True, headers=headers) as answer:
        if answer.status_code != 200:
            raise OutsideFault(f"status {answer.status_code}")
        async for part in answer.aiter_bytes():
            body += part
            if len(body) > MOST_BYTES:
                raise OutsideFault("too long")
    found = json.loads(body)
    if not isinstance(found, dict):
        raise OutsideFault("not an object")
    return found
