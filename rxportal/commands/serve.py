"""`rxportal serve`: checks everything that could go wrong at start, brings the database up to date, then serves."""

from __future__ import annotations

import http.client
import multiprocessing
import os
import threading
import time
from typing import Final

import click

from rxportal.api.front import LET_GO, SITE
from rxportal.api.site import MANIFEST
from rxportal.commands.outcome import DATABASE_AWAY, NOT_BUILT, PORT_TAKEN, REDIS_AWAY, UNSAFE, Stopped
from rxportal.commands.presence import present
from rxportal.commands.start_checks import port_is_free, redis_answers
from rxportal.compose import prepare_database
from rxportal.core.errors import StartRefused
from rxportal.core.logs import configuration
from rxportal.settings import PREFIX, Settings, load_settings, pass_on
from rxportal.settings_checks import refusals

READY_SECONDS: Final = 60
STOP_SECONDS: Final = 10
# Serve what was built, compile nothing, tell nobody.
FRAMEWORK: Final = {
    "REFLEX_ENV_MODE": "prod",
    "__REFLEX_SKIP_COMPILE": "true",
    "REFLEX_TELEMETRY_ENABLED": "false",
    "REFLEX_CHECK_LATEST_VERSION": "false",
    "REFLEX_USE_GRANIAN": "true",
}


@click.command("serve")
@click.option("--host", default=None, help="Address to listen on (default 127.0.0.1).")
@click.option("--port", type=click.IntRange(1, 65535), default=None, help="Port to listen on (default 8000).")
@click.option("--workers", type=click.IntRange(1, 64), default=None, help="Worker processes (default 1).")
@click.option("--demo", is_flag=True, help="Load the demo practice where there is none, and print its accounts.")
def serve(host: str | None, port: int | None, workers: int | None, demo: bool) -> None:
    """Serve the built portal."""
    given = {"HOST": host, "PORT": port, "WORKERS": workers}
    pass_on({f"{PREFIX}{name}": str(value) for name, value in given.items() if value is not None})
    settings = load_settings()
    if demo and not settings.production and "staff_factor" not in settings.sources:
        pass_on({f"{PREFIX}STAFF_FACTOR": "optional"})  # the demo's staff sign in with the printed password alone
    _check(settings)
    os.chdir(SITE.parent)  # Reflex looks for rxconfig.py and .web where it stands
    try:
        prepare_database(settings)
    except StartRefused as problem:
        raise Stopped(problem.message, DATABASE_AWAY) from None
    accounts = _demo() if demo and not settings.production else []
    pass_on(FRAMEWORK)
    with present(settings.var):
        threading.Thread(target=_announce, args=(settings, accounts), daemon=True).start()
        _run(settings)


def _check(settings: Settings) -> None:
    """Everything that can be known before the database is touched.

    Raises:
        Stopped: with the sentence and the exit code of what is wrong.
    """
    reasons = refusals(settings)
    if reasons:
        raise Stopped("\n".join(["The portal will not start like this:", *reasons]), UNSAFE)
    if not (SITE / MANIFEST).is_file():
        raise Stopped("The front end is not built. Run `make setup`.", NOT_BUILT)
    if not port_is_free(settings.host, settings.port):
        raise Stopped(
            f"Port {settings.port} is in use. Stop what listens there, or choose another: PORT=8001 make run.",
            PORT_TAKEN,
        )
    if settings.redis_url and not redis_answers(settings.redis_url):
        raise Stopped(f"Redis does not answer at {PREFIX}REDIS_URL. Start it or correct the address.", REDIS_AWAY)


def _run(settings: Settings) -> None:
    """Serve until told to stop. Workers are spawned: a fork would share database connections."""
    from granian.constants import Interfaces  # late: only this command needs the server
    from granian.http import HTTP1Settings
    from granian.log import LogLevels
    from granian.server import Server

    class PortalServer(Server):  # type: ignore[misc, valid-type]
        """Tells its workers to let open pages go before it stops them."""

        def shutdown(self, exit_code: int = 0) -> None:
            for worker in multiprocessing.active_children():
                if worker.pid:
                    os.kill(worker.pid, LET_GO)
            super().shutdown(exit_code)

    multiprocessing.set_start_method("spawn", force=True)
    PortalServer(
        "rxportal.serving:portal",
        factory=True,
        address=settings.host,
        port=settings.port,
        interface=Interfaces.ASGI,
        workers=settings.workers,
        log_level=LogLevels.warning,
        log_dictconfig=configuration("WARNING" if settings.production else "INFO"),
        log_access=False,  # Reflex has the tab's token in the address of its socket
        http1_settings=HTTP1Settings(header_read_timeout=15_000),
        respawn_failed_workers=True,
        workers_kill_timeout=STOP_SECONDS,
    ).serve()


def _demo() -> list[dict[str, object]]:
    """Load the demo practice where it is not there yet; its accounts."""
    from rxportal.commands.demo import ensure_demo  # late: nothing of the demo is imported in production

    return ensure_demo()


def _announce(settings: Settings, accounts: list[dict[str, object]]) -> None:
    """When the portal answers, say where it is and who can sign in."""
    until = time.monotonic() + READY_SECONDS
    while not _answers(settings):
        if time.monotonic() > until:
            return
        time.sleep(0.1)
    lines = [f"\nThe portal is ready: {settings.origin}"]
    if accounts:
        lines.append("It holds the demo practice; everybody in it is invented. Sign in as:")
    lines += [f"  {each['email']:34} {each['password']:22} {each['role']}" for each in accounts]
    lines.append("Stop it with Ctrl+C.\n")
    click.echo("\n".join(lines))


def _answers(settings: Settings) -> bool:
    host = "127.0.0.1" if settings.host in {"0.0.0.0", ""} else settings.host  # noqa: S104 (compared, not bound)
    connection = http.client.HTTPConnection(host, settings.port, timeout=2)
    try:
        connection.request("GET", "/healthz")
        return connection.getresponse().status == http.HTTPStatus.OK
    except OSError:
        return False
    finally:
        connection.close()


COMMANDS = (serve,)
