"""Who signs in at the demo practice: everybody is invented, and so is every password."""

from __future__ import annotations

from dataclasses import dataclass, field

from rxportal.demo.charts import ben, exampleton, grace, maya, others
from rxportal.models.accounts import Basis, Level, Role

MAIL = "demo.example"


@dataclass(frozen=True)
class Tie:
    """Somebody else's chart that an account opens, or did. Days are counted back from the day of loading.

    `ended_days_ago`: the grant ran out then; `revoked_days_ago`: it was taken away then.
    """

    person: str
    level: Level
    basis: Basis = Basis.INVITED
    relationship: str = ""
    since_days_ago: int = 200
    ended_days_ago: int | None = None
    revoked_days_ago: int | None = None

    @property
    def live(self) -> bool:
        """Whether it opens the chart today."""
        return self.ended_days_ago is None and self.revoked_days_ago is None


@dataclass(frozen=True)
class Guest:
    """Whom the owner of a chart invited to read it; nobody has answered yet. The passcode was told by telephone."""

    name: str
    email: str
    relationship: str
    passcode: str


@dataclass(frozen=True)
class Member:
    """One account. `person` is the FHIR id of their own chart, `role` their place at a desk.

    `asks`: the FHIR id of whose chart they asked for as their own yesterday, and wait for the front desk. `invites`:
    whom they invited to their own chart two days ago.
    """

    first: str
    last: str
    person: str = ""
    role: Role | None = None
    title: str = ""
    ties: tuple[Tie, ...] = field(default=())
    elsewhere: bool = False
    asks: str = ""
    invites: Guest | None = None

    @property
    def name(self) -> str:
        """As it is shown."""
        return f"{self.first} {self.last}"

    @property
    def email(self) -> str:
        """An address that can never receive mail (RFC 2606)."""
        return f"{self.first.strip('.').lower()}.{self.last.lower()}@{MAIL}"

    @property
    def password(self) -> str:
        """A phrase of more than 15 characters, for the demo practice alone."""
        return f"fairhaven demo {self.last if self.role else self.first}".lower()


MAYA = Member(
    "Maya",
    "Samplewood",
    maya.PERSON,
    ties=(
        Tie(grace.PERSON, Level.READ_ONLY, relationship="daughter"),
        Tie(ben.THEO, Level.FULL, Basis.PARENT, "mother", since_days_ago=400),
    ),
)
GRACE = Member(
    "Grace",
    "Samplewood",
    grace.PERSON,
    invites=Guest("Ben Samplewood", f"ben.samplewood@{MAIL}", "son-in-law", "garden gate 7"),
)
BEN = Member(
    "Ben",
    "Samplewood",
    ben.BEN,
    ties=(
        Tie(maya.PERSON, Level.FULL, relationship="partner"),
        Tie(ben.THEO, Level.FULL, Basis.PARENT, "father", since_days_ago=400),
    ),
)
LENA = Member("Lena", "Exampleton", exampleton.LENA, ties=(Tie(exampleton.NOAH, Level.FULL, Basis.PARENT, "mother"),))
NOAH = Member("Noah", "Exampleton", exampleton.NOAH)
NORA = Member("Nora", "Placeholder", others.NORA)
CARL = Member(
    "Carl",
    "Placeholder",
    ties=(
        Tie(grace.PERSON, Level.READ_ONLY, relationship="neighbor", ended_days_ago=20),
        Tie(maya.PERSON, Level.FULL, relationship="brother", revoked_days_ago=9),
    ),
)
OLIVE = Member("Olive", "Newcomer", asks=others.OLIVE)
DOCTOR = Member("Dr.", "Lee", role=Role.CLINICIAN, title="Family medicine")
SECOND = Member("Dr.", "Fictionby", role=Role.CLINICIAN, title="Internal medicine")
FRONT_DESK = Member("Fran", "Pretendly", role=Role.FRONT_DESK, title="Front desk")
BILLING = Member("Bill", "Madeupton", role=Role.BILLING, title="Billing office")
ADMINISTRATOR = Member("Ada", "Inventson", role=Role.ADMINISTRATOR, title="Practice administrator")
OTHER_DOCTOR = Member("Dr.", "Elsewhere", role=Role.CLINICIAN, title="Family medicine", elsewhere=True)
PETRA = Member("Petra", "Elsewhere", others.PETRA, elsewhere=True)

MEMBERS = (
    MAYA, GRACE, BEN, LENA, NOAH, NORA, CARL, OLIVE, DOCTOR, SECOND, FRONT_DESK, BILLING, ADMINISTRATOR, OTHER_DOCTOR,
    PETRA,
)  # fmt: skip


def named(person: str) -> str:
    """The name of the patient with this FHIR id: "theo-samplewood" is Theo Samplewood."""
    return person.replace("-", " ").title()


def accounts() -> list[dict[str, object]]:
    """What `rxportal demo` prints of each account, without touching the database."""
    return [_printed(member) for member in MEMBERS]


def _printed(member: Member) -> dict[str, object]:
    return {
        "email": member.email,
        "password": member.password,
        "role": member.role.value if member.role else "patient" if member.person or member.asks else "proxy",
        "patient": named(member.person) if member.person else "",
        "acts_for": [{"patient": named(tie.person), "level": tie.level.value} for tie in member.ties if tie.live],
    }
