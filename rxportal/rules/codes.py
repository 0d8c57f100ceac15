"""Code lists: what a LOINC, SNOMED CT, ICD-10, RxNorm, CPT or HCPCS code, a label, a category or a modality tells."""

from __future__ import annotations

import csv
import re
from collections.abc import Iterator, Mapping
from functools import cache, lru_cache
from importlib.resources import files

from rxportal.models.records import Kind, Sensitivity

_LOINC = re.compile(r"\d{1,7}-\d")
_SYSTEMS = (
    ("loinc", "loinc"),
    ("snomed", "snomed"),
    ("sct", "snomed"),
    ("icd-10", "icd10"),
    ("icd10", "icd10"),
    ("rxnorm", "rxnorm"),
    ("cpt", "cpt"),
    ("hcpcs", "hcpcs"),
    ("2.16.840.1.113883.6.1", "loinc"),
    ("2.16.840.1.113883.6.96", "snomed"),
    ("2.16.840.1.113883.6.90", "icd10"),
    ("2.16.840.1.113883.6.88", "rxnorm"),
)


@lru_cache(maxsize=512)
def system_name(system: str) -> str:
    """The short name of a code system's URI or OID; "" where it is none of ours."""
    lowered = system.lower().rstrip("/")
    ends = (name for part, name in _SYSTEMS if part[0].isdigit() and lowered.endswith(part))
    return next(ends, "") or next((name for part, name in _SYSTEMS if not part[0].isdigit() and part in lowered), "")


def reads_as_words(system: str, code: str) -> bool:
    """Whether a code may be words in disguise (`HCVAB` under LOINC or a local system) rather than a number."""
    if system_name(system) == "loinc":
        return not _LOINC.fullmatch(code.strip())
    return system_name(system) == "" and any(char.isalpha() for char in code)


@lru_cache(maxsize=16384)
def told_by(system: str, code: str) -> tuple[Kind | None, Sensitivity]:
    """What one code says of the kind of a result (None: nothing) and of its sensitivity."""
    name, code = system_name(system), code.strip().upper()
    if name == "loinc":
        return _loinc().get(code, (None, Sensitivity.NONE))
    if name == "icd10":
        compact = next((code[:end] for end in range(len(code), 0, -1) if (name, code[:end]) in _value_sets()), "")
        return None, _value_sets().get((name, compact), Sensitivity.NONE)
    return None, _value_sets().get((name, code), Sensitivity.NONE)


def label(code: str) -> tuple[Kind | None, Sensitivity]:
    """What a `meta.security` label says; a code that nobody knows says nothing."""
    return _labels().get(code.strip().upper(), (None, Sensitivity.NONE))


def category(code: str) -> str:
    """What a category means: radiology, pathology, genetic, toxicology, laboratory, vital, survey, exam, or ""."""
    return _meanings().get("-".join(code.strip().lower().replace("_", " ").split()), "")


def modality(code: str) -> Kind | None:
    """The kind of result that a DICOM modality makes."""
    return _modalities().get(code.strip().upper())


def _rows(name: str) -> Iterator[dict[str, str]]:
    return csv.DictReader(files("rxportal.rules.data").joinpath(name).read_text(encoding="utf-8").splitlines())


@cache
def _loinc() -> Mapping[str, tuple[Kind | None, Sensitivity]]:
    return {
        code: (Kind(row["kind"]), Sensitivity(row["sensitivity"]))
        for row in _rows("loinc.csv")
        for code in row["codes"].split()
    }


@cache
def _value_sets() -> Mapping[tuple[str, str], Sensitivity]:
    rows = list(_rows("value_sets.csv"))
    return {(row["system"], code): Sensitivity(row["sensitivity"]) for row in rows for code in row["codes"].split()}


@cache
def _labels() -> Mapping[str, tuple[Kind | None, Sensitivity]]:
    return {
        row["label"]: (Kind(row["kind"]) if row["kind"] else None, Sensitivity(row["sensitivity"]))
        for row in _rows("labels.csv")
    }


@cache
def _meanings() -> Mapping[str, str]:
    return {row["category"]: row["meaning"] for row in _rows("categories.csv")}


@cache
def _modalities() -> Mapping[str, Kind]:
    return {row["modality"]: Kind(row["kind"]) for row in _rows("modalities.csv")}
