"""The page between a provider and a new account: what was taken, and the button that makes it."""

from __future__ import annotations

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from rxportal.api.entry import entered
from rxportal.api.outside import DOOR, browser_of
from rxportal.api.outside_pages import asked_page, letter_page, proved_page
from rxportal.api.public_form import read_form, registering, subjects_of
from rxportal.core.errors import InvalidInput, PortalError, TooMany
from rxportal.core.identity import Anonymous
from rxportal.core.providers import Provider, providers_of
from rxportal.core.runtime import Runtime, current
from rxportal.services.outside import TripOver
from rxportal.services.outside_accounts import Newcomer, register_newcomer, view_newcomer
from rxportal.services.registration import admit_registration
from rxportal.services.sessions import normal_email


def newcomer_routes() -> list[Route]:
    """GET and POST /auth/new/{flow}; GET /auth/proved."""
    path = "/auth/new/{flow:str}"
    return [
        Route(path, show, methods=["GET"]),
        Route(path, make, methods=["POST"]),
        Route("/auth/proved", show_proved, methods=["GET"]),
    ]


async def show(request: Request) -> Response:
    """What we take, and the button; opening the page changes nothing."""
    try:
        return asked_page(*await newcomer(current(), request))
    except PortalError:
        return over()


async def make(request: Request) -> Response:
    """Make the account, or send the letter that does."""
    runtime, typed = current(), (await read_form(request)).get("email", "")
    try:
        who, provider = await newcomer(runtime, request)
    except PortalError:
        return over()
    try:
        return await made(runtime, request, who, provider, typed)
    except (InvalidInput, TooMany) as refusal:
        return asked_page(who, provider, problem=refusal.message, typed=typed[:254])
    except PortalError:
        return over()


async def made(runtime: Runtime, request: Request, who: Newcomer, provider: Provider, typed: str) -> Response:
    """In, or the page that says where the letter went.

    Raises:
        PortalError.
    """
    perform, nobody = runtime.kernel.perform, Anonymous()
    email = normal_email(who.email if who.vouched else typed)
    await runtime.off_loop(perform, admit_registration, nobody, **subjects_of(runtime, request, "register", email))
    sent = letter_page(email)
    mark = registering(request, sent, who.after)
    done = await runtime.off_loop(
        perform, register_newcomer, nobody, flow_id=request.path_params["flow"], browser=browser_of(request),
        label=provider.label, email=typed, registering=mark,
    )  # fmt: skip
    if done.account_id is None:
        return sent
    return await entered(
        runtime, request, account_id=done.account_id, email=done.email, way=provider.name, after=who.after
    )


async def newcomer(runtime: Runtime, request: Request) -> tuple[Newcomer, Provider]:
    """Who came back in this browser, and from where.

    Raises:
        PortalError: nobody, or the provider is not ours any more.
    """
    who = await runtime.off_loop(
        runtime.kernel.perform, view_newcomer, Anonymous(), flow_id=request.path_params["flow"],
        browser=browser_of(request),
    )  # fmt: skip
    provider = providers_of(runtime.settings).get(who.provider)
    if provider is None:
        raise TripOver
    return who, provider


async def show_proved(_request: Request) -> Response:
    """The end of a proof that was made in a tab of its own."""
    return proved_page()


def over() -> Response:
    """Back to the door: the page is too old, used, or another browser's."""
    return RedirectResponse(f"{DOOR}?problem=outside", status_code=303)
