"""The page behind the one-time link of `staff add`: works without JavaScript, keeps the token out of every log."""

from __future__ import annotations

from html import escape
from string import Template

from starlette.requests import Request
from starlette.responses import HTMLResponse, RedirectResponse, Response
from starlette.routing import Route

from rxportal.adapters.passwords import Passwords
from rxportal.api.session import read_form
from rxportal.core.errors import PortalError
from rxportal.core.identity import Anonymous
from rxportal.core.runtime import current
from rxportal.core.text import _
from rxportal.rules.passwords import Weakness, weakness
from rxportal.services.staff import check_password_link, set_password

WORDS = {
    Weakness.NONE: "",
    Weakness.TOO_SHORT: _("Use at least 15 characters. A sentence only you would say is easy to remember."),
    Weakness.TOO_LONG: _("That is longer than we can keep. Use at most 1,024 characters."),
    Weakness.GUESSABLE: _("That is too easy to guess. Use words that don’t belong together."),
    Weakness.ABOUT_YOU: _("That is mostly our name. Use words that nobody can look up."),
}
PAGE = Template(
    """<!doctype html><html lang="en"><head><meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1"><title>$title</title>
<style>:root{color-scheme:light dark;font:1.0625rem/1.55 system-ui,sans-serif}
body{max-width:38rem;margin:2rem auto;padding:0 1rem}
input,button{font:inherit;min-height:2.75rem;width:100%;max-width:26rem;padding:.4rem .7rem;box-sizing:border-box}
button{border-radius:99rem;border:0;background:#0b5c63;color:#fff;font-weight:600;margin-top:1rem}label{display:block}
.wrong{border-inline-start:4px solid #c0392b;padding-inline-start:.75rem;font-weight:600}</style></head>
<body><main><h1>$title</h1>$problem<form method="post"><label for="password">$label</label>
<p id="hint">$hint</p><input id="password" name="password" type="password" autocomplete="new-password" required
minlength="15" aria-describedby="hint"><button>$button</button></form></main></body></html>"""
)


def password_routes(passwords: Passwords) -> list[Route]:
    """GET and POST /password/{token}."""

    async def show(_request: Request) -> Response:
        return HTMLResponse(page())

    async def save(request: Request) -> Response:
        password = (await read_form(request)).get("password", "")
        runtime = current()
        problem = WORDS[weakness(password, (runtime.settings.practice_name,))]
        if problem:
            return HTMLResponse(page(problem), status_code=422)
        token = str(request.path_params["token"])
        try:
            # asked first: hashing costs 64 MiB and a tenth of a second, and nobody without a link may spend them
            await runtime.off_loop(runtime.kernel.perform, check_password_link, Anonymous(), token=token)
            hashed = await runtime.hash_off_loop(passwords.hash, password)
            await runtime.off_loop(runtime.kernel.perform, set_password, Anonymous(), token=token, password_hash=hashed)
        except PortalError as refusal:
            return HTMLResponse(page(refusal.message), status_code=422)
        return RedirectResponse("/sign-in", status_code=303)

    path = "/password/{token:str}"
    return [Route(path, show, methods=["GET"]), Route(path, save, methods=["POST"])]


def page(problem: str = "") -> str:
    """The form, with what was wrong above it."""
    return PAGE.substitute(
        title=_("Set your password"),
        problem=f'<p class="wrong" role="alert">{escape(problem)}</p>' if problem else "",
        label=_("New password"),
        hint=_("At least 15 characters. A sentence only you would say is easy to remember."),
        button=_("Save password"),
    )
