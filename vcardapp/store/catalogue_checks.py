"""What may be stored of services and products, whoever sends it: a form, a file, a program."""

from __future__ import annotations

import secrets
from dataclasses import replace
from typing import Any

from vcardapp.cards.file_text import one_line, printable
from vcardapp.cards.uris import safe_url
from vcardapp.i18n import N_
from vcardapp.store import money
from vcardapp.store.options import MOST_CHOICES, MOST_GROUPS, Choice, OptionGroup
from vcardapp.store.pricing import MOST_PIECES

LONGEST_NAME, LONGEST_TEXT, LONGEST_CATEGORY, LONGEST_CHOICE = 120, 4000, 80, 60
MOST_STOCK = 1_000_000
PRODUCT = ("name", "text", "price", "compare_at", "category_id", "hidden", "options", "stock_kind", "stock", "most")
SERVICE = ("name", "text", "file_id", "price", "price_kind", "minutes", "action", "link", "hidden")
STOCK_KINDS = ("off", "counted", "sold out")
PRICE_KINDS = ("fixed", "from", "on request")
ACTIONS = ("whatsapp", "book", "call", "link", "none")

NO_NAME = N_("Please give it a name.")
LONG = N_("This is too long.")
NO_PRICE = N_("This is no price.")
NO_NUMBER = N_("This number is too small or too large.")
NO_CHOICE = N_("Please choose one of these.")
OPTIONS = N_("An option needs a name and at least one choice, and no more than %(groups)s options with %(choices)s choices.")
NO_LINK = N_("This is no web address.")


class BadValue(ValueError):
    """A value that cannot be stored: which field, and why, an English sentence for the catalogue with its values."""

    def __init__(self, field: str, reason: str, **values: Any) -> None:
        super().__init__(reason % values if values else reason)
        self.field = field
        self.reason = reason
        self.values = values


def product_values(values: dict[str, Any]) -> dict[str, Any]:
    """Return the named values of a product, made harmless; raise BadValue."""
    _only(values, PRODUCT)
    found = dict(values)
    if "name" in found:
        found["name"] = name_of(found["name"], LONGEST_NAME)
    if "text" in found:
        found["text"] = _text(found["text"])
    for name in ("price", "compare_at"):
        if found.get(name) is not None or name == "price" in found:
            found[name] = _within(name, found[name], 0, money.MOST, NO_PRICE)
    if "options" in found:
        found["options"] = _groups(found["options"])
    if "stock_kind" in found and found["stock_kind"] not in STOCK_KINDS:
        raise BadValue("stock_kind", NO_CHOICE)
    if "stock" in found:
        found["stock"] = _within("stock", found["stock"], 0, MOST_STOCK, NO_NUMBER)
    if "most" in found:
        found["most"] = _within("most", found["most"], 1, MOST_PIECES, NO_NUMBER)
    return found


def service_values(values: dict[str, Any]) -> dict[str, Any]:
    """Return the named values of a service, made harmless; raise BadValue."""
    _only(values, SERVICE)
    found = dict(values)
    if "name" in found:
        found["name"] = name_of(found["name"], LONGEST_NAME)
    if "text" in found:
        found["text"] = _text(found["text"])
    if found.get("price") is not None:
        found["price"] = _within("price", found["price"], 0, money.MOST, NO_PRICE)
    if found.get("minutes") is not None:
        found["minutes"] = _within("minutes", found["minutes"], 1, 60 * 24 * 365, NO_NUMBER)
    for name, known in (("price_kind", PRICE_KINDS), ("action", ACTIONS)):
        if name in found and found[name] not in known:
            raise BadValue(name, NO_CHOICE)
    if found.get("link"):
        found["link"] = safe_url(found["link"])
        if found["link"] is None:
            raise BadValue("link", NO_LINK)
    return found


def name_of(typed: str, longest: int, field: str = "name") -> str:
    """Return a name on one line; raise BadValue where there is none, or it is longer."""
    name = one_line(typed)
    if not name:
        raise BadValue(field, NO_NAME)
    if len(name) > longest:
        raise BadValue(field, LONG)
    return name


def new_id() -> str:
    """Return an id for a question or a choice of a product."""
    return secrets.token_hex(4)


def _groups(groups: tuple[OptionGroup, ...]) -> tuple[OptionGroup, ...]:
    wrong = BadValue("options", OPTIONS, groups=MOST_GROUPS, choices=MOST_CHOICES)
    if len(groups) > MOST_GROUPS:
        raise wrong
    used: set[str] = set()
    found = []
    for group in groups:
        if not 1 <= len(group.choices) <= MOST_CHOICES or not one_line(group.name):
            raise wrong
        choices = tuple(_choice(choice, used, wrong) for choice in group.choices)
        most = max(1, min(group.most, len(choices)))
        name = name_of(group.name, LONGEST_CHOICE, "options")
        found.append(replace(group, id=_own_id(group.id, used), name=name, choices=choices, most=most))
    return tuple(found)


def _choice(choice: Choice, used: set[str], wrong: BadValue) -> Choice:
    if not one_line(choice.name):
        raise wrong
    difference = _within("options", choice.difference, -money.MOST, money.MOST, NO_PRICE)
    return replace(
        choice, id=_own_id(choice.id, used), name=name_of(choice.name, LONGEST_CHOICE, "options"), difference=difference
    )


def _own_id(wished: str, used: set[str]) -> str:
    """Return the id wished for if it is one of ours and nobody else's here, else a new one."""
    known = wished if wished.isascii() and wished.isalnum() and len(wished) <= 16 and wished not in used else new_id()
    used.add(known)
    return known


def _text(typed: str) -> str:
    text = printable(typed)
    if len(text) > LONGEST_TEXT:
        raise BadValue("text", LONG)
    return text


def _within(field: str, value: Any, least: int, most: int, reason: str) -> int:
    if not isinstance(value, int) or isinstance(value, bool) or not least <= value <= most:
        raise BadValue(field, reason)
    return value


def _only(values: dict[str, Any], known: tuple[str, ...]) -> None:
    unknown = values.keys() - set(known)
    if unknown:
        raise TypeError(f"unknown values: {unknown}")
