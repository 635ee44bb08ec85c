"""Types of columns that hold frozen values as JSON."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

import sqlalchemy as sa

from vcardapp.cards.content import Hours, Span, SpecialDay


class Values(sa.types.TypeDecorator[tuple[Any, ...]]):
    """A tuple of frozen values as JSON."""

    impl = sa.JSON
    cache_ok = True

    def __init__(self, kind: type[Any]) -> None:
        super().__init__()
        self.kind = kind

    def process_bind_param(self, value: tuple[Any, ...] | None, dialect: sa.Dialect) -> Any:
        return None if value is None else [asdict(each) for each in value]

    def process_result_value(self, value: Any, dialect: sa.Dialect) -> tuple[Any, ...] | None:
        read = getattr(self.kind, "from_dict", None) or (lambda data: self.kind(**data))
        return None if value is None else tuple(read(each) for each in value)


class HoursType(sa.types.TypeDecorator[Hours]):
    """Opening hours as JSON."""

    impl = sa.JSON
    cache_ok = True

    def process_bind_param(self, value: Hours | None, dialect: sa.Dialect) -> Any:
        return None if value is None else asdict(value)

    def process_result_value(self, value: Any, dialect: sa.Dialect) -> Hours | None:
        if value is None:
            return None
        week = tuple(_spans(day) for day in value["week"])
        return Hours(week, tuple(SpecialDay(day["date"], _spans(day["spans"]), day["note"]) for day in value["exceptions"]))


def _spans(spans: Any) -> tuple[Span, ...]:
    return tuple(Span(**span) for span in spans)
