"""Changes to cards, for the workers that keep their pages."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision: str | None = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "page_changes",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("card_id", sa.Uuid(), nullable=False),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_page_changes")),
        sqlite_autoincrement=True,
    )
    op.create_index(op.f("ix_page_changes_changed_at"), "page_changes", ["changed_at"])


def downgrade() -> None:
    op.drop_table("page_changes")
