"""Letters wait in the outbox of the act, leave once, and change nothing of what a person typed."""

from __future__ import annotations

from datetime import timedelta

import pytest

from rxportal.core.access import Permission
from rxportal.core.errors import NotFresh
from rxportal.core.identity import Anonymous, Operator
from rxportal.core.scopes import AccountScope, PublicScope
from rxportal.core.usecase import REGISTRY, use_case
from rxportal.models.mail import Letter
from rxportal.services.letters import Words, due_letters, settle_letter, write_letter
from tests.factories import World
from tests.fakes import StoppedClock

OPEN = {"origin": "https://portal.example", "phone": "1-800 & more", "support": "1-877"}
WHO = Operator("outbox")


def written(world: World, words: Words) -> None:
    def write(public: PublicScope) -> None:
        """Write one."""
        write_letter(public, "ana@mail.example", words)

    use_case(Permission.SIGN_IN, kind="write", audited=False)(write)
    try:
        world.kernel.perform(write, Anonymous())
    finally:
        REGISTRY.pop("write")


def test_what_is_open_is_filled_in_at_delivery_and_what_was_typed_stays(world: World) -> None:
    written(world, Words("For $origin <b>", ("Hello $phone & <i>Ana</i>",), ("Open", "/confirm/abc"), ("Bye",)))
    [due] = world.kernel.perform(due_letters, WHO, **OPEN)
    assert due.subject == "For $origin <b>"
    assert "Hello $phone & <i>Ana</i>" in due.text
    assert "Open:\nhttps://portal.example/confirm/abc" in due.text
    assert "Hello $phone &amp; &lt;i&gt;Ana&lt;/i&gt;" in due.html
    assert 'href="https://portal.example/confirm/abc"' in due.html
    assert "1-800 &amp; more" in due.html
    assert '<html lang="en">' in due.html
    assert 'name="viewport" content="width=device-width' in due.html  # else a phone draws it 980 px wide and tiny
    assert "1-800 & more" in due.text
    assert "1-877" in due.text


def test_a_letter_that_was_taken_is_emptied_and_never_due_again(world: World) -> None:
    written(world, Words("One", ("Secret link",), ("Open", "/x/y")))
    [due] = world.kernel.perform(due_letters, WHO, **OPEN)
    world.kernel.perform(settle_letter, WHO, letter_id=str(due.letter_id))
    assert world.kernel.perform(due_letters, WHO, **OPEN) == []
    [kept] = world.rows(Letter)
    assert (kept.to, kept.subject, kept.text, kept.html, kept.tries) == ("", "", "", "", 1)


def test_a_letter_that_was_refused_waits_twice_as_long_each_time(world: World) -> None:
    written(world, Words("One", ("Words",)))
    waits = []
    for _ in range(40):
        [letter] = world.rows(Letter)
        world.kernel.perform(settle_letter, WHO, letter_id=str(letter.id), failed_because="refused")
        [letter] = world.rows(Letter)
        waits.append(letter.due_at - world.now)
    assert waits[:3] == [timedelta(seconds=30), timedelta(seconds=60), timedelta(seconds=120)]
    assert set(waits[7:]) == {timedelta(hours=1)}
    assert world.kernel.perform(due_letters, WHO, **OPEN) == []


def test_a_letter_is_tried_for_a_week(world: World, clock: StoppedClock) -> None:
    written(world, Words("One", ("Words",)))
    clock.advance(days=6, hours=23)
    assert len(world.kernel.perform(due_letters, WHO, **OPEN)) == 1
    clock.advance(hours=2)
    assert world.kernel.perform(due_letters, WHO, **OPEN) == []


def test_an_act_that_asks_for_a_fresh_proof_is_refused_later_and_changes_nothing(world: World) -> None:
    def guarded(account: AccountScope) -> str:
        """Guarded."""
        write_letter(account, "ana@mail.example", Words("One", ("Words",)))
        return "done"

    use_case(Permission.VIEW_SESSION, kind="write", fresh=True)(guarded)
    try:
        account = world.account()
        token = world.sign_in(account, fresh=False)
        with pytest.raises(NotFresh):
            world.kernel.perform(guarded, token)
        assert world.rows(Letter) == []
    finally:
        REGISTRY.pop("guarded")
