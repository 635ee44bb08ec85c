"""Rows of archives, checked value by value: what comes from a stranger's file is what our own forms would have let through."""

from __future__ import annotations

import re
import typing
import uuid
from datetime import date
from typing import Any
from zoneinfo import available_timezones

import sqlalchemy as sa

from vcardapp.archive import tables
from vcardapp.archive.json_columns import JSON
from vcardapp.archive.plain import LONGEST, content_of, exactly, frozen, list_of, moment_of, text_of
from vcardapp.archive.whole_rows import WHOLE
from vcardapp.booking import models as booking
from vcardapp.booking.rules import DAY
from vcardapp.booking.rules import MOST as MOST_MINUTES
from vcardapp.cards.content import Hours
from vcardapp.cards.models import ContentType
from vcardapp.cards.pictures import ALL_SORTS
from vcardapp.gallery.models import LAYOUTS
from vcardapp.media.models import ANIMATION, PAPER, PICTURE, READY, WAITING
from vcardapp.store import catalogue_checks, money, states
from vcardapp.store.columns import HoursType, Values
from vcardapp.store.delivery import KINDS
from vcardapp.store.pricing import MOST_PIECES

_CHOICES: dict[str, typing.Collection[str]] = {
    "card_versions.reason": ("autosave", "save", "publish", "restore"),
    "pictures.sort": ALL_SORTS,
    "media_files.kind": (PICTURE, ANIMATION, PAPER),
    "media_files.state": (READY, WAITING),
    "albums.layout": LAYOUTS,
    "album_items.kind": ("picture", "video", "paper"),
    "shops.currency": money.CURRENCIES,
    "orders.currency": money.CURRENCIES,
    "services.price_kind": catalogue_checks.PRICE_KINDS,
    "services.action": catalogue_checks.ACTIONS,
    "products.stock_kind": catalogue_checks.STOCK_KINDS,
    "orders.state": states.ARROWS,
    "order_changes.by": ("buyer", "seller", "server"),
    "order_changes.old": ("", *states.ARROWS),
    "order_changes.new": states.ARROWS,
    "orders.delivery_kind": ("", *KINDS),
    "appointment_types.place_sort": booking.PLACES,
    "appointment_types.currency": ("", *money.CURRENCIES),
    "appointments.state": (*booking.BLOCKING, "declined", "cancelled", "lapsed", "missed"),
    "appointments.made_by": ("visitor", "owner"),
    "appointments.ended_by": ("", "visitor", "owner"),
    "booking_waiting.state": ("waiting", "offered", "taken", "left", "over"),
    "appointments.zone": available_timezones(),
    "appointments.visitor_zone": {"", *available_timezones()},
    "booking_waiting.visitor_zone": {"", *available_timezones()},
    "booking_hosts.time_zone": {"", *available_timezones()},
}
_RANGES = {
    "card_versions.number": (1, 10**6), "pictures.width": (1, 10**5), "pictures.height": (1, 10**5),
    "shops.lapse_hours": (0, 10_000), "products.price": (0, money.MOST), "products.compare_at": (0, money.MOST),
    "products.stock": (0, catalogue_checks.MOST_STOCK), "products.most": (1, MOST_PIECES),
    "services.price": (0, money.MOST), "services.minutes": (1, MOST_MINUTES), "order_lines.quantity": (1, 10**6),
    "order_lines.unit": (0, money.MOST), "orders.fee": (0, money.MOST), "orders.exponent": (0, 4),
    "appointment_types.minutes": (1, MOST_MINUTES), "appointment_types.price": (0, 2**31 - 1),
    "appointment_types.seats": (1, 1000), "appointment_types.per_day": (1, 1000), "appointment_types.most_moves": (0, 1000),
    "appointment_types.window_days": (0, 10_000), "appointments.seats": (1, 1000), "appointments.seat": (1, 1000),
    "booking_hours.weekday": (0, 6), "booking_hours.start": (0, DAY), "booking_hours.end": (0, DAY),
    "appointment_types.interval_minutes": (1, MOST_MINUTES),
    **{f"appointment_types.{name}_minutes": (0, MOST_MINUTES)
       for name in ("before", "after", "notice", "approval", "cancel", "move", "offer")},
}  # fmt: skip
_PATTERNS = {
    "orders.number": r"[0-9A-Z]{3}-[0-9A-Z]{3}",
    "appointment_types.colour": r"(#[0-9a-fA-F]{6})?",
    "appointment_types.key": r"[^\s/\\?#%]{1,60}",
    "albums.key": r"[^\s/\\?#%]{1,40}",
    "album_items.key": r"[0-9a-f]{1,8}",
    "card_events.key": r"[^\s/\\?#%]{1,30}",
    "card_codes.code": r"[0-9A-Z]{6}",
    "pictures.id": r"[0-9a-f]{32}",
    "media_files.id": r"[0-9a-f]{32}",
}


def read_row(name: str, data: Any) -> dict[str, Any]:
    """Return a row of a table with values of the right types; raise ValueError, TypeError or KeyError for any other."""
    if not isinstance(data, dict):
        raise TypeError(name)
    row = {column.name: _value(f"{name}.{column.name}", column, data) for column in tables.columns(name)}
    check = WHOLE.get(name)
    return check(row) if check else row


def _value(key: str, column: sa.Column[Any], data: dict[str, Any]) -> Any:
    if column.name not in data:
        return _default(column)
    value = data[column.name]
    if value is None:
        if not column.nullable:
            raise ValueError(key)
        return None
    read = _typed(key, column.type, value)
    if key in _CHOICES and read not in _CHOICES[key]:
        raise ValueError(key)
    if key in _PATTERNS and not re.fullmatch(_PATTERNS[key], read):
        raise ValueError(key)
    return read


def _default(column: sa.Column[Any]) -> Any:
    """Return what a column has where an older archive does not know it."""
    default: Any = column.default
    if default is not None and default.is_scalar:
        return default.arg
    if default is not None and default.is_callable:
        return default.arg(None)
    if column.nullable:
        return None
    raise KeyError(column.name)


def _typed(key: str, kind: sa.types.TypeEngine[Any], value: Any) -> Any:
    inner = getattr(kind, "impl", kind)
    if isinstance(kind, ContentType):
        return content_of(value)
    if isinstance(kind, Values):
        return tuple(frozen(kind.kind, one) for one in list_of(value))
    if isinstance(kind, HoursType):
        return frozen(Hours, value)
    if isinstance(inner, sa.JSON):
        return JSON[key](value)
    if isinstance(inner, sa.Uuid):
        return uuid.UUID(text_of(value, 40))
    if isinstance(inner, sa.DateTime):
        return moment_of(value)
    if isinstance(inner, sa.Date):
        return date.fromisoformat(text_of(value, 10))
    if isinstance(inner, sa.Boolean):
        return exactly(bool, value)
    if isinstance(inner, sa.Integer):
        least, most = _RANGES.get(key, (0, 2**53 if isinstance(inner, sa.BigInteger) else 2**31 - 1))
        if not least <= exactly(int, value) <= most:
            raise ValueError(key)
        return value
    if isinstance(inner, sa.String):
        return text_of(value, inner.length or LONGEST)
    raise TypeError(key)
