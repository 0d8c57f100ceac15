"""Documents of the demo practice: notes as text or as a page of HTML, summaries as PDF, a photograph, a data file."""

from __future__ import annotations

import struct
import zlib
from base64 import b64encode

from rxportal.demo.reports import pdf
from rxportal.demo.story import DOCTOR, Story
from rxportal.demo.terms import LOINC, Resource, concept, reference

VISIT_NOTE = ("11506-3", "Visit note")
SUMMARY = ("34133-9", "After-visit summary")
PRIVATE_NOTE = ("34788-0", "Psychiatry note")
LETTER = ("57133-1", "Referral letter")
DIRECTIVE = ("42348-3", "Advance directive")
PHOTO = ("72170-4", "Photograph")
FORM = ("64299-1", "School form")
CARE_RECORD = ("34133-9", "Summary of care record")
CDA = """<?xml version="1.0" encoding="UTF-8"?>
<ClinicalDocument xmlns="urn:hl7-org:v3"><title>Summary of care</title>
<component><structuredBody><component><section><title>Summary</title><text>{text}</text></section></component>
</structuredBody></component></ClinicalDocument>
"""


def file(title: str, kind: str, ending: str, content: bytes) -> Resource:
    """A FHIR Attachment with its bytes inside."""
    return {
        "contentType": kind,
        "title": f"{title}.{ending}",
        "size": len(content),
        "data": b64encode(content).decode(),
    }


def note(
    story: Story,
    name: str,
    title: tuple[str, str],
    days_ago: int,
    text: str,
    *,
    form: str = "txt",
    author: tuple[str, str] = (DOCTOR, "Dr. Lee"),
) -> Resource:
    """A document. `form`: txt, html, pdf or xml; paragraphs are parted by an empty line."""
    return document(story, name, title, days_ago, _formed(title[1], text, form), author=author)


def _formed(title: str, text: str, form: str) -> Resource:
    if form == "pdf":
        return pdf(title, text.split("\n\n"))
    if form == "html":
        body = "".join(f"<p>{part}</p>" for part in text.split("\n\n"))
        page = f"<!DOCTYPE html><html><head><title>{title}</title></head><body><h1>{title}</h1>{body}</body></html>"
        return file(title, "text/html; charset=utf-8", "html", page.encode())
    if form == "xml":
        return file(title, "application/xml", "xml", CDA.format(text=text).encode())
    return file(title, "text/plain; charset=utf-8", "txt", text.encode())


def photograph(story: Story, name: str, title: str, days_ago: int) -> Resource:
    """A small picture, drawn here: a dark spot on skin."""
    content = file(title, "image/png", "png", spot(240, 160))
    made = document(story, name, PHOTO, days_ago, content)
    made["description"] = title
    return made


def document(
    story: Story,
    name: str,
    title: tuple[str, str],
    days_ago: int,
    content: Resource,
    *,
    author: tuple[str, str] = (DOCTOR, "Dr. Lee"),
) -> Resource:
    """A DocumentReference around one attachment."""
    return story.add(
        "DocumentReference",
        name,
        status="current",
        docStatus="final",
        type=concept(LOINC, *title),
        subject=story.subject,
        date=story.at(days_ago, "12:00"),
        author=[reference("Practitioner", *author)],
        description=title[1],
        content=[{"attachment": content}],
    )


def spot(width: int, height: int) -> bytes:
    """A PNG (ISO/IEC 15948) of that many pixels, 8 bits a colour."""
    rows = bytearray()
    for y in range(height):
        rows.append(0)
        for x in range(width):
            away = ((x - width / 2) / 44) ** 2 + ((y - height / 2) / 30) ** 2
            shade = min(1.0, max(0.0, away - 0.4))
            rows += bytes(round(dark + (light - dark) * shade) for dark, light in ((96, 232), (62, 190), (48, 168)))
    head = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    parts = ((b"IHDR", head), (b"IDAT", zlib.compress(bytes(rows), 9)), (b"IEND", b""))
    return b"\x89PNG\r\n\x1a\n" + b"".join(_chunk(kind, data) for kind, data in parts)


def _chunk(kind: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))
