"""What the words of a record speak of: HIV, a drug test, an X-ray… whatever the case, accents, punctuation or slips."""

from __future__ import annotations

import re
import unicodedata
from collections import defaultdict
from functools import cache, lru_cache
from importlib.resources import files

_NOT_WORDS = re.compile(r"[^a-z0-9]+")
_INVISIBLE = re.compile("[\u00ad\u200b-\u200f\u2060\ufeff]")

#: Long words of which one slip (two in the longest) still counts: misspelled names are common in local lab catalogues.
_SLIPS: dict[str, str] = {
    "hepatitis": "hepatitis", "immunodeficiency": "hiv", "antiretroviral": "hiv", "cocaine": "drug",
    "benzoylecgonine": "drug", "cannabinoid": "drug", "cannabinoids": "drug", "cannabis": "drug",
    "marijuana": "drug", "methadone": "drug", "buprenorphine": "drug", "amphetamine": "drug", "amphetamines": "drug",
    "methamphetamine": "drug", "benzodiazepine": "drug", "benzodiazepines": "drug", "barbiturates": "drug",
    "phencyclidine": "drug", "oxycodone": "drug", "hydrocodone": "drug", "fentanyl": "drug", "opiates": "drug",
    "toxicology": "drug_test", "chlamydia": "sexual", "gonorrhea": "sexual", "gonorrhoea": "sexual",
    "syphilis": "sexual", "pregnancy": "sexual", "mammogram": "radiology", "mammography": "radiology",
    "ultrasound": "radiology", "radiograph": "radiology", "tomography": "radiology", "cytology": "pathology",
    "histology": "pathology", "pathology": "pathology", "papanicolaou": "pathology", "genetics": "genetic",
    "karyotype": "genetic",
}  # fmt: skip
#: Real words one slip away from those above.
_NOT_SLIPS = frozenset(
    {"etiology", "virology", "serology", "urology", "oncology", "neurology", "hematology", "ecology"}
)


def plain(text: str) -> str:
    """Lower case, no accents, every run of anything but letters and digits one space; camel humps are not split."""
    folded = unicodedata.normalize("NFKD", _INVISIBLE.sub("", text)).casefold()
    bare = "".join(char for char in folded if not unicodedata.combining(char))
    return _NOT_WORDS.sub(" ", bare).strip()


@lru_cache(maxsize=16384)
def topics(text: str) -> frozenset[str]:
    """The topics that a text speaks of, by the names used in `data/words.tsv`."""
    words = plain(text)
    if not words:
        return frozenset()
    found = {topic for topic, pattern in _patterns().items() if pattern.search(words)}
    found |= {topic for word in words.split() if len(word) > 6 and (topic := _slip(word))}
    return frozenset(found)


@cache
def _patterns() -> dict[str, re.Pattern[str]]:
    parts: dict[str, list[str]] = defaultdict(list)
    for line in files("rxportal.rules.data").joinpath("words.tsv").read_text(encoding="utf-8").splitlines():
        if line and not line.startswith("#"):
            topic, pattern = line.split("\t")
            parts[topic].append(pattern)
    return {topic: re.compile(r"\b(?:" + "|".join(patterns) + r")\b") for topic, patterns in parts.items()}


@lru_cache(maxsize=16384)
def _slip(word: str) -> str:
    if word in _NOT_SLIPS:
        return ""
    for known, topic in _SLIPS.items():
        allowed = 2 if len(known) > 10 else 1
        if word[0] == known[0] and abs(len(word) - len(known)) <= allowed and _distance(word, known) <= allowed:
            return topic
    return ""


def _distance(one: str, other: str) -> int:
    """Edits between two words: a letter added, lost or changed, or two neighbours swapped."""
    before: list[int] = []
    row = list(range(len(other) + 1))
    for i, left in enumerate(one, 1):
        earlier, before, row = before, row, [i]
        for j, right in enumerate(other, 1):
            best = min(before[j] + 1, row[j - 1] + 1, before[j - 1] + (left != right))
            if i > 1 and j > 1 and left == other[j - 2] and one[i - 2] == right:
                best = min(best, earlier[j - 2] + 1)
            row.append(best)
    return row[-1]
