"""What the forms that nobody need be signed in for have in common: their fields, their limits, the way back."""

from __future__ import annotations

import secrets
from urllib.parse import parse_qs

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from rxportal.api.entry import keep, known_device
from rxportal.api.sockets import address_of
from rxportal.core.cookies import AFTER, DEVICE, LONGEST, REGISTERING, TYPED, typed_value, value_of
from rxportal.core.own_path import is_own_page
from rxportal.core.runtime import Runtime
from rxportal.rules.invitations import mailbox_of
from rxportal.services.sessions import subject

# A password of 1,024 signs of four bytes each, as a form sends it, and a long name beside it
MOST_BYTES = 32_768
TYPED_SECONDS = 120
DAY_SECONDS = 86_400


async def read_form(request: Request) -> dict[str, str]:
    """The fields of a small urlencoded form; {} when it is anything else."""
    body = b""
    async for part in request.stream():
        body += part
        if len(body) > MOST_BYTES:
            return {}
    try:
        fields = parse_qs(body.decode(), keep_blank_values=True, strict_parsing=True, max_num_fields=8)
    except (ValueError, UnicodeDecodeError):
        return {}
    return {name: values[0] for name, values in fields.items() if len(values) == 1}


def subjects_of(runtime: Runtime, request: Request, kind: str, email: str) -> dict[str, str]:
    """Whose tries are counted: the mailbox that is written to, however spelt, and the internet address that asks.

    A browser that signed in to this account before counts for itself: strangers can't use its owner's letters up.
    """
    key = runtime.settings.secret_key.encode()
    address = address_of(request.scope, runtime.settings.trusted_proxy_hops)
    device = value_of(request.headers.get("cookie", ""), DEVICE)
    mailbox = f"device:{device}" if known_device(key, email, device) else mailbox_of(email)
    return {"mailbox": subject(key, f"{kind} mailbox", mailbox), "address": subject(key, f"{kind} address", address)}


def back_to(page: str, said: str, typed: dict[str, str], wanted: str = "") -> Response:
    """To the form again, with what it has to say as a code in the address; what was typed waits in a cookie."""
    after = f"&next={wanted}" if is_own_page(wanted) else ""
    answer = RedirectResponse(f"{page}?{said}{after}", status_code=303)
    value = typed_value(typed)
    if value:
        keep(answer, TYPED, value, TYPED_SECONDS)
    return answer


def registering(request: Request, answer: Response, wanted: str = "") -> str:
    """Mark this browser as the one that registers, for a day; the mark. `wanted`: where to go once that is done."""
    mark = browser_mark(request) or secrets.token_urlsafe(24)
    keep(answer, REGISTERING, mark, DAY_SECONDS)
    if is_own_page(wanted):
        keep(answer, AFTER, wanted, DAY_SECONDS)
    return mark


def browser_mark(request: Request) -> str:
    """The mark of a browser that registered, or ""."""
    return value_of(request.headers.get("cookie", ""), REGISTERING)


def wanted_after(request: Request) -> str:
    """Where to go once an account is made, or "": the letter's link says it, in whichever browser it is opened."""
    wanted = request.query_params.get("next") or value_of(request.headers.get("cookie", ""), AFTER, LONGEST)
    return wanted if is_own_page(wanted) else ""
