"""Rows of archives, checked value by value: what comes from a stranger's file is what our own forms would have let through."""

from __future__ import annotations

import dataclasses
import re
import types
import typing
import uuid
from collections.abc import Callable
from datetime import UTC, date, datetime
from typing import Any
from zoneinfo import available_timezones

import sqlalchemy as sa

from vcardapp.archive import tables
from vcardapp.booking import models as booking
from vcardapp.booking.rules import DAY
from vcardapp.booking.rules import MOST as MOST_MINUTES
from vcardapp.booking.type_forms import SORTS
from vcardapp.cards import checks
from vcardapp.cards.content import Content, Hours
from vcardapp.cards.models import ContentType
from vcardapp.cards.pictures import ALL_SORTS
from vcardapp.cards.qr_style import Style
from vcardapp.cards.uris import safe_url
from vcardapp.design.design import Design
from vcardapp.gallery.models import LAYOUTS
from vcardapp.media.models import ANIMATION, PAPER, PICTURE, READY, WAITING
from vcardapp.store import catalogue_checks, money, payments, states
from vcardapp.store.columns import HoursType, Values
from vcardapp.store.delivery import KINDS, MOST_AREAS, MOST_WAYS, Area, Delivery
from vcardapp.store.pricing import MOST_PIECES

MOST_ITEMS = 1000  # of a list in a row
LONGEST = 200_000  # characters of any text
FIRST, LAST = datetime(1970, 1, 1, tzinfo=UTC), datetime(2200, 1, 1, tzinfo=UTC)

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
    check = _WHOLE.get(name)
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
        return tuple(_frozen(kind.kind, one) for one in _list(value))
    if isinstance(kind, HoursType):
        return _frozen(Hours, value)
    if isinstance(inner, sa.JSON):
        return _JSON[key](value)
    if isinstance(inner, sa.Uuid):
        return uuid.UUID(_text(value, 40))
    if isinstance(inner, sa.DateTime):
        return _moment(value)
    if isinstance(inner, sa.Date):
        return date.fromisoformat(_text(value, 10))
    if isinstance(inner, sa.Boolean):
        return _exactly(bool, value)
    if isinstance(inner, sa.Integer):
        least, most = _RANGES.get(key, (0, 2**53 if isinstance(inner, sa.BigInteger) else 2**31 - 1))
        if not least <= _exactly(int, value) <= most:
            raise ValueError(key)
        return value
    if isinstance(inner, sa.String):
        return _text(value, inner.length or LONGEST)
    raise TypeError(key)




def content_of(value: Any) -> Content:
    """Return a card's content from JSON, every text a text; raise ValueError or TypeError."""
    found: Content = _frozen(Content, value)
    if found.is_too_long:
        raise ValueError("content")
    return found


def _frozen(kind: Any, value: Any) -> Any:
    """Return a frozen value from JSON by the types of its fields."""
    if kind is Design:
        return Design.from_dict(value)
    if isinstance(kind, types.UnionType):
        return None if value is None else _frozen(next(one for one in typing.get_args(kind) if one is not type(None)), value)
    if isinstance(kind, types.GenericAlias):
        inner = typing.get_args(kind)
        if len(inner) == 1 or inner[-1] is Ellipsis:
            return tuple(_frozen(inner[0], one) for one in _list(value))
        if len(_list(value)) != len(inner):
            raise ValueError(str(kind))
        return tuple(_frozen(one, each) for one, each in zip(inner, value, strict=True))
    if dataclasses.is_dataclass(kind):
        hints = typing.get_type_hints(kind)
        if not isinstance(value, dict):
            raise TypeError(str(kind))
        return kind(**{name: _frozen(hints[name], one) for name, one in value.items() if name in hints})  # type: ignore[operator]
    if kind is str:
        return _text(value, LONGEST)
    if kind is int and not -money.MOST <= _exactly(int, value) <= money.MOST:
        raise ValueError("number")
    return _exactly(kind, value)


def _exactly(kind: Any, value: Any) -> Any:
    if type(value) is not kind:
        raise TypeError(str(kind))
    return value


def _text(value: Any, most: int) -> str:
    text: str = _exactly(str, value)
    if len(text) > most or "\0" in text or any("\ud800" <= one <= "\udfff" for one in text):
        raise ValueError("text")
    return text


def _list(value: Any) -> list[Any]:
    if len(_exactly(list, value)) > MOST_ITEMS:
        raise ValueError("too many")
    return list(value)


def _moment(value: Any) -> datetime:
    found = datetime.fromisoformat(_text(value, 40))
    found = found.replace(tzinfo=UTC) if found.tzinfo is None else found.astimezone(UTC)
    if not FIRST <= found <= LAST:
        raise ValueError("moment")
    return found


def _object(value: Any, **fields: Callable[[Any], Any]) -> dict[str, Any]:
    return {name: read(_exactly(dict, value)[name]) for name, read in fields.items()}


def _line(value: Any) -> str:
    return _text(value, 4000)


def _question(value: Any) -> dict[str, Any]:
    found = _object(
        value, key=_line, sort=_line, label=_line, required=lambda one: _exactly(bool, one),
        choices=lambda many: [_line(one) for one in _list(many)],
    )  # fmt: skip
    if found["sort"] not in dict(SORTS):
        raise ValueError("question")
    return found


def _choice(value: Any) -> list[Any]:
    question, name, difference = _list(value)
    return [_line(question), _line(name), _exactly(int, difference)]


def _style(value: Any) -> dict[str, Any]:
    return Style.from_dict(value).to_dict() if value else {}


def _pay(value: Any) -> dict[str, dict[str, str]]:
    known = {kind: fields for kind, fields in payments.FIELDS.items() if kind in _exactly(dict, value)}
    return {kind: {name: _line(value[kind].get(name, "")) for name in fields} for kind, fields in known.items()}


def _asks(value: Any) -> dict[str, str]:
    asked = {str(name): _line(how) for name, how in _exactly(dict, value).items() if name in ("name", "phone", "email", "note")}
    if set(asked.values()) - {"off", "optional", "required"}:
        raise ValueError("asks")
    return asked


def _minutes(value: Any) -> list[int]:
    if any(not 0 < _exactly(int, one) <= MOST_MINUTES for one in _list(value)):
        raise ValueError("minutes")
    return list(value)


_JSON: dict[str, Callable[[Any], Any]] = {
    "card_codes.style": _style,
    "media_files.widths": lambda value: [_exactly(int, one) for one in _list(value)],
    "shops.asks": _asks,
    "shops.pay": _pay,
    "order_lines.choices": lambda value: [_choice(one) for one in _list(value)],
    "appointment_types.questions": lambda value: [_question(one) for one in _list(value)],
    "appointment_types.reminders": _minutes,
    "appointments.answers": lambda value: [_object(one, question=_line, answer=_line) for one in _list(value)],
}


def _a_service(row: dict[str, Any]) -> dict[str, Any]:
    kept = {name: row[name] for name in catalogue_checks.SERVICE if name != "file_id"}
    return {**row, **catalogue_checks.service_values(kept)}


def _a_product(row: dict[str, Any]) -> dict[str, Any]:
    kept = {name: row[name] for name in catalogue_checks.PRODUCT if name != "category_id"}
    return {**row, **catalogue_checks.product_values(kept)}


def _a_shop(row: dict[str, Any]) -> dict[str, Any]:
    ways: tuple[Delivery, ...] = row["deliveries"]
    priced: list[Delivery | Area] = [*ways, *(area for way in ways for area in way.areas)]
    sums = [number for each in priced for number in (each.fee, each.free_from, each.minimum)]
    too_many = len(ways) > MOST_WAYS or any(len(way.areas) > MOST_AREAS or way.kind not in KINDS for way in ways)
    if too_many or any(number is not None and not 0 <= number <= money.MOST for number in sums):
        raise ValueError("deliveries")
    if not re.fullmatch(r"[0-9]{0,15}", row["whatsapp_digits"]):
        raise ValueError("whatsapp")
    return {**row, "order_email": _address(row["order_email"])}


def _a_type(row: dict[str, Any]) -> dict[str, Any]:
    if row["place_sort"] == "video" and row["place"] and safe_url(row["place"]) is None:
        raise ValueError("place")
    return row


def _a_host(row: dict[str, Any]) -> dict[str, Any]:
    return {**row, "email": _address(row["email"])}


def _an_appointment(row: dict[str, Any]) -> dict[str, Any]:
    in_order = row["blocked_from"] <= row["starts_at"] < row["ends_at"] <= row["blocked_until"]
    if not in_order or row["seat"] > row["seats"] or (row["blocked_until"] - row["blocked_from"]).days > 800:
        raise ValueError("appointment")
    return {**row, "email": _address(row["email"])}


def _an_order(row: dict[str, Any]) -> dict[str, Any]:
    right = row["total"] == row["subtotal"] + row["fee"] and row["exponent"] == money.exponent_of(row["currency"])
    if not right:
        raise ValueError("order")
    return {**row, "email": _address(row["email"])}


def _waiting(row: dict[str, Any]) -> dict[str, Any]:
    return {**row, "email": _address(row["email"])}


def _address(text: str) -> str:
    """Return an e-mail address to which mails may go one day, or nothing; raise ValueError."""
    if text and (re.search(r"[\s\x00-\x1f,;<>]", text) or text.count("@") != 1 or len(text) > checks.LONGEST_EMAIL):
        raise ValueError("e-mail")
    return text


_WHOLE: dict[str, Callable[[dict[str, Any]], dict[str, Any]]] = {
    "services": _a_service,
    "products": _a_product,
    "shops": _a_shop,
    "appointment_types": _a_type,
    "booking_hosts": _a_host,
    "appointments": _an_appointment,
    "booking_waiting": _waiting,
    "orders": _an_order,
}
