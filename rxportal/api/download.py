"""POST /download/record: a chart as one FHIR Bundle, what this viewer may see of it, checked and audited like a page.

A form posts it, so that no foreign page and no prefetch can make somebody take their record out.
"""

from __future__ import annotations

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from rxportal.core.clock import day_in
from rxportal.core.cookies import credentials_of
from rxportal.core.errors import NotSignedIn, PortalError, Unavailable
from rxportal.core.runtime import current
from rxportal.services.exports import export_chart

FHIR = "application/fhir+json; charset=utf-8"


def download_routes() -> list[Route]:
    """The one route: POST /download/record?for=…, for whoever the cookie says."""

    async def record(request: Request) -> Response:
        runtime = current()
        credentials = credentials_of(request.headers.get("cookie", ""))
        grant = request.query_params.get("for") or None
        try:
            bundle = await runtime.off_loop(runtime.kernel.perform, export_chart, credentials, grant)
        except NotSignedIn:
            return RedirectResponse("/sign-in", status_code=303)
        except Unavailable as fault:
            return Response(fault.message, 503, media_type="text/plain")
        except PortalError:
            # absent, foreign and ended all look the same
            return Response(status_code=404, media_type="text/plain")
        day = day_in(runtime.kernel.practice.time_zone, runtime.kernel.clock())
        return Response(bundle, headers={
            "content-type": FHIR,
            # the day and nothing else: a file's name is seen by many eyes
            "content-disposition": f'attachment; filename="health-record-{day.isoformat()}.json"',
            "cache-control": "no-store",
        })  # fmt: skip

    return [Route("/download/record", record, methods=["POST"])]
