"""The words of a document that is text: plain, HTML, RTF, or a CDA document's own narrative. Mark-up is never kept."""

from __future__ import annotations

import re
from html import unescape

from rxportal.fhir.shapes import lines, unmarked

PLAIN = {"text/plain", "text/markdown", "text/csv"}
TOKENS = re.compile(r"<[^<>]*>|[^<]+|<")
CDA_TAG = re.compile(r"<(/?)(?:[A-Za-z]\w*:)?([A-Za-z]+)")
BREAKS = {"paragraph", "item", "list", "tr", "br", "caption", "table", "section", "title", "text", "thead", "tbody"}
CELLS = {"td", "th"}
RTF_WORD = re.compile(r"\\'[0-9a-fA-F]{2}|\\[a-zA-Z]+-?\d* ?|\\.|[{}]")


def kind_of(content_type: str) -> str:
    """The media type alone, in lower case, without its parameters."""
    return content_type.partition(";")[0].strip().lower()


def paragraphs(content: str, content_type: str) -> list[str]:
    """What a person reads in a document, a line per paragraph; [] for kinds that are not text a person reads."""
    kind = kind_of(content_type)
    if "html" in kind:
        return unmarked(content)
    if kind in PLAIN:
        return lines(content)
    return cda_lines(content) if "xml" in kind else []


def every_word(content: str, content_type: str) -> list[str]:
    """Whatever words stand in a document, mark-up or not, for the rules that look for what must be guarded."""
    kind = kind_of(content_type)
    if "rtf" in kind:
        return lines(RTF_WORD.sub(" ", content))
    if "html" in kind or "xml" in kind:
        return unmarked(content)
    return lines(content) if kind.startswith("text/") or "json" in kind else []


def cda_lines(content: str) -> list[str]:
    """The titles and narratives of a CDA document's sections (HL7 CDA R2, 4.3.5), in their order; its header not."""
    if "ClinicalDocument" not in content:
        return []
    said: list[str] = []
    inside = within_body = coded = 0
    for token in TOKENS.findall(content):
        if not token.startswith("<"):
            said += [token] if inside and within_body and not coded else []
            continue
        tag = CDA_TAG.match(token)
        if tag is None:
            continue
        closing, name, empty = bool(tag[1]), tag[2], token.endswith("/>")
        if name in {"structuredBody", "nonXMLBody"}:
            within_body += 0 if empty else -1 if closing else 1
        elif name == "entry" and not empty:
            coded = max(0, coded + (-1 if closing else 1))
        elif name in {"title", "text"} and not empty:
            inside = max(0, inside + (-1 if closing else 1))
        said.append("\n" if name in BREAKS else " · " if name in CELLS and closing else "")
    return [line.strip(" ·") for line in lines(unescape("".join(said))) if line.strip(" ·")]
