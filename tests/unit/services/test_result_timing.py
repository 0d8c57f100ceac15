"""Choosing when one's results open (N2): who may, what it does to every open page, and what it never does."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from rxportal.core.errors import Conflict, InvalidInput, NotAllowed, NotFound, PortalError
from rxportal.core.identity import Operator
from rxportal.core.kernel import Kernel
from rxportal.core.live import Change
from rxportal.models.accounts import Level, Patient
from rxportal.models.preferences import TimingChoice
from rxportal.models.records import Gate, Kind, Reading, Record
from rxportal.rules.policy import Preset
from rxportal.rules.timing import WISH_DAYS, Group
from rxportal.services.access_log import access_log
from rxportal.services.desk_results import mark_normal_seen, mark_seen, queue_case, release_result
from rxportal.services.notices import due_notices
from rxportal.services.policies import set_policy
from rxportal.services.preferences import view_preferences
from rxportal.services.result_timing import choose_timing
from rxportal.services.results import list_results
from tests.factories import World

LABORATORY, IMAGING = Group.LABORATORY.value, Group.IMAGING.value


def in_range(world: World, patient: Patient) -> Record:
    """A result with one value, and that in its range."""
    row = world.result(patient, values=1)
    reading = {"record_id": row.id, "patient_id": patient.id, "analyte": "a", "name": "A", "value": 1, "display": "1"}
    world.store(Reading(**reading, flag="Normal"))
    return row


class Anna:
    """An owner and a clinician, signed in."""

    def __init__(self, kernel: Kernel) -> None:
        self.kernel, self.world = kernel, World(kernel)
        account, self.patient = self.world.owner()
        self.token = self.world.sign_in(account)
        self.doctor = self.world.sign_in(self.world.staff())

    def choose(self, choice: str = "word", group: str = LABORATORY) -> None:
        """What the form sends."""
        self.kernel.perform(choose_timing, self.token, group=group, choice=choice)
        self.kernel.clock.advance(minutes=1)  # type: ignore[attr-defined]

    def shown(self) -> tuple[int, int]:
        """How many results she may read, and how many are on their way."""
        page = self.kernel.perform(list_results, self.token)
        return page.total, len(page.waiting)


@pytest.fixture
def anna(kernel: Kernel) -> Anna:
    return Anna(kernel)


def stored(world: World, record: Record) -> Record:
    return next(row for row in world.rows(Record) if row.id == record.id)


def child_of(world: World, years: int, level: Level = Level.FULL) -> tuple[Any, str]:
    """A parent, signed in, with the chart of a child: token and grant."""
    account, grant = world.parent(world.child(years), level)
    return world.sign_in(account), str(grant.id)


def test_a_seen_result_waits_for_a_comment_and_says_why(anna: Anna) -> None:
    anna.choose()
    result = anna.world.result(anna.patient, "Lipid panel")
    anna.kernel.perform(mark_seen, anna.doctor, record_id=str(result.id))
    assert anna.shown() == (0, 1)
    (row,) = anna.kernel.perform(list_results, anna.token).waiting
    assert row.tag == "Waiting, as asked"
    assert row.sentence.startswith("As asked, it waits until")
    assert row.latest
    anna.kernel.perform(release_result, anna.doctor, record_id=str(result.id), comment="All is well.")
    assert anna.shown() == (1, 0)


def test_a_comment_with_the_look_opens_it(anna: Anna) -> None:
    anna.choose()
    result = anna.world.result(anna.patient)
    case = anna.kernel.perform(queue_case, anna.doctor, record_id=str(result.id))
    assert "asked to wait for your word" in case.who_after_seen
    assert "will see it at once" in case.who_will_see
    anna.kernel.perform(mark_seen, anna.doctor, record_id=str(result.id), comment="Good.")
    assert anna.shown() == (1, 0)


def test_several_at_once_are_not_marked_past_somebodys_wish(anna: Anna) -> None:
    anna.choose()
    result = in_range(anna.world, anna.patient)
    anna.choose()  # settles the chart, as an import does
    answer = anna.kernel.perform(mark_normal_seen, anna.doctor, record_ids=[str(result.id)])
    assert [one.why for one in answer.refused] == ["They asked to wait for your comment. Open it and write one."]
    assert stored(anna.world, result).seen_at is None


def test_taking_a_wish_back_tells_whoever_else_reads_the_chart_once_and_not_oneself(anna: Anna) -> None:
    anna.choose()
    proxy, _grant = anna.world.proxy(anna.patient)
    unshared, _grant = anna.world.proxy(anna.patient, sections="medicines,profile,shared")
    for _number in range(3):
        result = anna.world.result(anna.patient)
        anna.kernel.perform(mark_seen, anna.doctor, record_id=str(result.id))
    anna.world.result(anna.patient, kind=Kind.HIV)
    assert readers_told(anna) == []
    anna.choose("soon")
    assert readers_told(anna) == [[proxy.email]], "one letter, however many opened"
    anna.choose("soon")
    assert len(readers_told(anna)) == 1, "nothing more opened"
    assert unshared.email not in str(readers_told(anna))


def readers_told(anna: Anna) -> list[list[str]]:
    """Who gets each letter that waits."""
    due = anna.kernel.perform(due_notices, Operator("mail"), origin="https://portal.example")
    return [[reader.email for reader in one.readers] for one in due]


def test_choosing_to_see_soon_again_opens_what_the_rules_allow_and_nothing_else(anna: Anna) -> None:
    anna.choose()
    seen, unseen = anna.world.result(anna.patient), anna.world.result(anna.patient)
    anna.kernel.perform(mark_seen, anna.doctor, record_id=str(seen.id))
    withheld = anna.world.result(anna.patient, kind=Kind.HIV)
    anna.choose("soon")
    assert anna.shown() == (1, 1)
    assert stored(anna.world, unseen).gate == Gate.WAITING
    assert stored(anna.world, withheld).gate == Gate.WITHHELD


def test_what_was_open_stays_open(anna: Anna) -> None:
    anna.world.released(anna.patient)
    seen = anna.world.result(anna.patient)
    anna.kernel.perform(mark_seen, anna.doctor, record_id=str(seen.id))
    anna.choose()
    assert anna.shown() == (2, 0)


def test_a_wish_for_what_the_doctor_orders_in_any_case_is_refused_with_that_reason(anna: Anna) -> None:
    with pytest.raises(Conflict, match="in any case"):
        anna.choose(group=IMAGING)
    anna.kernel.perform(set_policy, Operator("tests"), preset=Preset.IMMEDIATE.value)
    anna.choose(group=IMAGING)
    (row,) = [one for one in anna.kernel.perform(view_preferences, anna.token).timing.rows if one.group == IMAGING]
    assert row.choosable
    assert row.waits
    assert f"{WISH_DAYS} days" in row.word


def test_under_immediate_release_a_wish_waits_and_its_last_day_opens_it(anna: Anna) -> None:
    anna.kernel.perform(set_policy, Operator("tests"), preset=Preset.IMMEDIATE.value)
    anna.choose()
    result = anna.world.result(anna.patient, final_at=anna.world.now + timedelta(hours=1))
    anna.choose("word")  # the same again settles anew
    row = stored(anna.world, result)
    assert row.visible_from == row.final_at + timedelta(days=WISH_DAYS) == row.latest_at


@pytest.mark.parametrize(("group", "choice"), [("blood", "word"), (LABORATORY, "never"), (None, "word")])
def test_what_cannot_be_chosen_changes_nothing(anna: Anna, group: Any, choice: str) -> None:
    with pytest.raises(InvalidInput):
        anna.choose(choice, group)
    assert anna.world.rows(TimingChoice) == []


def test_the_same_choice_twice_keeps_its_day(anna: Anna) -> None:
    anna.choose()
    (first,) = anna.world.rows(TimingChoice)
    anna.choose()
    assert anna.world.rows(TimingChoice) == [first]


def test_a_parent_chooses_for_a_child(anna: Anna) -> None:
    token, grant = child_of(anna.world, 5)
    anna.kernel.perform(choose_timing, token, grant, group=LABORATORY, choice="word")
    card = anna.kernel.perform(view_preferences, token, chart=grant).timing
    assert card.rows[0].waits
    assert card.whose
    (other,) = anna.kernel.perform(view_preferences, token).timing.others
    assert other.href == f"/account/preferences?for={grant}"


@pytest.mark.parametrize(
    ("years", "level", "refusal"),
    [(14, Level.FULL, NotAllowed), (5, Level.READ_ONLY, NotAllowed), (19, Level.FULL, NotFound)],
)
def test_nobody_chooses_for_a_teen_an_adult_or_by_a_read_only_grant(
    anna: Anna, years: int, level: Level, refusal: type[PortalError]
) -> None:
    token, grant = child_of(anna.world, years, level)
    with pytest.raises(refusal):
        anna.kernel.perform(choose_timing, token, grant, group=LABORATORY, choice="word")
    page = anna.kernel.perform(view_preferences, token, chart=grant)
    assert (page.timing.rows, page.timing.others) == ([], [])


def test_a_full_proxy_of_an_adult_does_not_choose(anna: Anna) -> None:
    account, grant = anna.world.proxy(anna.patient, Level.FULL)
    with pytest.raises(NotAllowed):
        anna.kernel.perform(choose_timing, anna.world.sign_in(account), str(grant.id), group=LABORATORY, choice="word")


def test_every_open_page_of_the_chart_and_the_desk_is_told(anna: Anna, monkeypatch: pytest.MonkeyPatch) -> None:
    told: list[Change] = []
    monkeypatch.setattr(anna.kernel.bus, "publish", told.extend)
    anna.choose()
    assert {("chart", "timing"), ("chart", "results"), ("desk", "results")} <= {(one.scope, one.topic) for one in told}


def test_the_log_says_who_chose(anna: Anna) -> None:
    anna.choose()
    lines = [line.sentence for day in anna.kernel.perform(access_log, anna.token).days for line in day.rows]
    assert "You chose when test results are shown." in lines


def test_a_refused_choice_says_what_to_do(anna: Anna) -> None:
    with pytest.raises(PortalError) as refused:
        anna.choose(group=IMAGING)
    assert refused.value.message == "Your doctor releases each of these in any case. There is nothing to choose."
