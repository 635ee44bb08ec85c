"""Codes with a name, a style, an event, a count of scans, paused and retired."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision: str | None = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("card_codes", schema=None) as batch_op:
        batch_op.add_column(sa.Column("name", sa.String(length=60), nullable=False, server_default=""))
        batch_op.add_column(sa.Column("style", sa.JSON(), nullable=False, server_default="{}"))
        batch_op.add_column(sa.Column("look", sa.String(length=16), nullable=False, server_default=""))
        batch_op.add_column(sa.Column("event_id", sa.Uuid(), nullable=True))
        batch_op.add_column(sa.Column("scans", sa.Integer(), nullable=False, server_default="0"))
        batch_op.add_column(sa.Column("paused_at", sa.DateTime(timezone=True), nullable=True))
        batch_op.add_column(sa.Column("retired_at", sa.DateTime(timezone=True), nullable=True))
        batch_op.create_index(batch_op.f("ix_card_codes_event_id"), ["event_id"], unique=False)
        batch_op.create_foreign_key(
            batch_op.f("fk_card_codes_event_id_card_events"), "card_events", ["event_id"], ["id"], ondelete="SET NULL"
        )
    with op.batch_alter_table("card_codes", schema=None) as batch_op:  # the defaults were for the codes that there are
        for column in ("name", "style", "look", "scans"):
            batch_op.alter_column(column, server_default=None)


def downgrade() -> None:
    with op.batch_alter_table("card_codes", schema=None) as batch_op:
        batch_op.drop_constraint(batch_op.f("fk_card_codes_event_id_card_events"), type_="foreignkey")
        batch_op.drop_index(batch_op.f("ix_card_codes_event_id"))
        for column in ("retired_at", "paused_at", "scans", "event_id", "look", "style", "name"):
            batch_op.drop_column(column)
