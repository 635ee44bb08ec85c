"""What admins did, and cards taken down."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0012"
down_revision: str | None = "0011"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "audit_entries",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("who_id", sa.Uuid(), nullable=True),
        sa.Column("who", sa.String(length=255), nullable=False),
        sa.Column("what", sa.String(length=30), nullable=False),
        sa.Column("on_kind", sa.String(length=12), nullable=False),
        sa.Column("on_id", sa.String(length=36), nullable=False),
        sa.Column("on_name", sa.String(length=255), nullable=False),
        sa.Column("details", sa.String(length=1000), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_audit_entries")),
    )
    op.create_index(op.f("ix_audit_entries_at"), "audit_entries", ["at"])
    op.create_index(op.f("ix_audit_entries_on_id"), "audit_entries", ["on_id"])
    op.create_table(
        "take_downs",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("card_id", sa.Uuid(), nullable=False),
        sa.Column("report_id", sa.Uuid(), nullable=True),
        sa.Column("reason", sa.String(length=1000), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("answer", sa.Text(), nullable=False),
        sa.Column("answered_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("restored_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["card_id"], ["cards.id"], name=op.f("fk_take_downs_card_id_cards"), ondelete="CASCADE"),
        sa.ForeignKeyConstraint(
            ["report_id"], ["reports.id"], name=op.f("fk_take_downs_report_id_reports"), ondelete="SET NULL"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_take_downs")),
    )
    op.create_index(op.f("ix_take_downs_card_id"), "take_downs", ["card_id"])
    op.create_index(op.f("ix_take_downs_report_id"), "take_downs", ["report_id"])
    op.add_column("cards", sa.Column("taken_down_at", sa.DateTime(timezone=True), nullable=True))
    op.add_column("reports", sa.Column("note", sa.Text(), nullable=True))


def downgrade() -> None:
    op.drop_column("reports", "note")
    op.drop_column("cards", "taken_down_at")
    op.drop_table("take_downs")
    op.drop_table("audit_entries")
