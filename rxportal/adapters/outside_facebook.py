"""Facebook's own OAuth 2: a dialog, a token, then who it is. No ID token, no nonce, and perhaps no e-mail address.

Its documentation: "Manually build a login flow" and the Graph API's `/me`. Its e-mail addresses count as unverified.
"""

from __future__ import annotations

import hmac
from typing import Final

from authlib.integrations.httpx_client import AsyncOAuth2Client

from rxportal.adapters.outside_discovery import OutsideFault, read_json
from rxportal.adapters.outside_person import OutsidePerson, Trip, person_of
from rxportal.core.providers import Provider

LONGEST_ID: Final = 64


def facebook_address(client: AsyncOAuth2Client, provider: Provider, trip: Trip) -> str:
    """Where the browser has to go: Facebook's login dialog."""
    more = {"auth_type": "reauthenticate"} if trip.fresh else {}
    address, _ = client.create_authorization_url(
        f"{provider.dialog_base}/{provider.version}/dialog/oauth",
        state=trip.state, code_verifier=trip.verifier, redirect_uri=trip.callback, **more,
    )  # fmt: skip
    return str(address)


async def facebook_person(client: AsyncOAuth2Client, provider: Provider, trip: Trip, code: str) -> OutsidePerson:
    """Who came back with this code.

    Raises:
        OutsideFault: nobody that can be told.
    """
    base = f"{provider.api_base}/{provider.version}"
    given = await client.fetch_token(
        f"{base}/oauth/access_token", grant_type="authorization_code", code=code, redirect_uri=trip.callback,
        code_verifier=trip.verifier,
    )  # fmt: skip
    token = given.get("access_token")
    if not isinstance(token, str) or not token:
        raise OutsideFault("no access token")
    proof = hmac.new(provider.client_secret.encode(), token.encode(), "sha256").hexdigest()
    facts = await read_json(
        client, f"{base}/me?fields=id,name,email&appsecret_proof={proof}", {"authorization": f"Bearer {token}"}
    )
    subject = facts.get("id")
    if not isinstance(subject, str) or not subject.isdecimal() or len(subject) > LONGEST_ID:
        raise OutsideFault("no id")
    facts.pop("email_verified", None)
    return person_of(provider, {"sub": subject}, facts)
