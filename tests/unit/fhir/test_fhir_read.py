"""Reading files: whole, broken, hostile and very large."""

from __future__ import annotations

import json
import tracemalloc
from decimal import Decimal
from pathlib import Path

import pytest

from rxportal.fhir.read import Fault, Sent, read_file, read_paths
from tests.samples import FILES, needs_samples

PATIENT = b'{"resourceType":"Patient","id":"1"}'


OPENING = b'{"resourceType":"Bundle","entry":['


def put(folder: Path, content: bytes, name: str = "file.json") -> Path:
    """A file of these bytes."""
    path = folder / name
    path.write_bytes(content)
    return path


def told(path: Path) -> tuple[list[str], list[Fault]]:
    """(ids that were read, faults)."""
    found = list(read_file(path))
    return [str(each.data.get("id")) for each in found if isinstance(each, Sent)], [
        each for each in found if isinstance(each, Fault)
    ]


@pytest.mark.parametrize("kind", ["transaction", "collection", "searchset", "batch", "document", "history"])
def test_bundles_of_every_type_are_read(tmp_path: Path, kind: str) -> None:
    content = b'{"resourceType":"Bundle","type":"%b","entry":[{"fullUrl":"urn:uuid:1","resource":%b}]}'
    found = list(read_file(put(tmp_path, content % (kind.encode(), PATIENT))))
    assert [(each.data["id"], each.url, each.text) for each in found if isinstance(each, Sent)] == [
        ("1", "urn:uuid:1", PATIENT.decode())
    ]


def test_the_text_of_a_resource_stays_as_it_was_sent(tmp_path: Path) -> None:
    resource = '{ "resourceType" : "Observation",\n "valueQuantity" : {"value": 1.0, "other": 1e2}, "x":"\\u00e9é" }'
    content = f'{{"type":"collection","entry":[{{"resource":{resource},"fullUrl":"late"}}],"resourceType":"Bundle"}}'
    (found,) = read_file(put(tmp_path, content.encode()))
    assert isinstance(found, Sent)
    assert (found.text, found.url) == (resource, "late")
    assert found.data["valueQuantity"] == {"value": Decimal("1.0"), "other": Decimal("1E+2")}
    assert str(found.data["valueQuantity"]["value"]) == "1.0"


@pytest.mark.parametrize(
    ("content", "place", "words"),
    [
        (b"", "line 1, column 1", "empty"),
        (b" \n ", "line 1, column 1", "empty"),
        (b"[1]", "line 1, column 1", "is a list"),
        (b"hello", "line 1, column 1", "not JSON"),
        (b"<xml/>", "line 1, column 1", "XML"),
        (b"\x1f\x8b\x08", "line 1, column 1", "compressed"),
        ('{"a":1}'.encode("utf-16"), "line 1, column 1", "UTF-16"),
        (OPENING + b'\n{"resource":' + PATIENT + b'},{"resou', "line 2, column 57", "too early"),
        (OPENING + b'{"resource":' + PATIENT + b"},]}", "line 1, column 84", "broken"),
        (PATIENT + b" x", "line 1, column 37", "follows after its end"),
        (b'{"resourceType":"Patient" "id":1}', "line 1, column 27", "broken"),
        (b'{"resourceType":"Patient",\n"id":"\xff"}', "byte 33", "UTF-8"),
        (b'{"a":' * 3000, "column", "too early"),
        (b'{"id":"no type"}', "line 1, column 1", "no resourceType"),
        (b'{"resourceType":"Patient","entry":[', "line 1", "too early"),
    ],
)
def test_a_broken_file_is_named_with_its_place(tmp_path: Path, content: bytes, place: str, words: str) -> None:
    _ids, faults = told(put(tmp_path, content))
    assert faults[-1].whole
    assert faults[-1].broken
    assert place in faults[-1].place
    assert words in faults[-1].message
    assert faults[-1].file.endswith("file.json")


@pytest.mark.parametrize(
    ("bad", "words"),
    [
        (b'{"resourceType":"Observation","value":NaN}', "NaN"),
        (b'{"resourceType":"Observation","value":-Infinity}', "Infinity"),
        (b'{"resourceType":"Observation","status":"final","status":"draft"}', "stands twice"),
        (b'{"resourceType":"Observation","x":' + b"[" * 5000 + b"]" * 5000 + b"}", "nested deeper"),
        (b'{"resourceType":"Observation","value":' + b"9" * 5000 + b"}", "5000 digits"),
        (b'{"resourceType":"Observation","value":1.}', "broken"),
        (b'{"resourceType":"Observation","value":"a\tb"}', "control character"),
        (b"null", "no resource"),
        (b"[]", "resource was expected"),
    ],
)
def test_one_bad_resource_never_drops_its_bundle(tmp_path: Path, bad: bytes, words: str) -> None:
    content = b'{"resourceType":"Bundle","entry":[{"resource":%b},{"resource":%b}]}' % (bad, PATIENT)
    ids, faults = told(put(tmp_path, content))
    assert ids == ["1"]
    assert [fault.whole for fault in faults] == [False]
    assert words in faults[0].message


def test_bundles_may_lie_within_bundles(tmp_path: Path) -> None:
    inner = b'{"resourceType":"Bundle","entry":[{"resource":%b}]}' % PATIENT
    late = b'{"entry":[{"resource":%b}],"resourceType":"Bundle"}' % PATIENT.replace(b'"1"', b'"2"')
    content = b'{"resourceType":"Bundle","entry":[{"resource":%b},{"resource":%b},{"request":{}},7]}' % (inner, late)
    ids, faults = told(put(tmp_path, content))
    assert ids == ["1", "2"]
    assert [fault.broken for fault in faults] == [False, False]


def test_a_byte_order_mark_is_no_fault(tmp_path: Path) -> None:
    assert told(put(tmp_path, b"\xef\xbb\xbf" + PATIENT)) == (["1"], [])
    assert told(put(tmp_path, b"\xef\xbb\xbf" + PATIENT + b"\n" + PATIENT, "a.ndjson"))[0] == ["1", "1"]


@pytest.mark.parametrize("name", ["a.ndjson", "a.jsonl", "a.json"])
def test_ndjson_goes_on_after_a_bad_line(tmp_path: Path, name: str) -> None:
    content = PATIENT + b'\n{"resourceType":"Pat\n\n' + PATIENT.replace(b'"1"', b'"2"') + b'\n{"a":\xff}\n[1]\n'
    ids, faults = told(put(tmp_path, content, name))
    assert ids == ["1", "2"]
    assert [fault.place.partition(",")[0] for fault in faults] == ["line 2", "line 5", "line 6"]


def test_folders_are_read_in_order_and_what_is_not_fhir_is_left_out(tmp_path: Path) -> None:
    (tmp_path / "sub").mkdir()
    put(tmp_path, PATIENT.replace(b'"1"', b'"b"'), "b.json")
    put(tmp_path / "sub", PATIENT.replace(b'"1"', b'"c"'), "c.ndjson")
    put(tmp_path, b'{"set":"dev"}', "manifest.json")
    put(tmp_path, b"nothing", "notes.txt")
    found = list(read_paths([tmp_path, tmp_path / "gone.json"]))
    assert [each.data["id"] for each in found if isinstance(each, Sent)] == ["b", "c"]
    assert [(Path(each.file).name, each.broken) for each in found if isinstance(each, Fault)] == [
        ("manifest.json", False),
        ("gone.json", True),
    ]


def many(path: Path, count: int) -> Path:
    """A Bundle of as many Observations as asked for."""
    with path.open("w", encoding="utf-8") as out:
        out.write('{"resourceType":"Bundle","type":"searchset","entry":[')
        for number in range(count):
            resource = {"resourceType": "Observation", "id": f"o{number}", "note": [{"text": "x" * 400}]}
            out.write(("," if number else "") + json.dumps({"resource": resource}))
        out.write("]}")
    return path


def test_memory_does_not_grow_with_the_file(tmp_path: Path) -> None:
    peaks = []
    for count in (2_500, 20_000):
        path = many(tmp_path / f"{count}.json", count)
        tracemalloc.start()
        assert sum(1 for _each in read_file(path)) == count
        peaks.append(tracemalloc.get_traced_memory()[1])
        tracemalloc.stop()
    assert peaks[1] < peaks[0] * 1.5 + 500_000


@needs_samples
def test_all_sample_files_are_read_without_a_fault() -> None:
    assert len(FILES) == 17
    found = list(read_paths(FILES))
    assert not [each for each in found if isinstance(each, Fault)]
    assert len(found) == 3898
