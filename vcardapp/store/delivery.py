"""Ways to get an order: pick-up, delivery, at the table; what each costs, from when it is free, and its minimum."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any, Self

from vcardapp.store import money

KINDS = ("pick-up", "delivery", "table")
MOST_WAYS = 10
MOST_AREAS = 100


@dataclass(frozen=True, slots=True)
class Area:
    """Where is delivered to. What is None is as the way of delivery says."""

    id: str
    name: str
    fee: int = 0
    free_from: int | None = None
    minimum: int | None = None


@dataclass(frozen=True, slots=True)
class Delivery:
    """One way to get an order. All sums are minor units; with areas, each has its own fee and `fee` does not count."""

    id: str
    kind: str  # one of KINDS
    name: str = ""  # empty: the kind's own word
    fee: int = 0
    free_from: int | None = None  # a subtotal from which it costs nothing
    minimum: int = 0  # a subtotal below which it is not done
    areas: tuple[Area, ...] = ()
    needs_address: bool = False
    is_off: bool = False

    @classmethod
    def from_dict(cls, data: dict[str, Any]) -> Self:
        return cls(**{**data, "areas": tuple(Area(**area) for area in data["areas"])})

    def scaled(self, more: int) -> Self:
        """Return it in a currency with so many decimals more."""
        areas = tuple(
            replace(area, fee=money.scaled(area.fee, more), free_from=_scaled(area.free_from, more),
                    minimum=_scaled(area.minimum, more))
            for area in self.areas
        )  # fmt: skip
        fee, minimum = money.scaled(self.fee, more), money.scaled(self.minimum, more)
        return replace(self, fee=fee, minimum=minimum, free_from=_scaled(self.free_from, more), areas=areas)

    def area(self, area_id: str) -> Area | None:
        return next((area for area in self.areas if area.id == area_id), None)

    def fee_for(self, subtotal: int, area: Area | None) -> int:
        """Return what it costs for a basket of this subtotal."""
        free_from = area.free_from if area and area.free_from is not None else self.free_from
        if free_from is not None and subtotal >= free_from:
            return 0
        return area.fee if area else self.fee

    def minimum_for(self, area: Area | None) -> int:
        """Return the least subtotal that is brought there."""
        return area.minimum if area and area.minimum is not None else self.minimum


def _scaled(amount: int | None, more: int) -> int | None:
    return None if amount is None else money.scaled(amount, more)
