"""Who is this? How facts that a person gives are compared with those on file, and what codes look like (S13).

Facts are what a former partner knows as well: they never open a chart alone. They find it; a code from the practice,
or the front desk, opens it.
"""

from __future__ import annotations

import re
import secrets
import unicodedata
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta, tzinfo
from enum import StrEnum

from rxportal.models.accounts import Basis
from rxportal.rules.ages import age, earliest
from rxportal.rules.business_days import business_days_after

OWN_FROM = 13
"""The age from which a person has a chart of their own, unless the practice sets another."""
ANSWER_DAYS = 3
CLOSES = time(17)
VISIT_CODE_LIVES = timedelta(days=28)
FILE_CODE_LIVES = timedelta(minutes=30)
# No 0 and O, no 1, I and L: 31 signs; ten of them are 49 bits
ALPHABET = "23456789ABCDEFGHJKMNPQRSTUVWXYZ"
CODE_LENGTH = 10
SHORTEST_PHONE = 7
FULL_DATE = len("2019-07-26")
# Letters that Unicode does not take apart into a plain one and a mark
PLAIN = str.maketrans({"ø": "o", "ł": "l", "đ": "d", "æ": "ae", "œ": "oe", "ı": "i", "ð": "d", "þ": "th"})
# Marks that are accents or optional points (Latin, Greek, Cyrillic; Hebrew and Arabic vowels). Others are letters:
# vowel signs of Indian scripts, the voicing of kana, the tones of Thai and Lao.
ACCENTS = frozenset({1, *range(10, 36), *range(202, 241)})


class Kin(StrEnum):
    """As what somebody asks for a child's chart, or for that of a person they are responsible for."""

    PARENT = "parent"
    GUARDIAN = "guardian"
    COURT = "court"


BASES = {Kin.PARENT: Basis.PARENT, Kin.GUARDIAN: Basis.GUARDIAN, Kin.COURT: Basis.COURT}


class Fit(StrEnum):
    """How one fact stands to what is on file."""

    SAME = "same"
    OTHER = "other"
    NOT_GIVEN = "not_given"
    NOT_ON_FILE = "not_on_file"


@dataclass(frozen=True)
class Facts:
    """What is known of a person, by themselves or on file. `birth_date`: a FHIR date."""

    name: str
    birth_date: str
    postal_code: str = ""
    phone: str = ""
    mrn: str = ""


def words_of(name: str) -> tuple[str, ...]:
    """The words of a name without case, accents and signs, in alphabetical order: order says nothing about a person."""
    plain = unicodedata.normalize("NFKD", unicodedata.normalize("NFKC", name).casefold()).translate(PLAIN)
    kept = "".join(sign for sign in plain if unicodedata.combining(sign) not in ACCENTS)
    joined = re.sub(r"['’ʼ`´.]", "", unicodedata.normalize("NFKC", kept).casefold())
    spaced = "".join(sign if unicodedata.category(sign)[0] in "LMN" else " " for sign in joined)
    return tuple(sorted(spaced.split()))


def same_name(one: str, other: str) -> bool:
    """Whether two names are the same but for case, accents, spaces and order; nobody's name is like nobody's."""
    words = words_of(one)
    return bool(words) and words == words_of(other)


def digits_of(phone: str) -> str:
    """The digits of a phone number, in any script, without the country code of the US."""
    digits = "".join(str(unicodedata.digit(sign)) for sign in phone if unicodedata.digit(sign, None) is not None)
    return digits[1:] if len(digits) == 11 and digits.startswith("1") else digits


def postal_of(postal_code: str) -> str:
    """A postal code as it is compared: capitals and digits; of a ZIP+4 the first five."""
    plain = "".join(sign for sign in unicodedata.normalize("NFKC", postal_code).upper() if sign.isalnum())
    return plain[:5] if plain.isdecimal() and len(plain) == 9 else plain


def mrn_of(mrn: str) -> str:
    """A record number as it is compared: without spaces and signs."""
    return "".join(sign for sign in unicodedata.normalize("NFKC", mrn).upper() if sign.isalnum())


def fits(given: Facts, filed: Facts) -> dict[str, Fit]:
    """How each given fact stands to what is on file, by the name of the fact."""
    name = Fit.SAME if same_name(given.name, filed.name) else Fit.OTHER
    born = Fit.SAME if given.birth_date == filed.birth_date and len(given.birth_date) == FULL_DATE else Fit.OTHER
    return {
        "name": name,
        "birth_date": born,
        "postal_code": _fit(postal_of(given.postal_code), postal_of(filed.postal_code)),
        "phone": _fit(digits_of(given.phone), digits_of(filed.phone)),
        "mrn": _fit(mrn_of(given.mrn), mrn_of(filed.mrn)),
    }


def _fit(given: str, filed: str) -> Fit:
    if not given:
        return Fit.NOT_GIVEN
    if not filed:
        return Fit.NOT_ON_FILE
    return Fit.SAME if given == filed else Fit.OTHER


def is_person(given: Facts, filed: Facts) -> bool:
    """Whether these facts fit one person on file: name, birth date, where to reach them, and nothing that differs."""
    found = fits(given, filed)
    known = found["name"] is Fit.SAME and found["birth_date"] is Fit.SAME
    reached = Fit.SAME in (found["postal_code"], found["phone"])
    number = given.mrn == "" or found["mrn"] is Fit.SAME
    return known and reached and number


def is_named(given: Facts, filed: Facts) -> bool:
    """Whether name and birth date alone are the same: two such people on file are never told apart by guessing."""
    found = fits(given, filed)
    return found["name"] is Fit.SAME and found["birth_date"] is Fit.SAME


def old_enough(birth_date: str, today: date, own_from: int) -> bool:
    """Whether somebody born then has a chart of their own. A birth date that is not wholly known is not old enough."""
    born = earliest(birth_date) if len(birth_date) == FULL_DATE else None
    return born is not None and age(born, today) >= own_from


def new_code() -> str:
    """A code that people can read, say and type: 49 random bits."""
    return "".join(secrets.choice(ALPHABET) for _sign in range(CODE_LENGTH))


def spoken_code(code: str) -> str:
    """A code as it is printed: "K7QM2-XFP9R"."""
    return f"{code[:5]}-{code[5:]}"


def typed_code(typed: str) -> str:
    """A code as it is compared, however it was typed."""
    return "".join(sign for sign in unicodedata.normalize("NFKC", typed).upper() if sign.isalnum())


def answer_due(asked_at: datetime, zone: tzinfo) -> datetime:
    """When the desk has answered at the latest: the practice's closing time, three business days on."""
    day = business_days_after(asked_at.astimezone(zone).date(), ANSWER_DAYS)
    return datetime.combine(day, CLOSES, tzinfo=zone).astimezone(UTC)
