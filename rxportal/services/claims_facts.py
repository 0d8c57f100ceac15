"""What a person wrote of themselves or of a child, checked field by field before anything is compared with it."""

from __future__ import annotations

from datetime import date

from rxportal.core.errors import InvalidInput
from rxportal.core.text import _
from rxportal.rules.addresses import person_name
from rxportal.rules.ages import age
from rxportal.rules.claims import SHORTEST_PHONE, Facts, Kin, digits_of, mrn_of, old_enough, postal_of, words_of
from rxportal.services.desk_access import birth_date as read_date

LONGEST_NAME, LONGEST, LONGEST_PROOF = 300, 100, 2_000
OLDEST, GROWN_UP = 130, 18


def checked(today: date, *, name: str, birth_date: str, postal_code: str, phone: str, mrn: str) -> Facts:
    """The facts as they are kept.

    Raises:
        InvalidInput: naming the field and what to write there.
    """
    called = person_name(name)
    if not words_of(called) or len(called) > LONGEST_NAME:
        raise InvalidInput("name", _("Write the first and the last name as they stand on an ID."))
    born = read_date(" ".join(birth_date.split()))
    if not born or not 0 <= age(date.fromisoformat(born), today) <= OLDEST:
        raise InvalidInput("birth_date", _("Write month, day and year, such as 3/14/1985."))
    where, number = postal_code.strip()[:LONGEST], phone.strip()[:LONGEST]
    if not postal_of(where) and not digits_of(number):
        raise InvalidInput("postal_code", _("Write the ZIP code or the phone number that we have on file."))
    if number and len(digits_of(number)) < SHORTEST_PHONE:
        raise InvalidInput("phone", _("Write the whole phone number, or leave it empty."))
    return Facts(called, born, where, number, mrn.strip()[:LONGEST] if mrn_of(mrn) else "")


def check_own_age(facts: Facts, today: date, own_from: int) -> None:
    """Stop a child who asks for a chart of their own.

    Raises:
        InvalidInput.
    """
    if not old_enough(facts.birth_date, today, own_from):
        raise InvalidInput(
            "birth_date",
            _("Your own chart opens from {age} on. Until then a parent or guardian asks for it.").format(age=own_from),
        )


def check_child(facts: Facts, today: date, kin: Kin, relationship: str, proof: str) -> None:
    """Stop a request for somebody else that can't be decided as it stands.

    Raises:
        InvalidInput.
    """
    if not relationship.strip() or len(relationship) > LONGEST:
        raise InvalidInput("relationship", _("Write what you are to this person, such as mother or guardian."))
    if not proof.strip() or len(proof) > LONGEST_PROOF:
        raise InvalidInput("proof", _("Write what shows it, such as a birth certificate or a court order."))
    if kin is Kin.PARENT and age(date.fromisoformat(facts.birth_date), today) >= GROWN_UP:
        raise InvalidInput(
            "birth_date",
            _("From 18 on, people open their own chart and can invite you. If a court appointed you, choose that."),
        )
