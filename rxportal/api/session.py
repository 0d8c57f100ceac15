"""Signing in and out by plain HTTP POST, so that the cookie is HttpOnly and the page works without JavaScript."""

from __future__ import annotations

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from rxportal.adapters.passwords import Passwords
from rxportal.api.entry import entered, forget, known_device
from rxportal.api.public_form import back_to, read_form
from rxportal.api.sockets import address_of
from rxportal.core.cookies import DEVICE, SESSION, credentials_of, value_of
from rxportal.core.errors import NotSignedIn, PortalError, TooMany
from rxportal.core.identity import Anonymous
from rxportal.core.runtime import Runtime, current
from rxportal.services.sessions import (
    Admission,
    admit_sign_in,
    end_session,
    normal_email,
    refuse_sign_in,
    subject,
)

SIGN_IN = "/sign-in"


def session_routes(passwords: Passwords) -> list[Route]:
    """POST /session and POST /session/end."""

    async def sign_in(request: Request) -> Response:
        form = await read_form(request)
        email, password = normal_email(form.get("email", "")), form.get("password", "")
        if not email or "@" not in email or len(email) > 254 or not password:
            return back("form", email, form)
        runtime = current()
        key = runtime.settings.secret_key.encode()
        try:
            admission = await admitted(runtime, request, email, key)
            fits = await runtime.hash_off_loop(passwords.verify, password, admission.password_hash)
            if not fits or admission.account_id is None:
                account = str(admission.account_id) if admission.account_id else None
                await runtime.off_loop(runtime.kernel.perform, refuse_sign_in, Anonymous(), account_id=account)
                return back("wrong", email, form)
            return await entered(
                runtime, request, account_id=admission.account_id, email=email, way="password",
                after=form.get("next", ""), attempt_ids=admission.attempt_ids,
            )  # fmt: skip
        except TooMany:
            return back("slow", email, form)
        except PortalError:
            return back("away", email, form)

    return [Route("/session", sign_in, methods=["POST"]), Route("/session/end", sign_out, methods=["POST"])]


async def sign_out(request: Request) -> Response:
    """POST /session/end: over here, also where it was over before."""
    runtime = current()
    credentials = credentials_of(request.headers.get("cookie", ""))
    answer = RedirectResponse(f"{SIGN_IN}?out=1", status_code=303)
    try:
        await runtime.off_loop(runtime.kernel.perform, end_session, credentials)
    except NotSignedIn:
        pass  # already over: the cookie goes all the same
    except PortalError:
        return RedirectResponse(f"{SIGN_IN}?problem=away", status_code=303)
    forget(answer, SESSION)
    answer.headers["Clear-Site-Data"] = '"cache", "storage"'
    return answer


async def admitted(runtime: Runtime, request: Request, email: str, key: bytes) -> Admission:
    """Reserve one password check for this account, address and browser."""
    device = value_of(request.headers.get("cookie", ""), DEVICE)
    return await runtime.off_loop(
        runtime.kernel.perform,
        admit_sign_in,
        Anonymous(),
        email=email,
        account=subject(key, "account", email),
        address=subject(key, "address", address_of(request.scope, runtime.settings.trusted_proxy_hops)),
        device=subject(key, "device", device) if known_device(key, email, device) else "",
    )


def back(problem: str, email: str, form: dict[str, str]) -> Response:
    """To the sign-in page with the problem's code; the typed address waits in a cookie, not in the URL."""
    return back_to(SIGN_IN, f"problem={problem}", {"email": email[:320]}, form.get("next", ""))
