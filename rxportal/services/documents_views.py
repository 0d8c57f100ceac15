"""What pages show of documents: plain values only. What a file route needs is `OpenedFile`, which no page gets."""

from __future__ import annotations

from dataclasses import dataclass, field

from rxportal.services.results_views import AttachmentRow


@dataclass
class DocumentRow:
    """One document. `detail`: "Dr. Lee · 18 Nov 2026 · Fairhaven Clinic". `paragraphs`: its text, where it is read.

    `href` leads to the page where it can be read. `missing`: why there is nothing to open, "" where there is.
    """

    id: str = ""
    title: str = ""
    about: str = ""
    detail: str = ""
    tag: str = ""
    href: str = ""
    files: list[AttachmentRow] = field(default_factory=list)
    paragraphs: list[str] = field(default_factory=list)
    missing: str = ""


@dataclass
class DocumentDetail:
    """One document on a page of its own. `visit_id`: the visit it belongs to, "" without one."""

    row: DocumentRow = field(default_factory=DocumentRow)
    visit_id: str = ""
    visit_title: str = ""
    provenance: str = ""

    @classmethod
    def empty(cls) -> DocumentDetail:
        """Before anything was read."""
        return cls()


@dataclass(frozen=True)
class OpenedFile:
    """A file that may be given out: under which name it is kept, what it says it is, how many bytes it has."""

    file: str
    content_type: str
    size: int
    label: str
