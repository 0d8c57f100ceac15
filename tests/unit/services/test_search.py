"""Searching a chart: everything that may be seen is found where it stands, and nothing else leaves a trace."""

from __future__ import annotations

from typing import Any

import pytest

from rxportal.core.errors import InvalidInput, NotFound
from rxportal.core.kernel import Kernel
from rxportal.models.accounts import Account, Level, Patient
from rxportal.models.audit import AuditEntry
from rxportal.models.records import Kind, Record, RecordLink, Section, Sensitivity
from rxportal.services.search import MOST_SHOWN, search_chart
from rxportal.services.search_views import Findings
from tests.factories import World
from tests.unit.services.visiting import encounter, paper, thing


@pytest.fixture
def kernel(sqlite_kernel: Kernel) -> Kernel:
    return sqlite_kernel


def look(world: World, account: Account, words: str, grant: Any = None) -> Findings:
    """What one person finds."""
    return world.kernel.perform(search_chart, world.sign_in(account), grant, words=words)


def names(found: Findings) -> dict[str, list[str]]:
    """Titles by heading."""
    return {group.name: [row.title for row in group.rows] for group in found.groups}


def value(world: World, report: Record, patient: Patient, title: str, **columns: Any) -> Record:
    """A value inside a result."""
    row = world.record(
        patient, resource_type="Observation", section=Section.RESULTS, title=title, seen_at=world.now, **columns
    )
    world.store(RecordLink(parent_id=report.id, child_id=row.id, position=0))
    return row


def test_every_kind_is_found_where_it_stands(world: World) -> None:
    account, patient = world.owner()
    panel = world.released(patient, "Penicillin level")
    visit = encounter(world, patient, "Penicillin talk")
    note, _file = paper(world, patient, "Penicillin leaflet")
    thing(world, patient, "AllergyIntolerance", Section.ALLERGIES, "Penicillin")
    pill = thing(world, patient, "MedicationRequest", Section.MEDICINES, "Penicillin V 500 mg")
    thing(world, patient, "Observation", Section.VITALS, "Penicillin weight")
    thing(world, patient, "Condition", Section.CONDITIONS, "Cough")
    found = look(world, account, "  PENIcillin ")
    assert names(found) == {
        "Test results": ["Penicillin level"], "Medicines": ["Penicillin V 500 mg"],
        "Visits and appointments": ["Penicillin talk"], "Notes and documents": ["Penicillin leaflet"],
        "Allergies": ["Penicillin"], "Vital signs": ["Penicillin weight"],
    }  # fmt: skip
    ways = {row.href or f"#{row.part}" for group in found.groups for row in group.rows}
    assert ways == {
        f"/results/{panel.id}", f"/medicines#m-{pill.id}", f"/visits/{visit.id}", f"/notes/{note.id}", "#allergies", "#vitals",
    }  # fmt: skip
    assert found.sentence == "6 records match “PENIcillin”"
    assert all("Sender" in row.detail for group in found.groups for row in group.rows)


def test_all_words_must_occur_and_signs_of_the_database_are_letters(world: World) -> None:
    account, patient = world.owner()
    world.released(patient, "Iron 50% of normal")
    world.released(patient, "Iron")
    assert names(look(world, account, "normal iron")) == {"Test results": ["Iron 50% of normal"]}
    assert names(look(world, account, "50%")) == {"Test results": ["Iron 50% of normal"]}
    for words in ("50_", "%", "_", "/", "'", '"', "iron zinc"):
        assert look(world, account, words).groups == [] or words == "%"


def test_a_value_leads_to_the_result_that_carries_it(world: World) -> None:
    account, patient = world.owner()
    report = world.released(patient, "Basic metabolic panel")
    value(world, report, patient, "Potassium")
    (group,) = look(world, account, "potassium").groups
    assert [(row.title, row.inside, row.href) for row in group.rows] == [
        ("Basic metabolic panel", "In it: Potassium", f"/results/{report.id}")
    ]


def test_a_waiting_result_is_found_by_its_name_alone(world: World) -> None:
    account, patient = world.owner()
    world.result(patient, "Throat culture", search="throat culture streptococcus heavy growth")
    (group,) = look(world, account, "throat").groups
    assert (group.name, group.rows[0].title, group.rows[0].tag) == ("On the way", "Throat culture", "Not shown yet")
    assert look(world, account, "streptococcus").groups == []


def test_what_is_hidden_looks_like_a_word_that_occurs_nowhere(world: World) -> None:
    account, patient = world.owner()
    proxy, grant = world.proxy(patient, Level.FULL)
    world.released(patient, "Zebra antibody", kind=Kind.HIV)
    hidden = thing(world, patient, "ServiceRequest", Section.OTHER, "Zebra blood test")
    secret = world.result(patient, "Secret", kind=Kind.HIV)
    world.store(RecordLink(parent_id=secret.id, child_id=hidden.id, position=-1))
    thing(world, patient, "Condition", Section.CONDITIONS, "Zebra", struck=True)
    mind = {"sensitivity": Sensitivity.MENTAL_HEALTH, "own_sensitivity": Sensitivity.MENTAL_HEALTH}
    thing(world, patient, "Condition", Section.CONDITIONS, "Zebra mood", **mind)
    nothing = look(world, account, "xyzzy")
    assert names(look(world, account, "zebra")) == {"Health conditions": ["Zebra mood"]}
    by_proxy = look(world, proxy, "zebra", grant.id)
    assert (by_proxy.groups, by_proxy.sentence) == ([], nothing.sentence.replace("xyzzy", "zebra"))


def test_sections_of_a_grant_and_the_privacy_of_teens_hold(world: World) -> None:
    patient = world.child(14)
    parent, parents = world.parent(patient)
    few, grant = world.proxy(patient, sections="results")
    world.released(patient, "Iron")
    thing(world, patient, "MedicationRequest", Section.MEDICINES, "Iron tablets")
    paper(world, patient, "Iron letter")
    assert names(look(world, few, "iron", grant.id)) == {"Test results": ["Iron"]}
    assert list(names(look(world, parent, "iron", parents.id))) == ["Test results", "Medicines"]


def test_other_charts_are_never_searched(world: World) -> None:
    account, _patient = world.owner()
    stranger = world.patient()
    world.released(stranger, "Iron")
    assert look(world, account, "iron").groups == []
    theirs = world.proxy(stranger)[1]
    with pytest.raises(NotFound):
        look(world, account, "iron", theirs.id)


def test_long_answers_are_cut_and_say_so(world: World) -> None:
    account, patient = world.owner()
    for number in range(MOST_SHOWN + 2):
        world.released(patient, f"Iron {number}")
    (group,) = look(world, account, "iron").groups
    assert (len(group.rows), group.more) == (MOST_SHOWN, "2 more. Add a word to find less.")


def test_the_same_vital_sign_at_several_times_is_one_line(world: World) -> None:
    account, patient = world.owner()
    for _number in range(3):
        thing(world, patient, "Observation", Section.VITALS, "Weight")
    found = look(world, account, "weight")
    assert [row.detail.rpartition(" · ")[2] for row in found.groups[0].rows] == ["and 2 earlier times"]
    assert found.sentence == "3 records match “weight”"


def test_no_words_is_no_search_and_words_are_text(world: World) -> None:
    account, _patient = world.owner()
    assert look(world, account, "   ").query == ""
    assert look(world, account, "a " * 500).query == " ".join(["a"] * 8)
    for wrong in (None, 5, ["iron"], {"words": "iron"}):
        with pytest.raises(InvalidInput):
            world.kernel.perform(search_chart, world.sign_in(account), words=wrong)


def test_the_audit_line_counts_and_never_keeps_the_words(world: World) -> None:
    account, patient = world.owner()
    world.released(patient, "Iron")
    look(world, account, "iron")
    (line,) = [row for row in world.rows(AuditEntry) if row.use_case == "search_chart"]
    assert (line.patient_id, line.outcome) == (patient.id, "done")
    assert '"found": 1' in line.detail
    assert "iron" not in line.detail.lower()
