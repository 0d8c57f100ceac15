"""Passkeys over JSON: signing in with one, adding one, proving with one who one is (script: assets/passkeys.jsx)."""

from __future__ import annotations

import json
import re
import secrets
from collections.abc import Awaitable, Callable
from typing import Any

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from rxportal.adapters.passkeys import AnswerWrong, Passkeys, challenge_in
from rxportal.api.entry import PASSKEY as WAY
from rxportal.api.entry import entered, forget, keep
from rxportal.api.sockets import address_of
from rxportal.core.cookies import HALF, PASSKEY, credentials_of, value_of
from rxportal.core.errors import NotFresh, NotSignedIn, PortalError
from rxportal.core.identity import Anonymous, Credentials, token_hash
from rxportal.core.runtime import Runtime, current
from rxportal.core.text import _
from rxportal.services.devices import device_words
from rxportal.services.factors_passkeys import (
    KnownPasskey,
    ask_new_passkey,
    ask_passkey,
    ask_proof_passkey,
    keep_passkey,
    passkey_used,
    prove_by_passkey,
    take_new_passkey,
    take_passkey,
    take_proof_passkey,
)
from rxportal.services.factors_second import finish_half
from rxportal.services.sessions import refuse_sign_in, subject

MOST_BYTES = 32_768
CHALLENGE_SECONDS = 300
NOT_TAKEN = _("That passkey did not work here. Nothing was changed. Try again, or use another way.")
TRANSPORTS = re.compile(r"[a-z-]{2,16}")
Answer = Callable[[Request, Runtime, Passkeys, dict[str, Any]], Awaitable[Response]]


def passkey_routes() -> list[Route]:
    """Three pairs: what to ask the browser's authenticator, and its answer."""
    steps: dict[str, Answer] = {
        "sign-in/options": ask_in,
        "sign-in": come_in,
        "new/options": ask_new,
        "new": add_new,
        "proof/options": ask_proof,
        "proof": give_proof,
    }
    return [Route(f"/passkeys/{path}", _answering(step), methods=["POST"]) for path, step in steps.items()]


def _answering(step: Answer) -> Callable[[Request], Awaitable[Response]]:
    async def answer(request: Request) -> Response:
        runtime = current()
        passkeys = Passkeys(runtime.settings.origin, runtime.settings.practice_name)
        try:
            return await step(request, runtime, passkeys, await _read(request))
        except NotFresh as refusal:
            return _refused(refusal.message, 409)
        except NotSignedIn as refusal:
            return _refused(refusal.message, 401)
        except AnswerWrong:
            return _refused(NOT_TAKEN, 422)
        except PortalError as refusal:
            return _refused(refusal.message, 422)

    return answer


async def ask_in(request: Request, runtime: Runtime, passkeys: Passkeys, _given: dict[str, Any]) -> Response:
    """Begin to sign in: this browser alone may answer."""
    mark, challenge = secrets.token_urlsafe(24), secrets.token_urlsafe(32)
    address = address_of(request.scope, runtime.settings.trusted_proxy_hops)
    await runtime.off_loop(
        runtime.kernel.perform,
        ask_passkey,
        Anonymous(),
        challenge=challenge,
        browser=token_hash(mark),
        address=subject(runtime.settings.secret_key.encode(), "passkey address", address),
    )
    answer = _said({"publicKey": passkeys.ask(challenge)})
    keep(answer, PASSKEY, mark, CHALLENGE_SECONDS)
    return answer


async def come_in(request: Request, runtime: Runtime, passkeys: Passkeys, given: dict[str, Any]) -> Response:
    """Sign in with a passkey: it checked its person, so nothing more is asked."""
    cookies, credential = request.headers.get("cookie", ""), _credential(given)
    challenge = challenge_in(credential)
    found = await runtime.off_loop(
        runtime.kernel.perform,
        take_passkey,
        Anonymous(),
        challenge=challenge,
        browser=token_hash(value_of(cookies, PASSKEY)),
        credential_id=credential["id"],
    )
    try:
        count = _checked(passkeys, credential, challenge, found)
    except AnswerWrong:
        account = str(found.account_id) if found else None
        await runtime.off_loop(runtime.kernel.perform, refuse_sign_in, Anonymous(), account_id=account)
        raise
    email = await runtime.off_loop(
        runtime.kernel.perform, passkey_used, Anonymous(), passkey_id=str(found.passkey_id), sign_count=count
    )
    wanted = given.get("next")
    after = wanted if isinstance(wanted, str) else ""
    half = value_of(cookies, HALF)
    if half:
        after = await runtime.off_loop(runtime.kernel.perform, finish_half, Anonymous(), token=half) or after
    inside = await entered(runtime, request, account_id=found.account_id, email=email, way=WAY, after=after)
    answer = _said({"to": inside.headers["location"]})
    answer.raw_headers += [pair for pair in inside.raw_headers if pair[0] == b"set-cookie"]
    forget(answer, PASSKEY)
    return answer


async def ask_new(request: Request, runtime: Runtime, passkeys: Passkeys, _given: dict[str, Any]) -> Response:
    """Begin to add a passkey."""
    challenge = secrets.token_urlsafe(32)
    whose = await runtime.off_loop(runtime.kernel.perform, ask_new_passkey, _who(request), challenge=challenge)
    options = passkeys.ask_new(
        challenge, account_id=str(whose.account_id), email=whose.email, person=whose.name, known=whose.known
    )
    return _said({"publicKey": options})


async def add_new(request: Request, runtime: Runtime, passkeys: Passkeys, given: dict[str, Any]) -> Response:
    """Keep a new passkey, called after the browser in which it was made."""
    credential = _credential(given)
    challenge = challenge_in(credential)
    if not await runtime.off_loop(runtime.kernel.perform, take_new_passkey, _who(request), challenge=challenge):
        raise AnswerWrong
    made = passkeys.made(credential, challenge)
    said = credential.get("transports")
    transports = [one for one in said if isinstance(one, str)] if isinstance(said, list) else []
    await runtime.off_loop(
        runtime.kernel.perform,
        keep_passkey,
        _who(request),
        credential_id=made.credential_id,
        public_key=made.public_key,
        sign_count=made.sign_count,
        transports=",".join(one for one in transports[:8] if TRANSPORTS.fullmatch(one)),
        name=device_words(request.headers.get("user-agent", "")),
    )
    return _said({})


async def ask_proof(request: Request, runtime: Runtime, passkeys: Passkeys, _given: dict[str, Any]) -> Response:
    """Begin to prove afresh who one is."""
    challenge = secrets.token_urlsafe(32)
    mine = await runtime.off_loop(runtime.kernel.perform, ask_proof_passkey, _who(request), challenge=challenge)
    return _said({"publicKey": passkeys.ask(challenge, tuple(mine))})


async def give_proof(request: Request, runtime: Runtime, passkeys: Passkeys, given: dict[str, Any]) -> Response:
    """The session counts as proved from now on."""
    credential = _credential(given)
    challenge = challenge_in(credential)
    found = await runtime.off_loop(
        runtime.kernel.perform,
        take_proof_passkey,
        _who(request),
        challenge=challenge,
        credential_id=credential["id"],
    )
    count = _checked(passkeys, credential, challenge, found)
    await runtime.off_loop(
        runtime.kernel.perform, prove_by_passkey, _who(request), passkey_id=str(found.passkey_id), sign_count=count
    )
    return _said({})


def _checked(passkeys: Passkeys, credential: dict[str, Any], challenge: str, found: KnownPasskey | None) -> int:
    """The counter of a passkey whose answer is right.

    Raises:
        AnswerWrong.
    """
    if found is None:
        raise AnswerWrong
    return passkeys.proved(
        credential,
        challenge,
        public_key=found.public_key,
        sign_count=found.sign_count,
        account_id=str(found.account_id),
    )


def _who(request: Request) -> Credentials:
    return credentials_of(request.headers.get("cookie", ""))


async def _read(request: Request) -> dict[str, Any]:
    """The small JSON object of a request; {} when it is anything else."""
    body = b""
    async for part in request.stream():
        body += part
        if len(body) > MOST_BYTES:
            return {}
    try:
        given = json.loads(body)
    except (ValueError, RecursionError):
        return {}
    return given if isinstance(given, dict) else {}


def _credential(given: dict[str, Any]) -> dict[str, Any]:
    """What the browser's authenticator answered.

    Raises:
        AnswerWrong: nothing of the kind was sent.
    """
    credential = given.get("credential")
    if not isinstance(credential, dict) or not isinstance(credential.get("id"), str) or len(credential["id"]) > 1400:
        raise AnswerWrong
    return credential


def _said(words: dict[str, Any]) -> JSONResponse:
    return JSONResponse(words, headers={"cache-control": "no-store"})


def _refused(message: str, status: int) -> JSONResponse:
    return JSONResponse({"problem": message}, status, headers={"cache-control": "no-store"})
