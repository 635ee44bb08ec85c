"""Runs or writes migrations on the connection that upgrade.py opened."""

from __future__ import annotations

from typing import Any, Literal

import sqlalchemy as sa
from alembic import context

from vcardapp.db import Base


def render_plainly(kind: str, item: Any, _context: Any) -> str | Literal[False]:
    """Write the column type that is stored: a migration must not change when the app's own types do."""
    if kind == "type" and isinstance(item, sa.types.TypeDecorator):
        return "sa.DateTime(timezone=True)" if isinstance(item.impl, sa.DateTime) else f"sa.{item.impl!r}"
    return False


context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=Base.metadata,
    render_as_batch=True,
    render_item=render_plainly,
    transactional_ddl=True,
)
with context.begin_transaction():
    context.run_migrations()
