"""The health record: every kind has its place, dated and sourced; blood pressure is two numbers; nothing hidden shows."""

from __future__ import annotations

import json
import re
from dataclasses import asdict, dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import event

from rxportal.core.errors import InvalidInput, NotFound
from rxportal.core.kernel import Kernel
from rxportal.models.accounts import Basis, Level, Patient
from rxportal.models.audit import AuditEntry
from rxportal.models.records import Record, Section, Sensitivity
from rxportal.services.record import open_record
from rxportal.services.record_places import ELSEWHERE, OTHER, PLACES, place_of
from rxportal.services.record_views import RecordItem, RecordPage, RecordSection
from tests.factories import World
from tests.importing import Importer, patient
from tests.samples import FILES, needs_samples

LOINC = "http://loinc.org"
PANEL, UPPER, LOWER, WEIGHT = "85354-9", "8480-6", "8462-4", "29463-7"


@pytest.fixture
def kernel(sqlite_kernel: Kernel) -> Kernel:
    return sqlite_kernel


@pytest.fixture
def importer(kernel: Kernel, tmp_path: Path) -> Importer:
    return Importer(kernel, tmp_path)


@dataclass
class Reading:
    """Called with resources of Patient/p1 it imports them; either way it gives the record as its owner sees it."""

    kernel: Kernel
    world: World
    importer: Importer
    session: Any = None

    def __call__(self, *resources: dict[str, Any], **inputs: Any) -> RecordPage:
        self.importer.take(patient(), *resources, organization="Fairhaven Clinic")
        return self.page(**inputs)

    def page(self, **inputs: Any) -> RecordPage:
        if self.session is None:
            account = self.world.account("Fay Testerson")
            self.world.grant(account, self.importer.rows(Patient)[0])
            self.session = self.world.sign_in(account)
        return self.kernel.perform(open_record, self.session, **inputs)


@pytest.fixture
def read(kernel: Kernel, world: World, importer: Importer) -> Reading:
    return Reading(kernel, world, importer)


def thing(kind: str, identity: str, words: str, **more: Any) -> dict[str, Any]:
    """A resource of Patient/p1 with a code in words."""
    key = "patient" if kind in {"AllergyIntolerance", "Immunization", "FamilyMemberHistory", "Claim"} else "subject"
    code = "vaccineCode" if kind == "Immunization" else "code"
    given = {"resourceType": kind, "id": identity, key: {"reference": "Patient/p1"}, code: {"text": words}}
    return {name: value for name, value in (given | more).items() if value is not None}


def vital(identity: str, code: str, day: str, value: float, unit: str = "kg", **more: Any) -> dict[str, Any]:
    """A vital sign with one number."""
    return thing(
        "Observation", identity, "", status="final", category=[{"coding": [{"code": "vital-signs"}]}],
        code={"coding": [{"system": LOINC, "code": code, "display": "Body weight"}]}, effectiveDateTime=day,
        valueQuantity={"value": value, "unit": unit}, **more,
    )  # fmt: skip


def pressure(identity: str, day: str, upper: float | None, lower: float | None, **more: Any) -> dict[str, Any]:
    """One blood pressure with its two components."""
    parts = [
        {"code": {"coding": [{"system": LOINC, "code": code}]}, "valueQuantity": {"value": number, "unit": "mm[Hg]"}}
        for code, number in ((UPPER, upper), (LOWER, lower))
        if number is not None
    ]
    return vital(identity, PANEL, day, 0) | {"valueQuantity": None, "component": parts, **more}


def part(page: RecordPage, name: str) -> RecordSection:
    return next(section for section in page.sections if section.name == name)


def every_item(page: RecordPage) -> list[RecordItem]:
    return [item for section in page.sections for item in (*section.items, *section.past)]


class TestParts:
    """What stands where."""

    def test_now_and_past_are_two_lists_and_the_same_thing_is_told_once(self, read: Reading) -> None:
        active, over = ({"coding": [{"code": code}]} for code in ("active", "resolved"))
        page = read(
            thing("Condition", "a", "Asthma", clinicalStatus=active, onsetDateTime="2019-05"),
            thing("Condition", "b", "Cold", clinicalStatus=over, onsetDateTime="2020-01-03"),
            thing("Condition", "c", "Cold", clinicalStatus=over, onsetDateTime="2018-01-03"),
        )
        conditions = part(page, "conditions")
        assert [(item.title, item.when) for item in conditions.items] == [("Asthma", "Since May 2019")]
        assert [(item.title, item.before_words) for item in conditions.past] == [("Cold", "1 earlier time")]
        assert [earlier.when for earlier in conditions.past[0].before] == ["3 Jan 2018"]
        assert (conditions.count, conditions.past_words) == ("2", "In the past (1)")

    def test_what_was_ruled_out_is_not_among_what_holds(self, read: Reading) -> None:
        refuted = {"coding": [{"code": "refuted"}]}
        allergies = part(read(thing("AllergyIntolerance", "a", "Aspirin", verificationStatus=refuted)), "allergies")
        assert allergies.items == []
        assert [(item.title, item.status) for item in allergies.past] == [("Aspirin", "Ruled out")]
        assert (allergies.past_words, allergies.empty) == ("No longer active (1)", "")

    def test_every_item_says_who_sent_it_and_when_it_came(self, read: Reading, world: World) -> None:
        page = read(thing("AllergyIntolerance", "a", "Penicillin"), thing("Device", "d", "Pump", code=None,
                                                                         patient={"reference": "Patient/p1"}))  # fmt: skip
        day = f"{world.now.day} {world.now:%b %Y}"
        assert every_item(page)
        for item in every_item(page):
            assert item.origin == f"From Fairhaven Clinic, {day}"

    def test_an_undated_thing_says_so(self, read: Reading) -> None:
        assert part(read(thing("Procedure", "a", "Biopsy")), "procedures").items[0].when == "Date not known"

    def test_what_was_entered_in_error_is_nowhere(self, read: Reading) -> None:
        page = read(
            thing("Condition", "a", "Wrongly written", verificationStatus={"coding": [{"code": "entered-in-error"}]}),
            thing("Immunization", "b", "Wrongly given", status="entered-in-error"),
            pressure("c", "2026-01-02", 300, 200, status="entered-in-error"),
        )
        assert "Wrongly" not in json.dumps(asdict(page))
        assert page.vitals.rows == []

    def test_a_plan_names_its_reasons_and_goals_and_a_thing_its_visit(self, read: Reading) -> None:
        visit = {"reference": "Encounter/v"}
        page = read(
            {"resourceType": "Encounter", "id": "v", "status": "finished", "subject": {"reference": "Patient/p1"},
             "type": [{"text": "Check-up"}], "period": {"start": "2026-06-03"}},
            thing("Condition", "c", "Prediabetes"), thing("Goal", "g", "", description={"text": "Walk more"}),
            thing("CarePlan", "p", "", title="Sugar plan", status="active", encounter=visit,
                  addresses=[{"reference": "Condition/c"}], goal=[{"reference": "Goal/g"}]),
        )  # fmt: skip
        plan = part(page, "care-plans").items[0]
        assert ["Because of", "Prediabetes"] in plan.facts
        assert ["Goals", "Walk more"] in plan.facts
        seen = part(page, "visits")
        assert plan.href == seen.items[0].href
        assert plan.href.startswith("/visits/")
        assert seen.href == "/appointments"

    def test_a_long_part_shows_a_few_and_all_on_request(self, read: Reading) -> None:
        many = [
            thing("Procedure", f"p{n}", f"Act {n:02d}", performedDateTime=f"2020-01-{n + 1:02d}") for n in range(12)
        ]
        first = part(read(*many), "procedures")
        assert ([item.title for item in first.items][:2], len(first.items), first.count, first.more) == (
            ["Act 11", "Act 10"], 5, "12", "Show 7 more",
        )  # fmt: skip
        whole = part(read(opened=["procedures", "nonsense"]), "procedures")
        assert (len(whole.items), whole.more, whole.whole) == (12, "", True)

    def test_earlier_answers_say_what_they_were(self, read: Reading) -> None:
        answers = [
            thing("Observation", f"s{year}", "Smoking", status="final", effectiveDateTime=f"{year}-02-03",
                  category=[{"coding": [{"code": "social-history"}]}], valueCodeableConcept={"text": words})
            for year, words in ((2020, "Every day"), (2024, "Former smoker"))
        ]  # fmt: skip
        item = part(read(*answers), "life").items[0]
        assert (item.facts, [earlier.said for earlier in item.before]) == ([["Answer", "Former smoker"]], ["Every day"])

    def test_empty_parts_speak_where_silence_would_be_an_answer(self, read: Reading) -> None:
        page = read(vital("w", WEIGHT, "2026-06-03", 75))
        said = {section.name: section.empty for section in page.sections if section.empty}
        assert set(said) == {"allergies", "conditions", "shots", "procedures"}
        assert "No allergies are on file here" in said["allergies"]

    def test_ones_own_details_alone_are_no_record_and_nothing_unseen_is_sent(self, read: Reading) -> None:
        page = read()
        assert page.nothing
        assert page.sections == []

    def test_kinds_have_one_place_each(self) -> None:
        kinds = [kind for place in (*PLACES, OTHER) for kind in place.kinds]
        assert len(kinds) == len(set(kinds))
        assert not set(kinds) & ELSEWHERE
        assert place_of("Basic") is OTHER


class TestVitals:
    """Vital signs, and blood pressure as two numbers with two codes."""

    def test_a_blood_pressure_is_one_row_with_two_numbers(self, read: Reading) -> None:
        page = read(
            pressure("a", "2026-06-03T09:00:00Z", 138, 88), pressure("b", "2026-09-24T09:00:00Z", 132.4, 84),
            vital("w", WEIGHT, "2026-09-24T09:00:00Z", 75.13),
        )  # fmt: skip
        rows = page.vitals.rows
        assert [(row.name, row.value, row.unit) for row in rows] == [
            ("Blood pressure", "132/84", "mmHg"), ("Weight", "75.1", "kg"),
        ]  # fmt: skip
        assert (rows[0].when, rows[0].change, rows[0].times) == ("24 Sep 2026", "Was 138/88 in Jun 2026", 2)
        assert [point.value for point in page.vitals.pressure.points] == ["138/88", "132/84"]

    def test_two_numbers_sent_apart_at_one_instant_are_one_measurement(self, read: Reading) -> None:
        at = "2026-06-03T09:00:00Z"
        page = read(vital("u", UPPER, at, 138, "mmHg"), vital("l", LOWER, at, 88, "mmHg"))
        assert [(row.name, row.value) for row in page.vitals.rows] == [("Blood pressure", "138/88")]

    def test_a_missing_number_is_a_dash_never_a_guess(self, read: Reading) -> None:
        page = read(pressure("a", "2026-06-03", 138, None), pressure("b", "2026-06-04", None, 80))
        assert page.vitals.rows[0].value == "–/80"
        assert [point.value for point in page.vitals.pressure.points] == ["138/–", "–/80"]

    def test_the_chosen_one_is_drawn_and_an_unknown_one_is_not(self, read: Reading) -> None:
        page = read(pressure("a", "2026-06-03", 138, 88), vital("w", WEIGHT, "2026-06-03", 75),
                    vital("x", WEIGHT, "2026-07-03", 73))  # fmt: skip
        weight = page.vitals.rows[1].series
        assert page.vitals.shown == "pressure"
        drawn = read(vital=weight).vitals
        assert (drawn.shown, [point.value for point in drawn.trend.points]) == (weight, ["75", "73"])
        assert (drawn.trend.high, drawn.trend.low) == ("75", "73")  # no range was sent: the axis tells the numbers
        assert read(vital="nonsense").vitals.shown == "pressure"

    def test_what_has_no_number_is_told_in_words(self, read: Reading) -> None:
        absent = vital("h", "8867-4", "2026-06-03", 0) | {
            "valueQuantity": None, "dataAbsentReason": {"coding": [{"code": "asked-declined"}]},
        }  # fmt: skip
        panel = vital("v", "85353-1", "2026-06-03", 0) | {
            "valueQuantity": None, "hasMember": [{"reference": "Observation/h"}],
        }  # fmt: skip
        rows = read(absent, panel).vitals.rows
        assert [(row.value, row.when, row.series) for row in rows] == [
            ("Asked, no answer given", "3 Jun 2026", ""),
        ]  # fmt: skip

    def test_flags_come_from_the_sender_and_the_worse_of_two_counts(self, read: Reading) -> None:
        sent = pressure("a", "2026-06-03", 190, 88)
        sent["component"][0]["interpretation"] = [{"coding": [{"code": "HH"}]}]
        row = read(sent).vitals.rows[0]
        assert (row.flag, row.tone) == ("Critical high", "act")


class TestWhoSees:
    """The same rules as on every page."""

    def test_another_account_gets_nothing_and_learns_nothing(self, kernel: Kernel, world: World) -> None:
        _owner, chart = world.owner()
        _account, grant = world.proxy(chart)
        stranger = world.sign_in(world.account())
        with pytest.raises(NotFound):
            kernel.perform(open_record, stranger, grant.id)

    def test_a_secret_condition_shows_to_its_owner_alone(self, kernel: Kernel, world: World) -> None:
        account, chart = world.owner()
        proxy, grant = world.proxy(chart, Level.FULL)
        world.record(chart, resource_type="Condition", section=Section.CONDITIONS, title="Secret illness",
                     body='{"resourceType":"Condition","code":{"text":"Secret illness"}}',
                     sensitivity=Sensitivity.MENTAL_HEALTH, own_sensitivity=Sensitivity.MENTAL_HEALTH)  # fmt: skip
        own = kernel.perform(open_record, world.sign_in(account))
        theirs = kernel.perform(open_record, world.sign_in(proxy), grant.id)
        assert part(own, "conditions").count == "1"
        assert "Secret" not in json.dumps(asdict(theirs))
        assert theirs.nothing
        assert theirs.partly
        assert not own.partly

    def test_parts_that_a_grant_does_not_open_are_not_called_empty(self, kernel: Kernel, world: World) -> None:
        _account, chart = world.owner()
        proxy, grant = world.proxy(chart, sections="allergies,vitals")
        world.record(chart, resource_type="AllergyIntolerance", section=Section.ALLERGIES, title="Pollen")
        page = kernel.perform(open_record, world.sign_in(proxy), grant.id)
        assert [section.name for section in page.sections] == ["allergies"]
        assert page.partly == "You see the parts of this record that were opened to you."

    def test_a_parent_of_a_teen_meets_no_closed_part(self, kernel: Kernel, world: World) -> None:
        teen = world.child(14)
        parent, grant = world.parent(teen)
        world.record(teen, resource_type="FamilyMemberHistory", section=Section.HISTORY, title="Mother")
        world.record(teen, resource_type="Coverage", section=Section.BILLS, title="Plan")
        world.record(teen, resource_type="AllergyIntolerance", section=Section.ALLERGIES, title="Pollen")
        page = kernel.perform(open_record, world.sign_in(parent), grant.id)
        assert {item.title for item in every_item(page)} == {"Allergy"}
        assert "Teens" in page.partly
        assert not {"family", "insurance", "documents"} & {section.name for section in page.sections}

    def test_an_ended_grant_opens_nothing(self, kernel: Kernel, world: World) -> None:
        _account, chart = world.owner()
        proxy, grant = world.proxy(chart, basis=Basis.INVITED, revoked_at=world.now - timedelta(hours=1))
        with pytest.raises(NotFound):
            kernel.perform(open_record, world.sign_in(proxy), grant.id)

    @pytest.mark.parametrize("bad", [{"opened": "shots"}, {"opened": [1]}, {"vital": ["x"]}, {"page": 2}])
    def test_wrong_types_are_refused(self, kernel: Kernel, world: World, bad: dict[str, Any]) -> None:
        account, _chart = world.owner()
        with pytest.raises(InvalidInput):
            kernel.perform(open_record, world.sign_in(account), **bad)

    def test_opening_leaves_one_audit_line(self, kernel: Kernel, world: World) -> None:
        account, chart = world.owner()
        kernel.perform(open_record, world.sign_in(account))
        lines = [line for line in world.rows(AuditEntry) if line.use_case == "open_record"]
        assert [(line.patient_id, line.account_id) for line in lines] == [(chart.id, account.id)]


class TestStatements:
    """The page costs the same for a long chart."""

    def test_the_number_of_statements_does_not_grow(self, kernel: Kernel, read: Reading) -> None:
        def sent(many: int) -> int:
            days = [f"2020-01-{n % 28 + 1:02d}T{n // 28:02d}:00:00Z" for n in range(many)]
            acts = [thing("Procedure", f"p{n}", f"Act {n}", performedDateTime=day) for n, day in enumerate(days)]
            read(*acts, *(pressure(f"b{n}", day, 120 + n, 80) for n, day in enumerate(days)))
            found: list[str] = []

            def keep(*parts: Any) -> None:
                found.append(parts[2])

            event.listen(kernel.engine, "before_cursor_execute", keep)
            read.page()
            event.remove(kernel.engine, "before_cursor_execute", keep)
            return len(found)

        assert sent(2) == sent(60)


RAW = re.compile(r"urn:|https?://|\{'|[1-9]\.\d{4,}|T\d\d:\d\d|\bNone\b|entered-in-error")


@needs_samples
def test_every_kind_of_every_sample_has_its_place_on_a_page(kernel: Kernel, world: World, importer: Importer) -> None:
    """Nothing that belongs to a person is nowhere, nothing on the page is raw, undated or without a source."""
    for file in FILES:
        if file.name != "manifest.json":
            importer.files(file, organization=file.stem)
    rows: list[Record] = importer.rows(Record)
    for chart in importer.rows(Patient):
        account = world.account(chart.name)
        world.grant(account, chart)
        names = [place.name for place in (*PLACES, OTHER)]
        page = kernel.perform(open_record, world.sign_in(account), opened=names)
        here = {item.id for item in every_item(page)}
        titles = {item.title.lower() for item in every_item(page)}
        for row in rows:
            if row.patient_id != chart.id or row.gate != "open" or place_of(row.resource_type) is None:
                continue
            if row.section == Section.VITALS:
                assert page.vitals.rows
            elif row.section != Section.RESULTS or row.resource_type == "ImagingStudy":
                assert f"r-{row.id}" in here or repeated(row, titles, page), (row.resource_type, row.title)
        assert not RAW.search(json.dumps([asdict(item) for item in every_item(page)])), chart.name
        for item in every_item(page):
            assert item.title
            assert item.origin.startswith("From ")


def repeated(row: Record, _titles: set[str], page: RecordPage) -> bool:
    """Whether the record is an earlier time of a thing that the page tells once."""
    place = place_of(row.resource_type)
    assert place is not None
    return place.together and any(item.before for item in (*part(page, place.name).items, *part(page, place.name).past))
