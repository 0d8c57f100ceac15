"""One medicine as it stands on the list: from what the records say to the words of its card."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

from rxportal.core.text import _
from rxportal.fhir.dates import starts_at
from rxportal.fhir.display import date_words
from rxportal.fhir.medicine_view import MedicineFacts
from rxportal.fhir.told import begun, listed
from rxportal.rules.medicines import PAST, Medicine, Standing, not_online, refills_left
from rxportal.services.medicines_views import EarlierMedicine, MedicineRow
from rxportal.services.medicines_words import CAN_RUN_OUT, NOTHING_REQUESTED, OWN_STEP, Facts, told, why_not_online
from rxportal.services.record_items import came_from
from rxportal.services.record_rows import Tie

#: Standings of which nobody would think that they could be renewed.
NO_RENEWAL = frozenset({Standing.HANDED_OUT, Standing.DRAFT, Standing.UNKNOWN})


@dataclass(frozen=True)
class Reading:
    """One record of a medicine, read."""

    id: UUID
    title: str
    author: str
    occurred: str
    arrived_at: datetime
    source: str
    facts: MedicineFacts
    tied: tuple[Tie, ...]
    zone: ZoneInfo

    @property
    def name(self) -> str:
        """What makes two records speak of the same medicine."""
        return " ".join(self.title.lower().split())

    def day(self, written: str) -> date | None:
        """The calendar day, where the practice is, of a FHIR date."""
        moment = starts_at(written, self.zone)
        return moment.astimezone(self.zone).date() if moment else None

    def told(self, written: str) -> str:
        """A FHIR date in words."""
        return date_words(written, self.zone)

    @property
    def lasts_until(self) -> date | None:
        """The day on which this fill is used up."""
        handed, days = self.day(self.facts.handed), self.facts.days
        return handed + timedelta(days=days) if handed and days else None


def medicine_row(
    one: Reading, medicine: Medicine, standing: Standing, fills: Sequence[Reading], *, own: bool
) -> MedicineRow:
    """The card of one medicine. `one` is the newest entry, `fills` its fills, newest first."""
    facts = one.facts
    until = fills[0].lasts_until if fills else None
    words = told(standing, Facts(
        left=refills_left(medicine) or 0,
        written=one.told(one.occurred),
        good_until=one.told(facts.good_until),
        lasts_until=date_words(until.isoformat()) if until else "",
        handed=one.told(facts.handed),
        source=one.source,
        own=own,
    ))  # fmt: skip
    row = MedicineRow(
        id=f"m-{one.id}",
        title=called(one.title),
        tag=words.tag,
        tone=words.tone,
        directions=list(facts.directions),
        sentence=words.sentence,
        requested=NOTHING_REQUESTED if standing in CAN_RUN_OUT else "",
        next=words.next,
        call=words.call,
        because=_("Why: {reason}").format(reason=facts.because) if facts.because else "",
        facts=_facts(one, fills, past=standing in PAST),
        origin=came_from(one.source, one.arrived_at, one.zone),
    )
    if standing not in PAST | NO_RENEWAL:
        _say_why(row, one, medicine, standing)
    return row


def called(title: str) -> str:
    """The medicine's name; one that came as a bare code says so."""
    return _("Medicine (code {code})").format(code=title) if title.replace("-", "").isdecimal() else begun(title)


def _say_why(row: MedicineRow, one: Reading, medicine: Medicine, standing: Standing) -> None:
    """The reason why it can't be renewed online, in place of a next step that would lead there."""
    reason = not_online(medicine)
    if reason is None:
        return
    row.why, row.why_next, row.why_call = why_not_online(reason, one.author or one.source)
    if standing in OWN_STEP:
        row.why_next = row.why_call = ""
    else:
        row.next = row.call = ""


def _facts(one: Reading, fills: Sequence[Reading], *, past: bool) -> list[list[str]]:
    facts, filled = one.facts, fills[0] if fills else None
    reasons = listed([facts.reasons, *(begun(tie.title) for tie in one.tied if tie.resource_type == "Condition")])
    begun_as = _("Entered") if facts.reported else _("Prescribed")
    found = (
        (_("For"), reasons),
        (_("Prescribed by"), "" if facts.reported or facts.kind == "MedicationDispense" else one.author),
        (_("Taken since") if facts.starts else begun_as, _begins(one)),
        (_("Last filled"), _filled(filled) if filled else ""),
        (_("Prescription good until"), "" if past else one.told(facts.good_until)),
    )
    return [[name, words] for name, words in found if words]


def _begins(one: Reading) -> str:
    if one.facts.kind == "MedicationDispense":
        return ""
    return one.told(one.facts.starts or one.occurred) or _("Date not known")


def _filled(fill: Reading) -> str:
    return listed([fill.told(fill.facts.handed or fill.occurred), fill.facts.amount, fill.facts.who])


def earlier_row(one: Reading) -> EarlierMedicine:
    """An earlier prescription or fill in a line."""
    facts = one.facts
    if facts.kind == "MedicationDispense":
        said = listed([_("Filled"), facts.amount, facts.who])
    else:
        said = listed([_("Prescribed") if not facts.reported else _("Entered"), one.author, *facts.directions[:1]])
    return EarlierMedicine(one.told(facts.handed or one.occurred) or _("Date not known"), said, one.source)


def given_row(one: Reading) -> MedicineRow:
    """One dose that was given at a visit."""
    facts = one.facts
    where = listed([one.told(facts.starts or one.occurred) or _("Date not known"), facts.who or one.author])
    return MedicineRow(
        id=f"m-{one.id}",
        title=called(one.title),
        tag=_("Not given") if facts.status == "not-done" else "",
        tone="wait",
        directions=list(facts.directions),
        sentence=where,
        told=[f"m-{one.id}"],
        because=_("Why: {reason}").format(reason=facts.because) if facts.because else "",
        origin=came_from(one.source, one.arrived_at, one.zone),
    )
