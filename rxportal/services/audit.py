"""What the operator asks of the audit log. Its lines are written by the kernel alone."""

from __future__ import annotations

from sqlmodel import func, select

from rxportal.core.access import Permission
from rxportal.core.scopes import Desk
from rxportal.core.usecase import use_case
from rxportal.models.audit import AuditEntry


@use_case(Permission.VERIFY_AUDIT, audited=False)
def count_audit_lines(desk: Desk) -> int:
    """How many lines the audit log has."""
    return desk.session.exec(select(func.count()).select_from(AuditEntry)).one()
