"""Values of JSON from a stranger's file, taken only where they are what they ought to be."""

from __future__ import annotations

import dataclasses
import types
import typing
from datetime import UTC, datetime
from typing import Any

from vcardapp.cards import checks
from vcardapp.cards.content import MOST_ITEMS, MOST_SPANS, Content, Hours
from vcardapp.design.design import Design
from vcardapp.store import money

MOST_IN_A_ROW = 1000  # items of a list
MOST_HIDDEN = 20  # fields of a card
LONGEST = 200_000  # characters of any text
FIRST, LAST = datetime(1970, 1, 1, tzinfo=UTC), datetime(2200, 1, 1, tzinfo=UTC)


def content_of(value: Any) -> Content:
    """Return a card's content from JSON, every text a text; raise ValueError or TypeError."""
    found: Content = frozen(Content, value)
    lists = (found.phones, found.emails, found.addresses, found.websites, found.links)
    if found.is_too_long or any(len(one) > MOST_ITEMS for one in lists) or len(found.hidden) > MOST_HIDDEN:
        raise ValueError("content")
    return dataclasses.replace(
        found,
        time_zone=checks.known_time_zone(found.time_zone),
        language=checks.known_language(found.language),
        country=checks.known_country(found.country),
    )


def frozen(kind: Any, value: Any) -> Any:
    """Return a frozen value from JSON by the types of its fields."""
    if kind is Design:
        return Design.from_dict(value)
    if isinstance(kind, types.UnionType):
        return None if value is None else frozen(next(one for one in typing.get_args(kind) if one is not type(None)), value)
    if isinstance(kind, types.GenericAlias):
        inner = typing.get_args(kind)
        if len(inner) == 1 or inner[-1] is Ellipsis:
            return tuple(frozen(inner[0], one) for one in list_of(value))
        if len(list_of(value)) != len(inner):
            raise ValueError(str(kind))
        return tuple(frozen(one, each) for one, each in zip(inner, value, strict=True))
    if dataclasses.is_dataclass(kind):
        hints = typing.get_type_hints(kind)
        if not isinstance(value, dict):
            raise TypeError(str(kind))
        made: Any = kind(**{name: frozen(hints[name], one) for name, one in value.items() if name in hints})  # type: ignore[operator]
        if kind is Hours and not _are_of_a_week(made):
            raise ValueError("hours")
        return made
    if kind is str:
        return text_of(value, LONGEST)
    if kind is int and not -money.MOST <= exactly(int, value) <= money.MOST:
        raise ValueError("number")
    return exactly(kind, value)


def _are_of_a_week(hours: Hours) -> bool:
    days = [*hours.week, *(day.spans for day in hours.exceptions)]
    return len(hours.week) == 7 and len(hours.exceptions) <= MOST_ITEMS and all(len(spans) <= MOST_SPANS for spans in days)


def exactly(kind: Any, value: Any) -> Any:
    """Return a value of exactly this type; raise TypeError for any other."""
    if type(value) is not kind:
        raise TypeError(str(kind))
    return value


def text_of(value: Any, most: int) -> str:
    """Return a text that every database takes, of so many characters at most."""
    text: str = exactly(str, value)
    if len(text) > most or "\0" in text or any("\ud800" <= one <= "\udfff" for one in text):
        raise ValueError("text")
    return text


def list_of(value: Any) -> list[Any]:
    """Return a list of bounded length."""
    if len(exactly(list, value)) > MOST_IN_A_ROW:
        raise ValueError("too many")
    return list(value)


def moment_of(value: Any) -> datetime:
    """Return a moment of our time, in UTC."""
    found = datetime.fromisoformat(text_of(value, 40))
    found = found.replace(tzinfo=UTC) if found.tzinfo is None else found.astimezone(UTC)
    if not FIRST <= found <= LAST:
        raise ValueError("moment")
    return found
