"""When results open: what the practice's rules say, and what somebody chose for their chart inside them (N2)."""

from __future__ import annotations

from uuid import UUID

from sqlmodel import col

from rxportal.core.access import Permission
from rxportal.core.errors import Conflict
from rxportal.core.live import Change
from rxportal.core.release_store import policy_of
from rxportal.core.scopes import AccountScope, Chart
from rxportal.core.text import _, plural
from rxportal.core.usecase import use_case
from rxportal.models.accounts import Level
from rxportal.models.policies import Mode
from rxportal.models.preferences import TimingChoice
from rxportal.models.records import Record
from rxportal.rules.policy import Line, Policy
from rxportal.rules.timing import KINDS, Group, Timing, wished_line
from rxportal.services.preferences_views import TimingCard, TimingChart, TimingRow
from rxportal.services.released import RESULT_RELEASED, TOLD, notice_of
from rxportal.services.releases import settle_records
from rxportal.services.selecting import only

TITLES = {
    Group.LABORATORY: _("Laboratory"),
    Group.IMAGING: _("Imaging"),
    Group.TISSUE: _("Tissue"),
    Group.GENETICS: _("Genetics"),
}
RESULTS = "results"


@use_case(Permission.CHOOSE_TIMING, kind="write")
def choose_timing(chart: Chart, *, group: Group, choice: Timing) -> None:
    """Choose when the results of one group open, inside what the rules allow; every open page follows at once.

    Raises:
        Conflict: these wait for the doctor's order in any case.
    """
    if choice is Timing.WORD and wished_line(_line(_policy(chart), group)) is None:
        raise Conflict(_("Your doctor releases each of these in any case. There is nothing to choose."))
    chart.session.refresh(chart.patient, with_for_update=True)  # two clicks at once are one choice
    row = chart.exec(chart.select(TimingChoice).where(col(TimingChoice.kind) == group.value)).scalars().first()
    row = row or TimingChoice(patient_id=chart.patient.id, kind=group.value, choice="", changed_at=chart.now)
    if row.choice != choice.value:
        row.choice, row.changed_at = choice.value, chart.now
    chart.add(row)
    _follow(chart)
    chart.note(group=group.value, choice=choice.value)


def end_wishes(account: AccountScope) -> None:
    """Forget what was chosen for one's own chart: a choice ends with the account of whoever made it."""
    own = [chart for chart in account.charts(Permission.CHOOSE_TIMING) if chart.access.level is Level.SELF]
    account.opened = []  # the act is the account's, and stands in the log as that
    for chart in own:
        for row in chart.exec(chart.select(TimingChoice)).scalars().all():
            chart.session.delete(row)
        _follow(chart)
        account.changes += chart.changes


def _follow(chart: Chart) -> None:
    """Open what waits no longer; open pages follow, and whoever else reads the chart is told, once for each kind."""
    before = _readable(chart)
    settle_records(chart.session, chart.patient.id, chart.now)
    opened = {(kind, sensitivity): key for key, kind, sensitivity in _readable(chart) - before}
    mine = [str(chart.actor.account_id)]  # whoever chose sees it on the page
    for key in opened.values():
        chart.outbox(RESULT_RELEASED, {**notice_of(key, chart.patient.id), TOLD: mine})
    chart.publish(RESULTS)
    chart.changes.append(Change("desk", str(chart.practice.id), RESULTS))


def _readable(chart: Chart) -> set[tuple[UUID, str, str]]:
    """Id, kind and sensitivity of each result that is open to its reader now."""
    rows = only(chart.select(Record), col(Record.id), col(Record.kind), col(Record.sensitivity))
    return {(row[0], row[1], row[2]) for row in chart.exec(rows.where(col(Record.listed)))}


def timing_card(account: AccountScope, key: str) -> TimingCard:
    """What may be chosen for the chart of this address ("" for one's own), and whose else one chooses for."""
    charts = account.charts(Permission.CHOOSE_TIMING)
    card = TimingCard()
    for chart in charts:
        own = chart.access.level is Level.SELF
        if key == ("" if own else str(chart.access.grant_id)):
            card.whose = "" if own else chart.patient.name
            card.rows = _rows(chart)
        elif not own:
            card.others.append(TimingChart(chart.patient.name, f"/account/preferences?for={chart.access.grant_id}"))
    return card


def _rows(chart: Chart) -> list[TimingRow]:
    policy = _policy(chart)
    chosen = {one.kind: one.choice for one in chart.exec(chart.select(TimingChoice)).scalars()}
    return [_row(policy, group, chosen.get(group.value, "")) for group in Group]


def _row(policy: Policy, group: Group, chosen: str) -> TimingRow:
    line = _line(policy, group)
    wished = wished_line(line)
    return TimingRow(
        group=group.value,
        title=TITLES[group],
        choosable=wished is not None,
        waits=wished is not None and chosen == Timing.WORD.value,
        soon=_now(line),
        word=_("Only after the doctor has written about it or released it.") + _latest(wished.latest_days)
        if wished
        else "",
    )


def _now(line: Line) -> str:
    """What the rules alone do with results of one kind."""
    told = {
        Mode.IMMEDIATE: _("As soon as it is ready, also before a doctor has looked at it."),
        Mode.AFTER_SEEN: _("As soon as the doctor has looked at it."),
        Mode.ON_ORDER: _("The doctor releases each of them."),
        Mode.WITHHELD: _("These are not shown online."),
    }[line.mode]
    return told if line.mode in {Mode.IMMEDIATE, Mode.WITHHELD} else told + _latest(line.latest_days)


def _latest(days: int | None) -> str:
    if days is None:
        return ""
    return " " + plural(
        "At the latest {count} day after it is ready.", "At the latest {count} days after it is ready.", days
    )


def _policy(chart: Chart) -> Policy:
    return policy_of(chart.session, chart.practice, chart.now)


def _line(policy: Policy, group: Group) -> Line:
    """The line of the group's plainest kind; what a law keeps back beyond it stays back whatever is chosen."""
    return policy.line(KINDS[group][0])
