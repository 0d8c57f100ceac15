"""The log of a chart: every act in a plain sentence to whoever may read it, and no trace of what is withheld."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from rxportal.commands.registry import use_cases
from rxportal.core.access import TABLE, Permission, Relationship
from rxportal.core.errors import NotAllowed
from rxportal.core.identity import Operator
from rxportal.core.kernel import Kernel
from rxportal.core.scopes import Chart, Desk
from rxportal.models.accounts import Level, Patient, Session
from rxportal.models.audit import AuditEntry
from rxportal.models.records import Gate, Kind, Record, Sensitivity
from rxportal.services.access_log import PAGE_SIZE, access_log
from rxportal.services.access_views import AccessPage, LogRow
from rxportal.services.access_words import SENTENCES, sentence
from rxportal.services.desk_results import hold_result, mark_seen, queue_case, release_result
from rxportal.services.exports import export_chart, export_for
from rxportal.services.grants import revoke_grant
from rxportal.services.results import list_results, open_result
from tests.factories import World
from tests.importing import Importer
from tests.importing import patient as patient_resource
from tests.samples import observation

UNTIL = "2026-12-03"


def rows(page: AccessPage) -> list[LogRow]:
    return [row for one in page.days for row in one.rows]


def sentences(page: AccessPage) -> list[str]:
    return [row.sentence for row in rows(page)]


class TestWhatIsTold:
    """Who did what."""

    def test_own_acts_a_proxys_and_the_staffs_are_told_newest_first(
        self, kernel: Kernel, world: World, clock: Any
    ) -> None:
        account, patient = world.owner()
        proxy, grant = world.proxy(patient, Level.READ_ONLY)
        doctor = world.staff()
        panel = world.released(patient, "Lipid panel")
        waiting = world.result(patient, "Iron panel")
        mine = world.sign_in(account)
        kernel.perform(list_results, mine)
        clock.advance(minutes=1)
        kernel.perform(open_result, world.sign_in(proxy), grant.id, result_id=panel.id)
        clock.advance(minutes=1)
        kernel.perform(queue_case, world.sign_in(doctor), record_id=waiting.id)
        page = kernel.perform(access_log, mine)
        assert [(row.sentence, row.role, row.at) for row in rows(page)] == [
            (f"{doctor.name} looked at a test result.", "Clinician", "12:02 pm"),
            (f"{proxy.name} opened “Lipid panel”.", "Read only", "12:01 pm"),
            ("You looked at the test results.", "", "12:00 pm"),
        ]
        assert [one.name for one in page.days] == ["23 Nov 2026"]

    def test_looking_at_the_log_is_in_the_log_and_a_live_reading_is_not(self, kernel: Kernel, world: World) -> None:
        account, _ = world.owner()
        session = world.sign_in(account)
        assert rows(kernel.perform(access_log, session)) == []
        kernel.perform(access_log, session, live=True)
        assert sentences(kernel.perform(access_log, session)) == ["You looked at this list."]

    def test_the_desks_acts_never_name_the_result(self, kernel: Kernel, world: World) -> None:
        account, patient = world.owner()
        doctor = world.sign_in(world.staff())
        for case, more in (
            (mark_seen, {}),
            (release_result, {}),
            (hold_result, {"reason": "patient_asked", "until": UNTIL}),
        ):
            kernel.perform(case, doctor, record_id=world.result(patient, "Telling title").id, **more)
        told = sentences(kernel.perform(access_log, world.sign_in(account)))
        assert [line.partition(" ")[2].partition(" ")[2] for line in told] == [
            "held a test result back.", "released a test result.", "marked a test result as seen.",
        ]  # fmt: skip
        assert not any("Telling" in line for line in told)

    def test_copies_by_a_proxy_and_by_the_practices_computer_are_told(self, kernel: Kernel, world: World) -> None:
        account, patient = world.owner()
        proxy, grant = world.proxy(patient)
        kernel.perform(export_chart, world.sign_in(proxy), grant.id)
        kernel.perform(export_for, Operator(), patient_id=patient.id)
        assert sentences(kernel.perform(access_log, world.sign_in(account))) == [
            "The practice’s computer made a copy of the record.",
            f"{proxy.name} made a copy of the record.",
        ]

    def test_the_end_of_an_access_names_whose_it_was(self, kernel: Kernel, world: World) -> None:
        account, patient = world.owner()
        proxy, grant = world.proxy(patient)
        session = world.sign_in(account)
        kernel.perform(revoke_grant, session, grant_id=grant.id)
        page = kernel.perform(access_log, session)
        assert sentences(page) == [f"You removed the access of {proxy.name}."]
        assert ([row.name for row in page.people], [row.name for row in page.past]) == ([], [proxy.name])

    def test_alike_lines_of_one_day_and_one_sign_in_are_one(self, kernel: Kernel, world: World, clock: Any) -> None:
        account, _ = world.owner()
        session = world.sign_in(account)
        for _time in range(3):
            kernel.perform(list_results, session)
            clock.advance(minutes=2)
        other = world.sign_in(account)
        kernel.perform(list_results, other)
        told = rows(kernel.perform(access_log, other))
        assert [(row.at, row.times, row.here) for row in told] == [
            ("12:06 pm", "", True), ("12:00 pm to 12:04 pm", "3 times", False),
        ]  # fmt: skip

    def test_every_act_on_a_chart_has_words_of_its_own(self) -> None:
        about_a_person = set(Permission) - {
            Permission.LIST_PATIENTS, Permission.SET_POLICY, Permission.MANAGE_STAFF, Permission.FORGET_FACTORS,
            Permission.LOAD_DEMO, Permission.VERIFY_AUDIT, Permission.WATCH_SESSIONS, Permission.DELIVER_NOTICES,
        }  # fmt: skip
        for case in use_cases():
            if case.scope in (Chart, Desk) and case.audited and case.permission in about_a_person:
                words = sentence(case.name, "Ann Quagga", mine=False)
                assert words.startswith("Ann Quagga "), case.name
                assert words != "Ann Quagga used this chart.", case.name
        assert all("{name}" in others for _own, others in SENTENCES.values())


class TestNoTrace:
    """What the reader must not know of."""

    def test_arriving_records_are_told_but_not_when_all_of_them_are_hidden(
        self, kernel: Kernel, world: World, tmp_path: Path
    ) -> None:
        importer = Importer(kernel, tmp_path)
        importer.take(patient_resource("p1"), observation(id="o1"))
        found = next(row for row in world.rows(Patient) if row.name == "Fay Testerson")
        account, _ = world.owner(found)
        session = world.sign_in(account)
        told = ["The practice’s computer took in new records."]
        assert sentences(kernel.perform(access_log, session, live=True)) == told
        hiv = {"coding": [{"system": "http://loinc.org", "code": "7917-8", "display": "HIV 1 Ab"}], "text": "HIV 1 Ab"}
        order = {
            "resourceType": "ServiceRequest", "id": "s1", "status": "active", "intent": "order", "code": hiv,
            "subject": {"reference": "Patient/p1"},
        }  # fmt: skip
        importer.take(order, observation(id="o2", code=hiv, basedOn=[{"reference": "ServiceRequest/s1"}]))
        hidden = next(row for row in world.rows(Record) if row.source_id == "o2")
        assert hidden.gate == Gate.WITHHELD
        assert sentences(kernel.perform(access_log, session, live=True)) == told
        importer.take(observation(id="o3"))
        assert rows(kernel.perform(access_log, session, live=True))[0].times == "2 times"

    def test_acts_on_a_result_that_is_withheld_leave_no_line(self, kernel: Kernel, world: World) -> None:
        account, patient = world.owner()
        doctor = world.sign_in(world.staff())
        session = world.sign_in(account)
        hidden = world.result(patient, "HIV", kind=Kind.HIV)
        kernel.perform(queue_case, doctor, record_id=hidden.id)
        kernel.perform(mark_seen, doctor, record_id=hidden.id)
        assert rows(kernel.perform(access_log, session)) == []

    def test_acts_from_before_it_was_withheld_vanish_with_it(self, kernel: Kernel, world: World) -> None:
        account, patient = world.owner()
        doctor, session = world.sign_in(world.staff()), world.sign_in(account)
        panel = world.released(patient, "Panel")
        kernel.perform(queue_case, doctor, record_id=panel.id)
        kernel.perform(open_result, session, result_id=panel.id)
        assert len(rows(kernel.perform(access_log, session, live=True))) == 2
        panel.gate = Gate.WITHHELD
        world.store(panel)
        assert rows(kernel.perform(access_log, session, live=True)) == []

    def test_a_childs_confidential_result_leaves_no_trace_for_the_parent(self, kernel: Kernel, world: World) -> None:
        child = world.child(9)
        parent, grant = world.parent(child)
        doctor = world.sign_in(world.staff())
        tells = {"sensitivity": Sensitivity.VIOLENCE, "own_sensitivity": Sensitivity.VIOLENCE}
        kernel.perform(queue_case, doctor, record_id=world.result(child, "Secret", **tells).id)
        kernel.perform(queue_case, doctor, record_id=world.result(child, "Plain").id)
        told = kernel.perform(access_log, world.sign_in(parent), grant.id)
        assert len(rows(told)) == 1
        assert [(row.removable, row.why) for row in told.people] == [(False, "Only the practice can end this access.")]

    def test_another_charts_lines_are_not_here(self, kernel: Kernel, world: World) -> None:
        account, _ = world.owner()
        stranger, _theirs = world.owner()
        kernel.perform(list_results, world.sign_in(stranger))
        assert rows(kernel.perform(access_log, world.sign_in(account))) == []

    @pytest.mark.parametrize("who", ["full", "read_only", "parent_of_teen"])
    def test_proxies_and_a_teens_parents_do_not_read_it(self, kernel: Kernel, world: World, who: str) -> None:
        patient = world.child(15)
        proxy, grant = world.parent(patient) if who == "parent_of_teen" else world.proxy(patient, Level(who))
        with pytest.raises(NotAllowed):
            kernel.perform(access_log, world.sign_in(proxy), grant.id)
        assert Relationship(who) not in TABLE[Permission.VIEW_ACCESS_LOG]


class TestFilterAndPages:
    """Narrowing it, and turning its pages."""

    def test_it_narrows_to_who_did_it(self, kernel: Kernel, world: World) -> None:
        account, patient = world.owner()
        proxy, grant = world.proxy(patient)
        panel = world.released(patient)
        session = world.sign_in(account)
        kernel.perform(list_results, session)
        kernel.perform(list_results, world.sign_in(proxy), grant.id)
        kernel.perform(queue_case, world.sign_in(world.staff()), record_id=panel.id)
        kernel.perform(export_for, Operator(), patient_id=patient.id)
        found = {
            who: len(rows(kernel.perform(access_log, session, who=who, live=True)))
            for who in ("", "me", "people", "staff", "system")
        }
        assert found == {"": 4, "me": 1, "people": 1, "staff": 1, "system": 1}
        assert kernel.perform(access_log, session, who="nonsense", live=True).who == ""

    def test_pages_are_cut_after_a_hundred_lines(self, kernel: Kernel, world: World, clock: Any) -> None:
        account, _ = world.owner()
        session = world.sign_in(account)
        for _time in range(PAGE_SIZE + 1):
            kernel.perform(list_results, session)
            clock.advance(seconds=1)
        first, second = (kernel.perform(access_log, session, page=page, live=True) for page in (1, 2))
        assert (rows(first)[0].times, first.more, second.more) == ("100 times", True, False)
        assert rows(second)[0].times == ""
        assert rows(kernel.perform(access_log, session, page=-5, live=True))[0].times == "100 times"


class TestWhatCanBeDone:
    """The questions beside a line."""

    def test_a_proxys_line_offers_the_removal_of_that_proxy(self, kernel: Kernel, world: World) -> None:
        account, patient = world.owner()
        proxy, grant = world.proxy(patient)
        kernel.perform(list_results, world.sign_in(proxy), grant.id)
        session = world.sign_in(account)
        row = rows(kernel.perform(access_log, session))[0]
        assert (row.grant, row.session, row.name) == (str(grant.id), "", proxy.name)
        kernel.perform(revoke_grant, session, grant_id=grant.id)
        assert [row.grant for row in rows(kernel.perform(access_log, session))][-1] == ""

    def test_an_own_line_from_another_browser_can_be_doubted_while_that_sign_in_lives(
        self, kernel: Kernel, world: World, clock: Any
    ) -> None:
        account, _ = world.owner()
        elsewhere = world.sign_in(account)
        other = world.rows(Session)[-1]
        other.browser = "Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) Version/18.0 Safari/604.1"
        world.store(other)
        kernel.perform(list_results, elsewhere)
        here = world.sign_in(account)
        row = rows(kernel.perform(access_log, here))[0]
        assert (row.device, row.here, row.session) == ("Safari on iPhone", False, str(other.id))
        clock.advance(minutes=16)
        row = rows(kernel.perform(access_log, world.sign_in(account)))[-1]
        assert (row.device, row.session) == ("Safari on iPhone", "")

    def test_the_lines_are_those_of_the_chain(self, kernel: Kernel, world: World) -> None:
        account, patient = world.owner()
        session = world.sign_in(account)
        kernel.perform(list_results, session)
        line = next(line for line in world.rows(AuditEntry) if line.patient_id == patient.id)
        assert rows(kernel.perform(access_log, session))[0].id == str(line.id)


def test_the_number_of_statements_does_not_grow_with_the_log(sqlite_kernel: Kernel) -> None:
    from sqlalchemy import event

    world = World(sqlite_kernel)
    account, patient = world.owner()
    session = world.sign_in(account)
    counts = []

    def counted(*_anything: Any) -> None:
        counts[-1] += 1

    for number in (2, 30):
        for _each in range(number):
            proxy, grant = world.proxy(patient)
            panel = world.released(patient)
            sqlite_kernel.perform(open_result, world.sign_in(proxy), grant.id, result_id=panel.id)
        sqlite_kernel.perform(access_log, session, live=True)
        counts.append(0)
        event.listen(sqlite_kernel.engine, "before_cursor_execute", counted)
        sqlite_kernel.perform(access_log, session, live=True)
        event.remove(sqlite_kernel.engine, "before_cursor_execute", counted)
    assert counts[0] == counts[1]
