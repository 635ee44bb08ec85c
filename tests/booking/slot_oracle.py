"""Free slots worked out the slow way: walk along every minute, look at the clock on the wall, look at every booking."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import UTC, date, datetime, time, timedelta
from functools import cached_property
from zoneinfo import ZoneInfo

from vcardapp.booking.rules import Booking, Busy, Rules

MINUTE = timedelta(minutes=1)
DAY = timedelta(days=1)
BACK, AHEAD = 16, 8  # days walked before and after the asked range


class Oracle:
    """A stretch of minutes around [start, end) with the host's wall clock beside each; zones of whole minutes only."""

    def __init__(self, rules: Rules, zone: ZoneInfo, start: datetime, end: datetime) -> None:
        self.rules, self.zone, self.low, self.high = rules, zone, start, end
        self.first = (start - BACK * DAY).replace(second=0, microsecond=0)
        count = int((end + AHEAD * DAY - self.first) / MINUTE)
        self.walls = [(self.first + n * MINUTE).astimezone(zone).replace(tzinfo=None) for n in range(count)]

    def slots(self, bookings: Sequence[Booking], busy: Sequence[Busy], now: datetime) -> list[datetime]:
        """Return the starts of the free slots."""
        length = timedelta(minutes=self.rules.duration)
        return [
            start
            for start in self.starts
            if self.low <= start < self.high
            and start >= now + timedelta(minutes=self.rules.notice)
            and self.in_window(start, now)
            and not self.at_limit(start, start + length, bookings)
            and self.has_room(start, start + length, bookings, busy)
        ]

    @cached_property
    def starts(self) -> list[datetime]:
        """All from which an appointment fits into the hours."""
        return list(self.walk())

    def walk(self) -> Iterator[datetime]:
        """Step through each run of open minutes from its first one, or from each date's first if hours never pause."""
        is_open = self.open_minutes()
        never_pauses = len({minute for day in range(7) for minute in self.week_minutes(day)}) == 7 * 1440
        anchors = self.first_of_dates() if never_pauses else set()
        step, length = self.rules.interval or self.rules.duration, self.rules.duration
        due = 0
        for n, is_here in enumerate(is_open):
            if not is_here:
                continue
            if n == 0 or not is_open[n - 1] or n in anchors:
                due = n
            if n == due:
                due = n + step
                if n + length <= len(is_open) and all(is_open[n : n + length]):
                    yield self.first + n * MINUTE

    def open_minutes(self) -> list[bool]:
        is_open = [False] * len(self.walls)
        for day in self.dates():
            for start, end in self.ranges_on(day):
                for n in range(start, end):
                    is_open[n] = True
        return is_open

    def dates(self) -> list[date]:
        first = self.walls[0].date() - DAY
        return [first + n * DAY for n in range((self.walls[-1].date() - first).days + 2)]

    def ranges_on(self, day: date) -> Iterator[tuple[int, int]]:
        midnight = datetime.combine(day, time())
        overrides = [ranges for one, ranges in self.rules.overrides if one == day]
        weekly = [(start, end) for weekday, start, end in self.rules.hours if weekday == day.weekday()]
        tomorrow = [ranges for one, ranges in self.rules.overrides if one == day + DAY]
        for start, end in sum(overrides, ()) if overrides else weekly:
            last = self.last_at(midnight + (end if end > start else end + 1440) * MINUTE)
            if tomorrow and not any(tomorrow):
                last = min(last, self.first_from(midnight + DAY))
            yield self.first_from(midnight + start * MINUTE), last

    def first_from(self, wall: datetime) -> int:
        """Return the first minute at which the clock shows `wall` or later."""
        return next((n for n in self.near(wall) if self.walls[n] >= wall), len(self.walls))

    def last_at(self, wall: datetime) -> int:
        """Return the last minute at which the clock shows `wall`; if it never does, the first with more."""
        return next((n for n in reversed(self.near(wall)) if self.walls[n] == wall), self.first_from(wall))

    def near(self, wall: datetime) -> range:
        """Return the minutes within two days of the one at which a clock in Greenwich shows `wall`."""
        middle = int((wall.replace(tzinfo=UTC) - self.first) / MINUTE)
        return range(max(0, middle - 2880), min(len(self.walls), max(0, middle + 2880)))

    def week_minutes(self, day: int) -> Iterator[int]:
        for weekday, start, end in self.rules.hours:
            if weekday == day:
                for minute in range(start, end if end > start else end + 1440):
                    yield (day * 1440 + minute) % (7 * 1440)

    def first_of_dates(self) -> set[int]:
        days = ([start for start, end in self.ranges_on(day) if start < end] for day in self.dates())
        return {min(starts) for starts in days if starts}

    def in_window(self, start: datetime, now: datetime) -> bool:
        day, today = start.astimezone(self.zone).date(), now.astimezone(self.zone).date()
        rules = self.rules
        return (
            (rules.window_days is None or (day - today).days <= rules.window_days)
            and (rules.window_start is None or day >= rules.window_start)
            and (rules.window_end is None or day <= rules.window_end)
        )

    def at_limit(self, start: datetime, end: datetime, bookings: Sequence[Booking]) -> bool:
        day = start.astimezone(self.zone).date()
        spans = {(one.start, one.end) for one in bookings if one.same_type}
        that_day = [span for span in spans if span[0].astimezone(self.zone).date() == day]
        limit = self.rules.limit_per_day
        return limit is not None and len(that_day) >= limit and (start, end) not in that_day

    def has_room(self, start: datetime, end: datetime, bookings: Sequence[Booking], busy: Sequence[Busy]) -> bool:
        low, high = start - self.rules.before * MINUTE, end + self.rules.after * MINUTE
        room = self.rules.seats
        for one in bookings:
            if one.same_type and (one.start, one.end) == (start, end):
                room -= one.seats
            elif one.start - one.before * MINUTE < high and low < one.end + one.after * MINUTE:
                return False
        return room > 0 and not any(low < one.end and one.start < high for one in busy)
