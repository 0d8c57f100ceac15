"""Small pages that a route makes by itself, in our look, behind links of letters; they need no JavaScript.

They never name their own address, and tell no other page of it: it holds a one-time token.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache
from html import escape
from pathlib import Path

from starlette.responses import HTMLResponse, Response

from rxportal.core.errors import PortalError
from rxportal.core.runtime import current
from rxportal.core.text import _

INDEX = Path(__file__).resolve().parent.parent.parent / ".site" / "index.html"


@dataclass(frozen=True)
class PasswordField:
    """A field for a password. `hint`: what to type; `fill`: what a password manager should do with it."""

    label: str
    hint: str = ""
    fill: str = "current-password"
    name: str = "password"


@cache
def stylesheet() -> str:
    """The address of the built stylesheet; "" while nothing is built."""
    page = INDEX.read_text(encoding="utf-8") if INDEX.is_file() else ""
    found = re.search(r'<link[^>]+href="(/[^"]+\.css)"[^>]+rel="stylesheet"', page)
    return found[1] if found else ""


def plain_page(title: str, *parts: str, status: int = 200) -> HTMLResponse:
    """A whole page with one heading. `parts`: markup, made by the functions below."""
    settings = current().settings
    style = f'<link rel="stylesheet" href="{escape(stylesheet())}">' if stylesheet() else ""
    practice, phone = escape(settings.practice_name), escape(settings.support_sign_in_phone)
    help_line = _("Trouble signing in? Call {phone}.").format(phone=f'<a href="tel:{phone}">{phone}</a>')
    return HTMLResponse(
        f"""<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="referrer" content="origin"><meta name="robots" content="noindex">
<title>{escape(title)} · {practice}</title>{style}
<script src="/reveal.js" defer></script></head>
<body><div class="page"><header class="top"><a class="brand" href="/">{practice}</a></header>
<main id="main"><h1>{escape(title)}</h1><section class="card">{"".join(parts)}</section></main>
<footer><p>{help_line}</p></footer></div></body></html>
""",
        status_code=status,
        headers={"cache-control": "no-store"},
    )


def said(text: str) -> str:
    """A paragraph."""
    return f"<p>{escape(text)}</p>"


def wrong(text: str) -> str:
    """What is not right yet, read out at once; the field names it as its description."""
    return f'<div class="notice act" role="alert"><p id="problem">{escape(text)}</p></div>' if text else ""


def way_on(label: str, path: str) -> str:
    """A link that looks like a button."""
    return f'<p><a class="button" href="{escape(path)}">{escape(label)}</a></p>'


def form(button: str, *fields: PasswordField, problem: str = "") -> str:
    """A form that posts to the page's own address. `problem`: stands above it and belongs to its fields."""
    inside = "".join(_field(one, wrong=bool(problem)) for one in fields)
    return (
        f'{wrong(problem)}<form method="post" class="stack">{inside}'
        f'<p><button class="button">{escape(button)}</button></p></form>'
    )


def _field(one: PasswordField, *, wrong: bool) -> str:
    described = " ".join(name for name, there in ((f"{one.name}-hint", one.hint), ("problem", wrong)) if there)
    hint = f'<span class="quiet" id="{one.name}-hint">{escape(one.hint)}</span>' if one.hint else ""
    facts = f' aria-describedby="{described}"' if described else ""
    facts += ' aria-invalid="true"' if wrong else ""
    return (
        f'<div class="field"><label for="{one.name}">{escape(one.label)}</label>{hint}'
        f'<div class="secret"><input id="{one.name}" name="{one.name}" type="password" autocomplete="{one.fill}"'
        f' spellcheck="false" autocapitalize="none" required{facts}><button type="button" class="button second"'
        f' data-reveals="{one.name}" aria-pressed="false">{_("Show")}<span class="unseen"> {_("password")}</span>'
        "</button></div></div>"
    )


def over_page(refusal: PortalError) -> Response:
    """Why the link opens nothing, and what now."""
    return plain_page(
        _("This link can’t be used"), said(refusal.message), way_on(_("Go to sign-in"), "/sign-in"), status=410
    )
