"""The last step of every sign-in, whatever the first was: a password, a passkey, an outside identity, a letter."""

from __future__ import annotations

import hmac
import secrets
from collections.abc import Sequence
from uuid import UUID

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from rxportal.api.sockets import address_of
from rxportal.core.cookies import DEVICE, HALF, SESSION, TYPED, value_of
from rxportal.core.identity import Anonymous
from rxportal.core.own_path import is_own_path
from rxportal.core.runtime import Runtime
from rxportal.services.factors_second import Half, begin_second
from rxportal.services.sessions import begin_session, subject

HOME = "/home"
SECOND = "/sign-in/second"
SETUP = "/account/security"
PASSKEY = "passkey"
HALF_SECONDS = 600
YEAR = 31_536_000


async def entered(
    runtime: Runtime,
    request: Request,
    *,
    account_id: UUID,
    email: str,
    way: str,
    after: str = "",
    attempt_ids: Sequence[UUID] = (),
) -> Response:
    """The answer to whoever proved the first step: in, to the page that was wanted, or first to the second step.

    The browser's old session ends when somebody is in. Staff without a second step are led to set one up.

    `way`: how the person proved it, "password", "passkey" or the provider's name. `after`: where they wanted to go.

    Raises:
        PortalError.
    """  # fmt: skip
    wanted, half = own_path(after), Half()
    if way != PASSKEY:  # a passkey checks the person too: it is both steps at once
        half = await runtime.off_loop(
            runtime.kernel.perform,
            begin_second,
            Anonymous(),
            account_id=str(account_id),
            way=way,
            after=wanted,
            attempt_ids=[str(one) for one in attempt_ids],
            required=runtime.settings.staff_factor == "required",
        )
    if half.token:
        answer = RedirectResponse(SECOND, status_code=303)
        keep(answer, HALF, half.token, HALF_SECONDS)
        forget(answer, TYPED)
        return answer
    to = SETUP if half.setup else wanted
    return await let_in(runtime, request, account_id=account_id, email=email, way=way, to=to, attempt_ids=attempt_ids)


async def let_in(
    runtime: Runtime,
    request: Request,
    *,
    account_id: UUID,
    email: str,
    way: str,
    to: str,
    attempt_ids: Sequence[UUID] = (),
) -> Response:
    """The answer to whoever proved every step that their account asks for.

    Raises:
        PortalError.
    """
    token = await runtime.off_loop(
        runtime.kernel.perform,
        begin_session,
        Anonymous(),
        account_id=str(account_id),
        attempt_ids=[str(one) for one in attempt_ids],
        replaces=value_of(request.headers.get("cookie", ""), SESSION),
        browser=request.headers.get("user-agent", "")[:200],
        address=address_of(request.scope, runtime.settings.trusted_proxy_hops)[:64],
        way=way,
    )
    return welcome(to, token, device_value(runtime.settings.secret_key.encode(), email))


def device_value(key: bytes, email: str) -> str:
    """A new mark for a browser that signed in to this account."""
    nonce = secrets.token_urlsafe(18)
    return f"{nonce}.{subject(key, 'known-device', f'{nonce}:{email}')}"


def known_device(key: bytes, email: str, value: str) -> bool:
    """Whether this browser signed in to this account before."""
    nonce, _, seal = value.partition(".")
    expected = subject(key, "known-device", f"{nonce}:{email}")
    return bool(nonce) and hmac.compare_digest(seal.encode(), expected.encode())


def own_path(wanted: str) -> str:
    """Where to go after sign-in: a plain path of ours, else home."""
    return wanted if is_own_path(wanted) else HOME


def welcome(path: str, token: str, device: str) -> Response:
    """In: to the page that was wanted, with the session's cookie and this browser's mark."""
    answer = RedirectResponse(path, status_code=303)
    keep(answer, SESSION, token)
    keep(answer, DEVICE, device, YEAR)
    forget(answer, TYPED)
    forget(answer, HALF)
    return answer


def keep(answer: Response, name: str, value: str, seconds: int | None = None) -> None:
    """Set one of our cookies. Chromium keeps `__Host-` on http://localhost only with Secure."""
    answer.set_cookie(name, value, max_age=seconds, path="/", secure=True, httponly=True, samesite="lax")


def forget(answer: Response, name: str) -> None:
    """Remove one of our cookies."""
    answer.delete_cookie(name, path="/", secure=True, httponly=True, samesite="lax")
