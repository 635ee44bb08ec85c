"""What a host decides about one type of appointment, and what stands in the calendar: plain values, minutes and instants."""

from __future__ import annotations

from dataclasses import dataclass, fields
from datetime import UTC, date, datetime
from typing import NamedTuple

DAY = 24 * 60  # minutes on the wall clock, 24:00
MOST = 366 * DAY  # minutes: nothing here is longer than a year


class Hours(NamedTuple):
    """Open every week from `start` to `end`, minutes 0 to 1440 on the host's wall clock; weekday 0 is Monday.

    Hours(0, 540, 1020) is Monday 09:00-17:00; Hours(4, 1320, 120) Friday 22:00 to Saturday 02:00: an end that is not after
    its start lies on the next day. 1440 is 24:00; 1439 is 23:59 and nothing more.
    """

    weekday: int
    start: int
    end: int


class Override(NamedTuple):
    """The ranges of one date, (start, end) in minutes as in Hours, in place of that weekday's hours; no ranges: closed.

    Override(date(2026, 12, 24), ((540, 720),)) is open 09:00-12:00; Override(date(2026, 12, 25)) is a holiday.
    Several for one date add up. A closed date also ends a shift that runs into it from the evening before.
    """

    day: date
    ranges: tuple[tuple[int, int], ...] = ()


class Booking(NamedTuple):
    """An appointment of the host's own that takes its time: aware start and end, minutes kept free before and after.

    `seats` is how many places it takes; `same_type` is False for an appointment of another type: it shares no places and
    does not count towards the limit per day. A pending request that blocks is a booking like any other.
    """

    start: datetime
    end: datetime
    before: int = 0
    after: int = 0
    seats: int = 1
    same_type: bool = True


class Busy(NamedTuple):
    """Time taken by an imported calendar, from start up to, not including, end (aware)."""

    start: datetime
    end: datetime


class Slot(NamedTuple):
    """A time that can be booked: start and end in UTC, and how many places are left."""

    start: datetime
    end: datetime
    seats: int = 1


@dataclass(frozen=True, slots=True, kw_only=True)
class Rules:
    """Everything that is decided about one type of appointment. Plain tuples and lists do for the hours and overrides.

    Rules(duration=60, hours=[(0, 540, 1020)], before=10, after=5, notice=120, window_days=60) offers an hour on Mondays,
    9 to 17, ten free minutes before and five after each appointment, two hours to sixty days ahead.
    """

    duration: int  # minutes of an appointment
    hours: tuple[Hours, ...] = ()  # the week's
    overrides: tuple[Override, ...] = ()  # the dates that are otherwise
    before: int = 0  # minutes kept free before each appointment, added to the other's `after`
    after: int = 0  # minutes kept free after it
    notice: int = 0  # minutes that pass at least between booking and start
    window_days: int | None = None  # the last date is today plus so many, on the host's calendar; 0 is today only
    window_start: date | None = None  # the first date on the host's calendar
    window_end: date | None = None  # the last one, included
    interval: int | None = None  # minutes from one start to the next; None: the duration
    limit_per_day: int | None = None  # appointments that start on one date of the host's; those of one slot count as one
    seats: int = 1  # places in one slot
    approval: bool = False  # the host says yes or no to each; free times do not depend on it
    hold: int = 0  # minutes for which a chosen time is kept while the form is filled in; 0: not at all
    cancel_notice: int = 0  # minutes before the start until which a visitor may cancel
    move_notice: int = 0  # minutes before the start until which a visitor may move
    most_moves: int | None = None  # how often a visitor may move one appointment; None: as often as they like

    def __post_init__(self) -> None:
        """Refuse what makes no sense with a ValueError."""
        object.__setattr__(self, "hours", tuple(Hours(*row) for row in self.hours))
        days = [Override(*row) for row in self.overrides]
        object.__setattr__(
            self, "overrides", tuple(Override(day, tuple((a, b) for a, b in ranges)) for day, ranges in days)
        )
        for name, least in _LEAST.items():
            if (value := getattr(self, name)) is not None and not least <= value <= MOST:
                raise ValueError(f"{name} is {least} to {MOST}, not {value!r}")
        for weekday, start, end in self.hours:
            if not (0 <= weekday <= 6 and 0 <= start <= DAY and 0 <= end <= DAY):
                raise ValueError(f"hours are a weekday 0 to 6 and minutes 0 to {DAY}, not {(weekday, start, end)}")
        for day, ranges in self.overrides:
            if type(day) is not date or not all(0 <= minute <= DAY for pair in ranges for minute in pair):
                raise ValueError(f"an override is a date and minutes 0 to {DAY}, not {(day, ranges)}")

    @property
    def step(self) -> int:
        """Minutes from one start to the next."""
        return self.interval or self.duration


_LEAST = {field.name: 0 for field in fields(Rules) if field.type in ("int", "int | None")} | {
    "duration": 1,
    "interval": 1,
    "seats": 1,
}


def instant(value: datetime) -> datetime:
    """Return an aware time in UTC; ValueError for one without a zone, which is no instant."""
    if value.tzinfo is UTC:
        return value
    if value.utcoffset() is None:
        raise ValueError(f"a time needs its zone, {value!r} has none")
    return value.astimezone(UTC)
