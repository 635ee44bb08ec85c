"""Options of a product: sizes, toppings, engravings; which choices may go together and what they cost."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Any, Self

from vcardapp.store import money

MOST_GROUPS = 10
MOST_CHOICES = 40


@dataclass(frozen=True, slots=True)
class Choice:
    id: str  # short, unique within the product; stays the same when the choice is renamed
    name: str
    difference: int = 0  # minor units, may be below 0
    sold_out: bool = False


@dataclass(frozen=True, slots=True)
class OptionGroup:
    """A question about a product. `most` choices may be taken, at least one where it is required."""

    id: str
    name: str
    choices: tuple[Choice, ...] = ()
    required: bool = False
    most: int = 1

    def scaled(self, more: int) -> Self:
        """Return it in a currency with so many decimals more."""
        return replace(self, choices=tuple(replace(one, difference=money.scaled(one.difference, more)) for one in self.choices))

    @classmethod
    def from_dict(cls, data: dict[str, Any]) -> Self:
        return cls(**{**data, "choices": tuple(Choice(**choice) for choice in data["choices"])})


@dataclass(frozen=True, slots=True)
class BadOptions(Exception):
    """These choices do not fit. `fault` is one of unknown, required, too many, sold out; `group` is the question's name."""

    fault: str
    group: str = ""


def taken(groups: Iterable[OptionGroup], chosen: Iterable[str]) -> tuple[tuple[OptionGroup, Choice], ...]:
    """Return the chosen choices in the order of the questions; raise BadOptions where they do not fit."""
    wanted, found = set(chosen), []
    for group in groups:
        mine = [choice for choice in group.choices if choice.id in wanted]
        if group.required and not mine:
            raise BadOptions("required", group.name)
        if len(mine) > group.most:
            raise BadOptions("too many", group.name)
        if any(choice.sold_out for choice in mine):
            raise BadOptions("sold out", group.name)
        found += [(group, choice) for choice in mine]
    if len(found) < len(wanted):
        raise BadOptions("unknown")
    return tuple(found)


def unit_price(price: int, choices: Iterable[tuple[OptionGroup, Choice]]) -> int:
    """Return the price of one piece with its choices in minor units, never below 0."""
    return max(0, price + sum(choice.difference for _group, choice in choices))


def is_orderable(groups: Iterable[OptionGroup]) -> bool:
    """True if every required question has a choice that is not sold out."""
    return all(not group.required or any(not choice.sold_out for choice in group.choices) for group in groups)
