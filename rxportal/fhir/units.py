"""Units in one spelling: UCUM codes and the many lay spellings, written the way a report prints them.

Source of the codes: UCUM 2.1 (ucum.org); of the lay spellings: what laboratories send.
"""

from __future__ import annotations

import re

from rxportal.fhir.shapes import text

SPELLINGS = {
    "mmhg": "mmHg", "mm[hg]": "mmHg", "mm hg": "mmHg", "mm of hg": "mmHg", "millimeter of mercury": "mmHg",
    "cel": "°C", "degc": "°C", "deg c": "°C", "c": "°C", "celsius": "°C", "°c": "°C",
    "[degf]": "°F", "degf": "°F", "deg f": "°F", "f": "°F", "fahrenheit": "°F", "°f": "°F",
    "/min": "per minute", "{beats}/min": "per minute", "beats/min": "per minute", "beats/minute": "per minute",
    "bpm": "per minute", "beats per minute": "per minute", "{breaths}/min": "per minute", "breaths/min": "per minute",
    "breaths per minute": "per minute", "1/min": "per minute", "/minute": "per minute",
    "%": "%", "percent": "%", "pct": "%", "%{hemoglobin}": "%", "%{hemoglobin.total}": "%", "%o2": "%", "% o2": "%",
    "%{hba1c}": "%", "%{saturation}": "%",
    "10*3/ul": "×10³/µL", "10^3/ul": "×10³/µL", "x10^3/ul": "×10³/µL", "x10*3/ul": "×10³/µL", "x10e3/ul": "×10³/µL",
    "10e3/ul": "×10³/µL", "thou/ul": "×10³/µL", "k/ul": "×10³/µL", "10*3/mm3": "×10³/µL", "k/mm3": "×10³/µL",
    "10*9/l": "×10³/µL", "10^9/l": "×10³/µL", "x10^9/l": "×10³/µL", "10e9/l": "×10³/µL", "thousand/ul": "×10³/µL",
    "th/ul": "×10³/µL", "k/cumm": "×10³/µL", "×10³/µl": "×10³/µL",
    "10*6/ul": "×10⁶/µL", "10^6/ul": "×10⁶/µL", "x10^6/ul": "×10⁶/µL", "x10e6/ul": "×10⁶/µL", "10e6/ul": "×10⁶/µL",
    "m/ul": "×10⁶/µL", "mil/ul": "×10⁶/µL", "million/ul": "×10⁶/µL", "10*12/l": "×10⁶/µL", "10^12/l": "×10⁶/µL",
    "x10^12/l": "×10⁶/µL", "10e12/l": "×10⁶/µL", "×10⁶/µl": "×10⁶/µL",
    "ml/min/{1.73_m2}": "mL/min/1.73 m²", "ml/min/1.73m2": "mL/min/1.73 m²", "ml/min/1.73": "mL/min/1.73 m²",
    "ml/min/1.73 m2": "mL/min/1.73 m²", "ml/min/1.73m^2": "mL/min/1.73 m²", "ml/min/1.73 m²": "mL/min/1.73 m²",
    "ml/min/{1.73_m2": "mL/min/1.73 m²", "ml/min/1.73_m2": "mL/min/1.73 m²", "ml/min": "mL/min",
    "kg/m2": "kg/m²", "kg/m^2": "kg/m²", "kg/m²": "kg/m²", "m2": "m²",
    "mcg": "µg", "ug": "µg", "µg": "µg", "mcg/dl": "µg/dL", "ug/dl": "µg/dL", "mcg/l": "µg/L", "ug/l": "µg/L",
    "mcg/ml": "µg/mL", "ug/ml": "µg/mL", "mcg/g": "µg/g", "ug/g": "µg/g", "mcg/mg": "µg/mg", "ug/mg": "µg/mg",
    "mcg/mg creat": "µg/mg", "mg/g{creat}": "mg/g", "mg/g creat": "mg/g", "mg/g cr": "mg/g", "mg/g": "mg/g",
    "mg/dl": "mg/dL", "mg/100ml": "mg/dL", "milligram per deciliter": "mg/dL", "mg per dl": "mg/dL", "g/dl": "g/dL",
    "gm/dl": "g/dL", "g/l": "g/L", "gram per deciliter": "g/dL", "mg/l": "mg/L", "ng/ml": "ng/mL", "ng/dl": "ng/dL",
    "ng/l": "ng/L", "pg/ml": "pg/mL", "pg/dl": "pg/dL", "pg": "pg", "mg/ml": "mg/mL", "mg": "mg", "g": "g",
    "mmol/l": "mmol/L", "millimole per liter": "mmol/L", "mol/l": "mol/L", "umol/l": "µmol/L", "µmol/l": "µmol/L",
    "nmol/l": "nmol/L", "pmol/l": "pmol/L", "mmol/mol": "mmol/mol", "mmol/mol{hb}": "mmol/mol",
    "meq/l": "mEq/L", "mosm/kg": "mOsm/kg", "mosmol/kg": "mOsm/kg",
    "u/l": "U/L", "[u]/l": "U/L", "iu/l": "U/L", "[iu]/l": "U/L", "units/l": "U/L", "unit/l": "U/L",
    "miu/l": "mIU/L", "m[iu]/l": "mIU/L", "mu/l": "mIU/L", "uiu/ml": "mIU/L", "u[iu]/ml": "mIU/L", "µiu/ml": "mIU/L",
    "iu/ml": "IU/mL", "[iu]/ml": "IU/mL", "miu/ml": "mIU/mL", "m[iu]/ml": "mIU/mL", "ku/l": "kU/L", "k[iu]/l": "kU/L",
    "[arb'u]/ml": "units/mL", "u/ml": "units/mL", "fl": "fL", "um3": "fL", "copies/ml": "copies/mL",
    "{copies}/ml": "copies/mL", "mm/h": "mm/h", "mm/hr": "mm/h", "mm/hour": "mm/h",
    "kg": "kg", "kilogram": "kg", "kgs": "kg", "[lb_av]": "lb", "lbs": "lb", "lb": "lb", "pounds": "lb",
    "[oz_av]": "oz",
    "cm": "cm", "centimeter": "cm", "mm": "mm", "m": "m", "[in_i]": "in", "in": "in", "inches": "in", "[ft_i]": "ft",
    "l": "L", "ml": "mL", "dl": "dL", "l/min": "L/min", "ml/h": "mL/h", "s": "s", "sec": "s", "seconds": "s",
    "min": "min", "h": "h", "hr": "h", "hours": "h", "d": "days", "days": "days", "wk": "weeks", "mo": "months",
    "a": "years", "years": "years", "ms": "ms", "msec": "ms", "/[hpf]": "per field", "/hpf": "per field",
    "/[lpf]": "per low-power field", "/lpf": "per low-power field", "/ul": "per µL", "{cells}/ul": "per µL",
    "cells/ul": "per µL", "[ph]": "", "ph": "", "{ph}": "", "ph units": "", "1": "", "{score}": "", "{count}": "",
    "{nominal}": "", "{ratio}": "", "{inr}": "", "[inr]": "", "no units": "", "n/a": "", "none": "", "unitless": "",
    "{index_val}": "", "{s_co_ratio}": "", "{#}": "", "#": "",
}  # fmt: skip
FOLDED = {key.replace("µ", "u"): shown for key, shown in SPELLINGS.items()}
ANNOTATION = re.compile(r"\{[^}]*\}")


def unit(written: object, code: object = "") -> str:
    """One spelling of a unit, from how it was written and from its UCUM code; "" for a plain number.

    An unknown unit is shown as it was written, never dropped.
    """
    shown, coded = text(written), text(code)
    for candidate in (shown, coded):
        if candidate and (known := _known(candidate)) is not None:
            return known
    return shown or ANNOTATION.sub("", coded).strip("/ ") or coded


def _known(candidate: str) -> str | None:
    folded = candidate.strip().lower().replace("μ", "u").replace("µ", "u").rstrip(".")
    if folded in FOLDED:
        return FOLDED[folded]
    bare = ANNOTATION.sub("", folded).strip()
    if bare != folded and bare:
        return FOLDED.get(bare)
    return None
