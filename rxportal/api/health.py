"""`/healthz`: the process answers. `/readyz`: it can work, part by part."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from redis.asyncio import Redis
from redis.exceptions import RedisError
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from rxportal.core.database import check
from rxportal.core.errors import PortalError
from rxportal.core.migrate import pending
from rxportal.core.runtime import Runtime, current

REDIS_SECONDS = 2.0


def health_routes() -> list[Route]:
    """GET /healthz and GET /readyz, as JSON."""
    return [Route("/healthz", healthz, methods=["GET"]), Route("/readyz", readyz, methods=["GET"])]


async def healthz(_request: Request) -> Response:
    """The process is alive; says nothing of what it depends on."""
    return JSONResponse({"status": "ok"})


async def readyz(_request: Request) -> Response:
    """Database, migrations and Redis: 200 when all are well, else 503 with what is not. Names no address."""
    try:
        runtime = current()
    except PortalError:
        return JSONResponse({"status": "starting"}, status_code=503)
    engine = runtime.kernel.engine
    parts = {
        "database": await _answers(runtime, partial(check, engine)),
        "migrations": await _answers(runtime, partial(_migrated, runtime)),
    }
    if runtime.settings.redis_url:
        parts["redis"] = await _redis_answers(runtime.settings.redis_url)
    well = all(parts.values())
    return JSONResponse(
        {"status": "ok" if well else "not ready", **{name: "ok" if fine else "away" for name, fine in parts.items()}},
        status_code=200 if well else 503,
    )


async def _answers(runtime: Runtime, question: Callable[[], None]) -> bool:
    try:
        await runtime.off_loop(question)
    except Exception:  # noqa: BLE001 (whatever it is, the part does not answer)
        return False
    return True


def _migrated(runtime: Runtime) -> None:
    if pending(runtime.kernel.engine):
        raise LookupError("the schema is not at the newest revision")


async def _redis_answers(url: str) -> bool:
    client = Redis.from_url(url, socket_connect_timeout=REDIS_SECONDS, socket_timeout=REDIS_SECONDS)
    try:
        return bool(await client.execute_command("PING"))  # type: ignore[no-untyped-call]
    except (RedisError, OSError):
        return False
    finally:
        await client.aclose()
