"""POST /reset asks for a link to set a new password; /reset/{token} sets it. /new-email/{token} takes a new address.

The answer to the wish is the same whether the address has an account or not; opening a link changes nothing.
"""

from __future__ import annotations

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from rxportal.adapters.passwords import Passwords, normal
from rxportal.api.entry import forget
from rxportal.api.plain_page import PasswordField, form, over_page, plain_page, said, way_on
from rxportal.api.public_form import back_to, read_form, subjects_of
from rxportal.core.cookies import SESSION, credentials_of
from rxportal.core.errors import NotSignedIn, PortalError, TooMany
from rxportal.core.identity import Anonymous
from rxportal.core.own_path import is_own_page
from rxportal.core.runtime import current
from rxportal.core.text import _
from rxportal.rules.addresses import is_address
from rxportal.rules.passwords import weakness
from rxportal.services.credentials import confirm_new_email
from rxportal.services.password_words import password_hint, weakness_words
from rxportal.services.recovery import OpenReset, ask_reset, look_at_reset, reset_password
from rxportal.services.sessions import normal_email, subject

FORGOT = "/forgot-password"
FIRST_SIGN_IN = _("Sign in first. Then open the link in the letter again.")


def reset_routes(passwords: Passwords) -> list[Route]:
    """POST /reset, GET and POST /reset/{token}, GET and POST /new-email/{token}."""

    async def save(request: Request) -> Response:
        password = (await read_form(request)).get("password", "")
        runtime, token = current(), str(request.path_params["token"])
        try:
            # asked first: nobody without a link may spend the time of a hash
            found = await looked_at(request)
            context = (runtime.settings.practice_name, found.email)
            problem = weakness_words(weakness(password, context, shortest=found.shortest), found.shortest)
            if problem:
                return reset_page(found, problem)
            hashed = await runtime.hash_off_loop(passwords.hash, password)
            forgiven = subject(runtime.settings.secret_key.encode(), "account", found.email)
            facts = {"password_hash": hashed, "length": len(normal(password)), "forgiven": forgiven}
            await runtime.off_loop(runtime.kernel.perform, reset_password, Anonymous(), token=token, **facts)
        except PortalError as refusal:
            return over_page(refusal)
        answer = back_to("/sign-in", "changed=1", {}, request.query_params.get("next", ""))
        forget(answer, SESSION)
        return answer

    return [
        Route("/reset", ask, methods=["POST"]),
        Route("/reset/{token:str}", show, methods=["GET"]),
        Route("/reset/{token:str}", save, methods=["POST"]),
        Route("/new-email/{token:str}", show_new_email, methods=["GET"]),
        Route("/new-email/{token:str}", take_new_email, methods=["POST"]),
    ]


async def ask(request: Request) -> Response:
    """Send the link, or the letter that there is no account; the same answer either way."""
    fields = await read_form(request)
    runtime, email = current(), normal_email(fields.get("email", ""))
    typed, wanted = {"email": fields.get("email", "")[:320].strip()}, fields.get("next", "")
    if not is_address(email):
        return back_to(FORGOT, "problem=email", typed, wanted)
    try:
        whose = subjects_of(runtime, request, "reset", email)
        after = wanted if is_own_page(wanted) else ""
        await runtime.off_loop(runtime.kernel.perform, ask_reset, Anonymous(), email=email, after=after, **whose)
    except TooMany:
        return back_to(FORGOT, "problem=slow", typed, wanted)
    except PortalError:
        return back_to(FORGOT, "problem=away", typed, wanted)
    return back_to(FORGOT, "sent=1", typed, wanted)


async def show(request: Request) -> Response:
    """The form behind a link."""
    try:
        return reset_page(await looked_at(request))
    except PortalError as refusal:
        return over_page(refusal)


async def looked_at(request: Request) -> OpenReset:
    """What stands behind the link of this request."""
    runtime, token = current(), str(request.path_params["token"])
    return await runtime.off_loop(runtime.kernel.perform, look_at_reset, Anonymous(), token=token)


def reset_page(found: OpenReset, problem: str = "") -> Response:
    """The form for the new password."""
    return plain_page(
        _("Choose a new password"),
        form(
            _("Save password"),
            PasswordField(_("New password"), password_hint(found.shortest), "new-password"),
            problem=problem,
        ),
        said(_("You are then signed out in every browser, and sign in with the new password.")),
        status=422 if problem else 200,
    )


async def show_new_email(_request: Request) -> Response:
    """One button, the same for every link: what stands behind it is told to whoever is signed in, after pressing it."""
    return plain_page(
        _("Confirm your new e-mail address"),
        said(_("From then on you sign in with the address to which this letter came.")),
        form(_("Use this address")),
    )


async def take_new_email(request: Request) -> Response:
    """The new address counts, if whoever is signed in here asked for it."""
    runtime, token = current(), str(request.path_params["token"])
    credentials = credentials_of(request.headers.get("cookie", ""))
    try:
        email = await runtime.off_loop(runtime.kernel.perform, confirm_new_email, credentials, token=token)
    except NotSignedIn:
        return plain_page(_("Sign in first"), said(FIRST_SIGN_IN), way_on(_("Go to sign-in"), "/sign-in"), status=401)
    except PortalError as refusal:
        return over_page(refusal)
    return plain_page(
        _("Your address is changed"),
        said(_("From now on you sign in with {email}.").format(email=email)),
        way_on(_("Go to your home page"), "/home"),
    )
