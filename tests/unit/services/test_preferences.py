"""What an account chooses for itself: kept, shown, and never more than that."""

from __future__ import annotations

import pytest

from rxportal.core.errors import InvalidInput
from rxportal.core.identity import Operator, SessionToken
from rxportal.core.kernel import Kernel
from rxportal.core.text import languages
from rxportal.models.accounts import Account, Patient
from rxportal.models.records import Kind
from rxportal.services.desk_results import release_result
from rxportal.services.notices import due_notices
from rxportal.services.preferences import change_appearance, choose_result_letters, view_preferences
from rxportal.services.shell import view_shell
from tests.factories import World


class Anna:
    """An owner, signed in."""

    def __init__(self, kernel: Kernel) -> None:
        self.world = World(kernel)
        self.account: Account = self.world.account("Anna Testerson", email="anna@tests.example")
        self.patient: Patient = self.world.patient("Anna Testerson")
        self.world.grant(self.account, self.patient)
        self.token: SessionToken = self.world.sign_in(self.account)


@pytest.fixture
def anna(kernel: Kernel) -> Anna:
    return Anna(kernel)


def test_the_name_to_use_and_the_size_of_text_stand_around_every_page(kernel: Kernel, anna: Anna) -> None:
    kernel.perform(change_appearance, anna.token, called="  Аня   «Ann» ", text_size="larger")
    shell = kernel.perform(view_shell, anna.token)
    assert (shell.name, shell.text_size) == ("Аня «Ann»", "larger")
    kernel.perform(change_appearance, anna.token, called="", text_size="")
    shell = kernel.perform(view_shell, anna.token)
    assert (shell.name, shell.text_size) == ("Anna Testerson", "")


@pytest.mark.parametrize(
    ("called", "size"), [("x" * 301, ""), ("Ann\x07", ""), ("\ud800", ""), ("Ann", "huge"), (None, "")]
)
def test_what_cannot_be_shown_changes_nothing(kernel: Kernel, anna: Anna, called: str, size: str) -> None:
    kernel.perform(change_appearance, anna.token, called="Ann", text_size="large")
    with pytest.raises(InvalidInput):
        kernel.perform(change_appearance, anna.token, called=called, text_size=size)
    page = kernel.perform(view_preferences, anna.token)
    assert (page.called, page.text_size) == ("Ann", "large")


def test_a_name_of_300_signs_from_right_to_left_is_kept(kernel: Kernel, anna: Anna) -> None:
    kernel.perform(change_appearance, anna.token, called="א" * 300)
    assert kernel.perform(view_preferences, anna.token).called == "א" * 300


def test_whoever_wants_no_letter_about_results_gets_none(kernel: Kernel, anna: Anna) -> None:
    world = anna.world
    clinician = world.sign_in(world.staff())
    for wanted, told in ((False, 0), (True, 1)):
        kernel.perform(choose_result_letters, anna.token, email=wanted)
        assert kernel.perform(view_preferences, anna.token).results is wanted
        result = world.result(anna.patient, kind=Kind.RADIOLOGY)
        kernel.perform(release_result, clinician, record_id=str(result.id))
        due = kernel.perform(due_notices, Operator("outbox"), origin="https://portal.example")
        assert [len(one.readers) for one in due][-1:] == [told]


def test_the_only_language_that_pages_offer_is_the_one_they_can_be_read_in(anna: Anna) -> None:
    """A catalogue for another language fails this: then preferences offer it, and `<html lang>` follows."""
    assert languages() == [anna.account.language]
