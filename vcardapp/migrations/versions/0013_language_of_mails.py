"""The language in which a mail is written."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0013"
down_revision: str | None = "0012"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("mails", sa.Column("language", sa.String(length=20), server_default="", nullable=False))


def downgrade() -> None:
    op.drop_column("mails", "language")
