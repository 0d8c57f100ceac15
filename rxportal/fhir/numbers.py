"""Numbers to the precision of their kind: 80.09083821514852 mg/dL of glucose reads "80".

A laboratory that sends 7.20 means two decimals; one that sends fourteen means none of the last twelve. So an analyte
that we know is told as it is reported, and any other number keeps its own decimals where they are few.
"""

from __future__ import annotations

from decimal import ROUND_HALF_EVEN, Decimal, InvalidOperation, localcontext
from typing import Any

from rxportal.fhir.shapes import text

BY_LOINC = {
    # tenths
    **dict.fromkeys(("8302-2", "29463-7", "39156-5", "8310-5", "8331-1", "4548-4", "17856-6", "718-7", "785-6"), 1),
    **dict.fromkeys(("786-4", "787-2", "4544-3", "20570-8", "6690-2", "777-3", "32207-3", "32623-1", "21000-5"), 1),
    **dict.fromkeys(("6298-4", "2823-3", "49765-1", "17861-6", "2885-2", "1751-7", "14959-1", "19926-5", "788-0"), 1),
    **dict.fromkeys(("1975-2", "6301-6", "10834-0", "5803-2", "2777-1", "9843-4", "8287-5"), 1),
    # hundredths
    **dict.fromkeys(("789-8", "38483-4", "2160-0", "2857-1", "3016-3", "3024-7", "1968-7", "30180-4", "19123-9"), 2),
    # thousandths
    **dict.fromkeys(("5811-5", "2965-2"), 3),
    # whole numbers
    **dict.fromkeys(("2339-0", "2345-7", "2093-3", "2571-8", "18262-6", "13457-7", "2085-9", "2089-1"), 0),
    **dict.fromkeys(("6299-2", "3094-0", "2947-0", "2951-2", "2069-3", "2075-0", "20565-8", "2028-9", "33914-3"), 0),
    **dict.fromkeys(("48642-3", "62238-1", "98979-8", "6768-6", "1742-6", "1920-8", "8480-6", "8462-4", "8867-4"), 0),
    **dict.fromkeys(("9279-1", "2708-6", "59408-5", "72514-3", "46240-8", "44261-6"), 0),
}
BY_UNIT = {
    "mmHg": 0, "per minute": 0, "%": 1, "°C": 1, "°F": 1, "kg": 1, "lb": 1, "cm": 1, "in": 1, "kg/m²": 1,
    "mL/min/1.73 m²": 0, "mL/min": 0, "U/L": 0, "×10³/µL": 1, "×10⁶/µL": 2, "fL": 1, "pg": 1, "g/dL": 1, "g/L": 1,
    "mEq/L": 1, "mmol/L": 1, "µmol/L": 0, "mmol/mol": 0, "mm/h": 0, "mIU/L": 2, "per µL": 0, "copies/mL": 0, "mg/g": 1,
}  # fmt: skip
KEPT = 2
FEW = 3
SIGNIFICANT = 3
HUGE = 15


def decimal(value: Any) -> Decimal | None:
    """A JSON number, or text that is one, as it was sent; absent for NaN, infinities and everything else."""
    if isinstance(value, bool) or value is None:
        return None
    given = text(value)
    if len(given) > 400:
        return None
    try:
        found = Decimal(given)
    except (InvalidOperation, ValueError):
        return None
    return found if found.is_finite() else None


def number(value: Any, unit: str = "", code: str = "") -> str:
    """The number as a person reads it: `number(Decimal("80.09083821514852"), "mg/dL", "2339-0") == "80"`.

    `unit` is our spelling of it (`units.unit`), `code` the LOINC code where there is one. Text that is no number is
    given back as it is.
    """
    found = decimal(value)
    if found is None:
        return text(value)
    exponent = int(found.as_tuple().exponent)
    if found and not -HUGE <= found.adjusted() <= HUGE:
        return scientific(found)
    sent = max(0, -exponent)
    return _fixed(found, min(_places(found, sent, unit, code), sent))


def _places(found: Decimal, sent: int, unit: str, code: str) -> int:
    """A known analyte is told as it is reported; else few decimals stay as sent, many are cut by unit or by digits."""
    if code in BY_LOINC:
        return _enough(found, BY_LOINC[code])
    if unit in BY_UNIT:
        return sent if sent <= KEPT else _enough(found, BY_UNIT[unit])
    return sent if sent <= FEW else _fallback(found)


def _enough(found: Decimal, places: int) -> int:
    """More places than usual where the number would otherwise round away to nothing."""
    if found == 0 or found.adjusted() >= -places:
        return places
    return -found.adjusted() + 1


def _fallback(found: Decimal) -> int:
    return max(0, SIGNIFICANT - 1 - found.adjusted()) if found else 0


def _fixed(found: Decimal, places: int) -> str:
    with localcontext() as context:
        context.prec = 60
        rounded = found.quantize(Decimal(1).scaleb(-places), rounding=ROUND_HALF_EVEN)
    shown = f"{rounded:f}"
    return shown[1:] if shown.startswith("-") and not rounded else shown


def scientific(found: Decimal) -> str:
    """Three significant digits and a power of ten, for numbers too large or small to spell out."""
    with localcontext() as context:
        context.prec = SIGNIFICANT
        context.Emin, context.Emax = -999999999, 999999999
        mantissa, _mark, power = f"{+found:.2E}".partition("E")
    digits = str(int(power)).translate(str.maketrans("0123456789-", "⁰¹²³⁴⁵⁶⁷⁸⁹⁻"))
    return f"{mantissa}×10{digits}"


def as_float(value: Any) -> float | None:
    """The number as a float for drawing; absent where it is none or too large to draw."""
    found = decimal(value)
    if found is None or (found and not -300 < found.adjusted() < 300):
        return None
    return float(found)
