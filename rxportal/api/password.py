"""The page behind the one-time link of `staff add`: works without JavaScript, keeps the token out of every log."""

from __future__ import annotations

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from rxportal.adapters.passwords import Passwords
from rxportal.api.plain_page import PasswordField, form, plain_page
from rxportal.api.public_form import read_form
from rxportal.core.errors import PortalError
from rxportal.core.identity import Anonymous
from rxportal.core.runtime import current
from rxportal.core.text import _
from rxportal.rules.passwords import SHORTEST, weakness
from rxportal.services.password_words import password_hint, weakness_words
from rxportal.services.staff import check_password_link, set_password


def password_routes(passwords: Passwords) -> list[Route]:
    """GET and POST /password/{token}."""

    async def show(_request: Request) -> Response:
        return page()

    async def save(request: Request) -> Response:
        password = (await read_form(request)).get("password", "")
        runtime = current()
        problem = weakness_words(weakness(password, (runtime.settings.practice_name,)), SHORTEST)
        if problem:
            return page(problem)
        token = str(request.path_params["token"])
        try:
            # asked first: hashing costs 64 MiB and a tenth of a second, and nobody without a link may spend them
            await runtime.off_loop(runtime.kernel.perform, check_password_link, Anonymous(), token=token)
            hashed = await runtime.hash_off_loop(passwords.hash, password)
            await runtime.off_loop(runtime.kernel.perform, set_password, Anonymous(), token=token, password_hash=hashed)
        except PortalError as refusal:
            return page(refusal.message)
        return RedirectResponse("/sign-in", status_code=303)

    path = "/password/{token:str}"
    return [Route(path, show, methods=["GET"]), Route(path, save, methods=["POST"])]


def page(problem: str = "") -> Response:
    """The form, with what was wrong above it."""
    return plain_page(
        _("Set your password"),
        form(
            _("Save password"),
            PasswordField(_("New password"), password_hint(SHORTEST), "new-password"),
            problem=problem,
        ),
        status=422 if problem else 200,
    )
