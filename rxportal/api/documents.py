"""GET /documents/{id}: one file of a chart, checked and audited like a page, and harmless in whoever's browser.

Only what a browser shows without running it is shown; everything else is handed over as a download.
"""

from __future__ import annotations

from typing import Protocol

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from rxportal.api.asking import answer_of
from rxportal.api.while_open import while_open
from rxportal.core.runtime import current
from rxportal.services.documents import open_document
from rxportal.services.documents_views import OpenedFile

#: What may be shown: the media type, how its bytes begin, how its name ends.
SHOWN = {
    "application/pdf": (b"%PDF-", "pdf"),
    "image/png": (b"\x89PNG\r\n\x1a\n", "png"),
    "image/jpeg": (b"\xff\xd8\xff", "jpg"),
    "image/gif": (b"GIF8", "gif"),
    "image/webp": (b"RIFF", "webp"),
}
#: How the names of the commonest downloads end, so that the right program opens them.
ENDINGS = {
    "text/html": "html", "application/xhtml+xml": "html", "text/xml": "xml", "application/xml": "xml",
    "text/rtf": "rtf", "application/rtf": "rtf", "image/tiff": "tif", "image/svg+xml": "svg", "text/csv": "csv",
    "application/dicom": "dcm", "application/msword": "doc", "application/json": "json", "application/zip": "zip",
}  # fmt: skip
POLICY = "default-src 'none'; style-src 'unsafe-inline'; img-src 'self' data:; frame-ancestors 'none'; sandbox"


class Vault(Protocol):
    """Where the bytes of attachments are kept."""

    def read(self, name: str) -> bytes:
        """The bytes kept under this name."""
        ...


def document_routes(vault: Vault) -> list[Route]:
    """The one route: GET /documents/{document_id}?for=…, for whoever the cookie says."""

    async def show(request: Request) -> Response:
        file = await answer_of(request, open_document, document_id=str(request.path_params["document_id"]))
        if isinstance(file, Response):
            return file
        return while_open(request, open_document, handed(file, await current().off_loop(vault.read, file.file)))

    return [Route("/documents/{document_id:str}", show, methods=["GET"])]


def handed(file: OpenedFile, content: bytes) -> Response:
    """The response that carries a file: shown where its kind and its first bytes agree, else a download."""
    kind = file.content_type.partition(";")[0].strip().lower()
    begins, ending = SHOWN.get(kind, (b"", ENDINGS.get(kind, "bin")))
    if begins and content.startswith(begins):
        media, way = kind, "inline"
    elif kind == "text/plain":
        media, way, ending = f"text/plain; charset={_charset(content)}", "inline", "txt"
    else:
        media, way = "application/octet-stream", "attachment"
    return Response(content, headers={
        "content-type": media,
        "content-disposition": f'{way}; filename="document-{file.label}.{ending}"',
        "content-security-policy": POLICY,
        "cache-control": "no-store",
        "x-content-type-options": "nosniff",
    })  # fmt: skip


def _charset(content: bytes) -> str:
    try:
        content.decode("utf-8")
    except UnicodeDecodeError:
        return "windows-1252"
    return "utf-8"
