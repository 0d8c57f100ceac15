"""Signing in with outside providers over plain HTTP: the way out, the way back, and the page that asks a newcomer.

It begins with a link (a form's redirect would be stopped by our own `form-action`). Every round trip belongs to one
browser, by a cookie, and one tab, by its state; one that links or proves belongs to the session that began it, too, and
is begun by a page of ours alone: another site's link to it would be the browser's act and not the person's.
"""

from __future__ import annotations

import logging
import secrets
from collections.abc import Mapping
from functools import partial
from typing import Final
from urllib.parse import urlsplit

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from rxportal.adapters.outside import OutsideSignIn
from rxportal.adapters.outside_discovery import OutsideFault
from rxportal.adapters.outside_person import OutsidePerson, Trip
from rxportal.api.entry import entered, keep, own_path
from rxportal.api.sockets import address_of
from rxportal.core.cookies import OUTSIDE, credentials_of, value_of
from rxportal.core.errors import Conflict, NotFresh, NotSignedIn, PortalError, TooMany
from rxportal.core.identity import Anonymous
from rxportal.core.own_path import is_own_path
from rxportal.core.providers import Provider, callback_of, providers_of
from rxportal.core.runtime import Runtime, current
from rxportal.services.identities import begin_link, begin_proof, link_identity, prove_by_trip
from rxportal.services.outside import FRESH, LINK, SIGN_IN, Begun, Taken, arrive, begin_trip, take_trip
from rxportal.services.sessions import refuse_sign_in, subject

log = logging.getLogger(__name__)
DOOR: Final = "/sign-in"
SECURITY: Final = "/account/security"
COOKIE_SECONDS: Final = 1_800
LONGEST_ANSWER: Final = 4_096
PURPOSES: Final = (SIGN_IN, LINK, FRESH)
# What an answer of a provider may say; each once. RFC 6749 4.1.2, RFC 9207.
ANSWERS: Final = ("state", "code", "error", "iss")


def outside_routes(outside: OutsideSignIn) -> list[Route]:
    """GET /auth/{provider}/start and /auth/{provider}/callback."""
    return [
        Route("/auth/{provider:str}/start", partial(start, outside), methods=["GET"]),
        Route("/auth/{provider:str}/callback", partial(callback, outside), methods=["GET"]),
    ]


async def start(outside: OutsideSignIn, request: Request) -> Response:
    """The way out. `?for=`: sign_in, link or fresh; `?next=`: where to go afterwards."""
    runtime = current()
    provider = providers_of(runtime.settings).get(request.path_params["provider"])
    purpose = request.query_params.get("for", SIGN_IN)
    if provider is None or purpose not in PURPOSES:
        return Response(status_code=404, media_type="text/plain")
    if not from_own_page(request, purpose, runtime.settings.origin):
        return RedirectResponse(DOOR if purpose == SIGN_IN else SECURITY, status_code=303)
    browser = browser_of(request) or secrets.token_urlsafe(32)
    try:
        begun = await set_out_as(runtime, request, provider, purpose, browser)
        address = await outside.address(provider, trip_of(runtime, provider, purpose, begun))
    except (PortalError, OutsideFault) as fault:
        return failed(provider, purpose, fault)
    answer = RedirectResponse(address, status_code=303)
    keep(answer, OUTSIDE, browser, COOKIE_SECONDS)
    return answer


async def callback(outside: OutsideSignIn, request: Request) -> Response:
    """The way back: the trip is taken up, the provider asked who it is, and done what the trip was for."""
    runtime = current()
    provider = providers_of(runtime.settings).get(request.path_params["provider"])
    if provider is None:
        return Response(status_code=404, media_type="text/plain")
    purpose = SIGN_IN
    try:
        said = answers_in(request)
        taken = await runtime.off_loop(
            runtime.kernel.perform, take_trip, Anonymous(), provider=provider.name, state=said["state"],
            browser=browser_of(request),
        )  # fmt: skip
        purpose = taken.purpose
        begun = Begun(said["state"], taken.nonce, taken.verifier, taken.begun_at)
        who = await outside.person(provider, trip_of(runtime, provider, purpose, begun), said)
        return await settled(runtime, request, provider, taken, who)
    except OutsideFault as fault:
        return await unproved(runtime, provider, purpose, fault)
    except PortalError as fault:
        return failed(provider, purpose, fault)


async def unproved(runtime: Runtime, provider: Provider, purpose: str, fault: OutsideFault) -> Response:
    """Leave the audit line of a sign-in that proved nobody."""
    try:
        await runtime.off_loop(runtime.kernel.perform, refuse_sign_in, Anonymous())
    except PortalError as away:
        return failed(provider, purpose, away)
    return failed(provider, purpose, fault)


def from_own_page(request: Request, purpose: str, origin: str) -> bool:
    """Whether this may begin: a sign-in from a page of ours or typed by hand, linking from a page of ours alone."""
    site = request.headers.get("sec-fetch-site", "")
    if not site:  # an old browser: its Referer says it (ours send one to ourselves)
        referer = request.headers.get("referer", "")
        if not referer:
            return purpose == SIGN_IN
        here, there = urlsplit(referer), urlsplit(origin)
        return (here.scheme, here.netloc) == (there.scheme, there.netloc)
    return site == "same-origin" or (site == "none" and purpose == SIGN_IN)


def browser_of(request: Request) -> str:
    """The mark of this browser's round trips, or ""."""
    return value_of(request.headers.get("cookie", ""), OUTSIDE)


def answers_in(request: Request) -> dict[str, str]:
    """What the provider sends back.

    Raises:
        OutsideFault: something twice, too long, or no state.
    """
    said = request.query_params.multi_items()
    found = {name: value for name, value in said if name in ANSWERS}
    if sum(name in ANSWERS for name, _value in said) != len(found) or not found.get("state"):
        raise OutsideFault("an odd answer")
    if any(len(value) > LONGEST_ANSWER for value in found.values()):
        raise OutsideFault("an answer that is too long")
    return found


def trip_of(runtime: Runtime, provider: Provider, purpose: str, begun: Begun) -> Trip:
    """The round trip as the adapter knows it."""
    return Trip(
        callback=callback_of(runtime.settings, provider.name), state=begun.state, verifier=begun.verifier,
        nonce=begun.nonce, fresh=purpose == FRESH, begun_at=begun.at,
    )  # fmt: skip


async def set_out_as(runtime: Runtime, request: Request, provider: Provider, purpose: str, browser: str) -> Begun:
    """Begin the round trip, as whom its purpose asks for.

    Raises:
        PortalError.
    """
    wanted = request.query_params.get("next", "")
    after = wanted if is_own_path(wanted) else ""
    named = {"provider": provider.name, "browser": browser}
    if purpose == SIGN_IN:
        key = runtime.settings.secret_key.encode()
        address = subject(key, "outside", address_of(request.scope, runtime.settings.trusted_proxy_hops))
        return await runtime.off_loop(
            runtime.kernel.perform, begin_trip, Anonymous(), address=address, after=after, **named
        )
    credentials = credentials_of(request.headers.get("cookie", ""))
    if purpose == LINK:
        return await runtime.off_loop(runtime.kernel.perform, begin_link, credentials, **named)
    return await runtime.off_loop(runtime.kernel.perform, begin_proof, credentials, after=after, **named)


async def settled(runtime: Runtime, request: Request, provider: Provider, taken: Taken, who: OutsidePerson) -> Response:
    """Do what the round trip was for.

    Raises:
        PortalError.
    """
    identity = {"flow_id": str(taken.flow_id), "issuer": who.issuer, "subject": who.subject}
    credentials = credentials_of(request.headers.get("cookie", ""))
    if taken.purpose == LINK:
        done = await runtime.off_loop(
            runtime.kernel.perform, link_identity, credentials, label=provider.label, email=who.email, name=who.name,
            **identity,
        )  # fmt: skip
        return RedirectResponse(f"{SECURITY}?outside={done}", status_code=303)
    if taken.purpose == FRESH:
        await runtime.off_loop(runtime.kernel.perform, prove_by_trip, credentials, **identity)
        return RedirectResponse(taken.after or "/auth/proved", status_code=303)
    arrival = await runtime.off_loop(
        runtime.kernel.perform, arrive, Anonymous(), email=who.email, email_verified=who.email_verified, name=who.name,
        **identity,
    )  # fmt: skip
    if arrival.account_id is None:
        return RedirectResponse(f"/auth/new/{taken.flow_id}", status_code=303)
    return await entered(
        runtime, request, account_id=arrival.account_id, email=arrival.email, way=provider.name,
        after=own_path(taken.after),
    )  # fmt: skip


def failed(provider: Provider, purpose: str, fault: Exception) -> Response:
    """Back to where it began, with a code for its one sentence. Nothing was changed."""
    if isinstance(fault, OutsideFault):
        name, why = provider.name, str(fault)
        log.warning("a round trip with %s proved nobody: %s", name, why)
    if isinstance(fault, NotSignedIn):
        return RedirectResponse(DOOR, status_code=303)
    if purpose == SIGN_IN:
        return RedirectResponse(
            f"{DOOR}?problem={'slow' if isinstance(fault, TooMany) else 'outside'}", status_code=303
        )
    code = next((code for kind, code in CODES.items() if isinstance(fault, kind)), "failed")
    return RedirectResponse(f"{SECURITY}?outside={code}", status_code=303)


CODES: Mapping[type[Exception], str] = {NotFresh: "stale", Conflict: "taken"}
