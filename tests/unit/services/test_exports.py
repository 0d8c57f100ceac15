"""The chart given back as FHIR: what the viewer may see, word for word, and no trace of the rest."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest

from rxportal.core.errors import InvalidInput, NotFound
from rxportal.core.identity import Operator
from rxportal.core.kernel import Kernel
from rxportal.fhir.links import read_reference
from rxportal.fhir.shapes import references
from rxportal.models.accounts import Level, Patient
from rxportal.models.audit import AuditEntry
from rxportal.models.records import Gate, Record
from rxportal.services.exports import export_chart, export_for
from rxportal.services.patients import list_patients
from tests.factories import World
from tests.importing import Importer, fates, patient, report
from tests.samples import FILES, needs_samples, observation, quantity


@pytest.fixture
def importer(sqlite_kernel: Kernel, tmp_path: Path) -> Importer:
    """On SQLite."""
    return Importer(sqlite_kernel, tmp_path)


def out(importer: Importer, viewer: str = "owner", person: UUID | None = None) -> dict[str, Any]:
    """The export of one patient, read."""
    key = person or importer.rows(Patient)[0].id
    found: dict[str, Any] = json.loads(importer.kernel.perform(export_for, Operator(), patient_id=key, viewer=viewer))
    return found


def ids(bundle: dict[str, Any]) -> list[str]:
    """Type/id of every entry."""
    return [f"{each['resource']['resourceType']}/{each['resource']['id']}" for each in bundle["entry"]]


HIV = observation("x", "HIV 1 antibody in Serum", id="secret", valueString="Negative")
CHART = [
    patient(generalPractitioner=[{"reference": "PractitionerRole/role"}]),
    {"resourceType": "PractitionerRole", "id": "role", "practitioner": {"reference": "Practitioner/doc"}},
    {"resourceType": "Practitioner", "id": "doc", "name": [{"family": "Field"}]},
    {"resourceType": "Practitioner", "id": "stranger", "name": [{"family": "Other"}]},
    report("r1", "open"),
    observation(id="open", valueQuantity=quantity(80.5)),
    HIV,
    report("mixed", "secret", "inside"),
    observation(id="inside", valueQuantity=quantity(3)),
    observation(id="wrong", status="entered-in-error"),
    {
        "resourceType": "Claim",
        "id": "bill",
        "patient": {"reference": "Patient/p1"},
        "supportingInfo": [{"valueReference": {"reference": "Observation/secret"}}],
    },
    {
        "resourceType": "Condition",
        "id": "known",
        "subject": {"reference": "Patient/p1"},
        "code": {"text": "HIV infection"},
    },
]


def test_the_owner_gets_what_they_may_see_and_who_it_names(importer: Importer) -> None:
    importer.take(*CHART)
    bundle = out(importer)
    assert (bundle["resourceType"], bundle["type"]) == ("Bundle", "collection")
    assert ids(bundle)[0] == "Patient/p1"
    assert sorted(ids(bundle)) == [
        "Condition/known", "DiagnosticReport/r1", "Observation/open", "Patient/p1", "Practitioner/doc",
        "PractitionerRole/role",
    ]  # fmt: skip


def test_no_trace_of_a_withheld_result_and_nothing_that_names_it(importer: Importer) -> None:
    importer.take(*CHART)
    written = json.dumps(out(importer))
    assert "secret" not in written
    assert "antibody" not in written


def test_an_order_or_a_specimen_of_a_withheld_result_alone_is_no_trace(importer: Importer) -> None:
    me = {"reference": "Patient/p1"}
    shared = {"specimen": {"reference": "Specimen/tube"}, "basedOn": [{"reference": "ServiceRequest/order"}]}
    importer.take(
        patient(),
        {"resourceType": "Specimen", "id": "tube", "subject": me, "type": {"text": "Blood"}},
        {"resourceType": "ServiceRequest", "id": "order", "subject": me, "code": {"text": "Blood tests"}},
        HIV | shared,
    )
    assert ids(out(importer)) == ["Patient/p1"]
    importer.take(observation(valueQuantity=quantity(80), **shared))
    assert {"Specimen/tube", "ServiceRequest/order"} < set(ids(out(importer)))


def test_proxies_do_not_learn_what_would_tell_the_secret(importer: Importer) -> None:
    importer.take(*CHART)
    for viewer in ("full", "read_only"):
        assert "HIV" not in json.dumps(out(importer, viewer))
    assert "Observation/secret" in ids(out(importer, "clinician"))
    assert "Observation/wrong" not in ids(out(importer, "clinician"))


def test_resources_come_back_word_for_word(importer: Importer, tmp_path: Path) -> None:
    original = (
        '{ "resourceType":"Basic", "id":"b", "subject":{"reference":"Patient/p1"}, "x": 1.0, "y": 1e2, "z":"\\u00e9" }'
    )
    path = tmp_path / "one.ndjson"
    path.write_text(json.dumps(patient()) + "\n" + original + "\n")
    importer.files(path)
    (person,) = importer.rows(Patient)
    assert original in importer.kernel.perform(export_for, Operator(), patient_id=person.id)


def test_an_export_is_audited_and_unknown_patients_and_viewers_are_refused(importer: Importer) -> None:
    importer.take(*CHART)
    out(importer)
    lines = [line for line in importer.rows(AuditEntry) if line.use_case == "export_for"]
    assert [(line.outcome, line.patient_id) for line in lines] == [("done", importer.rows(Patient)[0].id)]
    with pytest.raises(NotFound):
        out(importer, person=UUID(int=0))
    with pytest.raises(InvalidInput):
        out(importer, "everybody")


def test_a_proxy_exports_their_own_part(importer: Importer) -> None:
    importer.take(*CHART)
    world = World(importer.kernel)
    (person,) = importer.rows(Patient)
    account, grant = world.proxy(person, Level.READ_ONLY, sections="results,profile")
    written = importer.kernel.perform(export_chart, world.sign_in(account), grant.id)
    assert "Observation/open" in ids(json.loads(written))
    assert "Condition/known" not in ids(json.loads(written))
    with pytest.raises(NotFound):
        importer.kernel.perform(export_chart, world.sign_in(world.account()), grant.id)


def test_an_export_can_be_imported_again(importer: Importer, tmp_path: Path) -> None:
    importer.take(*CHART)
    path = tmp_path / "export.json"
    path.write_text(json.dumps(out(importer)))
    assert set(fates(importer.files(path))) == {"unchanged"}


def test_patients_are_listed_with_what_their_charts_hold(importer: Importer) -> None:
    importer.take(*CHART)
    (line,) = importer.kernel.perform(list_patients, Operator())
    assert (line.name, line.birth_date, line.mrn) == ("Fay Testerson", "1961-04", "")
    assert line.counts == {"Claim": 1, "Condition": 1, "DiagnosticReport": 2, "Observation": 3, "Patient": 1}


@needs_samples
def test_no_sample_export_names_a_result_that_its_viewer_may_not_see(importer: Importer) -> None:
    importer.files(*FILES)
    rows = importer.rows(Record)
    results = {(row.resource_type, row.source_id) for row in rows if row.gate == Gate.WITHHELD}
    assert results
    for person in importer.rows(Patient):
        for viewer in ("owner", "read_only"):
            bundle = out(importer, viewer, person.id)
            there = {tuple(each.split("/", 1)) for each in ids(bundle)}
            assert not there & results
            urns = {f"urn:uuid:{identity}" for _kind, identity in results}
            for each in bundle["entry"]:
                named = [reference["reference"] for _where, reference in references(each["resource"])]
                assert not [one for one in named if one in urns or read_reference(one) in results]
