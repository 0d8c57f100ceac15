"""The audit log only grows: triggers refuse every change and removal, on both databases."""

from __future__ import annotations

from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

REFUSAL = "the audit log only grows"


def upgrade() -> None:
    """Refuse UPDATE and DELETE (and TRUNCATE) of audit_entry, and DELETE of its head."""
    if op.get_bind().dialect.name == "sqlite":
        for table, verb in (("audit_entry", "UPDATE"), ("audit_entry", "DELETE"), ("audit_head", "DELETE")):
            op.execute(
                f"CREATE TRIGGER {table}_no_{verb.lower()} BEFORE {verb} ON {table} "
                f"BEGIN SELECT RAISE(ABORT, '{REFUSAL}'); END"
            )
        return
    op.execute(
        "CREATE FUNCTION audit_only_grows() RETURNS trigger LANGUAGE plpgsql AS "
        f"$$ BEGIN RAISE EXCEPTION '{REFUSAL}'; END $$"
    )
    op.execute(
        "CREATE TRIGGER audit_entry_no_change BEFORE UPDATE OR DELETE ON audit_entry "
        "FOR EACH ROW EXECUTE FUNCTION audit_only_grows()"
    )
    for table in ("audit_entry", "audit_head"):
        op.execute(
            f"CREATE TRIGGER {table}_no_truncate BEFORE TRUNCATE ON {table} "
            "FOR EACH STATEMENT EXECUTE FUNCTION audit_only_grows()"
        )
    op.execute(
        "CREATE TRIGGER audit_head_no_delete BEFORE DELETE ON audit_head "
        "FOR EACH ROW EXECUTE FUNCTION audit_only_grows()"
    )


def downgrade() -> None:
    """Drop the triggers."""
    if op.get_bind().dialect.name == "sqlite":
        names = {"audit_entry_no_update", "audit_entry_no_delete", "audit_head_no_delete"}
        for name in sorted(names):
            op.execute(f"DROP TRIGGER {name}")
        op.get_bind().info.setdefault("dropped_triggers", set()).update(names)
        return
    op.execute("DROP TRIGGER audit_entry_no_change ON audit_entry")
    op.execute("DROP TRIGGER audit_entry_no_truncate ON audit_entry")
    op.execute("DROP TRIGGER audit_head_no_truncate ON audit_head")
    op.execute("DROP TRIGGER audit_head_no_delete ON audit_head")
    op.execute("DROP FUNCTION audit_only_grows")
