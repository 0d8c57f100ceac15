"""The smallest honest PDF: one page of plain lines, for the documents of the demo practice."""

from __future__ import annotations

from textwrap import wrap

A4 = b"[0 0 595 842]"


def page(title: str, lines: list[str]) -> bytes:
    """One A4 page with a title and wrapped lines, in the PDF's own Helvetica (ASCII only)."""
    printed = [(16, title)] + [(11, row) for line in lines for row in (wrap(line, 88) or [""])]
    content = "BT 56 780 Td 18 TL\n" + "".join(f"/F1 {size} Tf ({_escaped(text)}) Tj T*\n" for size, text in printed)
    body = (content + "ET").encode("ascii", "replace")
    objects = [
        b"<< /Type /Catalog /Pages 2 0 R /Lang (en-US) >>",
        b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        b"<< /Type /Page /Parent 2 0 R /MediaBox %b /Contents 4 0 R /Resources << /Font << /F1 5 0 R >> >> >>" % A4,
        b"<< /Length %d >>\nstream\n%b\nendstream" % (len(body), body),
        b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>",
    ]
    return _assembled(objects)


def _escaped(text: str) -> str:
    return text.replace("\\", "\\\\").replace("(", "\\(").replace(")", "\\)")


def _assembled(objects: list[bytes]) -> bytes:
    """Header, numbered objects, cross-reference table and trailer (ISO 32000-1, 7.5)."""
    out, places = b"%PDF-1.4\n", []
    for number, body in enumerate(objects, 1):
        places.append(len(out))
        out += b"%d 0 obj\n%b\nendobj\n" % (number, body)
    table = b"".join(b"%010d 00000 n \n" % place for place in places)
    start = len(out)
    out += b"xref\n0 %d\n0000000000 65535 f \n%b" % (len(objects) + 1, table)
    return out + b"trailer\n<< /Size %d /Root 1 0 R >>\nstartxref\n%d\n%%%%EOF\n" % (len(objects) + 1, start)
