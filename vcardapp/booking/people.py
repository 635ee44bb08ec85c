"""Several people who offer the same: what "anyone" can be booked for, and who is asked, fairly."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import UTC, datetime
from typing import NamedTuple, TypeVar

from vcardapp.booking.rules import Slot

Person = TypeVar("Person")
NEVER = datetime.min.replace(tzinfo=UTC)


class Load(NamedTuple):
    """What a person has on: minutes of appointments, say of the same week, and when one was last given to them."""

    minutes: int = 0
    last: datetime = NEVER


def anyones(slots_of: Mapping[Person, Iterable[Slot]]) -> dict[Slot, list[Person]]:
    """Return each time at which somebody is free, in order, with all who are; its seats are those of the one with most."""
    people: dict[tuple[datetime, datetime], list[Person]] = {}
    seats: dict[tuple[datetime, datetime], int] = {}
    for person, slots in slots_of.items():
        for slot in slots:
            key = slot.start, slot.end
            people.setdefault(key, []).append(person)
            seats[key] = max(seats.get(key, 0), slot.seats)
    return {Slot(*key, seats[key]): people[key] for key in sorted(people)}


def fairest(free: Iterable[Person], load_of: Mapping[Person, Load]) -> Person | None:
    """Return who of those who are free is asked: who has least on, then who waits longest, then who comes first.

    The answer depends on nothing but the arguments, so that the same request made twice goes to the same person.
    """
    return min(free, key=lambda person: load_of.get(person, Load()), default=None)
