"""Short ways to write down hours and instants, and to read slots."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from vcardapp.booking.slots import Rules, Slot, free_slots

DAILY = range(7)
LONG_AGO = datetime(2000, 1, 1, tzinfo=UTC)


def at(text: str, zone: str = "UTC") -> datetime:
    """Return an instant from local time such as "2026-03-08 13:00"; of two readings the first."""
    return datetime.fromisoformat(text).replace(tzinfo=ZoneInfo(zone)).astimezone(UTC)


def minutes(text: str) -> tuple[int, int]:
    """Return the minutes of "09:00-17:00"."""
    start, end = (int(hour) * 60 + int(minute) for hour, minute in (time.split(":") for time in text.split("-")))
    return start, end


def rules(*ranges: str, days: Iterable[int] = DAILY, duration: int = 60, **more: Any) -> Rules:
    """Return rules open on the days at the ranges, such as "09:00-17:00"."""
    hours = [(day, *minutes(text)) for day in days for text in ranges]
    return Rules(duration=duration, hours=hours, **more)  # type: ignore[arg-type]


def free(
    one: Rules,
    zone: str,
    start: str,
    end: str | None = None,
    *,
    bookings: Iterable[Any] = (),
    busy: Iterable[Any] = (),
    now: datetime = LONG_AGO,
) -> list[Slot]:
    """Return the free slots of the host's dates from start to end, the last included."""
    first, last = date.fromisoformat(start), date.fromisoformat(end or start)
    low = at(f"{first} 00:00", zone)
    high = at(f"{last + timedelta(days=1)} 00:00", zone)
    return free_slots(one, zone, low, high, list(bookings), list(busy), now)


def shown(slots: Iterable[Slot], zone: str = "UTC", form: str = "%H:%M") -> list[str]:
    """Return the starts as a clock in the zone shows them."""
    return [slot.start.astimezone(ZoneInfo(zone)).strftime(form) for slot in slots]
