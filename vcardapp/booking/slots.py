"""Which times are free: a grid from each opening's start in elapsed minutes; what is taken drops out and moves nothing."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections import Counter
from collections.abc import Iterable, Iterator
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from vcardapp.booking.openings import openings, zone_of
from vcardapp.booking.rules import Booking, Busy, Hours, Override, Rules, Slot, instant

__all__ = ["Booking", "Busy", "Hours", "Override", "Rules", "Slot", "free_slots", "reach"]


def free_slots(
    rules: Rules,
    time_zone: str,
    start: datetime,
    end: datetime,
    bookings: Iterable[Booking | tuple[datetime, datetime, int, int, int]],
    busy: Iterable[Busy | tuple[datetime, datetime]],
    now: datetime,
) -> list[Slot]:
    """Return the slots that can be booked and that start in [start, end), in order, in UTC.

    `time_zone` is the host's (IANA name): hours, dates and the limit per day go by its clock. `bookings` are the host's
    own (start, end, minutes before, minutes after, seats), `busy` what imported calendars take (start, end); hand over at
    least those that `reach` names. All times are aware; ValueError for others and for a zone that does not exist.

    >>> from datetime import UTC
    >>> nine = Rules(duration=60, hours=[(0, 540, 720)], notice=60)
    >>> monday = datetime(2026, 6, 1, tzinfo=UTC)
    >>> taken = [(monday.replace(hour=8), monday.replace(hour=9), 0, 0, 1)]
    >>> [f"{slot.start:%H:%M}" for slot in free_slots(nine, "Europe/Vienna", monday, monday.replace(day=2), taken, [], monday)]
    ['07:00', '09:00']
    """
    zone = zone_of(time_zone)
    now = instant(now)
    low, high = max(instant(start), now + timedelta(minutes=rules.notice)), instant(end)
    calendar = Calendar(rules, zone, bookings, busy, now)
    length = timedelta(minutes=rules.duration)
    return [
        Slot(time, time + length, left)
        for time in _starts(rules, zone, low, high)
        if calendar.allows(time) and (left := calendar.seats_left(time))
    ]


def reach(rules: Rules, time_zone: str, start: datetime, end: datetime) -> tuple[datetime, datetime]:
    """Return the span whose bookings (with their buffers) and busy times bear on the slots that start in [start, end).

    It holds the whole of the host's dates, for the limit per day; a row counts if it overlaps the span.
    """
    zone_of(time_zone)
    day = timedelta(days=2)  # a date of the host's, with both changes of its clock
    return (
        instant(start) - day - timedelta(minutes=rules.before),
        instant(end) + day + timedelta(minutes=rules.duration + rules.after),
    )


def _starts(rules: Rules, zone: ZoneInfo, low: datetime, high: datetime) -> Iterator[datetime]:
    """Yield each start in [low, high) from which an appointment fits into the hours."""
    if low >= high:
        return
    step, length = timedelta(minutes=rules.step), timedelta(minutes=rules.duration)
    for opening in openings(rules, zone, low, high):
        stop = min(high, opening.until, opening.end - length + timedelta.resolution)
        time = opening.anchor + max(0, -((opening.anchor - low) // step)) * step
        while time < stop:
            yield time
            time += step


class Calendar:
    """What is taken, made ready to be asked for one start after the other."""

    def __init__(
        self,
        rules: Rules,
        zone: ZoneInfo,
        bookings: Iterable[Booking | tuple[datetime, datetime, int, int, int]],
        busy: Iterable[Busy | tuple[datetime, datetime]],
        now: datetime,
    ) -> None:
        self.rules, self.zone = rules, zone
        self.before, self.after = timedelta(minutes=rules.before), timedelta(minutes=rules.after)
        self.length = timedelta(minutes=rules.duration)
        self.shared: dict[tuple[datetime, datetime], list[int]] = {}  # seats of the bookings of one slot
        spans = [(instant(start), instant(end)) for start, end in busy]
        for row in bookings:
            one = Booking(*row)
            start, end = instant(one.start), instant(one.end)
            spans.append((start - timedelta(minutes=one.before), end + timedelta(minutes=one.after)))
            if one.same_type:
                self.shared.setdefault((start, end), []).append(max(1, one.seats))
        spans = [span for span in spans if span[0] < span[1]]  # what takes no time is in nobody's way
        self.starts = sorted(start for start, _ in spans)
        self.ends = sorted(end for _, end in spans)
        self.first, self.last = window(rules, now.astimezone(zone).date())
        self.asks_dates = rules.limit_per_day is not None or (self.first, self.last) != (date.min, date.max)
        self.per_day: Counter[date] = Counter()
        if rules.limit_per_day is not None:
            self.per_day.update(start.astimezone(zone).date() for start, _ in self.shared)

    def allows(self, start: datetime) -> bool:
        """True if the window and the limit per day leave room for an appointment at `start`."""
        if not self.asks_dates:
            return True
        day = start.astimezone(self.zone).date()
        return self.first <= day <= self.last and not self.is_full(day, start)

    def is_full(self, day: date, start: datetime) -> bool:
        """True if the date has all the appointments it may have; one that has begun to fill up is among them."""
        limit = self.rules.limit_per_day
        return limit is not None and self.per_day[day] >= limit and (start, start + self.length) not in self.shared

    def seats_left(self, start: datetime) -> int:
        """Return how many places are left from `start`; none if anything but bookings of the same slot is in the way."""
        end = start + self.length
        in_the_way = bisect_left(self.starts, end + self.after) - bisect_right(self.ends, start - self.before)
        if not in_the_way:
            return self.rules.seats
        same = self.shared.get((start, end), ())
        return max(0, self.rules.seats - sum(same)) if in_the_way == len(same) else 0


def window(rules: Rules, today: date) -> tuple[date, date]:
    """Return the first and the last date, of the host's, on which an appointment may start."""
    first, last = rules.window_start or date.min, rules.window_end or date.max
    if rules.window_days is not None:
        last = min(last, today + timedelta(days=rules.window_days))
    return first, last
