r"""Options of a product as one line of text, for tables: `Size*: Small | Whole +12.00; Toppings (2): Cream +1.50 | !Nuts`.

`*` is required, `(2)` is how many may be chosen, `!` is sold out; \ stands before a sign that is part of a name. Pure.
"""

from __future__ import annotations

import re
from collections.abc import Iterable

from vcardapp.store import money
from vcardapp.store.options import Choice, OptionGroup

_SIGNS = re.compile(r"[\\;|:*!()]")
_ESCAPED = re.compile(r"\\([\\;|:*!()])")
_AWAY = 0xF0000  # signs of a name stand here while the line is taken apart
# A run of blanks is looked at once, from its beginning, or long ones would take minutes.
_GROUP = re.compile(r"(?P<name>.*?)(?P<required>\*)?(?:(?<! ) *+\((?P<most>\d{1,3})\))?", re.S | re.A)
_CHOICE = re.compile(r"(?P<gone>!)? *(?P<name>.*?)(?:(?<! ) ++(?P<sign>[+-]) *+(?P<sum>[\d.,]+))?", re.S | re.A)


class NotOptions(ValueError):
    """This line of text says no options."""


def written(groups: Iterable[OptionGroup], exponent: int) -> str:
    """Return options as a line of text."""
    return "; ".join(_group(group, exponent) for group in groups)


def read(text: str, currency: str, before: Iterable[OptionGroup] = ()) -> tuple[OptionGroup, ...]:
    """Read options; those of `before` with the same names keep their ids, others have none yet. Raise NotOptions."""
    known = {group.name: group for group in before}
    away = _ESCAPED.sub(lambda found: chr(_AWAY + ord(found[1])), text)
    return tuple(_read_group(part, currency, known) for part in away.split(";") if part.strip())


def _group(group: OptionGroup, exponent: int) -> str:
    name = _named(group.name) + "*" * group.required + (f" ({group.most})" if group.most != 1 else "")
    return f"{name}: " + " | ".join(_choice(choice, exponent) for choice in group.choices)


def _choice(choice: Choice, exponent: int) -> str:
    found = _CHOICE.fullmatch(choice.name)
    looks_priced = found is not None and found["sum"] is not None
    sign = "-" if choice.difference < 0 else "+"
    price = f" {sign}{money.plain(abs(choice.difference), exponent)}" if choice.difference or looks_priced else ""
    return "!" * choice.sold_out + _named(choice.name) + price


def _read_group(text: str, currency: str, known: dict[str, OptionGroup]) -> OptionGroup:
    head, *rest = text.split(":")
    found = _GROUP.fullmatch(head.strip())
    if len(rest) != 1 or found is None:
        raise NotOptions(text)
    name = _plain(found["name"])
    old = known.get(name)
    ids = {choice.name: choice.id for choice in old.choices} if old else {}
    choices = tuple(_read_choice(part, currency, ids) for part in rest[0].split("|"))
    return OptionGroup(old.id if old else "", name, choices, bool(found["required"]), int(found["most"] or 1))


def _read_choice(text: str, currency: str, ids: dict[str, str]) -> Choice:
    found = _CHOICE.fullmatch(text.strip())
    if found is None:
        raise NotOptions(text)
    try:
        difference = money.read_amount(found["sum"], currency) if found["sum"] else 0
    except ValueError:  # no amount, or more digits than Python reads
        raise NotOptions(text) from None
    name = _plain(found["name"])
    return Choice(ids.get(name, ""), name, -difference if found["sign"] == "-" else difference, bool(found["gone"]))


def _named(name: str) -> str:
    return _SIGNS.sub(lambda found: f"\\{found[0]}", name)


def _plain(text: str) -> str:
    return "".join(chr(ord(char) - _AWAY) if _AWAY <= ord(char) < _AWAY + 128 else char for char in text).strip()
