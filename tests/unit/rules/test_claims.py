"""Names, phones, postal codes and codes are compared as people mean them; days are counted as a practice works."""

from __future__ import annotations

import unicodedata
from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rxportal.rules.business_days import business_days_after, holidays, is_business_day
from rxportal.rules.claims import (
    ALPHABET,
    CODE_LENGTH,
    Facts,
    Fit,
    answer_due,
    digits_of,
    fits,
    is_named,
    is_person,
    new_code,
    old_enough,
    postal_of,
    same_name,
    spoken_code,
    typed_code,
    words_of,
)

ANN = Facts("Ann Quagga", "1985-03-14", "94000-1234", "(555) 010-0100", "900-1")
SCRIPTS = st.text(
    st.characters(categories=["Lu", "Ll", "Lo", "Lt", "Mn", "Nd", "Zs", "Pd", "Po"]), min_size=0, max_size=40
)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Ann Quagga", "QUAGGA, ann"),
        ("José Núñez", "jose nunez"),
        ("Łukasz Żółć", "LUKASZ ZOLC"),
        ("Seán O’Brien", "sean obrien"),
        ("Anne-Marie Straße", "anne marie STRASSE"),
        ("Ｍａｙａ　Sample", "maya sample"),
        ("Σίσυφος Παπαδόπουλος", "ΣΙΣΥΦΟΣ ΠΑΠΑΔΟΠΟΥΛΟΣ"),
        ("İpek Işık", "ipek isik"),
        ("مُحَمَّد علي", "محمد علي"),
        ("דָּוִד כהן", "כהן דוד"),
        ("Nguyễn Thị Mai", "mai nguyen thi"),
    ],
)
def test_names_that_are_the_same(one: str, other: str) -> None:
    assert same_name(one, other)
    assert same_name(other, one)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Ann Quagga", "Anna Quagga"),
        ("Ann Quagga", "Ann"),
        ("Ann Ann Quagga", "Ann Quagga"),
        ("राम कुमार", "रम कमर"),  # without its vowel signs it is another name
        ("がくや", "かくや"),
        ("", ""),
        ("…", "—"),
        ("🙂", "🙂"),
    ],
)
def test_names_that_are_not(one: str, other: str) -> None:
    assert not same_name(one, other)


@given(SCRIPTS)
def test_a_name_is_itself_however_it_is_written(name: str) -> None:
    said = words_of(name)
    for other in (
        f"  {name} ",
        unicodedata.normalize("NFD", name),
        unicodedata.normalize("NFKC", name),
        unicodedata.normalize("NFKD", name),
    ):
        assert words_of(other) == said, other
    assert words_of(" ".join(said)) == said, "what is plain stays plain"
    assert same_name(name, name) is bool(said)


@given(st.lists(st.text(st.characters(categories=["Ll", "Lo"]), min_size=1, max_size=12), min_size=1, max_size=5))
def test_order_and_case_say_nothing_about_a_person(words: list[str]) -> None:
    assert words_of(" ".join(words)) == words_of(", ".join(reversed(words)))
    plain = " ".join(word for word in words if word.upper().casefold() == word.casefold())
    assert words_of(plain) == words_of(plain.upper())


@given(SCRIPTS, SCRIPTS)
def test_being_the_same_is_mutual(one: str, other: str) -> None:
    assert same_name(one, other) is same_name(other, one)


def test_phones_and_postal_codes_are_compared_by_what_counts() -> None:
    assert digits_of("+1 (555) 010-0100") == digits_of("555.010.0100") == "5550100100"
    assert digits_of("٥٥٥٠١٠٠") == "5550100"
    assert postal_of("94000-1234") == postal_of("94000") == "94000"
    assert postal_of("k1a 0b1") == "K1A0B1"


@pytest.mark.parametrize(
    ("given_", "answer"),
    [
        (ANN, True),
        (Facts("Ann Quagga", "1985-03-14", "94000"), True),
        (Facts("Ann Quagga", "1985-03-14", "", "5550100100"), True),
        (Facts("Ann Quagga", "1985-03-14", "10001", "5550100100"), True),  # moved, same phone
        (Facts("Ann Quagga", "1985-03-14", "10001"), False),
        (Facts("Ann Quagga", "1985-03-14"), False),
        (Facts("Ann Quagga", "1985-03-15", "94000"), False),
        (Facts("Bea Quagga", "1985-03-14", "94000"), False),
        (Facts("Ann Quagga", "1985-03-14", "94000", "", "900-2"), False),
        (Facts("Ann Quagga", "1985-03-14", "94000", "", "9001"), True),
    ],
)
def test_facts_fit_a_person_only_together(given_: Facts, answer: bool) -> None:
    assert is_person(given_, ANN) is answer


def test_nothing_on_file_fits_nobody() -> None:
    bare = Facts("Ann Quagga", "1985-03-14")
    assert is_named(ANN, bare)
    assert not is_person(ANN, bare)
    assert fits(ANN, bare)["phone"] is Fit.NOT_ON_FILE
    assert fits(bare, ANN)["phone"] is Fit.NOT_GIVEN
    partial = Facts("Ann Quagga", "1985", "94000")
    assert not is_person(partial, partial), "half a birth date is no birth date"


@pytest.mark.parametrize(
    ("born", "may"),
    [("2013-11-23", True), ("2013-11-24", False), ("2013", False), ("", False), ("1940-02-29", True)],
)
def test_ones_own_chart_begins_at_an_age(born: str, may: bool) -> None:
    assert old_enough(born, date(2026, 11, 23), 13) is may


def test_codes_can_be_read_said_and_typed() -> None:
    made = {new_code() for _each in range(200)}
    assert len(made) == 200
    assert len(ALPHABET) ** CODE_LENGTH >= 2**40
    assert not set("01OIL") & set(ALPHABET)
    for code in made:
        assert typed_code(spoken_code(code)) == code
        assert typed_code(f" {spoken_code(code).lower()} ") == code


def test_business_days_leave_out_weekends_and_holidays() -> None:
    assert business_days_after(date(2026, 11, 23), 3) == date(2026, 11, 27)  # Thanksgiving is on the 26th
    assert business_days_after(date(2026, 11, 20), 1) == date(2026, 11, 23)
    assert business_days_after(date(2026, 12, 24), 1) == date(2026, 12, 28)
    assert business_days_after(date(2021, 12, 30), 1) == date(2022, 1, 3)  # 1 January 2022 is kept on 31 December
    assert date(2026, 7, 3) in holidays(2026)


@given(st.dates(date(1990, 1, 1), date(2100, 1, 1)), st.integers(1, 10))
def test_so_many_business_days_later_is_one_and_so_many_lie_between(day: date, count: int) -> None:
    later = business_days_after(day, count)
    assert is_business_day(later)
    between = [date.fromordinal(one) for one in range(day.toordinal() + 1, later.toordinal() + 1)]
    assert sum(is_business_day(one) for one in between) == count


@pytest.mark.parametrize("zone", ["America/Los_Angeles", "Pacific/Kiritimati", "America/Sao_Paulo"])
def test_the_answer_is_due_at_closing_time_where_the_practice_is(zone: str) -> None:
    due = answer_due(datetime(2026, 11, 27, 23, 30, tzinfo=UTC), ZoneInfo(zone)).astimezone(ZoneInfo(zone))
    assert (due.hour, due.minute) == (17, 0)
    assert is_business_day(due.date())
