"""POST /download/record: a chart as one FHIR Bundle, what this viewer may see of it, checked and audited like a page.

A form posts it, so that no foreign page and no prefetch can make somebody take their record out.
"""

from __future__ import annotations

from urllib.parse import quote

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from rxportal.api.asking import answer_of
from rxportal.api.while_open import while_open
from rxportal.core.clock import day_in
from rxportal.core.errors import NotFresh
from rxportal.core.runtime import current
from rxportal.services.exports import export_chart

BUTTON = "download-record"
FHIR = "application/fhir+json; charset=utf-8"


def download_routes() -> list[Route]:
    """The one route: POST /download/record?for=…, for whoever the cookie says."""

    async def record(request: Request) -> Response:
        try:
            bundle = await answer_of(request, export_chart)
        except NotFresh:
            return RedirectResponse(back_to_the_button(request), status_code=303)
        if isinstance(bundle, Response):
            return bundle
        kernel = current().kernel
        day = day_in(kernel.practice.time_zone, kernel.clock())
        return while_open(request, export_chart, Response(bundle, headers={
            "content-type": FHIR,
            # the day and nothing else: a file's name is seen by many eyes
            "content-disposition": f'attachment; filename="health-record-{day.isoformat()}.json"',
            "cache-control": "no-store",
        }))  # fmt: skip

    return [Route("/download/record", record, methods=["POST"])]


def back_to_the_button(request: Request) -> str:
    """The page with the download's button: it asks for the proof, then presses the button."""
    grant = request.query_params.get("for", "")
    return f"/record?{f'for={quote(grant)}&' if grant else ''}prove={BUTTON}"
