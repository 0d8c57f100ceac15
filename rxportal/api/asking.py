"""A use case asked for by a plain HTTP request: as whoever the cookie says, on the chart that `?for=` names."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from rxportal.core.cookies import credentials_of
from rxportal.core.errors import NotFresh, NotSignedIn, PortalError, Unavailable
from rxportal.core.runtime import current

T = TypeVar("T")


async def answer_of(request: Request, case: Callable[..., T], **inputs: str) -> T | Response:
    """What the use case gives, or the response of a refusal: absent, foreign, hidden, misspelled all look the same.

    Raises:
        NotFresh: it may be done, once its person has proved afresh who they are.
    """
    runtime = current()
    credentials = credentials_of(request.headers.get("cookie", ""))
    grant = request.query_params.get("for") or None
    try:
        return await runtime.off_loop(runtime.kernel.perform, case, credentials, grant, **inputs)
    except NotSignedIn:
        return RedirectResponse("/sign-in", status_code=303)
    except NotFresh:
        raise
    except Unavailable as fault:
        return Response(fault.message, 503, media_type="text/plain")
    except PortalError:
        return Response(status_code=404, media_type="text/plain")
