"""The link in the letter after registering: GET shows a button and changes nothing, POST makes the account."""

from __future__ import annotations

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from rxportal.adapters.passwords import Passwords
from rxportal.api.entry import entered, forget
from rxportal.api.plain_page import PasswordField, form, over_page, plain_page, said
from rxportal.api.public_form import browser_mark, read_form, wanted_after
from rxportal.core.cookies import AFTER, REGISTERING, TYPED
from rxportal.core.errors import PortalError
from rxportal.core.identity import Anonymous
from rxportal.core.runtime import current
from rxportal.core.text import _
from rxportal.services.registration import (
    OpenRegistration,
    admit_confirmation,
    confirm_registration,
    look_at_registration,
)

NOT_THAT = _("That is not the password you chose when you registered. Check it, then try again.")


def confirmation_routes(passwords: Passwords) -> list[Route]:
    """GET and POST /confirm/{token}."""

    async def show(request: Request) -> Response:
        try:
            return confirm_page(await looked_at(request))
        except PortalError as refusal:
            return over_page(refusal)

    async def confirm(request: Request) -> Response:
        fields = await read_form(request)
        runtime, token = current(), str(request.path_params["token"])
        perform, who = runtime.kernel.perform, Anonymous()
        try:
            found = await looked_at(request)
            if not found.same_browser:
                await runtime.off_loop(perform, admit_confirmation, who, token=token)
                typed = fields.get("password", "")
                if not await runtime.hash_off_loop(passwords.verify, typed, found.password_hash):
                    return confirm_page(found, NOT_THAT)
            made = await runtime.off_loop(perform, confirm_registration, who, token=token)
            answer = await entered(
                runtime, request, account_id=made.account_id, email=made.email, way=made.way,
                after=wanted_after(request),
            )  # fmt: skip
        except PortalError as refusal:
            return over_page(refusal)
        for name in (REGISTERING, AFTER, TYPED):
            forget(answer, name)
        return answer

    link = "/confirm/{token:str}"
    return [Route(link, show, methods=["GET"]), Route(link, confirm, methods=["POST"])]


async def looked_at(request: Request) -> OpenRegistration:
    """What stands behind the link of this request."""
    runtime, token = current(), str(request.path_params["token"])
    return await runtime.off_loop(
        runtime.kernel.perform, look_at_registration, Anonymous(), token=token, browser=browser_mark(request)
    )


def confirm_page(found: OpenRegistration, problem: str = "") -> Response:
    """One button; in another browser the password too, so that no account opens with a password chosen by others."""
    typed_again = PasswordField(_("Password"), _("The one that you chose when you registered."))
    return plain_page(
        _("Confirm your address"),
        said(_("You register with {email}.").format(email=found.email)),
        ""
        if found.same_browser
        else said(_("This is not the browser in which you registered, so type your password.")),
        form(_("Confirm and sign in"), *([] if found.same_browser else [typed_again]), problem=problem),
        said(_("You did not register? Then close this page. No account is made.")),
        status=422 if problem else 200,
    )
