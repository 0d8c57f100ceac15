"""Sign-in with outside providers: Authlib as OAuth client over httpx2, our own checks of everything that comes back."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from json import JSONDecodeError
from typing import Any, Final, TypeVar

import httpx2
from authlib.common.errors import AuthlibBaseError
from authlib.integrations.httpx_client import AsyncOAuth2Client
from joserfc.errors import JoseError

from rxportal.adapters.outside_discovery import Discovery, Metadata, OutsideFault, read_json
from rxportal.adapters.outside_facebook import facebook_address, facebook_person
from rxportal.adapters.outside_person import OutsidePerson, Trip, person_of
from rxportal.adapters.outside_tokens import BadToken, Expected, UnknownKey, check_id_token
from rxportal.core.clock import Clock, system_clock
from rxportal.core.providers import Provider

T = TypeVar("T")
LIMITS: Final = httpx2.Timeout(5.0, connect=3.0)
WHOLE_TRIP: Final = 15.0
"""Seconds for everything that one answer of a provider makes us ask."""
LONGEST_CODE: Final = 4_096
Transport = Callable[[Provider], httpx2.AsyncBaseTransport | None]
# Google takes no "login"; whoever has one account there is then shown which it is, and has to choose it
PROMPTS: Final = {"google": "select_account"}
# Every family of errors on the way: Authlib's, joserfc's, httpx2's, and what odd answers raise inside the libraries
FAULTS: Final = (
    AuthlibBaseError, JoseError, httpx2.HTTPError, httpx2.InvalidURL, BadToken, TimeoutError, OSError, JSONDecodeError,
    UnicodeError, TypeError, ValueError, KeyError, AttributeError, RecursionError,
)  # fmt: skip


class OutsideSignIn:
    """Speaks with the providers. `transport`: how each is reached; None: over the network."""

    def __init__(self, *, clock: Clock = system_clock, transport: Transport = lambda _: None) -> None:
        self._clock = clock
        self._transport = transport
        self._discovery = Discovery(clock)

    async def address(self, provider: Provider, trip: Trip) -> str:
        """Where the browser has to go.

        Raises:
            OutsideFault: the provider can't be reached or says odd things of itself.
        """
        return await _within(self._address(provider, trip))

    async def person(self, provider: Provider, trip: Trip, answer: Mapping[str, str]) -> OutsidePerson:
        """Who came back. `answer`: the query of the callback.

        Raises:
            OutsideFault: the provider refused, can't be reached, or what it sent is not good; nobody is proved.
        """
        return await _within(self._person(provider, trip, answer))

    def _client(self, provider: Provider, method: str = "client_secret_basic") -> AsyncOAuth2Client:
        return AsyncOAuth2Client(
            provider.client_id,
            provider.client_secret or None,
            token_endpoint_auth_method=method if provider.client_secret else "none",
            scope=provider.scopes,
            code_challenge_method="S256",
            timeout=LIMITS,
            transport=self._transport(provider),
            follow_redirects=False,
            trust_env=False,
        )

    async def _address(self, provider: Provider, trip: Trip) -> str:
        if provider.is_facebook:
            async with self._client(provider) as client:
                return facebook_address(client, provider, trip)
        async with self._client(provider) as client:
            metadata = await self._discovery.metadata(client, provider)
            more = {"prompt": PROMPTS.get(provider.name, "login"), "max_age": "0"} if trip.fresh else {}
            address, _ = client.create_authorization_url(
                metadata.authorization_endpoint, state=trip.state, code_verifier=trip.verifier, nonce=trip.nonce,
                redirect_uri=trip.callback, **more,
            )  # fmt: skip
            return str(address)

    async def _person(self, provider: Provider, trip: Trip, answer: Mapping[str, str]) -> OutsidePerson:
        code = answer.get("code", "")
        if answer.get("error") or not code or len(code) > LONGEST_CODE:
            raise OutsideFault("refused by the provider")
        if provider.is_facebook:
            async with self._client(provider, "client_secret_post") as client:
                return await facebook_person(client, provider, trip, code)
        async with self._client(provider) as client:
            metadata = await self._discovery.metadata(client, provider)
        _same_issuer(metadata, answer)
        async with self._client(provider, metadata.auth_method) as client:
            given = await client.fetch_token(
                metadata.token_endpoint, grant_type="authorization_code", code=code, redirect_uri=trip.callback,
                code_verifier=trip.verifier,
            )  # fmt: skip
            claims = await self._claims(client, provider, metadata, trip, given)
            facts = claims
            if not claims.get("email") and metadata.userinfo_endpoint:
                facts = await _userinfo(client, metadata, given, str(claims["sub"]))
        return person_of(provider, claims, facts)

    async def _claims(
        self, client: AsyncOAuth2Client, provider: Provider, metadata: Metadata, trip: Trip, given: Mapping[str, Any]
    ) -> dict[str, Any]:
        expected = Expected(
            issuer=provider.issuer,
            client_id=provider.client_id,
            nonce=trip.nonce,
            now=self._clock(),
            access_token=str(given.get("access_token", "")),
            proved_after=trip.begun_at if trip.fresh else None,
        )
        keys = await self._discovery.keys(client, provider, metadata)
        try:
            return check_id_token(given.get("id_token"), keys, expected)
        except UnknownKey:
            keys = await self._discovery.new_keys(client, provider, metadata)
            return check_id_token(given.get("id_token"), keys, expected)


def _same_issuer(metadata: Metadata, answer: Mapping[str, str]) -> None:
    """RFC 9207: an answer that names its issuer names ours, and one that must name it does."""
    named = answer.get("iss")
    if named is None and metadata.names_itself:
        raise OutsideFault("the answer names no issuer")
    if named is not None and named != metadata.issuer:
        raise OutsideFault("the answer is another issuer's")


async def _userinfo(
    client: AsyncOAuth2Client, metadata: Metadata, given: Mapping[str, Any], subject: str
) -> dict[str, Any]:
    bearer = {"authorization": f"Bearer {given.get('access_token', '')}"}
    facts = await read_json(client, metadata.userinfo_endpoint, bearer)
    if facts.get("sub") != subject:
        raise OutsideFault("userinfo is another person's")
    return facts


async def _within(work: Awaitable[T]) -> T:
    try:
        async with asyncio.timeout(WHOLE_TRIP):
            return await work
    except OutsideFault:
        raise
    except FAULTS as fault:
        why = str(fault) if isinstance(fault, BadToken) else type(fault).__name__
        raise OutsideFault(why) from None
