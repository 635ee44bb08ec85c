"""What a basket costs: lines with their choices, delivery, and what has changed since the buyer looked. Pure."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Protocol

from vcardapp.store import options
from vcardapp.store.delivery import Area, Delivery
from vcardapp.store.options import BadOptions, OptionGroup

MOST_LINES = 50
MOST_PIECES = 999  # of one product


class Goods(Protocol):
    """What pricing wants to know of a product."""

    @property
    def name(self) -> str: ...
    @property
    def price(self) -> int: ...
    @property
    def options(self) -> tuple[OptionGroup, ...]: ...
    @property
    def most(self) -> int: ...
    @property
    def left(self) -> int | None: ...  # pieces in stock, 0: sold out, None: nobody counts


@dataclass(frozen=True, slots=True)
class BasketLine:
    """What a buyer wants: a product with choices, so many pieces, and the unit price at which it was laid in."""

    product_id: str
    chosen: tuple[str, ...] = ()  # ids of choices, sorted
    quantity: int = 1
    price: int | None = None

    @property
    def key(self) -> str:
        """The same for the same product with the same choices."""
        return hashlib.sha256("\n".join((self.product_id, *self.chosen)).encode()).hexdigest()[:16]


@dataclass(frozen=True, slots=True)
class Change:
    """Why an order cannot be placed as it was seen.

    sort: price (before, after), gone, sold out, too few (after: pieces left), too many (after: the most of one order),
    options (group), below minimum (before: subtotal, after: minimum), no delivery, no area, fee (before, after), closed,
    hours (opens_at: it would be for then), basket (lines or quantities are others than shown), another (placed already,
    and another basket begun), empty.
    """

    sort: str
    line: str = ""  # key of the basket line it is about
    name: str = ""
    before: int | None = None
    after: int | None = None
    group: str = ""
    opens_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class PricedLine:
    key: str
    product_id: str
    name: str
    choices: tuple[tuple[str, str, int], ...]  # question, choice, difference
    quantity: int
    unit: int
    problem: Change | None = None
    was: int | None = None  # the unit price at which it was laid in, where that was another

    @property
    def total(self) -> int:
        return self.unit * self.quantity

    @property
    def details(self) -> tuple[str, ...]:
        """The names of its choices."""
        return tuple(name for _question, name, _difference in self.choices)


@dataclass(frozen=True, slots=True)
class PricedBasket:
    """A basket as it stands now. Lines that cannot be had count nothing."""

    lines: tuple[PricedLine, ...]
    delivery: Delivery | None = None
    area: Area | None = None
    problems: tuple[Change, ...] = field(default=())  # of the delivery

    @property
    def subtotal(self) -> int:
        return sum(line.total for line in self.lines if line.problem is None or line.problem.sort == "too many")

    @property
    def fee(self) -> int:
        return self.delivery.fee_for(self.subtotal, self.area) if self.delivery else 0

    @property
    def total(self) -> int:
        return self.subtotal + self.fee

    @property
    def pieces(self) -> int:
        return sum(line.quantity for line in self.lines)

    @property
    def missing(self) -> int:
        """What is missing to the minimum of the delivery."""
        least = self.delivery.minimum_for(self.area) if self.delivery else 0
        return max(0, least - self.subtotal)

    def seen(self) -> str:
        """Return what the buyer sees of prices, for the form: place_order says what has changed since.

        Nothing is reckoned from what comes back: forging it only hides a notice from the forger.
        """
        return " ".join([*(f"{line.key}:{line.unit}:{line.quantity}" for line in self.lines), f"fee:{self.fee}"])


def price_line(line: BasketLine, goods: Goods | None, wanted: int) -> PricedLine:
    """Price one line; `wanted` is how many pieces of the product the whole basket asks for."""
    if goods is None:
        return PricedLine(line.key, line.product_id, "", (), line.quantity, line.price or 0, Change("gone", line.key))
    try:
        chosen = options.taken(goods.options, line.chosen)
    except BadOptions as bad:
        problem = Change("options", line.key, goods.name, group=bad.group)
        return PricedLine(line.key, line.product_id, goods.name, (), line.quantity, line.price or goods.price, problem)
    unit = options.unit_price(goods.price, chosen)
    problem_of = None
    if goods.left == 0:
        problem_of = Change("sold out", line.key, goods.name, after=0)
    elif goods.left is not None and goods.left < wanted:
        problem_of = Change("too few", line.key, goods.name, before=wanted, after=goods.left)
    elif wanted > goods.most:
        problem_of = Change("too many", line.key, goods.name, before=wanted, after=goods.most)
    choices = tuple((group.name, choice.name, choice.difference) for group, choice in chosen)
    was = line.price if line.price is not None and line.price != unit else None
    return PricedLine(line.key, line.product_id, goods.name, choices, line.quantity, unit, problem_of, was)


def price_basket(
    lines: Sequence[BasketLine], goods: Mapping[str, Goods], delivery: Delivery | None = None, area_id: str = ""
) -> PricedBasket:
    """Price a basket by the shop's own catalogue; `goods` are the products that can be ordered, by their id."""
    wanted: dict[str, int] = {}
    for line in lines:
        wanted[line.product_id] = wanted.get(line.product_id, 0) + line.quantity
    priced = tuple(price_line(line, goods.get(line.product_id), wanted[line.product_id]) for line in lines)
    area = delivery.area(area_id) if delivery else None
    basket = PricedBasket(priced, delivery, area)
    problems = []
    if delivery and delivery.areas and area is None:
        problems.append(Change("no area", name=delivery.name))
    elif basket.missing:
        least = basket.subtotal + basket.missing
        problems.append(Change("below minimum", name=delivery.name if delivery else "", before=basket.subtotal, after=least))
    return PricedBasket(priced, delivery, area, tuple(problems))


def changes_since(seen: str, basket: PricedBasket) -> tuple[Change, ...]:
    """Return all that keeps a basket from being ordered as it was seen (see PricedBasket.seen)."""
    if not basket.lines:
        return (Change("empty"),)
    old, fee_before = _read_seen(seen)
    found: list[Change] = [line.problem for line in basket.lines if line.problem]
    if {line.key: line.quantity for line in basket.lines} != {key: quantity for key, (_unit, quantity) in old.items()}:
        found.append(Change("basket"))
    for line in basket.lines:
        unit = old[line.key][0] if line.key in old else line.unit
        if not line.problem and unit != line.unit:
            found.append(Change("price", line.key, line.name, before=unit, after=line.unit))
    found += basket.problems
    if not found and basket.delivery and fee_before != basket.fee:
        found.append(Change("fee", name=basket.delivery.name, before=fee_before, after=basket.fee))
    return tuple(found)


def _read_seen(seen: str) -> tuple[dict[str, tuple[int, int]], int]:
    """Return unit price and quantity of each line, and the fee, as a page showed them."""
    lines, fee = {}, -1
    for part in seen[: 64 * MOST_LINES].split():
        name, *numbers = part.split(":")
        if not all(number.isascii() and number.isdecimal() and len(number) < 19 for number in numbers):
            continue
        if name == "fee" and len(numbers) == 1:
            fee = int(numbers[0])
        elif len(numbers) == 2:
            lines[name] = (int(numbers[0]), int(numbers[1]))
    return lines, fee


def merged(lines: Iterable[BasketLine]) -> tuple[BasketLine, ...]:
    """Return lines of the same product and choices as one, in the order in which they came."""
    found: dict[str, BasketLine] = {}
    for line in lines:
        before = found.get(line.key)
        quantity = min(MOST_PIECES, line.quantity + (before.quantity if before else 0))
        price = before.price if before else line.price
        found[line.key] = BasketLine(line.product_id, line.chosen, quantity, price)
    return tuple(found.values())
