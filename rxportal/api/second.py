"""The second step of a sign-in: POST /session/second takes a code. Works without JavaScript."""

from __future__ import annotations

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from rxportal.api.entry import SECOND, forget, let_in
from rxportal.api.public_form import read_form
from rxportal.core.cookies import HALF, value_of
from rxportal.core.errors import PortalError, TooMany
from rxportal.core.identity import Anonymous
from rxportal.core.runtime import current
from rxportal.core.sealing import sealing_key
from rxportal.services.factors_second import answer_second

LONGEST_CODE = 64


def second_routes() -> list[Route]:
    """POST /session/second."""
    return [Route("/session/second", second, methods=["POST"])]


async def second(request: Request) -> Response:
    """Take a code of the authenticator, or a recovery code, of whoever is half signed in here."""
    code = (await read_form(request)).get("code", "").strip()
    token = value_of(request.headers.get("cookie", ""), HALF)
    runtime = current()
    if not token:
        return over()
    if not code or len(code) > LONGEST_CODE:
        return problem("form")
    key = sealing_key(runtime.settings.secret_key)
    try:
        answer = await runtime.off_loop(
            runtime.kernel.perform, answer_second, Anonymous(), token=token, code=code, key=key
        )
        if answer.account_id is None:
            return over() if answer.outcome == "over" else problem(answer.outcome)
        return await let_in(
            runtime, request, account_id=answer.account_id, email=answer.email, way=answer.way, to=answer.after
        )
    except TooMany:
        return problem("slow")
    except PortalError:
        return problem("away")


def problem(code: str) -> Response:
    """To the page again, with what it has to say."""
    return RedirectResponse(f"{SECOND}?problem={code}", status_code=303)


def over() -> Response:
    """The first step again: too many tries, or too long ago."""
    answer = RedirectResponse("/sign-in?problem=second", status_code=303)
    forget(answer, HALF)
    return answer
