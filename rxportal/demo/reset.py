"""Taking the demo practice away again: its accounts, its people, and whatever its organizations sent."""

from __future__ import annotations

from sqlalchemy import ColumnElement, Table, delete, or_
from sqlalchemy import select as ids_of
from sqlmodel import SQLModel, col, select

from rxportal.core.access import Permission
from rxportal.core.scopes import Desk
from rxportal.core.usecase import use_case
from rxportal.demo.people import MEMBERS, named
from rxportal.demo.practice import NAME, OTHER_NAME
from rxportal.models.accounts import Account, Patient
from rxportal.models.mail import Letter, MailboxMessage
from rxportal.models.records import Attachment, Organization


@use_case(Permission.LOAD_DEMO, kind="write")
def clear_demo(desk: Desk) -> list[str]:
    """Remove all of the demo practice but its audit lines. Returns the attachment files that nobody needs now."""
    doomed = _everything_under(_roots(desk))
    files = _files(desk, doomed.get(_table(Attachment)))
    for table, which in reversed(doomed.items()):
        desk.session.execute(delete(table).where(which))
    unused = files - _files(desk, _table(Attachment).c.file.in_(files))
    desk.note(attachments=len(unused))
    return sorted(unused)


def _files(desk: Desk, which: ColumnElement[bool] | None) -> set[str]:
    if which is None:
        return set()
    return set(desk.session.execute(ids_of(_table(Attachment).c.file).where(which)).scalars()) - {""}


def _table(model: type[SQLModel]) -> Table:
    return SQLModel.metadata.tables[str(model.__tablename__)]


def _roots(desk: Desk) -> dict[Table, ColumnElement[bool]]:
    """The rows that everything else of the demo hangs on."""
    emails = [member.email for member in MEMBERS]
    accounts = desk.session.exec(select(Account.id).where(col(Account.email).in_(emails))).all()
    names = [named(person) for member in MEMBERS for person in (member.person, member.asks) if person]
    names += [named(tie.person) for member in MEMBERS for tie in member.ties]
    senders = desk.session.exec(select(Organization.id).where(col(Organization.name).in_([NAME, OTHER_NAME]))).all()
    return {
        _table(Account): _table(Account).c.id.in_(accounts),
        _table(Patient): _table(Patient).c.name.in_(names),
        _table(Organization): _table(Organization).c.id.in_(senders),
        _table(Letter): or_(_table(Letter).c.account_id.in_(accounts), _table(Letter).c.to.in_(emails)),
        _table(MailboxMessage): _table(MailboxMessage).c.to.in_(emails),
    }


def _everything_under(roots: dict[Table, ColumnElement[bool]]) -> dict[Table, ColumnElement[bool]]:
    """Every table that refers to a root, straight or through others, with which of its rows: parents first."""
    doomed: dict[Table, ColumnElement[bool]] = {}
    for table in SQLModel.metadata.sorted_tables:
        conditions = [roots[table]] if table in roots else []
        for key in table.foreign_keys:
            parent = key.column.table
            if parent in doomed and key.column.name == "id":
                conditions.append(key.parent.in_(ids_of(parent.c.id).where(doomed[parent])))
        if conditions:
            doomed[table] = or_(*conditions)
    return doomed
