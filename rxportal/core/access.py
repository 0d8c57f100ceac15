"""Who may do what: one enum of relationships, one of permissions, one small table, one decision.

No other module decides on authority; pages ask the same table for "may I, and if not why".
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from uuid import UUID

from rxportal.models.accounts import Level, Role
from rxportal.models.records import Section


class Relationship(StrEnum):
    """How the actor stands to what they act on."""

    OWNER = "owner"
    FULL = "full"
    READ_ONLY = "read_only"
    PARENT_OF_CHILD = "parent_of_child"
    PARENT_OF_TEEN = "parent_of_teen"
    CLINICIAN = "clinician"
    FRONT_DESK = "front_desk"
    BILLING = "billing"
    ADMINISTRATOR = "administrator"
    OPERATOR = "operator"
    SIGNED_IN = "signed_in"
    ANONYMOUS = "anonymous"


class Permission(StrEnum):
    """One thing that can be done, as `thing:verb`."""

    VIEW_HOME = "home:view"
    VIEW_RESULTS = "results:view"
    VIEW_RECORD = "record:view"
    VIEW_MEDICINES = "medicines:view"
    VIEW_APPOINTMENTS = "appointments:view"
    SEARCH_CHART = "chart:search"
    OPEN_DOCUMENT = "documents:open"
    EXPORT_CHART = "chart:export"
    VIEW_ACCESS_LOG = "access_log:view"
    REVOKE_GRANT = "grants:revoke"
    VIEW_GRANTS = "grants:view"
    INVITE = "grants:invite"
    CHANGE_GRANT = "grants:change"
    LEAVE_CHART = "grants:leave"
    FIND_INVITATION = "invitations:find"
    ANSWER_INVITATION = "invitations:answer"
    CHOOSE_SHARING = "sharing:choose"
    CHOOSE_TIMING = "timing:choose"
    SEE_RESULT_QUEUE = "desk_results:view"
    DECIDE_RELEASE = "desk_results:decide"
    SEE_ACCESS = "desk_access:view"
    VIEW_CLAIMS = "claims:view"
    MAKE_CLAIMS = "claims:make"
    SEE_CLAIMS = "desk_claims:view"
    DECIDE_CLAIMS = "desk_claims:decide"
    ISSUE_CODES = "desk_codes:issue"
    RECORD_ORDERS = "desk_orders:record"
    DECIDE_ACCESS = "desk_access:decide"
    SEE_SIGN_INS = "desk_sign_ins:view"
    FREE_SIGN_INS = "desk_sign_ins:free"
    IMPORT_RECORDS = "records:import"
    LIST_PATIENTS = "patients:list"
    SET_POLICY = "policy:set"
    MANAGE_STAFF = "staff:manage"
    LOAD_DEMO = "demo:load"
    VERIFY_AUDIT = "audit:verify"
    VIEW_SESSION = "session:view"
    EXTEND_SESSION = "session:extend"
    END_SESSION = "session:end"
    VIEW_SESSIONS = "sessions:view"
    END_SESSIONS = "sessions:end"
    SIGN_IN = "session:begin"
    WATCH_SESSIONS = "sessions:watch"
    DELIVER_NOTICES = "notices:deliver"
    SET_PASSWORD = "password:set"  # noqa: S105  (a permission's name)
    REGISTER = "account:register"
    RECOVER = "account:recover"
    CHANGE_ACCOUNT = "account:change"
    PROVE_SESSION = "session:prove"
    VIEW_PREFERENCES = "preferences:view"
    CHANGE_PREFERENCES = "preferences:change"
    REMOVE_ACCOUNT = "account:remove"
    VIEW_FACTORS = "factors:view"
    MANAGE_FACTORS = "factors:manage"
    FORGET_FACTORS = "factors:forget"
    VIEW_IDENTITIES = "identities:view"
    MANAGE_IDENTITIES = "identities:manage"


R = Relationship
CHART_READERS = frozenset({R.OWNER, R.FULL, R.READ_ONLY, R.PARENT_OF_CHILD, R.PARENT_OF_TEEN})
EVERYBODY = frozenset({R.SIGNED_IN, R.ANONYMOUS})

TABLE: dict[Permission, frozenset[Relationship]] = {
    # one's own home page tells of every chart one may open, and whoever has none may read that
    Permission.VIEW_HOME: CHART_READERS | {R.SIGNED_IN},
    Permission.VIEW_RESULTS: CHART_READERS,
    Permission.VIEW_RECORD: CHART_READERS,
    Permission.VIEW_MEDICINES: CHART_READERS,
    Permission.VIEW_APPOINTMENTS: CHART_READERS,
    Permission.SEARCH_CHART: CHART_READERS,
    Permission.OPEN_DOCUMENT: CHART_READERS,
    Permission.EXPORT_CHART: CHART_READERS | {R.OPERATOR},
    # who looked at a chart tells of confidential visits, and a proxy must not watch whom the patient asks for help
    Permission.VIEW_ACCESS_LOG: frozenset({R.OWNER, R.PARENT_OF_CHILD}),
    # parents end each other's access at the desk alone, where a court's order can be shown
    Permission.REVOKE_GRANT: frozenset({R.OWNER}),
    Permission.VIEW_GRANTS: frozenset({R.SIGNED_IN}),
    # a proxy has no proxies: whoever reads a chart was let in by its owner or by the practice
    Permission.INVITE: frozenset({R.OWNER}),
    Permission.CHANGE_GRANT: frozenset({R.OWNER}),
    Permission.LEAVE_CHART: frozenset({R.SIGNED_IN}),
    Permission.FIND_INVITATION: EVERYBODY,
    Permission.ANSWER_INVITATION: frozenset({R.SIGNED_IN}),
    Permission.CHOOSE_SHARING: frozenset({R.OWNER}),
    # the patient's choice (N2), a child's by the parent; a teen's and an adult's by nobody else
    Permission.CHOOSE_TIMING: frozenset({R.OWNER, R.PARENT_OF_CHILD}),
    Permission.SEE_RESULT_QUEUE: frozenset({R.CLINICIAN}),
    Permission.DECIDE_RELEASE: frozenset({R.CLINICIAN}),
    Permission.SEE_ACCESS: frozenset({R.FRONT_DESK, R.ADMINISTRATOR}),
    Permission.VIEW_CLAIMS: frozenset({R.SIGNED_IN}),
    Permission.MAKE_CLAIMS: frozenset({R.SIGNED_IN}),
    Permission.SEE_CLAIMS: frozenset({R.FRONT_DESK, R.ADMINISTRATOR}),
    Permission.DECIDE_CLAIMS: frozenset({R.FRONT_DESK, R.ADMINISTRATOR}),
    Permission.ISSUE_CODES: frozenset({R.FRONT_DESK, R.ADMINISTRATOR}),
    Permission.RECORD_ORDERS: frozenset({R.FRONT_DESK, R.ADMINISTRATOR}),
    Permission.DECIDE_ACCESS: frozenset({R.FRONT_DESK, R.ADMINISTRATOR}),
    Permission.SEE_SIGN_INS: frozenset({R.FRONT_DESK, R.ADMINISTRATOR}),
    Permission.FREE_SIGN_INS: frozenset({R.FRONT_DESK, R.ADMINISTRATOR}),
    Permission.IMPORT_RECORDS: frozenset({R.OPERATOR}),
    Permission.LIST_PATIENTS: frozenset({R.OPERATOR}),
    Permission.SET_POLICY: frozenset({R.OPERATOR, R.ADMINISTRATOR}),
    Permission.MANAGE_STAFF: frozenset({R.OPERATOR}),
    Permission.LOAD_DEMO: frozenset({R.OPERATOR}),
    Permission.VERIFY_AUDIT: frozenset({R.OPERATOR}),
    Permission.VIEW_SESSION: frozenset({R.SIGNED_IN}),
    Permission.EXTEND_SESSION: frozenset({R.SIGNED_IN}),
    Permission.END_SESSION: frozenset({R.SIGNED_IN}),
    Permission.VIEW_SESSIONS: frozenset({R.SIGNED_IN}),
    Permission.END_SESSIONS: frozenset({R.SIGNED_IN}),
    Permission.WATCH_SESSIONS: frozenset({R.OPERATOR}),
    Permission.DELIVER_NOTICES: frozenset({R.OPERATOR}),
    Permission.SIGN_IN: EVERYBODY,
    Permission.SET_PASSWORD: EVERYBODY,
    Permission.REGISTER: EVERYBODY,
    Permission.RECOVER: EVERYBODY,
    Permission.CHANGE_ACCOUNT: frozenset({R.SIGNED_IN}),
    Permission.PROVE_SESSION: frozenset({R.SIGNED_IN}),
    Permission.VIEW_PREFERENCES: frozenset({R.SIGNED_IN}),
    Permission.CHANGE_PREFERENCES: frozenset({R.SIGNED_IN}),
    Permission.REMOVE_ACCOUNT: frozenset({R.SIGNED_IN}),
    Permission.VIEW_FACTORS: frozenset({R.SIGNED_IN}),
    Permission.MANAGE_FACTORS: frozenset({R.SIGNED_IN}),
    Permission.FORGET_FACTORS: frozenset({R.OPERATOR}),
    Permission.VIEW_IDENTITIES: frozenset({R.SIGNED_IN}),
    Permission.MANAGE_IDENTITIES: frozenset({R.SIGNED_IN}),
}


# What a preview opens to the person whose chart it is: reading, nothing that leaves the portal, nothing that writes.
PREVIEWED = frozenset(
    {
        Permission.VIEW_HOME,
        Permission.VIEW_RESULTS,
        Permission.VIEW_RECORD,
        Permission.VIEW_MEDICINES,
        Permission.VIEW_APPOINTMENTS,
        Permission.SEARCH_CHART,
        Permission.OPEN_DOCUMENT,
    }
)
# On which parts of a chart a page stands; a grant that names sections and none of these does not open it.
PLACES: dict[Permission, frozenset[Section]] = {
    Permission.VIEW_RESULTS: frozenset({Section.RESULTS}),
    Permission.VIEW_MEDICINES: frozenset({Section.MEDICINES}),
    Permission.VIEW_APPOINTMENTS: frozenset({Section.APPOINTMENTS, Section.VISITS}),
}


@dataclass(frozen=True)
class StaffPlace:
    """One active place at a practice's desk."""

    staff_id: UUID
    practice_id: UUID
    role: Role
    title: str


@dataclass(frozen=True)
class Actor:
    """Whoever is acting now, as read from the database for this one event. `fresh_at`: when they last proved it."""

    name: str
    account_id: UUID | None = None
    session_id: UUID | None = None
    places: tuple[StaffPlace, ...] = ()
    operator: bool = False
    fresh_at: datetime | None = None
    text_size: str = ""


@dataclass(frozen=True)
class Access:
    """The answer of `authorize`: a value without which patient data cannot be queried.

    `shown`: what a teen shows to this parent, or the parent's role opens (`rules.sharing`). `preview`: the name of the
    person whom an owner is about to invite and as whom they look at their own chart; "" outside of a preview.
    """

    permission: Permission
    relationship: Relationship
    sections: frozenset[Section] = field(default_factory=frozenset)
    grant_id: UUID | None = None
    place: StaffPlace | None = None
    level: Level | None = None
    shown: frozenset[str] = field(default_factory=frozenset)
    preview: str = ""


def covers(permission: Permission, sections: frozenset[Section]) -> bool:
    """Whether a grant of these sections (none named: all) opens what this permission is about."""
    places = PLACES.get(permission)
    return not sections or places is None or bool(sections & places)


def allows(permission: Permission, relationship: Relationship, level: Level | None = None) -> bool:
    """Whether the table lets `relationship` do this; a read-only grant never does more than READ_ONLY may."""
    who = TABLE.get(permission, frozenset())
    if level == Level.READ_ONLY and Relationship.READ_ONLY not in who:
        return False
    return relationship in who
