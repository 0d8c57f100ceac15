"""Assembles the app: pages, HTTP routes, guard, lifelong tasks. No logic."""

from __future__ import annotations

import asyncio
import gc
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from urllib.parse import urlsplit

import reflex as rx
from starlette.applications import Starlette

from rxportal.adapters.attachments import EncryptedFolder
from rxportal.adapters.passwords import Argon2Passwords
from rxportal.api.confirmation import confirmation_routes
from rxportal.api.documents import document_routes
from rxportal.api.download import download_routes
from rxportal.api.health import health_routes
from rxportal.api.mailbox import mailbox_routes
from rxportal.api.outside import outside_routes
from rxportal.api.outside_newcomer import newcomer_routes
from rxportal.api.passkeys import passkey_routes
from rxportal.api.password import password_routes
from rxportal.api.registration import registration_routes
from rxportal.api.reset import reset_routes
from rxportal.api.second import second_routes
from rxportal.api.session import session_routes
from rxportal.compose import compose, compose_mail, compose_outside
from rxportal.core.runtime import install
from rxportal.demo.outside.stand_in import stand_in_pages
from rxportal.jobs.openings import keep_the_days
from rxportal.jobs.outbox import deliver_forever
from rxportal.pages.routes import NOT_FOUND, PAGES
from rxportal.settings import load_settings
from rxportal.state.door import guard_the_door
from rxportal.state.faults import on_fault, speak_through
from rxportal.state.guard import Guard
from rxportal.state.hashing import hash_with
from rxportal.state.live import keep, live_updates
from rxportal.state.sharing import share_states

settings = load_settings()
passwords = Argon2Passwords()
hash_with(passwords)
vault = EncryptedFolder(settings.attachments, settings.database_key or settings.secret_key)
routes = Starlette(
    routes=[
        *session_routes(passwords),
        *second_routes(),
        *passkey_routes(),
        *password_routes(passwords),
        *registration_routes(passwords),
        *confirmation_routes(passwords),
        *reset_routes(passwords),
        *outside_routes(compose_outside(settings)),
        *newcomer_routes(),
        *stand_in_pages(settings),
        *document_routes(vault),
        *download_routes(),
        *mailbox_routes(settings),
        *health_routes(),
    ]
)

app = rx.App(
    stylesheets=["/portal.css", "/pages.css", "/desk.css", "/record.css", "/account.css", "/claims.css"],
    reset_style=False,
    html_lang="en",
    toaster=None,
    app_wraps={},
    theme=None,
    style={},
    backend_exception_handler=on_fault,
    api_transformer=[routes],
)
app.add_middleware(Guard())
share_states(app)
guard_the_door(app, settings)
speak_through(app)

if app.sio is not None:
    # Only our own pages open the socket; browsers always send Origin, and it must be the host that they reached
    app.sio.eio.cors_allowed_origins = lambda origin, environ: urlsplit(origin).netloc == environ.get("HTTP_HOST")


@asynccontextmanager
async def worker() -> AsyncIterator[None]:
    """One worker's life: a runtime of its own (never inherited across a fork), then live updates."""
    runtime = compose(settings)
    install(runtime)
    gc.freeze()  # what was made at start lives as long as the worker: no collection need look at it again
    mail = compose_mail(runtime)
    jobs = [
        asyncio.create_task(keep(lambda: deliver_forever(runtime, mail), "the outbox")),
        asyncio.create_task(keep(lambda: keep_the_days(runtime), "openings")),
    ]
    async with live_updates(app):
        yield
    for job in jobs:
        job.cancel()
    await runtime.off_loop(runtime.kernel.flush_refusals)
    runtime.kernel.engine.dispose()


app.register_lifespan_task(worker)
for page in PAGES:
    app.add_page(
        page.component,
        route=page.route,
        title=page.title,
        description=page.description,
        on_load=page.on_load or None,
    )
app.add_page(NOT_FOUND.component, route="404", title=NOT_FOUND.title, description=NOT_FOUND.description)
