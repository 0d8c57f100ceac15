"""The desk for access: who is found, what is seen, what an end does, and who may not."""

from __future__ import annotations

import json
from uuid import uuid4

import pytest

from rxportal.core.errors import Conflict, InvalidInput, NotAllowed, NotFound
from rxportal.core.identity import SessionToken
from rxportal.core.kernel import Kernel
from rxportal.core.live import GRANTS, Change
from rxportal.models.accounts import Basis, Grant, Level, Role
from rxportal.models.audit import AuditEntry
from rxportal.services.access_log import access_log
from rxportal.services.access_words import EndReason
from rxportal.services.desk_access import birth_date, end_access, find_patients, see_access
from rxportal.services.results import list_results
from tests.factories import World
from tests.fakes import RecordingBus

MAY = [Role.FRONT_DESK, Role.ADMINISTRATOR]


@pytest.fixture
def fran(world: World) -> SessionToken:
    return world.sign_in(world.staff(Role.FRONT_DESK))


class TestFind:
    """By name, MRN or birth date, in this practice."""

    @pytest.mark.parametrize(
        "words",
        [
            "ann",
            "Quagga",
            "quag ann",
            "T00",
            "1985-03-14",
            "3/14/1985",
            "14 Mar 1985",
            "14 march 1985",
            "Ann 3/14/1985",
        ],
    )
    def test_every_word_counts(self, kernel: Kernel, world: World, fran: SessionToken, words: str) -> None:
        patient = world.patient("Ann Quagga", born="1985-03-14")
        patient.mrn = "T00417"
        world.store(patient)
        world.patient("Bea Okapi", born="1990-01-01", practice=world.practice())
        other = next(row for row in world.rows(type(patient)) if row.name == "Bea Okapi")
        other.mrn = "X1"
        world.store(other)
        found = kernel.perform(find_patients, fran, words=words)
        assert [(row.name, row.born, row.mrn) for row in found.rows] == [("Ann Quagga", "14 Mar 1985", "T00417")]
        assert found.sentence == "1 patient found"

    def test_nobody_and_too_many_are_said(self, kernel: Kernel, world: World, fran: SessionToken) -> None:
        assert kernel.perform(find_patients, fran, words="zz").sentence == "Nobody of this practice fits these words."
        for _each in range(21):
            world.patient("Ann Quagga")
        found = kernel.perform(find_patients, fran, words="ann")
        assert (len(found.rows), found.sentence[:13]) == (20, "The first 20.")

    @pytest.mark.parametrize("words", ["a", " a ", "x" * 101])
    def test_too_little_is_refused_at_the_field(self, kernel: Kernel, fran: SessionToken, words: str) -> None:
        with pytest.raises(InvalidInput) as refusal:
            kernel.perform(find_patients, fran, words=words)
        assert refusal.value.field == "words"

    def test_no_words_find_nobody(self, kernel: Kernel, world: World, fran: SessionToken) -> None:
        world.patient()
        assert kernel.perform(find_patients, fran, words=" ").rows == []

    @pytest.mark.parametrize("words", ["%%", "__", "a%", "' or 1=1 --"])
    def test_signs_of_the_database_are_only_letters(
        self, kernel: Kernel, world: World, fran: SessionToken, words: str
    ) -> None:
        world.patient("Ann Quagga")
        assert kernel.perform(find_patients, fran, words=words).rows == []

    def test_another_practices_patients_are_not_found(self, kernel: Kernel, world: World, fran: SessionToken) -> None:
        world.patient("Cy Narwhal", practice=world.practice("Elsewhere Clinic"))
        assert kernel.perform(find_patients, fran, words="narwhal").rows == []

    def test_what_was_looked_for_is_not_kept(self, kernel: Kernel, world: World, fran: SessionToken) -> None:
        world.patient("Ann Quagga")
        kernel.perform(find_patients, fran, words="quagga")
        assert world.rows(AuditEntry)[-1].detail == '{"found": 1}'

    def test_dates_that_are_none(self) -> None:
        assert [birth_date(words) for words in ("31/31/1985", "14 Foo 1985", "1985-13-01", "1985", "ann")] == [""] * 5


class TestSee:
    """Who may open a chart."""

    def test_open_access_comes_first_the_owners_on_top_and_what_is_over_apart(
        self, kernel: Kernel, world: World, fran: SessionToken
    ) -> None:
        account, patient = world.owner()
        reader, _ = world.proxy(patient, Level.READ_ONLY)
        gone, _ = world.proxy(patient, revoked_at=world.now)
        seen = kernel.perform(see_access, fran, patient_id=patient.id)
        assert [(row.name, row.level, row.tag) for row in seen.people] == [
            (account.name, "Own chart", ""), (reader.name, "Read only", ""),
        ]  # fmt: skip
        assert [(row.name, row.tag) for row in seen.past] == [(gone.name, "Removed")]

    def test_the_look_stands_in_the_patients_own_log(self, kernel: Kernel, world: World) -> None:
        account, patient = world.owner()
        staff = world.staff(Role.FRONT_DESK)
        kernel.perform(see_access, world.sign_in(staff), patient_id=patient.id)
        row = kernel.perform(access_log, world.sign_in(account)).days[0].rows[0]
        assert (row.sentence, row.role) == (f"{staff.name} looked at who may open this chart.", "Front desk")

    def test_another_practices_patient_is_not_found(self, kernel: Kernel, world: World, fran: SessionToken) -> None:
        far = world.patient(practice=world.practice("Elsewhere Clinic"))
        for key in (far.id, uuid4()):
            with pytest.raises(NotFound):
                kernel.perform(see_access, fran, patient_id=key)


class TestEnd:
    """Ending one, with a reason."""

    @pytest.mark.parametrize("role", MAY)
    def test_it_is_over_at_once_and_told_with_its_reason(self, kernel: Kernel, world: World, role: Role) -> None:
        account, patient = world.owner()
        proxy, grant = world.proxy(patient)
        theirs, staff = world.sign_in(proxy), world.staff(role)
        seen = kernel.perform(end_access, world.sign_in(staff), grant_id=grant.id, reason=EndReason.LAW)
        assert [row.name for row in seen.past] == [proxy.name]
        with pytest.raises(NotFound):
            kernel.perform(list_results, theirs, grant.id)
        line = world.rows(AuditEntry)[-2]
        assert (line.use_case, line.patient_id) == ("end_access", patient.id)
        assert json.loads(line.detail) == {"grant": str(grant.id), "reason": "law"}
        row = kernel.perform(access_log, world.sign_in(account)).days[0].rows[0]
        assert row.sentence == f"{staff.name} ended the access of {proxy.name}: a court order or a change of custody."
        assert isinstance(kernel.bus, RecordingBus)
        assert {
            Change("account", str(proxy.id), GRANTS),
            Change("chart", str(patient.id), "grants"),
            Change("chart", str(patient.id), "access_log"),
            Change("desk", str(patient.practice_id), "desk_access"),
        } <= set(kernel.bus.published)

    @pytest.mark.parametrize("basis", [Basis.PARENT, Basis.GUARDIAN, Basis.SELF])
    def test_the_desk_ends_what_the_owner_can_not(
        self, kernel: Kernel, world: World, fran: SessionToken, basis: Basis
    ) -> None:
        level = Level.SELF if basis is Basis.SELF else Level.FULL
        _, grant = world.proxy(world.child(9), level, basis=basis)
        kernel.perform(end_access, fran, grant_id=grant.id, reason=EndReason.MISTAKE)
        assert world.rows(Grant)[0].revoked_at == kernel.clock()

    def test_not_twice_not_elsewhere_not_without_a_reason(
        self, kernel: Kernel, world: World, fran: SessionToken
    ) -> None:
        _, grant = world.proxy(world.patient(), revoked_at=world.now)
        _, far = world.proxy(world.patient(practice=world.practice("Elsewhere Clinic")))
        with pytest.raises(Conflict):
            kernel.perform(end_access, fran, grant_id=grant.id, reason=EndReason.OTHER)
        for key in (far.id, uuid4()):
            with pytest.raises(NotFound):
                kernel.perform(end_access, fran, grant_id=key, reason=EndReason.OTHER)
        with pytest.raises(InvalidInput) as refusal:
            kernel.perform(end_access, fran, grant_id=grant.id, reason="")
        assert refusal.value.field == "reason"

    @pytest.mark.parametrize("role", [Role.CLINICIAN, Role.BILLING])
    def test_other_roles_neither_see_nor_end(self, kernel: Kernel, world: World, role: Role) -> None:
        patient = world.patient()
        _, grant = world.proxy(patient)
        session = world.sign_in(world.staff(role))
        for case, inputs in (
            (find_patients, {"words": "ann"}),
            (see_access, {"patient_id": patient.id}),
            (end_access, {"grant_id": grant.id, "reason": EndReason.OTHER}),
        ):
            with pytest.raises(NotAllowed):
                kernel.perform(case, session, **inputs)
        assert world.rows(Grant)[0].revoked_at is None
