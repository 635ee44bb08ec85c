"""Columns that hold JSON: each has a form of its own, and nothing else comes in."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from vcardapp.archive.plain import exactly, list_of, text_of
from vcardapp.booking.rules import MOST as MOST_MINUTES
from vcardapp.booking.type_forms import SORTS
from vcardapp.cards.qr_style import Style
from vcardapp.store import payments


def _object(value: Any, **fields: Callable[[Any], Any]) -> dict[str, Any]:
    return {name: read(exactly(dict, value)[name]) for name, read in fields.items()}


def _line(value: Any) -> str:
    return text_of(value, 4000)


def _question(value: Any) -> dict[str, Any]:
    found = _object(
        value, key=_line, sort=_line, label=_line, required=lambda one: exactly(bool, one),
        choices=lambda many: [_line(one) for one in list_of(many)],
    )  # fmt: skip
    if found["sort"] not in dict(SORTS):
        raise ValueError("question")
    return found


def _choice(value: Any) -> list[Any]:
    question, name, difference = list_of(value)
    return [_line(question), _line(name), exactly(int, difference)]


def _style(value: Any) -> dict[str, Any]:
    return Style.from_dict(value).to_dict() if value else {}


def _pay(value: Any) -> dict[str, dict[str, str]]:
    known = {kind: fields for kind, fields in payments.FIELDS.items() if kind in exactly(dict, value)}
    return {kind: {name: _line(value[kind].get(name, "")) for name in fields} for kind, fields in known.items()}


def _asks(value: Any) -> dict[str, str]:
    asked = {str(name): _line(how) for name, how in exactly(dict, value).items() if name in ("name", "phone", "email", "note")}
    if set(asked.values()) - {"off", "optional", "required"}:
        raise ValueError("asks")
    return asked


def _minutes(value: Any) -> list[int]:
    if any(not 0 < exactly(int, one) <= MOST_MINUTES for one in list_of(value)):
        raise ValueError("minutes")
    return list(value)


JSON: dict[str, Callable[[Any], Any]] = {
    "card_codes.style": _style,
    "media_files.widths": lambda value: [exactly(int, one) for one in list_of(value)],
    "shops.asks": _asks,
    "shops.pay": _pay,
    "order_lines.choices": lambda value: [_choice(one) for one in list_of(value)],
    "appointment_types.questions": lambda value: [_question(one) for one in list_of(value)],
    "appointment_types.reminders": _minutes,
    "appointments.answers": lambda value: [_object(one, question=_line, answer=_line) for one in list_of(value)],
}
