"""Opening hours: when a place is open, by its own clock. A span whose end is not after its start ends the next day."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from vcardapp.cards.content import Hours, Span, SpecialDay

LOOK_AHEAD = 15  # days searched for the next opening
_TIME = re.compile(r"([01]\d|2[0-3]):([0-5]\d)", re.A)


@dataclass(frozen=True, slots=True)
class Opening:
    """Open now until `change`, or closed until then; None where no change is in sight."""

    is_open: bool
    change: datetime | None


@dataclass(frozen=True, slots=True)
class Times:
    """A span whose ends could be read."""

    start: time
    end: time  # midnight is 00:00


def times_of(spans: tuple[Span, ...]) -> tuple[Times, ...]:
    """Return the spans of one day in order, those that cannot be read left out; 24:00 is the midnight that follows."""
    read = [(_time(span.start), _time("00:00" if span.end == "24:00" else span.end)) for span in spans]
    return tuple(sorted((Times(a, b) for a, b in read if a and b), key=lambda times: times.start))


def day_of(special: SpecialDay) -> date | None:
    """Return the date of a special day, None if it is none."""
    try:
        return date.fromisoformat(special.date) if re.fullmatch(r"\d{4}-\d\d-\d\d", special.date, re.A) else None
    except ValueError:
        return None


def hours_on(hours: Hours, day: date) -> tuple[Times, ...]:
    """Return when it opens on a date: the exception's hours where there is one, else the week's."""
    for special in hours.exceptions:
        if day_of(special) == day:
            return times_of(special.spans)
    return times_of(hours.week[day.weekday()]) if day.weekday() < len(hours.week) else ()


def has_hours(hours: Hours) -> bool:
    """True if any day of the week, or any exception, says something."""
    return any(times_of(spans) for spans in hours.week) or any(day_of(special) for special in hours.exceptions)


def opening_at(hours: Hours, now: datetime, zone: ZoneInfo) -> Opening:
    """Return whether it is open at `now` (aware), and when that changes within LOOK_AHEAD days."""
    end: datetime | None = None
    for start, stop in _periods(hours, now.astimezone(zone).date(), zone):
        if end is not None:
            if start > end:
                break
            end = max(end, stop)
        elif start > now:
            return Opening(False, start)
        elif stop > now:
            end = stop
    if end is None:
        return Opening(False, None)
    is_endless = end - now > timedelta(days=LOOK_AHEAD - 2)
    return Opening(True, None if is_endless else end)


def _periods(hours: Hours, today: date, zone: ZoneInfo) -> Iterator[tuple[datetime, datetime]]:
    """Yield when it is open from yesterday on, in UTC, so that the nights of the time change come out right."""
    utc = ZoneInfo("UTC")
    for offset in range(-1, LOOK_AHEAD):
        day = today + timedelta(days=offset)
        for times in hours_on(hours, day):
            last = day if times.end > times.start else day + timedelta(days=1)
            start = datetime.combine(day, times.start, zone)
            yield start.astimezone(utc), datetime.combine(last, times.end, zone).astimezone(utc)


def _time(text: str) -> time | None:
    found = _TIME.fullmatch(text)
    return time(int(found[1]), int(found[2])) if found else None
