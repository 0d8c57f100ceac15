"""Long charts stay as quick as short ones: what a list filters and sorts by in one index, and its summary in its row."""

from __future__ import annotations

import sqlalchemy as sa
import sqlmodel
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

LISTING = (
    "patient_id", "listed", "occurred_at", "title", "id", "struck", "gate", "visible_from", "sensitivity", "section",
    "kind",
)  # fmt: skip
WAITING = ("patient_id", "gate", "listed", "latest_at")
KINDS = ("patient_id", "kind", "listed", "visible_from", "struck", "gate", "sensitivity", "section")


def upgrade() -> None:
    """Add two columns, which the next import or the daily settling fills (until then lists count anew), and indexes."""
    op.add_column("record", sa.Column("summary", sqlmodel.AutoString(), nullable=False, server_default=""))
    op.add_column("record", sa.Column("even", sa.Boolean(), nullable=False, server_default=sa.false()))
    op.create_index("ix_record_opening", "record", ["visible_from"])
    op.create_index("ix_record_listing", "record", list(LISTING))
    op.create_index("ix_record_waiting", "record", list(WAITING))
    op.create_index("ix_record_kinds", "record", list(KINDS))


def downgrade() -> None:
    """Drop what was added."""
    op.drop_index("ix_record_kinds", "record")
    op.drop_index("ix_record_waiting", "record")
    op.drop_index("ix_record_listing", "record")
    op.drop_index("ix_record_opening", "record")
    op.drop_column("record", "even")
    op.drop_column("record", "summary")
