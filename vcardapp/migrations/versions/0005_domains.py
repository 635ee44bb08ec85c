"""Domains that people bring along."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision: str | None = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "domains",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("name", sa.String(length=253), nullable=False),
        sa.Column("owner_id", sa.Uuid(), nullable=False),
        sa.Column("card_id", sa.Uuid(), nullable=True),
        sa.Column("token", sa.String(length=32), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("checked_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("verified_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("answered_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("missing_since", sa.DateTime(timezone=True), nullable=True),
        sa.Column("lost_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["owner_id"], ["users.id"], name=op.f("fk_domains_owner_id_users"), ondelete="CASCADE"),
        sa.ForeignKeyConstraint(["card_id"], ["cards.id"], name=op.f("fk_domains_card_id_cards"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_domains")),
        sa.UniqueConstraint("owner_id", "name", name=op.f("uq_domains_owner_id")),
    )
    op.create_index(op.f("ix_domains_card_id"), "domains", ["card_id"])
    verified = sa.text("verified_at IS NOT NULL")
    op.create_index(
        "uq_domains_verified_name", "domains", ["name"], unique=True, sqlite_where=verified, postgresql_where=verified
    )


def downgrade() -> None:
    op.drop_table("domains")
