"""Slots under the dates of a visitor: their zone only groups and shows, it never decides what is free."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, date, datetime, timedelta
from functools import cache
from zoneinfo import ZoneInfo, available_timezones

from vcardapp.booking.openings import EARLIEST, LATEST, first_instant, zone_of
from vcardapp.booking.rules import Slot


def known_zone(*names: str) -> str:
    """Return the first of these names that is a place's time zone, else the last."""
    return next((name for name in names if name in _places()), names[-1])


def instants_of(first: date, last: date, time_zone: str) -> tuple[datetime, datetime]:
    """Return [start, end) in UTC of the dates from first to last, both included, as a clock in the zone shows them."""
    zone = zone_of(time_zone)
    earliest, latest = EARLIEST.date(), LATEST.date()
    after = min(last, latest) + timedelta(days=1)
    start, end = (first_instant(zone, min(max(day, earliest), latest)) for day in (first, after))
    return start, end


def by_date(slots: Iterable[Slot], time_zone: str) -> dict[date, list[Slot]]:
    """Return the slots under the dates on which they start for a clock in the zone, both in order."""
    zone = zone_of(time_zone)
    days: dict[date, list[Slot]] = {}
    for slot in sorted(slots):
        days.setdefault(slot.start.astimezone(zone).date(), []).append(slot)
    return days


def is_repeated(time: datetime, time_zone: str) -> bool:
    """True if a clock in the zone shows this time twice on that date, so that its offset or abbreviation must be said."""
    wall = time.astimezone(zone_of(time_zone))
    first, second = (wall.replace(fold=fold).astimezone(UTC) for fold in (0, 1))
    return first < second


def differ(one: str, other: str, times: Iterable[datetime]) -> bool:
    """True if clocks in the two zones show different times at any of the instants."""
    zones = ZoneInfo(one), ZoneInfo(other)
    return any(len({time.astimezone(zone).utcoffset() for zone in zones}) > 1 for time in times)


@cache
def _places() -> frozenset[str]:
    """Return the zones that are somewhere: on some computers there are files of others, which have no name for people."""
    return frozenset(available_timezones() - {"Factory", "localtime"})
