"""One row per FHIR resource as an organization sent it, with what queries need pulled out of it."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum
from uuid import UUID

from sqlalchemy import Index, Text
from sqlmodel import Field, SQLModel, UniqueConstraint

from rxportal.models.base import instant, key, word


class Section(StrEnum):
    """The part of a chart a record belongs to; a grant may name the ones it opens."""

    PROFILE = "profile"
    RESULTS = "results"
    VITALS = "vitals"
    HISTORY = "history"
    CONDITIONS = "conditions"
    ALLERGIES = "allergies"
    MEDICINES = "medicines"
    IMMUNIZATIONS = "immunizations"
    PROCEDURES = "procedures"
    VISITS = "visits"
    DOCUMENTS = "documents"
    CARE_TEAM = "care_team"
    CARE_PLANS = "care_plans"
    APPOINTMENTS = "appointments"
    MESSAGES = "messages"
    BILLS = "bills"
    OTHER = "other"
    SHARED = "shared"


class Kind(StrEnum):
    """What a result is, as far as its release goes. Ordered from the least to the most guarded by `rules.kinds`."""

    NOT_A_RESULT = "not_a_result"
    ORDINARY = "ordinary"
    RADIOLOGY = "radiology"
    PATHOLOGY = "pathology"
    GENETIC = "genetic"
    HEPATITIS = "hepatitis"
    DRUG_ABUSE = "drug_abuse"
    HIV = "hiv"
    RESTRICTED = "restricted"


class Sensitivity(StrEnum):
    """What a record would tell a proxy. Anything but NONE is hidden from everybody but its owner and the desk."""

    NONE = ""
    HEPATITIS = "hepatitis"
    HIV = "hiv"
    SUBSTANCE_USE = "substance_use"
    SEXUAL_HEALTH = "sexual_health"
    MENTAL_HEALTH = "mental_health"
    GENETIC = "genetic"
    VIOLENCE = "violence"
    RESTRICTED = "restricted"


class Gate(StrEnum):
    """Where a record stands, as `rules.release.settle` last decided it."""

    OPEN = "open"
    WAITING = "waiting"
    WITHHELD = "withheld"


class Organization(SQLModel, table=True):
    """A health care organization that sends records (a connection)."""

    __tablename__ = "organization"
    __table_args__ = (UniqueConstraint("practice_id", "name"),)
    id: UUID = key()
    practice_id: UUID = Field(foreign_key="practice.id", index=True)
    name: str


class ImportRun(SQLModel, table=True):
    """One run of `import-fhir`: where a row came from and when."""

    __tablename__ = "import_run"
    id: UUID = key()
    organization_id: UUID = Field(foreign_key="organization.id", index=True)
    started_at: datetime = instant()
    seen_before: str = ""
    released_before: str = ""


class Record(SQLModel, table=True):
    """One FHIR R4 resource. `body` is the original JSON text and is never re-written.

    `occurred` is the FHIR date as sent, partial dates as partial; `occurred_at` is its start in UTC, for sorting.
    `listed` marks a result that stands as a row of its own (a report, or an observation of no report).
    `gate`, `visible_from`, `latest_at` and `waits_for` are written by `rules.release.settle` alone.
    `guarded` (a result that carries something sensitive) and `sensitivity` hide a record from proxies.
    `source_url` is the Bundle's fullUrl; `source_id` falls back to the digest where a resource has no id.
    `summary` is how the values of a row stand (services.result_rows), of all that it carries; `even`: whoever may see
    the row may see all of it, so that the summary is theirs too.
    `search` is lower-case text for word search, made at import.
    """

    __tablename__ = "record"
    __table_args__ = (
        UniqueConstraint("organization_id", "resource_type", "source_id"),
        Index("ix_record_chart", "patient_id", "section", "listed", "occurred_at"),
        Index("ix_record_gate", "gate", "listed", "latest_at"),
        Index("ix_record_opening", "visible_from"),
        # Long charts stay as quick as short ones: all that the list of results is filtered and sorted by, what is on
        # its way, and which kinds there are.
        Index(
            "ix_record_listing",
            "patient_id",
            "listed",
            "occurred_at",
            "title",
            "id",
            "struck",
            "gate",
            "visible_from",
            "sensitivity",
            "section",
            "kind",
        ),
        Index("ix_record_waiting", "patient_id", "gate", "listed", "latest_at"),
        Index(
            "ix_record_kinds",
            "patient_id",
            "kind",
            "listed",
            "visible_from",
            "struck",
            "gate",
            "sensitivity",
            "section",
        ),
    )
    id: UUID = key()
    patient_id: UUID | None = Field(default=None, foreign_key="patient.id", index=True)
    organization_id: UUID = Field(foreign_key="organization.id", index=True)
    import_run_id: UUID = Field(foreign_key="import_run.id", index=True)
    resource_type: str
    source_id: str
    source_url: str = Field(default="", index=True)
    source_version: str = ""
    digest: str
    body: str = Field(sa_type=Text)
    section: Section = word()
    status: str = ""
    struck: bool = False
    title: str = ""
    code_system: str = ""
    code: str = ""
    category: str = ""
    author: str = ""
    occurred: str = ""
    occurred_at: datetime | None = instant(default=None)
    ordered: str = ""
    issued: str = ""
    final_at: datetime | None = instant(default=None)
    arrived_at: datetime = instant()
    search: str = Field(default="", sa_type=Text)
    listed: bool = False
    kind: Kind = word(default=Kind.NOT_A_RESULT)
    sensitivity: Sensitivity = word(default=Sensitivity.NONE)
    own_kind: Kind = word(default=Kind.NOT_A_RESULT)
    own_sensitivity: Sensitivity = word(default=Sensitivity.NONE)
    seen_at: datetime | None = instant(default=None)
    released_at: datetime | None = instant(default=None)
    hold_reason: str = ""
    hold_until: datetime | None = instant(default=None)
    gate: Gate = word(default=Gate.WAITING)
    visible_from: datetime | None = instant(default=None)
    latest_at: datetime | None = instant(default=None)
    waits_for: str = ""
    flagged: int = 0
    values: int = 0
    summary: str = ""
    even: bool = False


class RecordVersion(SQLModel, table=True):
    """An earlier version of a record, kept when a newer one replaced it."""

    __tablename__ = "record_version"
    id: UUID = key()
    record_id: UUID = Field(foreign_key="record.id", index=True)
    source_version: str = ""
    digest: str
    body: str = Field(sa_type=Text)
    replaced_at: datetime = instant()


class RecordLink(SQLModel, table=True):
    """`parent` carries or names `child` inside it (report → observation, document → report)."""

    __tablename__ = "record_link"
    __table_args__ = (UniqueConstraint("parent_id", "child_id"),)
    id: UUID = key()
    parent_id: UUID = Field(foreign_key="record.id", index=True)
    child_id: UUID = Field(foreign_key="record.id", index=True)
    position: int = 0


class PendingLink(SQLModel, table=True):
    """A reference whose target has not arrived yet: `target` as written in the resource."""

    __tablename__ = "pending_link"
    id: UUID = key()
    record_id: UUID = Field(foreign_key="record.id", index=True)
    organization_id: UUID = Field(foreign_key="organization.id", index=True)
    target: str = Field(index=True)
    position: int = 0


class Reading(SQLModel, table=True):
    """One number of an Observation (or of one of its components), for trends.

    A series is one `analyte` (code system and code, else its words) in one `unit`.
    """

    __tablename__ = "reading"
    __table_args__ = (Index("ix_reading_series", "patient_id", "analyte", "unit", "at"),)
    id: UUID = key()
    record_id: UUID = Field(foreign_key="record.id", index=True)
    patient_id: UUID = Field(foreign_key="patient.id", index=True)
    position: int = 0
    analyte: str
    name: str
    unit: str = ""
    value: float
    display: str
    low: float | None = None
    high: float | None = None
    flag: str = ""
    at: datetime | None = instant(default=None)


class Attachment(SQLModel, table=True):
    """Bytes that came inside a resource, kept encrypted outside the web root and the body they came in.

    `place` is the JSON pointer of the attachment in the original; `digest` is the SHA-256 of the plain bytes.
    """

    __tablename__ = "attachment"
    id: UUID = key()
    record_id: UUID = Field(foreign_key="record.id", index=True)
    place: str
    content_type: str = ""
    title: str = ""
    size: int = 0
    digest: str = ""
    file: str = ""
