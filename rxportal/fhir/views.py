"""What a result page says, out of the original JSON of a report, its observations, specimens and media.

Pure: dictionaries in, frozen dataclasses of plain values out. `services/results.py` turns them into its own views,
adding release state, comments and trends. Nothing here decides who may see what: hand in only what the viewer may see.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, tzinfo

from rxportal.core.text import _
from rxportal.fhir.attachments import SentFile, readable, sent_files
from rxportal.fhir.dates import date_words, time_words
from rxportal.fhir.names import analyte, loinc, reference_name, resource_name, test_name
from rxportal.fhir.numbers import as_float
from rxportal.fhir.ranges import Flag
from rxportal.fhir.shapes import Json, concept, items, lines, obj, path, text, unmarked
from rxportal.fhir.timing import collected, issued
from rxportal.fhir.values import blood_pressure, components, flag_of, part_value, value_of

Names = Callable[[str], str]
Given = Sequence[tuple[str, Json]]


@dataclass(frozen=True)
class ValueView:
    """One line of a result. `record_id` is the id the caller gave the observation ("" for a contained one).

    `analyte` and `unit` are the key of its trend, the same as `Reading.analyte` and `Reading.unit`; `number` is absent
    when the value is not one. `low` and `high` are in `unit`.
    """

    record_id: str
    name: str
    value: str
    unit: str
    text: str
    range: str
    flag: str
    tone: str
    note: str
    analyte: str
    number: float | None = None
    low: float | None = None
    high: float | None = None


@dataclass(frozen=True)
class FileView:
    """A file that came inside a resource: `place` is its JSON pointer there, as in `Attachment.place`."""

    record_id: str
    place: str
    title: str
    content_type: str
    size: int


@dataclass(frozen=True)
class ReportView:
    """A result in words. `layout`: chemistry, microbiology, pathology, imaging or other. Empty text means: not sent."""

    title: str
    layout: str
    collected: str
    issued: str
    status: str
    ordered_by: str
    performer: str
    specimen: str
    conclusion: str
    narrative: list[str]
    values: list[ValueView]
    files: list[FileView]
    flag: str
    tone: str


STATUSES = {
    "registered": _("Ordered, no result yet"), "partial": _("Part of it is ready"), "preliminary": _("Early result"),
    "final": _("Final"), "amended": _("Changed after it was final"), "corrected": _("Corrected"),
    "appended": _("Added to after it was final"), "cancelled": _("Cancelled"), "unknown": _("Not known"),
}  # fmt: skip
LAYOUTS = (
    ("microbiology", ("MB", "MCB", "VR", "MYC", "PAR", "microbiology", "culture", "susceptibility")),
    ("pathology", ("SP", "PAT", "CP", "CY", "TX", "pathology", "cytology", "biopsy", "histology")),
    ("imaging", ("RAD", "RX", "CT", "NMR", "RUS", "NMS", "OUS", "CUS", "imaging", "radiology", "x-ray", "ultrasound")),
    ("chemistry", ("LAB", "CH", "HM", "BG", "laboratory", "chemistry", "hematology", "hemat")),
)


def report_view(
    report: Json,
    observations: Given,
    *,
    record_id: str = "",
    zone: tzinfo = UTC,
    names: Names = lambda _reference: "",
    specimens: Sequence[Json] = (),
    media: Given = (),
) -> ReportView:
    """A DiagnosticReport with its observations, given in the order of the page as (record id, JSON).

    Observations contained in the report are added from the report itself. `names` resolves a reference
    ("Practitioner/7") to a name where the reference carries none.
    """
    inside = [("", part) for part in contained(report, "Observation")]
    values = [line for key, part in [*observations, *inside] for line in value_lines(part, key, zone)]
    worst = _worst(values)
    return ReportView(
        title=test_name(report.get("code")),
        layout=layout_of(report, [part for _key, part in observations]),
        collected=date_words(collected(report), zone),
        issued=time_words(issued(report), zone),
        status=STATUSES.get(text(report.get("status")), text(report.get("status"))),
        ordered_by=_ordered_by(report, names),
        performer=people(report, names, "performer", "resultsInterpreter"),
        specimen=specimen_words(report, specimens),
        conclusion=_conclusion(report),
        narrative=narrative(report, bool(values)),
        values=values,
        files=[file for key, part in [(record_id, report), *media] for file in files_of(part, key)],
        flag=worst.text,
        tone=worst.tone,
    )


def observation_view(
    observation: Json,
    members: Given = (),
    *,
    record_id: str = "",
    zone: tzinfo = UTC,
    names: Names = lambda _reference: "",
    specimens: Sequence[Json] = (),
) -> ReportView:
    """An Observation that stands as a result of its own, with the members of its panel."""
    own = value_lines(observation, record_id, zone)
    if members and not value_of(observation, zone).text and not components(observation):
        own = []
    values = own + [line for key, part in members for line in value_lines(part, key, zone)]
    worst = _worst(values)
    return ReportView(
        title=test_name(observation.get("code")),
        layout=layout_of(observation, []),
        collected=date_words(collected(observation), zone),
        issued=time_words(issued(observation), zone),
        status=STATUSES.get(text(observation.get("status")), text(observation.get("status"))),
        ordered_by=_ordered_by(observation, names),
        performer=people(observation, names, "performer"),
        specimen=specimen_words(observation, specimens),
        conclusion="",
        narrative=[] if values else unmarked(path(observation, "text.div")),
        values=values,
        files=files_of(observation, record_id),
        flag=worst.text,
        tone=worst.tone,
    )


def value_lines(observation: Json, record_id: str = "", zone: tzinfo = UTC) -> list[ValueView]:
    """The lines of one Observation: blood pressure as one, other components as one each below their name."""
    pressure = blood_pressure(observation)
    own = value_of(observation, zone)
    note = " ".join(line for entry in items(observation.get("note")) for line in lines(entry.get("text")))
    if pressure and not own.text:
        flag = _worst([_line(part, "", zone, "") for part in components(observation)])
        return [_pressure_line(observation, record_id, (pressure.value, pressure.unit, pressure.text), flag, note)]
    parts = components(observation)
    if not parts or own.text:
        whole = [_line(observation, record_id, zone, note)]
        return whole + [_line(part, record_id, zone, "") for part in parts]
    return [_line(part, record_id, zone, note if index == 0 else "") for index, part in enumerate(parts)]


def _line(part: Json, record_id: str, zone: tzinfo, note: str) -> ValueView:
    shown = part_value(part, zone)
    flag, usual = flag_of(part)
    sent = obj(part.get("valueQuantity")).get("value", part.get("valueInteger"))
    same = usual.unit == shown.unit
    return ValueView(
        record_id, test_name(part.get("code")), shown.value, shown.unit, shown.text, usual.text,
        flag.text, flag.tone, note, analyte(part.get("code")),
        as_float(sent), usual.low if same else None, usual.high if same else None,
    )  # fmt: skip


def _pressure_line(part: Json, record_id: str, shown: tuple[str, str, str], flag: Flag, note: str) -> ValueView:
    value, unit, whole = shown
    name = test_name(part.get("code"))
    code = loinc(part.get("code"))
    called = _("Blood pressure") if code in {"85354-9", "55284-4"} else name
    return ValueView(record_id, called, value, unit, whole, "", flag.text, flag.tone, note, analyte(part.get("code")))


def _worst(values: Sequence[ValueView]) -> Flag:
    for tone in ("act", "look"):
        found = [line for line in values if line.tone == tone]
        if found:
            return Flag(found[0].flag, tone)
    return Flag(_("Normal"), "good") if values and all(line.tone == "good" for line in values) else Flag()


def contained(resource: Json, kind: str) -> list[Json]:
    """The contained resources of one type."""
    return [part for part in items(resource.get("contained")) if part.get("resourceType") == kind]


def layout_of(resource: Json, observations: Sequence[Json]) -> str:
    """Which layout fits a result, from its categories, else from its words, else from its observations'."""
    given = [word for entry in items(resource.get("category")) for word in _category_words(entry)]
    said = f" {test_name(resource.get('code'))} ".lower()
    for name, signs in LAYOUTS[:-1]:
        if any(sign in given for sign in signs if sign.isupper()):
            return name
    for name, signs in LAYOUTS:
        if any(sign in word.lower() for sign in map(str.lower, signs) if len(sign) > 2 for word in [*given, said]):
            return name
    return "chemistry" if any(layout_of(part, []) == "chemistry" for part in observations) else "other"


def _category_words(entry: Json) -> list[str]:
    codes = [text(part.get(key)) for part in items(entry.get("coding")) for key in ("code", "display")]
    return [*codes, text(entry.get("text"))]


def people(resource: Json, names: Names, *keys: str) -> str:
    """Who stands under `keys`, by display, contained resource or `names`; "" where nobody is named."""
    found = [_name(resource, reference, names) for key in keys for reference in items(resource.get(key))]
    return ", ".join(dict.fromkeys(name for name in found if name))


def _name(resource: Json, reference: Json, names: Names) -> str:
    given = text(reference.get("reference"))
    if shown := reference_name(reference):
        return shown
    if given.startswith("#"):
        inside = next((part for part in items(resource.get("contained")) if text(part.get("id")) == given[1:]), {})
        return resource_name(inside)
    return names(given) if given else ""


def _ordered_by(resource: Json, names: Names) -> str:
    for request in contained(resource, "ServiceRequest"):
        if who := people(request, names, "requester"):
            return who
    return people(resource, names, "basedOn") if not contained(resource, "ServiceRequest") else ""


def specimen_words(resource: Json, specimens: Sequence[Json]) -> str:
    """What was examined: type and body site of each specimen, else how the reference calls it."""
    told = [_specimen(part) for part in [*specimens, *contained(resource, "Specimen")]]
    told = [words for words in told if words] or [text(ref.get("display")) for ref in items(resource.get("specimen"))]
    return ", ".join(dict.fromkeys(words for words in told if words))


def _specimen(specimen: Json) -> str:
    site = concept(path(specimen, "collection.bodySite"))
    kind = concept(specimen.get("type"))
    return f"{kind} ({site})" if kind and site else kind or site


def _conclusion(report: Json) -> str:
    written = " ".join(lines(report.get("conclusion")))
    coded = [words for code in items(report.get("conclusionCode")) if (words := concept(code))]
    return "; ".join(dict.fromkeys(part for part in [written, *coded] if part))


def narrative(report: Json, has_values: bool) -> list[str]:
    """The report's own text: forms that are text, else its narrative where nothing else tells the result."""
    told = [line for form in sent_files(report) if form.place.startswith("/presentedForm") for line in readable(form)]
    if told or has_values or text(report.get("conclusion")):
        return told
    return unmarked(path(report, "text.div"))


def files_of(resource: Json, record_id: str = "") -> list[FileView]:
    """The files inside a resource, as they can be listed."""
    return [_file(sent, record_id) for sent in sent_files(resource)]


def _file(sent: SentFile, record_id: str) -> FileView:
    return FileView(record_id, sent.place, sent.title or _("File"), sent.content_type, sent.size)
