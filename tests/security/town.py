"""Two practices with everybody that the access matrix knows, each chart full of canaries: in one kernel's database."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from pathlib import Path
from typing import Any
from uuid import uuid4

from sqlmodel import col, select

from rxportal.adapters.attachments import EncryptedFolder
from rxportal.core.access import TABLE, Permission, Relationship
from rxportal.core.identity import Anonymous, Credentials, Operator, SessionToken
from rxportal.core.kernel import Kernel, PracticeFacts
from rxportal.core.scopes import AccountScope, Chart, Desk
from rxportal.core.usecase import UseCase
from rxportal.models.accounts import Account, Basis, Grant, Level, Patient, Role, Session
from rxportal.models.people import Invitation
from rxportal.models.records import Attachment, Record
from tests.factories import World
from tests.importing import KEY, Importer
from tests.security.canaries import chart_of, word_of

R = Relationship
# Whose charts there are. Every name is one word that stands nowhere else.
ADULT, STRANGER, FAR, CHILD, TEEN, GROWN = (
    "Aquaglyph",
    "Bistroglyph",
    "Cargoglyph",
    "Dunoglyph",
    "Emberglyph",
    "Fjordglyph",
)
CHARTS = [ADULT, STRANGER, FAR, CHILD, TEEN, GROWN]
SEEN = {
    R.OWNER: {"open", "free", "secret", "wait"},
    R.FULL: {"open", "free", "wait"},
    R.READ_ONLY: {"open", "free", "wait"},
    R.PARENT_OF_CHILD: {"open", "free", "wait"},
    R.PARENT_OF_TEEN: {"open", "wait"},
}


@dataclass(frozen=True)
class Who:
    """One person: how they sign in, the grant they name as theirs, what the table calls them there.

    `chart` is the name of the chart that `grant` is about, whether it still opens it or not. `charts`: every chart that
    opens for them, by its name, with the grant in the address ("" for their own).
    """

    name: str
    credentials: Credentials
    grant: str = ""
    chart: str = ""
    relationship: Relationship | None = None
    desk: Relationship | None = None
    practice: str = ""
    signed_in: bool = True
    read_only: bool = False
    account_id: str = ""
    charts: dict[str, tuple[str, Relationship]] = field(default_factory=dict)

    @property
    def cookie(self) -> str:
        """The Cookie header of their browser."""
        return f"__Host-rxportal={self.credentials.value}" if isinstance(self.credentials, SessionToken) else ""

    def may_hear(self, chart: str) -> set[tuple[str, str]]:
        """The canaries of one chart that this person may be told."""
        if chart not in self.charts:
            return set()
        return {(chart, kind) for kind in SEEN[self.charts[chart][1]]}


@dataclass
class Town:
    """The people, and what ids there are of whose chart."""

    world: World
    people: list[Who] = field(default_factory=list)
    patients: dict[str, Patient] = field(default_factory=dict)
    grants: dict[str, str] = field(default_factory=dict)
    _ids: dict[tuple[str, frozenset[str]], list[str]] = field(default_factory=dict)

    @property
    def browsers(self) -> list[Who]:
        """Everybody who comes with a browser."""
        return [who for who in self.people if not isinstance(who.credentials, Operator)]

    def who(self, name: str) -> Who:
        """One person by name."""
        return next(one for one in self.people if one.name == name)

    def records(self, chart: str, kinds: set[str]) -> list[str]:
        """Ids of a chart's records whose title is a canary of one of these classes, one of each type, and their files."""
        key = (chart, frozenset(kinds))
        if key not in self._ids:
            with self.world.database() as session:
                columns = select(Record.id, Record.resource_type, Record.title, Record.source_id)
                rows = session.exec(columns.where(col(Record.patient_id) == self.patients[chart].id)).all()
                attached: dict[Any, list[str]] = {}
                for record, file in session.exec(select(Attachment.record_id, Attachment.id)):
                    attached.setdefault(record, []).append(str(file))
            found: dict[str, str] = {}
            files: list[str] = []
            for identity, kind, title, source in sorted(rows, key=lambda row: str(row[3])):
                if any(word_of(chart, one) in title for one in kinds):
                    found.setdefault(f"{kind} {source.rpartition('-')[2][:4]}", str(identity))
                    files += attached.get(identity, [])
            self._ids[key] = [*found.values(), *files]
        return self._ids[key]

    def everything_of(self, chart: str) -> list[str]:
        """Ids of all sorts that belong to a chart: records, the patient, grants to it, accounts and their sessions."""
        patient = self.patients[chart]
        grants = [row for row in self.world.rows(Grant) if row.patient_id == patient.id]
        accounts = {row.account_id for row in grants}
        sessions = [row.id for row in self.world.rows(Session) if row.account_id in accounts]
        every = {"open", "free", "secret", "wait", "gone"}
        asked = [row.id for row in self.world.rows(Invitation) if row.patient_id == patient.id]
        others = [patient.id, *(row.id for row in grants), *accounts, *sessions, *asked]
        return [*self.records(chart, every), *(str(one) for one in others)]

    def hidden_from(self, who: Who) -> list[str]:
        """Records in the chart that `who` opens which they must never learn of."""
        if who.relationship is None:
            return []
        return self.records(who.chart, {"open", "free", "secret", "gone"} - SEEN[who.relationship])

    def visible_to(self, who: Who) -> list[str]:
        """Records in the chart that `who` opens which they may read."""
        return self.records(who.chart, SEEN[who.relationship] - {"wait"}) if who.relationship else []


def expected(case: UseCase, who: Who, target: str = "own") -> str:
    """What the table says of one cell: "" for may, else the code of the refusal.

    Knows nothing of how the kernel decides. `target`: own, foreign or unknown: what the address names.
    """
    may = TABLE[case.permission]
    operator = who.desk is R.OPERATOR
    if case.scope is Chart:
        if not who.signed_in:
            return "not_signed_in"
        if target != "own" or who.relationship is None:
            return "not_found"
        reads_only = who.read_only and R.READ_ONLY not in may
        return "not_allowed" if who.relationship not in may or reads_only else ""
    if case.scope is Desk:
        if not operator and not who.signed_in:
            return "not_signed_in"
        if who.desk is None:
            return "not_found"
        return "" if who.desk in may else "not_allowed"
    if case.scope is AccountScope:
        if not who.signed_in:
            return "not_signed_in"
        return "" if R.SIGNED_IN in may else "not_allowed"
    public = R.OPERATOR if operator else R.SIGNED_IN if who.signed_in else R.ANONYMOUS
    return "" if public in may else "not_allowed"


def closed_to(permission: Permission, cases: list[UseCase], who: Who, target: str = "own") -> bool:
    """Whether no use case of this permission opens for this person at this address.

    At an address that names another chart those of a chart count alone: no page may answer with one's own there.
    """
    mine = [case for case in cases if case.permission is permission]
    of_a_chart = [case for case in mine if case.scope is Chart]
    return all(expected(case, who, target) for case in (of_a_chart if target != "own" and of_a_chart else mine))


class Builder:
    """Makes a town."""

    def __init__(self, kernel: Kernel, folder: Path, vault: EncryptedFolder | None = None) -> None:
        self.world = World(kernel)
        self.kernel = kernel
        self.folder = folder
        self.vault = vault or EncryptedFolder(folder / "attachments", KEY)
        self.town = Town(self.world)

    def build(self) -> Town:
        """Everybody and everything."""
        today = self.world.now.date()
        there = replace_practice(self.kernel, "Elsewhere Clinic")
        for chart, kernel, born in (
            (ADULT, self.kernel, "1980-02-03"),
            (STRANGER, self.kernel, "1971-05-06"),
            (FAR, there, "1969-09-09"),
            (CHILD, self.kernel, birthday(today, 9)),
            (TEEN, self.kernel, birthday(today, 14)),
            (GROWN, self.kernel, birthday(today, 18)),
        ):
            self.chart(kernel, chart, born, today)
        self.readers()
        self.staff()
        self.nobodies()
        self.proved()
        return self.town

    def proved(self) -> None:
        """Everybody proved who they are, for as long as the run takes: who may do what is asked here, not how fresh."""
        with self.world.database() as database:
            for session in database.exec(select(Session)):
                session.fresh_at = self.world.now + timedelta(hours=12)

    def chart(self, kernel: Kernel, chart: str, born: str, today: date) -> None:
        """One chart, imported as any other."""
        importer = Importer(kernel, self.folder, self.vault)
        old, fresh = chart_of(chart, born, today)
        importer.take(*old, organization=f"{chart} sender", seen_before=today, released_before=today)
        importer.take(*fresh, organization=f"{chart} sender", seen_before=date(2020, 1, 1))
        self.town.patients[chart] = next(row for row in self.world.rows(Patient) if chart in row.name)

    def reader(
        self, name: str, chart: str, level: Level, relationship: Relationship | None, **facts: Any
    ) -> tuple[Account, Grant]:
        """Somebody with a grant to a chart, live or not."""
        account = self.world.account(name=f"{name.title()} Person")
        grant = self.world.grant(account, self.town.patients[chart], level, **facts)
        key = "" if level is Level.SELF else str(grant.id)
        self.town.grants[name] = str(grant.id)
        self.town.people.append(
            Who(
                name, self.world.sign_in(account), key, chart, relationship,
                read_only=level is Level.READ_ONLY, account_id=str(account.id),
                charts={chart: (key, relationship)} if relationship else {},
            )
        )  # fmt: skip
        return account, grant

    def readers(self) -> None:
        """Every relationship to a chart, live ones and dead ones."""
        gone, soon = self.world.now - timedelta(minutes=1), self.world.now + timedelta(days=1)
        parent = {"basis": Basis.PARENT}
        self.invited(self.reader("owner", ADULT, Level.SELF, R.OWNER)[0])
        self.reader("full proxy", ADULT, Level.FULL, R.FULL)
        self.reader("read-only proxy", ADULT, Level.READ_ONLY, R.READ_ONLY)
        self.reader("parent of a child", CHILD, Level.FULL, R.PARENT_OF_CHILD, **parent)
        self.reader("read-only parent", CHILD, Level.READ_ONLY, R.PARENT_OF_CHILD, **parent)
        self.reader("parent of a teen", TEEN, Level.FULL, R.PARENT_OF_TEEN, **parent)
        self.reader("the teen", TEEN, Level.SELF, R.OWNER)
        self.reader("parent of a grown-up", GROWN, Level.FULL, None, **parent)
        self.reader("ended", ADULT, Level.FULL, None, until=gone)
        self.reader("revoked", ADULT, Level.FULL, None, revoked_at=gone)
        self.reader("revoked parent", CHILD, Level.FULL, None, revoked_at=gone, **parent)
        self.reader("invited, not accepted", ADULT, Level.FULL, None, accepted=False)
        self.reader("not begun", ADULT, Level.FULL, None, since=soon)
        self.reader("owner of another chart", GROWN, Level.SELF, R.OWNER)  # a chart has one owner
        self.reader("owner elsewhere", FAR, Level.SELF, R.OWNER)
        self.reader("proxy of a stranger", STRANGER, Level.FULL, R.FULL)
        account, _grant = self.reader("two charts", ADULT, Level.FULL, R.FULL)
        self.world.grant(account, self.town.patients[STRANGER], Level.SELF)
        both = self.town.people[-1]
        self.town.people[-1] = replace(both, charts={**both.charts, STRANGER: ("", R.OWNER)})
        thief = self.town.who("full proxy").grant
        self.stranger("none, with a proxy's grant", thief)
        self.stranger("none, with a patient's id", str(self.town.patients[ADULT].id))
        self.stranger("none, with no sense", "' OR 1=1 --")
        self.stranger("none", "")

    def invited(self, owner: Account) -> None:
        """Somebody who was sent an invitation and has not answered: they have nothing yet, and its owner has the row."""
        self.world.store(
            Invitation(
                patient_id=self.town.patients[ADULT].id, invited_by=owner.id, name="Asked Person",
                email="asked@tests.example", level=Level.FULL, token_hash="a", passcode_hash="b",
                created_at=self.world.now, expires_at=self.world.now + timedelta(days=7),
            )
        )  # fmt: skip

    def stranger(self, name: str, grant: str, **facts: Any) -> None:
        """A signed-in person without any chart, with somebody else's grant in the address."""
        account = self.world.account(name=f"{name.partition(',')[0].title()} Person")
        self.town.people.append(Who(name, self.world.sign_in(account), grant, account_id=str(account.id), **facts))

    def staff(self) -> None:
        """Each role, here and at another practice, and one with a proxy's grant in hand."""
        elsewhere = self.world.practice("Elsewhere Clinic")
        thief = self.town.who("full proxy").grant
        for role in Role:
            self.member(f"{role.value} here", self.world.staff(role), R(role.value), ADULT)
            self.member(f"{role.value} elsewhere", self.world.staff(role, practice=elsewhere), R(role.value), FAR)
        self.member("clinician with a proxy's grant", self.world.staff(), R.CLINICIAN, ADULT, thief)
        self.town.people.append(Who("operator", Operator(), desk=R.OPERATOR, practice=ADULT, signed_in=False))

    def member(self, name: str, account: Account, desk: Relationship, practice: str, grant: str = "") -> None:
        """Somebody at a desk; `practice` is told by a chart of it."""
        made = Who(name, self.world.sign_in(account), grant, desk=desk, practice=practice, account_id=str(account.id))
        self.town.people.append(made)

    def nobodies(self) -> None:
        """Nobody signed in, in every way in which one can be nobody, each with a good grant in the address."""
        now = self.world.now
        grant = self.town.who("full proxy").grant
        nobody = {"signed_in": False, "grant": grant}
        self.town.people += [
            Who("anonymous", Anonymous(), **nobody),
            Who("made-up cookie", SessionToken("made-up"), **nobody),
        ]
        for name, facts in (
            ("expired: idle too long", {"active_at": now - timedelta(minutes=61)}),
            ("expired: too old", {"created_at": now - timedelta(hours=25)}),
            ("expired: signed out", {"ended_at": now - timedelta(minutes=1)}),
        ):
            account, own = self.reader(name, ADULT, Level.FULL, None)
            session = next(row for row in self.world.rows(Session) if row.account_id == account.id)
            for column, value in facts.items():
                setattr(session, column, value)
            self.world.store(session)
            self.town.people[-1] = replace(self.town.people[-1], signed_in=False, grant=str(own.id))
        account, own = self.reader("disabled account", ADULT, Level.FULL, None)
        account.disabled_at = now
        self.world.store(account)
        self.town.people[-1] = replace(self.town.people[-1], signed_in=False, grant=str(own.id))


def birthday(today: date, years: int) -> str:
    """Of somebody whose last birthday, the `years`-th, was 100 days ago."""
    born = today - timedelta(days=100)
    return born.replace(year=born.year - years, day=min(born.day, 28)).isoformat()


def replace_practice(kernel: Kernel, name: str) -> Kernel:
    """The same database under another practice's operator."""
    return Kernel(kernel.engine, kernel.audit_key, clock=kernel.clock, bus=kernel.bus, practice=PracticeFacts(name))


def unknown() -> str:
    """An id that nobody has."""
    return str(uuid4())
