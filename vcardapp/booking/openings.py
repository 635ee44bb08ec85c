"""When a host is open: wall-clock hours become instants, whatever the clocks of the zone do."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import UTC, date, datetime, time, timedelta
from typing import NamedTuple
from zoneinfo import ZoneInfo

from vcardapp.booking.rules import DAY, Hours, Rules

_DAY = timedelta(days=1)
EARLIEST, LATEST = datetime(1900, 1, 1, tzinfo=UTC), datetime(9000, 1, 1, tzinfo=UTC)  # calendars end where years do


class Opening(NamedTuple):
    """Open from start to end; starts of appointments are counted from `anchor` and lie before `until`, all in UTC."""

    anchor: datetime
    until: datetime
    end: datetime


def zone_of(name: str) -> ZoneInfo:
    """Return the zone of an IANA name; ValueError for one that is not known."""
    try:
        return ZoneInfo(name)
    except (KeyError, ValueError, OSError) as unknown:
        raise ValueError(f"no such time zone: {name!r}") from unknown


def first_instant(zone: ZoneInfo, day: date, minute: int = 0) -> datetime:
    """Return when the clock first shows a time or jumps over it, `minute` after the date's midnight (0 to 2880)."""
    return min(_readings(zone, day, minute))


def last_instant(zone: ZoneInfo, day: date, minute: int = 0) -> datetime:
    """Return when the clock last shows a time or jumps over it."""
    return max(_readings(zone, day, minute))


def openings(rules: Rules, zone: ZoneInfo, low: datetime, high: datetime) -> list[Opening]:
    """Return the openings that meet [low, high), whole, in order: touching and overlapping ones are one, with one anchor.

    Hours that never pause all week have no first opening to count from: there each date counts anew from its own first.
    """
    low, high = min(max(low, EARLIEST), LATEST), min(high, LATEST)
    week = _Week(rules, zone)
    last = (high + timedelta(minutes=rules.duration)).astimezone(zone).date() + _DAY
    back = 5
    while True:
        first = low.astimezone(zone).date() - back * _DAY
        spans = [week.spans_on(first + n * _DAY) for n in range((last - first).days + 1)]
        merged = _merged(sorted(span for day in spans for span in day))
        met = [(start, end) for start, end in merged if end > low and start < high]
        # What began before the first date ends within the two dates after it.
        if not met or week.never_pauses or met[0][0] >= first_instant(zone, first + 3 * _DAY):
            break
        back *= 2
    marks = sorted({day[0][0] for day in spans if day}) if week.never_pauses else []
    return [opening for start, end in met for opening in _anchored(start, end, marks)]


class _Week:
    """The hours by weekday and the overrides by date."""

    def __init__(self, rules: Rules, zone: ZoneInfo) -> None:
        self.zone = zone
        self.weekly: dict[int, list[tuple[int, int]]] = {weekday: [] for weekday in range(7)}
        self.dates: dict[date, list[tuple[int, int]]] = {}
        for weekday, start, end in rules.hours:
            self.weekly[weekday].append((start, end))
        for day, ranges in rules.overrides:
            self.dates.setdefault(day, []).extend(ranges)
        self.never_pauses = _fills_the_week(rules.hours)

    def spans_on(self, day: date) -> list[tuple[datetime, datetime]]:
        """Return the instants between which the ranges of a date are open, in order."""
        ranges = self.dates.get(day, self.weekly[day.weekday()])
        closes = first_instant(self.zone, day + _DAY) if ranges and self.is_closed(day + _DAY) else None
        spans = []
        for start, end in ranges:
            begin = first_instant(self.zone, day, start)
            stop = last_instant(self.zone, day, end if end > start else end + DAY)
            stop = min(stop, closes) if closes else stop
            if begin < stop:
                spans.append((begin, stop))
        return sorted(spans)

    def is_closed(self, day: date) -> bool:
        """True for a date whose override leaves nothing open."""
        return self.dates.get(day) == []


def _readings(zone: ZoneInfo, day: date, minute: int) -> tuple[datetime, datetime]:
    """Return the first and the second instant of a wall-clock time; inside a gap both are the moment of the change."""
    wall = datetime.combine(day, time()) + timedelta(minutes=minute)
    first, second = (wall.replace(tzinfo=zone, fold=fold).astimezone(UTC) for fold in (0, 1))
    if first <= second:
        return first, second
    low, high = 0, int((first - second).total_seconds())
    while high - low > 1:  # zones change at whole seconds
        middle = (low + high) // 2
        is_past = (second + timedelta(seconds=middle)).astimezone(zone).replace(tzinfo=None) >= wall
        low, high = (low, middle) if is_past else (middle, high)
    change = second + timedelta(seconds=high)
    return change, change


def _merged(spans: Sequence[tuple[datetime, datetime]]) -> list[tuple[datetime, datetime]]:
    merged: list[tuple[datetime, datetime]] = []
    for start, end in spans:
        if merged and start <= merged[-1][1]:
            merged[-1] = merged[-1][0], max(merged[-1][1], end)
        else:
            merged.append((start, end))
    return merged


def _anchored(start: datetime, end: datetime, marks: Sequence[datetime]) -> Iterator[Opening]:
    anchors = [start, *(mark for mark in marks if start < mark < end)]
    for anchor, until in zip(anchors, [*anchors[1:], end], strict=True):
        yield Opening(anchor, until, end)


def _fills_the_week(hours: Sequence[Hours]) -> bool:
    """True if the weekly hours leave not one minute of the week."""
    week = 7 * DAY
    spans = [(day * DAY + start, day * DAY + (end if end > start else end + DAY)) for day, start, end in hours]
    reached = 0
    for start, end in sorted([(start - week, end - week) for start, end in spans] + spans):
        if start <= reached:
            reached = max(reached, end)
    return reached >= week
