"""What kind a result is, and what a record would tell a proxy: by category, codes, modality, labels and words.

Words decide as much as codes: a record may carry a code that nobody knows, a wrong category, or no code at all. Where
several signs disagree the most guarded one counts (S16). Data and their sources: `rules/data/`; reasons: docs/adr/0022.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

from rxportal.models.records import Kind, Sensitivity
from rxportal.rules import codes
from rxportal.rules.words import topics

#: Texts longer than this are narrative: what they mention need not be what was tested.
NAME_LENGTH = 160

RESULTS = frozenset({"Observation", "DiagnosticReport"})
CARRIERS = frozenset({"DocumentReference", "Composition", "Media", "Binary", "ImagingStudy"})
TESTS_NAMED = frozenset({"ServiceRequest", "Procedure", "Specimen", "Task", "ProcedureRequest"})
#: People, places and cover: their names say nothing about the patient.
NAMES_ONLY = frozenset(
    {"Patient", "Practitioner", "PractitionerRole", "Organization", "Location", "RelatedPerson", "Device", "Coverage"}
)
_SOFT = frozenset({"survey", "vital", "exam"})
_HARD = frozenset({"laboratory", "radiology", "pathology", "genetic", "toxicology"})
_LAW = (Kind.HIV, Kind.HEPATITIS, Kind.DRUG_ABUSE)
_ORDER = tuple(Kind)
_GUARD = (
    Sensitivity.NONE,
    Sensitivity.GENETIC,
    Sensitivity.SEXUAL_HEALTH,
    Sensitivity.MENTAL_HEALTH,
    Sensitivity.SUBSTANCE_USE,
    Sensitivity.HEPATITIS,
    Sensitivity.HIV,
    Sensitivity.VIOLENCE,
    Sensitivity.RESTRICTED,
)
_KIND_TELLS = {
    Kind.HEPATITIS: Sensitivity.HEPATITIS,
    Kind.HIV: Sensitivity.HIV,
    Kind.DRUG_ABUSE: Sensitivity.SUBSTANCE_USE,
    Kind.GENETIC: Sensitivity.GENETIC,
    Kind.RESTRICTED: Sensitivity.RESTRICTED,
}
_WORDS_TELL = {
    "hiv": Sensitivity.HIV,
    "hepatitis": Sensitivity.HEPATITIS,
    "drug_test": Sensitivity.SUBSTANCE_USE,
    "substance": Sensitivity.SUBSTANCE_USE,
    "sexual": Sensitivity.SEXUAL_HEALTH,
    "mental": Sensitivity.MENTAL_HEALTH,
    "violence": Sensitivity.VIOLENCE,
}


@dataclass(frozen=True, slots=True)
class Facts:
    """What classification reads of one resource.

    `codings`: (system, code, display); `texts`: its names and free words; `labels`: codes of `meta.security`.
    """

    resource_type: str
    codings: tuple[tuple[str, str, str], ...] = ()
    texts: tuple[str, ...] = ()
    categories: tuple[str, ...] = ()
    modalities: tuple[str, ...] = ()
    labels: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Classified:
    """The answer: how its release goes, and what it would tell a proxy."""

    kind: Kind
    sensitivity: Sensitivity


@dataclass(frozen=True, slots=True)
class _Signs:
    names: frozenset[str]
    narrative: frozenset[str]
    code_kinds: frozenset[Kind]
    meanings: frozenset[str]


def strictest(*kinds: Kind) -> Kind:
    """The most guarded of some kinds."""
    return max(kinds, key=_ORDER.index, default=Kind.NOT_A_RESULT)


def strictest_sensitivity(*sensitivities: Sensitivity) -> Sensitivity:
    """The most guarded of some sensitivities."""
    return max(sensitivities, key=_GUARD.index, default=Sensitivity.NONE)


def rank_of(kind: Kind) -> int:
    """How guarded a kind is; 0 for what is no result."""
    return _ORDER.index(kind)


def kind_at(rank: int) -> Kind:
    """The kind of a rank."""
    return _ORDER[rank]


def guard_of(sensitivity: Sensitivity) -> int:
    """How guarded a sensitivity is; 0 for none."""
    return _GUARD.index(sensitivity)


def sensitivity_at(rank: int) -> Sensitivity:
    """The sensitivity of a rank."""
    return _GUARD[rank]


@lru_cache(maxsize=8192)
def classify(facts: Facts) -> Classified:
    """The kind and the sensitivity of one resource by itself, without what it carries or is carried by."""
    signs = _signs(facts)
    kind = _kind(facts, signs)
    tells = [codes.label(label)[1] for label in facts.labels]
    tells += [codes.told_by(system, code)[1] for system, code, _ in facts.codings]
    if facts.resource_type not in NAMES_ONLY:
        tells += _told_by_words(facts.resource_type, signs)
    return Classified(kind, strictest_sensitivity(_KIND_TELLS.get(kind, Sensitivity.NONE), *tells))


def _signs(facts: Facts) -> _Signs:
    displays = [display for _, _, display in facts.codings if display]
    disguised = [code for system, code, _ in facts.codings if codes.reads_as_words(system, code)]
    texts = [*displays, *disguised, *facts.texts]
    names: set[str] = set()
    narrative: set[str] = set()
    for text in texts:
        (names if len(text) <= NAME_LENGTH else narrative).update(topics(text))
    kinds = {codes.told_by(system, code)[0] for system, code, _ in facts.codings}
    kinds |= {Kind.RADIOLOGY} if facts.resource_type == "ImagingStudy" else set()
    kinds |= {codes.modality(modality) for modality in facts.modalities}
    meanings = {codes.category(category) for category in facts.categories} - {""}
    return _Signs(
        frozenset(names), frozenset(narrative), frozenset(kind for kind in kinds if kind), frozenset(meanings)
    )


def _kind(facts: Facts, signs: _Signs) -> Kind:
    if facts.resource_type in RESULTS:
        return _result_kind(facts, signs)
    if facts.resource_type in CARRIERS:
        return _result_kind(facts, signs) if _is_a_report(facts, signs) else Kind.NOT_A_RESULT
    if facts.resource_type == "MolecularSequence":
        return Kind.GENETIC
    if facts.resource_type in TESTS_NAMED:
        return _named_test(signs)
    return Kind.NOT_A_RESULT


def _result_kind(facts: Facts, signs: _Signs) -> Kind:
    soft = _soft(facts, signs)
    kinds: set[Kind] = {kind for kind in signs.code_kinds if kind is not Kind.NOT_A_RESULT}
    kinds |= _by_category(signs) | _by_names(signs, questions=soft and "survey" in signs.names)
    if not kinds & {Kind.RADIOLOGY, Kind.PATHOLOGY}:
        # An imaging or tissue report may mention a history; any other result that speaks of a guarded test is one.
        kinds |= _law(signs.narrative)
    if not kinds and soft and not _mislabelled_lab_test(signs):
        return Kind.NOT_A_RESULT
    kinds |= {kind for label in facts.labels if (kind := codes.label(label)[0])}
    return strictest(Kind.ORDINARY, *kinds)


def _soft(facts: Facts, signs: _Signs) -> bool:
    """Whether it is a measurement at the bedside, an answer or a note rather than a test result."""
    if signs.meanings & _HARD:
        return False
    if signs.meanings & _SOFT or Kind.NOT_A_RESULT in signs.code_kinds:
        return True
    return facts.resource_type == "Observation" and bool(signs.names & {"survey", "vital"}) and "lab" not in signs.names


def _mislabelled_lab_test(signs: _Signs) -> bool:
    return "survey" in signs.meanings and "lab" in signs.names and not signs.names & {"survey", "vital"}


def _by_category(signs: _Signs) -> set[Kind]:
    kinds = {Kind(meaning) for meaning in signs.meanings & {"radiology", "pathology", "genetic"}}
    if "toxicology" in signs.meanings and "metal" not in signs.names:
        kinds.add(Kind.DRUG_ABUSE)
    return kinds


def _by_names(signs: _Signs, *, questions: bool) -> set[Kind]:
    names = signs.names
    kinds = _law(names)
    if "vital" in signs.meanings or questions:
        return kinds - {Kind.DRUG_ABUSE}
    kinds |= {Kind(topic) for topic in names & {"radiology", "pathology"}}
    if "genetic" in names and "germ" not in names:
        kinds.add(Kind.GENETIC)
    return kinds


def _law(found: frozenset[str]) -> set[Kind]:
    kinds = {Kind(topic) for topic in found & {"hiv", "hepatitis"}}
    if "viral_load" in found and not found & {"hepatitis", "other_virus"}:
        kinds.add(Kind.HIV)
    if found & {"drug", "drug_test"}:
        kinds.add(Kind.DRUG_ABUSE)
    return kinds


def _is_a_report(facts: Facts, signs: _Signs) -> bool:
    if facts.resource_type == "ImagingStudy" or signs.meanings & _HARD or signs.code_kinds - {Kind.NOT_A_RESULT}:
        return True
    return "report" in signs.names or _named_test(signs) is not Kind.NOT_A_RESULT


def _named_test(signs: _Signs) -> Kind:
    """An order, a specimen or a procedure that names a guarded test would be a trace of its result."""
    kinds = {kind for kind in signs.code_kinds if kind in _LAW}
    if "vaccine" not in signs.names and "test" in signs.names:
        kinds |= _law(signs.names)
    if "drug_test" in signs.names:
        kinds.add(Kind.DRUG_ABUSE)
    return strictest(Kind.NOT_A_RESULT, *kinds)


def _told_by_words(resource_type: str, signs: _Signs) -> list[Sensitivity]:
    found = signs.names | signs.narrative
    if resource_type == "Immunization" or (resource_type not in RESULTS and "vaccine" in found):
        found -= {"hepatitis", "sexual"}
    tells = [sensitivity for topic, sensitivity in _WORDS_TELL.items() if topic in found]
    if "viral_load" in found and not found & {"hepatitis", "other_virus"}:
        tells.append(Sensitivity.HIV)
    if resource_type in RESULTS and "drug" in signs.names:
        tells.append(Sensitivity.SUBSTANCE_USE)
    return tells
