"""What translators start from holds every visible string of today. Where a string stands may be older: that changes nothing."""

from __future__ import annotations

from pathlib import Path

from babel.messages.extract import DEFAULT_KEYWORDS, extract_from_dir
from babel.messages.pofile import read_po

ROOT = Path(__file__).resolve().parents[2] / "rxportal"


def test_the_template_is_of_today() -> None:
    keywords = {**DEFAULT_KEYWORDS, "plural": (1, 2)}
    found = extract_from_dir(ROOT, [("**.py", "python")], keywords=keywords)
    wanted = {
        message if isinstance(message, str) else tuple(message) for _file, _line, message, _notes, _context in found
    }
    with (ROOT / "locales" / "rxportal.pot").open("rb") as template:
        kept = {message.id if isinstance(message.id, str) else tuple(message.id) for message in read_po(template)}
    missing, gone = wanted - kept - {""}, kept - wanted - {""}
    assert not missing and not gone, (
        f"the template is stale: run `make messages` ({len(missing)} missing, {len(gone)} too many)\n"
        f"{sorted(map(str, missing))[:3]} {sorted(map(str, gone))[:3]}"
    )
