"""Whom a court order keeps from a chart: recorded and lifted at the desk, asked wherever somebody gets access."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlmodel import Session, col, or_, select

from rxportal.core.access import Permission
from rxportal.core.authorize import live_grants
from rxportal.core.errors import Conflict, InvalidInput
from rxportal.core.scopes import Desk
from rxportal.core.text import _
from rxportal.core.usecase import use_case
from rxportal.models.accounts import Account, Grant, Level
from rxportal.models.credentials import Identity
from rxportal.models.people import CourtOrder
from rxportal.rules.claims import same_name
from rxportal.rules.invitations import mailbox_of
from rxportal.services.grants import end
from rxportal.services.sessions import normal_email

KEPT_OUT = _("We can’t give this access on the portal. Call us, and we tell you what you can do.")
TOPIC = "desk_orders"
LONGEST_NAME, LONGEST_REASON = 300, 2_000


def kept_out(
    session: Session,
    patient_id: UUID,
    now: datetime,
    *,
    account_id: UUID | None = None,
    name: str = "",
    email: str = "",
) -> bool:
    """Whether a live court order keeps this person from the chart.

    The same account, the same mailbox or the same name is enough, also as an outside provider that the account signs in
    with says it: a new account must not be a way round an order, and a namesake can be told apart by the desk, which
    sees the order. `name` "": names are not compared.
    """
    orders = live_orders(session, patient_id, now)
    if not orders:
        return False
    known = _known_as(session, account_id)
    mailboxes = {mailbox_of(one) for one in (email, *(said for said, _name in known)) if one}
    names = [name, *(called for _email, called in known)] if name else []
    return any(
        (one.account_id is not None and one.account_id == account_id)
        or (one.email != "" and mailbox_of(one.email) in mailboxes)
        or any(same_name(one.name, called) for called in names)
        for one in orders
    )


def _known_as(session: Session, account_id: UUID | None) -> list[tuple[str, str]]:
    """E-mail address and name of each outside identity of an account."""
    if account_id is None:
        return []
    said = session.exec(select(Identity.email, Identity.name).where(Identity.account_id == account_id))
    return [(email, called) for email, called in said]


def live_orders(session: Session, patient_id: UUID, now: datetime) -> list[CourtOrder]:
    """The orders that hold now, the newest first."""
    wanted = select(CourtOrder).where(CourtOrder.patient_id == patient_id, col(CourtOrder.since) <= now)
    wanted = wanted.where(or_(col(CourtOrder.until).is_(None), col(CourtOrder.until) > now))
    return list(session.exec(wanted.order_by(col(CourtOrder.since).desc(), col(CourtOrder.id))))


@use_case(Permission.RECORD_ORDERS, kind="write")
def record_order(
    desk: Desk, *, patient_id: UUID, name: str, email: str = "", reason: str = "", until: date | None = None
) -> int:
    """Record whom a court order keeps from a chart; access they have is over at once. How many accesses that ended.

    `until`: the last day of the order.

    Raises:
        NotFound: no such patient in this practice.
        InvalidInput: no name, no papers, or a day that is over.
    """
    patient = desk.patient(patient_id)
    who, papers, last = " ".join(name.split()), reason.strip(), _end_of(desk, until)
    if not who or len(who) > LONGEST_NAME:
        raise InvalidInput("name", _("Write the name of the person whom the order keeps out."))
    if not papers or len(papers) > LONGEST_REASON:
        raise InvalidInput("reason", _("Write which court, which number and what you looked at."))
    address = normal_email(email)
    account = desk.session.exec(select(Account.id).where(Account.email == address)).first() if address else None
    desk.add(
        CourtOrder(
            patient_id=patient.id, account_id=account, name=who, email=address, reason=papers,
            recorded_by=desk.access.place.staff_id if desk.access.place else None, since=desk.now, until=last,
        )
    )  # fmt: skip
    desk.session.flush()
    desk.note(patient_id=patient.id)
    desk.publish(patient.id, TOPIC)
    return _end_access(desk, patient.id)


@use_case(Permission.RECORD_ORDERS, kind="write")
def lift_order(desk: Desk, *, order_id: UUID) -> UUID:
    """End a court order today: the court lifted it, or it was recorded by mistake. Whose chart it was about.

    Raises:
        NotFound: no such order in this practice.
        Conflict: it was over before, or it names whoever would lift it.
    """
    order = desk.get(CourtOrder, order_id)
    if order.until is not None and order.until <= desk.now:
        raise Conflict(_("This order was over before."))
    if order.account_id is not None and order.account_id == desk.actor.account_id:
        raise Conflict(_("This order names you. Somebody else at the desk lifts it."))
    order.until = desk.now
    desk.add(order)
    desk.note(patient_id=order.patient_id)
    desk.publish(order.patient_id, TOPIC)
    return order.patient_id


def _end_of(desk: Desk, last: date | None) -> datetime | None:
    if last is None:
        return None
    if last < desk.today:
        raise InvalidInput("until", _("That day is over. Write the last day of the order, or leave it empty."))
    return day_after(last, desk.practice.time_zone)


def day_after(last: date, zone: str) -> datetime:
    """The instant at which a last day is over where the practice is."""
    return datetime.combine(last + timedelta(days=1), datetime.min.time(), tzinfo=ZoneInfo(zone))


def _end_access(desk: Desk, patient_id: UUID) -> int:
    """What the person whom the order names has of this chart; never the patient's own access."""
    wanted = desk.select(Grant, Account).join(Account, col(Account.id) == col(Grant.account_id))
    live = wanted.where(col(Grant.patient_id) == patient_id, col(Grant.level) != Level.SELF.value)
    held = desk.exec(live.where(*live_grants(desk.now))).all()
    doomed = [
        grant
        for grant, account in held
        if kept_out(desk.session, patient_id, desk.now, account_id=account.id, name=account.name, email=account.email)
    ]
    for grant in doomed:
        end(desk, grant)
    return len(doomed)
