"""Which stored files the rows of a database name, whatever release wrote them."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import sqlalchemy as sa

from vcardapp.media.addresses import FORMS
from vcardapp.media.models import ANIMATION, PAPER, READY, WAITING
from vcardapp.operations.rows import AT_ONCE

OF_A_PICTURE = ("original.webp", "s.webp", "m.webp", "l.webp")


def named_files(connection: sa.Connection, tables: dict[str, sa.Table]) -> Iterator[str]:
    """Yield the names of files that pages need, table by table."""
    lazily = connection.execution_options(stream_results=True)
    if "pictures" in tables:
        for (picture_id,) in lazily.execute(sa.select(tables["pictures"].c.id)).yield_per(AT_ONCE):
            yield from (f"{picture_id}/{name}" for name in OF_A_PICTURE)
    if "media_files" in tables:
        file = tables["media_files"].c
        query = sa.select(file.id, file.state, file.kind, file.mark, file.widths, file.animation_width)
        for row in lazily.execute(query.where(file.state.in_((READY, WAITING)))).yield_per(AT_ONCE):
            yield from _of(row)


def _of(row: Any) -> Iterator[str]:
    folder = f"files/{row.id}"
    if row.state == WAITING or row.kind == PAPER:
        yield f"{folder}/upload"
    if row.state == READY:
        yield from (f"{folder}/{row.mark}/{width}.{form}" for width in row.widths for form in FORMS)
        if row.kind == ANIMATION and row.animation_width:
            yield f"{folder}/{row.mark}/animation.webp"
