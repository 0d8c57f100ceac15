"""/dev/mailbox: where mail lands in development. Not there in production."""

from __future__ import annotations

import re
from html import escape

from starlette.requests import Request
from starlette.responses import HTMLResponse, Response
from starlette.routing import Route

from rxportal.core.identity import Operator
from rxportal.core.runtime import current
from rxportal.core.text import _
from rxportal.services.notices import read_mailbox
from rxportal.settings import Settings

STYLE = (
    ":root{color-scheme:light dark}body{font:1.0625rem/1.5 system-ui,sans-serif;max-width:44rem;margin:1rem auto;"
    "padding:0 1rem;overflow-wrap:anywhere}ul{list-style:none;padding:0}li{border-top:1px solid #8a949d;padding:1rem 0}"
    "pre{font:inherit;white-space:pre-wrap;margin:.5rem 0 0}"
)


def mailbox_routes(settings: Settings) -> list[Route]:
    """GET /dev/mailbox, where no SMTP server is set and nobody real is behind it."""
    return [] if settings.production or settings.smtp_url else [Route("/dev/mailbox", show, methods=["GET"])]


def linked(text: str) -> str:
    """The words of a letter, its links ready to follow."""
    return re.sub(r"(https?://[^\s<&]+)", r'<a href="\1">\1</a>', escape(text))


async def show(_request: Request) -> Response:
    """The newest letters."""
    runtime = current()
    letters = await runtime.off_loop(runtime.kernel.perform, read_mailbox, Operator("mailbox"), live=True)
    title = _("Development mailbox")
    rows = "".join(
        f"<li><strong>{escape(letter.subject)}</strong> → {escape(letter.to)} ({letter.at:%d %b %Y %H:%M} UTC)"
        f"<pre>{linked(letter.text)}</pre></li>"
        for letter in letters
    )
    body = f"<ul>{rows}</ul>" if rows else f"<p>{_('No mail yet.')}</p>"
    return HTMLResponse(
        f'<!doctype html><html lang="en"><meta charset="utf-8"><title>{title}</title>'
        f'<meta name="viewport" content="width=device-width"><style>{STYLE}</style>'
        f"<main><h1>{title}</h1>{body}</main></html>"
    )
