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
        f'<meta name="viewport" content="width=device-width"><main><h1>{title}</h1>{body}</main></html>'
    )
