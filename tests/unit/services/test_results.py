"""The results of a chart: what is listed, found, counted and opened is what may be seen, and nothing else shows."""

from __future__ import annotations

import json
from dataclasses import asdict
from datetime import timedelta
from itertools import pairwise
from typing import Any
from uuid import uuid4

import pytest
from sqlalchemy import event

from rxportal.core.errors import NotFound
from rxportal.core.kernel import Kernel
from rxportal.models.accounts import Level, Patient
from rxportal.models.records import Kind, Reading, Record, RecordLink, Section, Sensitivity
from rxportal.models.releases import HoldReason, ReleaseAct, ReleaseEvent
from rxportal.services.home import home
from rxportal.services.results import list_results, open_result
from tests.factories import World


@pytest.fixture
def kernel(sqlite_kernel: Kernel) -> Kernel:
    return sqlite_kernel


def secret(tells: Sensitivity) -> dict[str, Any]:
    return {"sensitivity": tells, "own_sensitivity": tells}


def carry(world: World, parent: Record, child: Record, position: int = 0) -> None:
    world.store(RecordLink(parent_id=parent.id, child_id=child.id, position=position))


def value(
    world: World, patient: Patient, report: Record | None, number: float, days_ago: int = 1, **more: Any
) -> Record:
    """A glucose value, inside a report or alone."""
    at = world.now - timedelta(days=days_ago)
    flag = more.pop("flag", "High" if number > 99 else "Normal")
    low, high = more.pop("usual", (70, 99))
    body = {
        "resourceType": "Observation", "id": uuid4().hex, "status": "final", "code": {"text": "Glucose"},
        "effectiveDateTime": at.isoformat(), "valueQuantity": {"value": number, "unit": "mg/dL"},
        "referenceRange": [
            {key: {"value": side, "unit": "mg/dL"} for key, side in (("low", low), ("high", high)) if side}
        ],
    }  # fmt: skip
    facts = {"seen_at": report.seen_at if report else world.now, "kind": Kind.ORDINARY, "own_kind": Kind.ORDINARY}
    row = world.record(
        patient, resource_type="Observation", section=Section.RESULTS, title="Glucose",
        listed=report is None, body=json.dumps(body), occurred=at.isoformat(), occurred_at=at,
        values=1, flagged=int(flag == "High"), **(facts | more),
    )  # fmt: skip
    world.store(Reading(record_id=row.id, patient_id=patient.id, analyte="glucose", name="Glucose", unit="mg/dL",
                        value=number, display=f"{number:g}", low=low, high=high, flag=flag, at=at))  # fmt: skip
    if report:
        carry(world, report, row)
    return row


class TestList:
    """`/results`."""

    def test_seen_results_are_rows_and_unseen_ones_are_on_their_way(self, kernel: Kernel, world: World) -> None:
        account, patient = world.owner()
        world.released(patient, "Lipid panel")
        world.result(patient, "Iron panel")
        page = kernel.perform(list_results, world.sign_in(account))
        assert [row.title for row in page.rows] == ["Lipid panel"]
        assert [row.title for row in page.waiting] == ["Iron panel"]
        assert (page.total, page.pages, page.sentence) == (1, 1, "1 result")

    def test_an_unseen_result_says_who_acts_next_and_by_when(self, kernel: Kernel, world: World) -> None:
        account, patient = world.owner()
        xray = world.result(patient, "Chest X-ray", kind=Kind.RADIOLOGY)
        order = world.record(
            patient, resource_type="ServiceRequest", section=Section.OTHER, author="Dr. Lee", ordered="2026-11-16"
        )
        carry(world, xray, order)
        waits = kernel.perform(list_results, world.sign_in(account)).waiting[0]
        assert waits.sentence == "Dr. Lee releases it. It opens on 29 Nov 2026 at the latest."
        assert [(step.label, step.when, step.state) for step in waits.steps] == [
            ("Ordered", "16 Nov 2026", "done"),
            ("Taken", "22 Nov 2026", "done"),
            ("Report ready", "22 Nov 2026", "done"),
            ("Dr. Lee releases it", "at latest 29 Nov 2026", "now"),
        ]

    def test_a_hold_is_told_by_its_reason_in_the_words_of_whoever_reads(self, kernel: Kernel, world: World) -> None:
        account, patient = world.owner()
        proxy, grant = world.proxy(patient)
        ends = world.now + timedelta(days=9)
        world.result(patient, "A1c", seen_at=world.now, hold_reason=HoldReason.PATIENT_ASKED.value, hold_until=ends)
        own = kernel.perform(list_results, world.sign_in(account)).waiting[0]
        theirs = kernel.perform(list_results, world.sign_in(proxy), grant.id).waiting[0]
        assert own.sentence == "You asked us to wait. It opens on 2 Dec 2026 at the latest."
        assert theirs.sentence.startswith(f"{patient.name} asked us to wait.")

    def test_a_result_opens_by_itself_on_its_latest_day(self, kernel: Kernel, world: World, clock: Any) -> None:
        account, patient = world.owner()
        world.result(patient, "Iron panel")
        clock.advance(days=6)
        session = world.sign_in(account)
        assert kernel.perform(list_results, session).total == 1
        assert kernel.perform(list_results, session).waiting == []

    def test_newest_collection_first_and_months_are_headed_once(self, kernel: Kernel, world: World) -> None:
        account, patient = world.owner()
        for day in ("2026-06-03", "2026-11-18", "2026-06-20", "2019-05", "2018", ""):
            when = world.now.replace(year=int(day[:4] or 1), month=int(day[5:7] or 1), day=int(day[8:] or 1))
            world.released(patient, day or "undated", occurred=day, occurred_at=when if day else None)
        rows = kernel.perform(list_results, world.sign_in(account)).rows
        assert [row.title for row in rows] == ["2026-11-18", "2026-06-20", "2026-06-03", "2019-05", "2018", "undated"]
        assert [row.month for row in rows if row.starts_month] == [
            "November 2026", "June 2026", "May 2019", "2018", "Date not known",
        ]  # fmt: skip
        assert [row.collected for row in rows] == ["18 Nov 2026", "20 Jun 2026", "3 Jun 2026", "May 2019", "2018", ""]

    def test_twenty_a_page_and_no_page_beyond_the_last(self, kernel: Kernel, world: World) -> None:
        account, patient = world.owner()
        for number in range(45):
            world.released(patient, f"Panel {number:02d}")
        session = world.sign_in(account)
        pages = [kernel.perform(list_results, session, page=page) for page in (1, 2, 3, 99, -7)]
        assert [(page.page, len(page.rows), page.pages) for page in pages] == [
            (1, 20, 3), (2, 20, 3), (3, 5, 3), (3, 5, 3), (1, 20, 3),
        ]  # fmt: skip
        assert len({row.id for page in pages[:3] for row in page.rows}) == 45

    def test_flags_are_words(self, kernel: Kernel, world: World) -> None:
        account, patient = world.owner()
        high, fine, words = (world.released(patient, title) for title in ("High", "Fine", "Words"))
        value(world, patient, high, 112)
        value(world, patient, high, 60, flag="Low")
        value(world, patient, fine, 80)
        rows = {row.title: row for row in kernel.perform(list_results, world.sign_in(account)).rows}
        assert (rows["High"].flag, rows["High"].tone, rows["High"].detail) == ("1 high, 1 low", "look", "2 values")
        assert (rows["Fine"].flag, rows["Fine"].tone) == ("All in range", "good")
        assert (rows["Words"].flag, rows["Words"].detail, words.title) == ("", "Report", "Words")

    def test_only_what_became_visible_this_week_is_new_and_history_is_not(self, kernel: Kernel, world: World) -> None:
        account, patient = world.owner()
        long_ago = world.now - timedelta(days=900)
        world.released(patient, "Fresh")
        world.released(patient, "History", occurred_at=long_ago, arrived_at=world.now)
        world.result(patient, "Released late", kind=Kind.PATHOLOGY, released_at=world.now, occurred_at=long_ago)
        rows = kernel.perform(list_results, world.sign_in(account)).rows
        assert {row.title for row in rows if row.is_new} == {"Fresh", "Released late"}
        assert not any("History" in need.title for need in kernel.perform(home, world.sign_in(account)).needs)

    def test_the_list_takes_the_same_number_of_statements_for_one_row_and_for_twenty(
        self, kernel: Kernel, world: World
    ) -> None:
        counts = []
        for many in (1, 20):
            account, patient = world.owner()
            for number in range(many):
                report = world.released(patient, f"Panel {number}")
                value(world, patient, report, 90 + number)
                world.result(patient, f"Waiting {number}")
            session = world.sign_in(account)
            counts.append(statements_of(kernel, session))
        assert counts[0] == counts[1]


def statements_of(kernel: Kernel, session: Any) -> int:
    """How many statements one reading of the list sends to the database."""
    sent: list[str] = []

    def keep(*parts: Any) -> None:
        sent.append(parts[2])

    event.listen(kernel.engine, "before_cursor_execute", keep)
    kernel.perform(list_results, session, query="glucose panel")
    event.remove(kernel.engine, "before_cursor_execute", keep)
    return len(sent)


class TestSearchAndFilter:
    """Words and kinds."""

    def test_every_word_must_occur_in_the_result_or_in_a_value_it_carries(self, kernel: Kernel, world: World) -> None:
        account, patient = world.owner()
        report = world.released(patient, "Basic metabolic panel")
        value(world, patient, report, 90)
        world.released(patient, "Lipid panel")
        session = world.sign_in(account)
        found = {words: kernel.perform(list_results, session, query=words) for words in
                 ("glucose", "PANEL", "basic glucose", "lipid glucose", "100%", "_", "  ")}  # fmt: skip
        assert [row.title for row in found["glucose"].rows] == ["Basic metabolic panel"]
        assert (found["PANEL"].total, found["basic glucose"].total, found["lipid glucose"].total) == (2, 1, 0)
        assert (found["100%"].total, found["_"].total, found["  "].total) == (0, 0, 2)
        assert found["lipid glucose"].sentence == "Nothing matches “lipid glucose”"

    def test_a_waiting_result_is_found_by_its_name_but_not_by_what_it_says(self, kernel: Kernel, world: World) -> None:
        account, patient = world.owner()
        world.result(patient, "Skin biopsy", kind=Kind.PATHOLOGY, search="skin biopsy melanoma")
        session = world.sign_in(account)
        assert len(kernel.perform(list_results, session, query="biopsy").waiting) == 1
        assert kernel.perform(list_results, session, query="melanoma").waiting == []

    def test_kinds_are_filtered_and_only_kinds_one_has_are_offered(self, kernel: Kernel, world: World) -> None:
        account, patient = world.owner()
        world.released(patient, "Lipid panel")
        world.released(patient, "Chest X-ray", kind=Kind.RADIOLOGY)
        world.result(patient, "Skin biopsy", kind=Kind.PATHOLOGY)
        session = world.sign_in(account)
        page = kernel.perform(list_results, session, kind="imaging")
        assert ([row.title for row in page.rows], page.waiting) == (["Chest X-ray"], [])
        assert [choice.value for choice in page.kinds] == ["", "lab", "imaging"]
        assert kernel.perform(list_results, session, kind="nonsense").total == 2


HIDDEN_FROM_ALL = [Kind.HIV, Kind.HEPATITIS, Kind.DRUG_ABUSE, Kind.RESTRICTED]


def everything(kernel: Kernel, session: Any, grant: Any = None) -> list[dict[str, Any]]:
    """All that a chart's result pages say, ids left out."""
    pages = [
        kernel.perform(list_results, session, grant, **asked)
        for asked in ({}, {"page": 2}, {"query": "glucose"}, {"query": "panel"}, {"kind": "lab"}, {"kind": "tissue"})
    ]
    opened = [kernel.perform(open_result, session, grant, result_id=row.id) for row in pages[0].rows]
    told = [asdict(view) for view in [*pages, *opened, kernel.perform(home, session, grant)]]
    return [without_ids(view) for view in told]


def without_ids(said: Any) -> Any:
    if isinstance(said, dict):
        return {key: without_ids(part) for key, part in said.items()
                if key not in {"id", "result_id", "href", "source", "provenance", "greeting_name", "limits"}}  # fmt: skip
    return [without_ids(part) for part in said] if isinstance(said, list) else said


class TestNoTrace:
    """A chart with hidden records reads exactly as one without them."""

    def chart(self, world: World, patient: Patient) -> None:
        for days in range(1, 23):
            report = world.released(patient, f"Metabolic panel {days:02d}", occurred=f"2026-11-{days:02d}")
            value(world, patient, report, 80 + days, days)

    def add_hidden(self, world: World, patient: Patient, **columns: Any) -> list[Record]:
        hidden = world.released(patient, "Hidden panel", **columns)
        inside = value(world, patient, hidden, 400, 3, **columns)
        alone = value(world, patient, None, 500, 2, **columns)
        world.store(ReleaseEvent(record_id=hidden.id, patient_id=patient.id, by="Dr. Lee", act=ReleaseAct.SEEN,
                                 at=world.now, comment="Call me about this"))  # fmt: skip
        return [hidden, inside, alone]

    @pytest.mark.parametrize("kind", HIDDEN_FROM_ALL)
    def test_of_law_withheld_results_for_the_owner(self, kernel: Kernel, world: World, kind: Kind) -> None:
        with_them, without = world.owner(), world.owner()
        for _account, patient in (with_them, without):
            self.chart(world, patient)
        hidden = self.add_hidden(world, with_them[1], kind=kind)
        session = world.sign_in(with_them[0])
        assert everything(kernel, session) == everything(kernel, world.sign_in(without[0]))
        for record in hidden:
            with pytest.raises(NotFound):
                kernel.perform(open_result, session, result_id=record.id)

    @pytest.mark.parametrize("level", [Level.FULL, Level.READ_ONLY])
    def test_of_confidential_results_for_a_proxy(self, kernel: Kernel, world: World, level: Level) -> None:
        with_them, without = world.patient(), world.patient()
        for patient in (with_them, without):
            self.chart(world, patient)
        self.add_hidden(world, with_them, **secret(Sensitivity.SEXUAL_HEALTH))
        world.result(with_them, "Chlamydia test", **secret(Sensitivity.SEXUAL_HEALTH))
        (one, grant), (other, clean) = world.proxy(with_them, level), world.proxy(without, level)
        told = everything(kernel, world.sign_in(one), grant.id)
        assert told == everything(kernel, world.sign_in(other), clean.id)

    def test_of_what_was_entered_in_error(self, kernel: Kernel, world: World) -> None:
        with_them, without = world.owner(), world.owner()
        for _account, patient in (with_them, without):
            self.chart(world, patient)
        self.add_hidden(world, with_them[1], struck=True)
        assert everything(kernel, world.sign_in(with_them[0])) == everything(kernel, world.sign_in(without[0]))

    def test_a_hidden_result_and_one_that_never_was_give_the_same_answer(self, kernel: Kernel, world: World) -> None:
        account, patient = world.owner()
        other = world.patient()
        session = world.sign_in(account)
        answers = set()
        for key in (world.result(patient, kind=Kind.HIV).id, world.released(other).id, uuid4()):
            with pytest.raises(NotFound) as refusal:
                kernel.perform(open_result, session, result_id=key)
            answers.add(refusal.value.message)
        assert len(answers) == 1


class TestDetail:
    """`/results/[id]`."""

    def test_values_ranges_flags_and_the_doctors_words(self, kernel: Kernel, world: World) -> None:
        account, patient = world.owner()
        report = world.released(patient, "Basic metabolic panel")
        value(world, patient, report, 112)
        world.store(ReleaseEvent(record_id=report.id, patient_id=patient.id, by="Dr. Lee", act=ReleaseAct.SEEN,
                                 at=world.now, comment="A little high, as expected."))  # fmt: skip
        detail = kernel.perform(open_result, world.sign_in(account), result_id=report.id)
        row = detail.values[0]
        assert (row.name, row.value, row.unit, row.flag, row.tone) == ("Glucose", "112", "mg/dL", "High", "look")
        assert (row.has_bar, row.series, detail.trends) == (True, "", [])
        assert (detail.comment, detail.comment_by) == ("A little high, as expected.", "Dr. Lee")
        assert detail.steps[-1].label == "Shown here"

    def test_a_waiting_result_tells_its_journey_and_nothing_it_says(self, kernel: Kernel, world: World) -> None:
        account, patient = world.owner()
        body = json.dumps({"resourceType": "DiagnosticReport", "conclusion": "Melanoma"})
        report = world.result(patient, "Skin biopsy", kind=Kind.PATHOLOGY, body=body)
        detail = kernel.perform(open_result, world.sign_in(account), result_id=report.id)
        assert (detail.waiting, detail.title) == (True, "Skin biopsy")
        assert "Melanoma" not in json.dumps(asdict(detail))
        assert detail.waiting_sentence == "Your doctor releases it. It opens on 6 Dec 2026 at the latest."

    def test_a_trend_has_the_true_time_axis_the_band_and_the_same_points_as_a_table(
        self, kernel: Kernel, world: World
    ) -> None:
        account, patient = world.owner()
        reports = []
        for number, days in ((92, 1200), (97, 800), (103, 400), (112, 1)):
            reports.append(world.released(patient, "Basic metabolic panel"))
            value(world, patient, reports[-1], number, days)
        trend = kernel.perform(open_result, world.sign_in(account), result_id=reports[-1].id).trends[0]
        assert (trend.title, trend.headline, trend.has_band) == ("Glucose", "112 mg/dL", True)
        assert trend.change.startswith("up 9 since")
        assert [point.value for point in trend.points] == ["92", "97", "103", "112"]
        assert [point.result_id for point in trend.points] == [str(report.id) for report in reports]
        assert [point.current for point in trend.points] == [False, False, False, True]
        across = [float(point.x) for point in trend.points]
        gaps = [right - left for left, right in pairwise(across)]
        assert max(gaps) - min(gaps) < 1
        assert trend.points[3].flag == "High"
        assert "92, 97, 103, 112 mg/dL. Usual range 70 to 99." in trend.label

    def test_a_trend_leaves_out_what_may_not_be_seen(self, kernel: Kernel, world: World) -> None:
        account, patient = world.owner()
        shown = world.released(patient, "Panel")
        value(world, patient, shown, 90, 5)
        value(world, patient, shown, 91, 4)
        value(world, patient, world.result(patient, "Unseen"), 444, 2)
        value(world, patient, world.result(patient, "Withheld", kind=Kind.HIV), 555, 3, kind=Kind.HIV)
        trend = kernel.perform(open_result, world.sign_in(account), result_id=shown.id).trends[0]
        assert [point.value for point in trend.points] == ["90", "91"]

    @pytest.mark.parametrize(
        ("usual", "words"), [((None, 99), "Usually up to 99."), ((70, None), "Usually 70 or more.")]
    )
    def test_one_sided_ranges_are_drawn_to_the_edge(self, kernel: Kernel, world: World, usual: Any, words: str) -> None:
        account, patient = world.owner()
        for days in (30, 1):
            report = world.released(patient, "Panel")
            value(world, patient, report, 90 + days, days, usual=usual)
        detail = kernel.perform(open_result, world.sign_in(account), result_id=report.id)
        trend, row = detail.trends[0], detail.values[0]
        assert trend.has_band and trend.label.endswith(words)
        assert float(trend.band_height) > 0
        left, width = float(row.bar_left[:-1]), float(row.bar_width[:-1])
        assert row.has_bar
        assert left == 0 if usual[0] is None else left + width == pytest.approx(100, abs=0.2)


class TestHome:
    """What needs me."""

    def test_an_empty_chart_says_that_nothing_needs_one(self, kernel: Kernel, world: World) -> None:
        account, _patient = world.owner()
        view = kernel.perform(home, world.sign_in(account))
        assert (view.nothing, view.needs, view.coming, view.waiting) == (True, [], [], [])

    def test_a_new_result_is_a_need_with_the_doctors_words_announced(self, kernel: Kernel, world: World) -> None:
        account, patient = world.owner()
        report = world.released(patient, "Basic metabolic panel")
        value(world, patient, report, 112)
        world.store(ReleaseEvent(record_id=report.id, patient_id=patient.id, by="Dr. Lee", act=ReleaseAct.SEEN,
                                 at=world.now, comment="Fine."))  # fmt: skip
        need = kernel.perform(home, world.sign_in(account)).needs[0]
        assert (need.title, need.tag, need.tone) == ("New result: Basic metabolic panel", "1 high", "look")
        assert need.detail == "Collected 22 Nov 2026 · Dr. Lee added a comment"

    def test_a_proxy_is_greeted_by_their_own_name(self, kernel: Kernel, world: World) -> None:
        patient = world.patient("Grace Testerson")
        account, grant = world.proxy(patient)
        assert kernel.perform(home, world.sign_in(account), grant.id).greeting_name == account.name.split()[0]
