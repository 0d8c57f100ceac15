"""What the demo laboratory measures: code, name, unit, usual range and the limits at which it telephones."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Analyte:
    """One line of a panel. Ranges may have one side only, or be words."""

    code: str
    name: str
    unit: str = ""
    low: float | None = None
    high: float | None = None
    words: str = ""
    critical_low: float | None = None
    critical_high: float | None = None


@dataclass(frozen=True)
class Panel:
    """A report the laboratory offers."""

    code: str
    name: str
    lines: tuple[Analyte, ...]
    specimen: str = "Blood"


METABOLIC = Panel(
    "51990-0",
    "Basic metabolic panel",
    (
        Analyte("2345-7", "Glucose", "mg/dL", 70, 99, critical_low=45, critical_high=400),
        Analyte("2160-0", "Creatinine", "mg/dL", 0.6, 1.1),
        Analyte("3094-0", "Urea nitrogen (BUN)", "mg/dL", 7, 20),
        Analyte("2951-2", "Sodium", "mmol/L", 136, 145, critical_low=120, critical_high=160),
        Analyte("2823-3", "Potassium", "mmol/L", 3.5, 5.1, critical_low=2.8, critical_high=6.0),
        Analyte("2075-0", "Chloride", "mmol/L", 98, 107),
        Analyte("2028-9", "Carbon dioxide", "mmol/L", 22, 29),
        Analyte("17861-6", "Calcium", "mg/dL", 8.6, 10.2),
        Analyte("98979-8", "Kidney filtration (eGFR)", "mL/min/{1.73_m2}", 60),
    ),
)

BLOOD_COUNT = Panel(
    "58410-2",
    "Complete blood count",
    (
        Analyte("6690-2", "White blood cells", "10*3/uL", 4.0, 11.0),
        Analyte("789-8", "Red blood cells", "10*6/uL", 3.9, 5.2),
        Analyte("718-7", "Hemoglobin", "g/dL", 12.0, 15.5, critical_low=7.0),
        Analyte("4544-3", "Hematocrit", "%", 36, 46),
        Analyte("787-2", "Mean cell volume (MCV)", "fL", 80, 100),
        Analyte("785-6", "Mean cell hemoglobin (MCH)", "pg", 27, 33),
        Analyte("786-4", "MCHC", "g/dL", 32, 36),
        Analyte("788-0", "Red cell width (RDW)", "%", 11.5, 14.5),
        Analyte("777-3", "Platelets", "10*3/uL", 150, 400, critical_low=20),
    ),
)

LIPIDS = Panel(
    "57698-3",
    "Lipid panel",
    (
        Analyte("2093-3", "Cholesterol, total", "mg/dL", None, 200),
        Analyte("2085-9", "HDL cholesterol", "mg/dL", 50, None),
        Analyte("13457-7", "LDL cholesterol", "mg/dL", None, 130),
        Analyte("2571-8", "Triglycerides", "mg/dL", None, 150),
    ),
)

A1C = Panel("4548-4", "Hemoglobin A1c", (Analyte("4548-4", "Hemoglobin A1c", "%", 4.0, 5.6),))

THYROID = Panel("3016-3", "Thyroid stimulating hormone", (Analyte("3016-3", "TSH", "m[IU]/L", 0.4, 4.0),))

IRON = Panel(
    "75689-0",
    "Iron panel",
    (
        Analyte("2276-4", "Ferritin", "ng/mL", 15, 150),
        Analyte("2498-4", "Iron", "ug/dL", words="60 to 170, higher in the morning"),
    ),
)

URINE = Panel(
    "24356-8",
    "Urinalysis",
    (
        Analyte("5778-6", "Color", words="Yellow"),
        Analyte("5767-9", "Appearance", words="Clear"),
        Analyte("5811-5", "Specific gravity", "1", 1.005, 1.030),
        Analyte("5803-2", "pH", "[pH]", 5.0, 8.0),
        Analyte("20454-5", "Protein", words="Negative"),
        Analyte("25428-4", "Glucose", words="Negative"),
        Analyte("2514-8", "Ketones", words="Negative"),
        Analyte("5794-3", "Blood", words="Negative"),
        Analyte("5799-2", "Leukocyte esterase", words="Negative"),
        Analyte("5802-4", "Nitrite", words="Negative"),
    ),
    specimen="Urine",
)

VITAMIN_D = Analyte("62292-8", "Vitamin D, 25-hydroxy", "ng/mL", 30, 100)

HIV = Panel(
    "56888-1", "HIV 1 and 2 screen", (Analyte("56888-1", "HIV 1+2 antibody and p24 antigen", words="Nonreactive"),)
)

HEPATITIS = Panel(
    "24363-4",
    "Acute hepatitis panel",
    (
        Analyte("16128-1", "Hepatitis C antibody", words="Nonreactive"),
        Analyte("5196-1", "Hepatitis B surface antigen", words="Nonreactive"),
    ),
)

DRUG_SCREEN = Panel(
    "65750-2",
    "Drugs of abuse screen",
    (
        Analyte("3426-4", "Cannabinoids (THC)", words="Not detected"),
        Analyte("3397-7", "Cocaine metabolites", words="Not detected"),
    ),
    specimen="Urine",
)

CHLAMYDIA = Panel(
    "21613-5",
    "Chlamydia test",
    (Analyte("21613-5", "Chlamydia trachomatis DNA", words="Not detected"),),
    specimen="Urine",
)
