"""Busy times in an .ics file of anybody's (RFC 5545): read in a process of its own, as far as a limit. A door to icalendar."""

from __future__ import annotations

import itertools
import json
import subprocess
import sys
import warnings
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta, tzinfo
from typing import Any
from zoneinfo import ZoneInfo

from vcardapp.booking.days import known_zone
from vcardapp.booking.openings import first_instant

MOST_SPANS = 20_000  # of one file
MOST_TURNS = 200_000  # of one rule, before it gets to the time that is asked for
SECONDS, BYTES = 10, 600_000_000  # that reading may take
Span = tuple[datetime, datetime]


class NotACalendar(Exception):
    """This is no .ics file, or it takes too long to read."""


@dataclass(slots=True)
class Busy:
    spans: list[Span]  # in UTC, in order, not overlapping
    left_out: int = 0  # events that could not be read


@dataclass(slots=True)
class _Series:
    """The events with one UID: the one that repeats, and occurrences that were changed."""

    masters: list[Any] = field(default_factory=list)
    changed: dict[datetime, Any] = field(default_factory=dict)


def read_apart(data: bytes, zone: str, start: datetime, end: datetime) -> Busy:
    """Do as read_busy in a process that is stopped when it takes too long or too much memory; raise NotACalendar."""
    command = [sys.executable, "-m", "vcardapp.booking.feeds", str(SECONDS), zone, start.isoformat(), end.isoformat()]
    try:
        done = subprocess.run(command, input=data, capture_output=True, timeout=SECONDS * 3, check=True)  # noqa: S603
    except (subprocess.CalledProcessError, subprocess.TimeoutExpired):
        raise NotACalendar from None
    said = json.loads(done.stdout)
    spans = [(datetime.fromtimestamp(first, UTC), datetime.fromtimestamp(last, UTC)) for first, last in said["spans"]]
    return Busy(spans, said["left_out"])


def read_busy(data: bytes, zone: str, start: datetime, end: datetime) -> Busy:
    """Return the busy spans of a calendar that overlap [start, end); raise NotACalendar.

    `zone` is the host's: whole days are its dates, and times without a zone are read by it, unless the file names another
    (X-WR-TIMEZONE). Transparent and cancelled events are free; RRULE, RDATE, EXDATE and RECURRENCE-ID count.
    """
    from icalendar import Calendar

    try:
        with warnings.catch_warnings(action="ignore"):  # icalendar tells what it guesses
            calendar = Calendar.from_ical(data)
    except (ValueError, IndexError, KeyError, TypeError, AttributeError) as problem:
        raise NotACalendar from problem
    if calendar.name != "VCALENDAR":
        raise NotACalendar
    here = ZoneInfo(known_zone(str(calendar.get("X-WR-TIMEZONE", "")), zone))
    reader = _Reader(ZoneInfo(zone), here, start, end)
    spans = [span for one in _series(calendar, reader) for span in reader.spans_of(one)]
    spans += [span for one in calendar.walk("VFREEBUSY") for span in reader.periods_of(one)]
    return Busy(_merged(spans)[:MOST_SPANS], reader.left_out)


def _series(calendar: Any, reader: _Reader) -> Iterable[_Series]:
    found: dict[str, _Series] = {}
    for event in calendar.walk("VEVENT"):
        try:
            series = found.setdefault(str(event.get("UID", id(event))), _Series())
            if "RECURRENCE-ID" in event:
                series.changed[reader.instant(event["RECURRENCE-ID"].dt)] = event
            else:
                series.masters.append(event)
        except (ValueError, TypeError, AttributeError, KeyError, OverflowError):
            reader.left_out += 1
    return found.values()


class _Reader:
    """Reads events between two moments."""

    def __init__(self, zone: ZoneInfo, floating: ZoneInfo, start: datetime, end: datetime) -> None:
        self.zone, self.floating, self.start, self.end = zone, floating, start, end
        self.left_out = 0

    def spans_of(self, series: _Series) -> list[Span]:
        spans = []
        for event in series.masters:
            spans += self._safely(self._repeated, event, series.changed)
        for event in series.changed.values():
            spans += self._safely(self._once, event)
        return [(first, last) for first, last in spans if first < self.end and last > self.start and first < last]

    def periods_of(self, component: Any) -> list[Span]:
        return self._safely(self._periods, component)

    def instant(self, value: date | datetime) -> datetime:
        """Return a date's beginning by the host's clock, or a time, in UTC."""
        if not isinstance(value, datetime):
            return first_instant(self.zone, value)
        return (value if value.tzinfo else value.replace(tzinfo=self.floating)).astimezone(UTC)

    def _safely(self, read: Any, *what: Any) -> list[Span]:
        try:
            spans = list(itertools.islice(read(*what), MOST_SPANS + 1))
            self.left_out += len(spans) > MOST_SPANS
            return spans
        except (ValueError, TypeError, AttributeError, KeyError, OverflowError, ArithmeticError):
            self.left_out += 1
            return []

    def _once(self, event: Any) -> Iterator[Span]:
        if not _is_free(event):
            begin = event["DTSTART"].dt
            yield self.instant(begin), self._until(begin, _length(event))

    def _repeated(self, event: Any, changed: dict[datetime, Any]) -> Iterator[Span]:
        if _is_free(event):
            return
        begin, length = event["DTSTART"].dt, _length(event)
        gone_days, gone = self._exceptions(event)
        seen = set(changed)
        for start, own_length in itertools.chain(self._starts(event, begin, length), self._extra(event)):
            moment = self.instant(start)
            day = start.date() if isinstance(start, datetime) else start
            if moment not in seen and moment not in gone and day not in gone_days:
                seen.add(moment)
                yield moment, self._until(start, length if own_length is None else own_length)

    def _starts(self, event: Any, begin: date, length: timedelta) -> Iterator[tuple[date, timedelta | None]]:
        rules = event.get("RRULE")
        if rules is None:
            yield begin, None
            return
        zone = begin.tzinfo if isinstance(begin, datetime) else None
        wall = begin.replace(tzinfo=None) if isinstance(begin, datetime) else datetime.combine(begin, datetime.min.time())
        low, high = self.start - length - timedelta(days=2), self.end + timedelta(days=2)
        for rule in rules if isinstance(rules, list) else [rules]:
            for time in self._turns(rule, wall, zone, isinstance(begin, datetime), high):
                if time.replace(tzinfo=UTC) >= low:
                    yield (time.replace(tzinfo=zone) if isinstance(begin, datetime) else time.date()), None

    def _turns(self, rule: Any, wall: datetime, zone: tzinfo | None, timed: bool, high: datetime) -> Iterator[datetime]:
        """Yield what a rule gives by the wall clock, until the time asked for ends."""
        from dateutil.rrule import rrulestr  # type: ignore[import-untyped]

        plain = rule.copy()
        until = plain.pop("UNTIL", [None])[0]
        if isinstance(until, datetime) and until.tzinfo:
            until = until.astimezone(zone or self.floating).replace(tzinfo=None)
        elif until is not None and not isinstance(until, datetime):
            until = datetime.combine(until, datetime.max.time())
        elif isinstance(until, datetime) and not timed:
            until = datetime.combine(until.date(), datetime.max.time())
        turns = rrulestr(plain.to_ical().decode(), dtstart=wall, cache=False)
        for number, time in enumerate(turns):
            if until is not None and time > until or time.replace(tzinfo=UTC) > high:
                return
            if number > MOST_TURNS:
                raise ValueError("a rule without end")
            yield time

    def _extra(self, event: Any) -> Iterator[tuple[date, timedelta | None]]:
        for value in _values(event, "RDATE"):
            if isinstance(value, tuple):  # a period: its start, and its end or length
                yield value[0], value[1] if isinstance(value[1], timedelta) else value[1] - value[0]
            else:
                yield value, None

    def _exceptions(self, event: Any) -> tuple[set[date], set[datetime]]:
        values = list(_values(event, "EXDATE"))
        days = {value for value in values if not isinstance(value, datetime)}
        return days, {self.instant(value) for value in values if isinstance(value, datetime)}

    def _until(self, start: date, length: timedelta) -> datetime:
        if isinstance(start, datetime):
            return self.instant(start) + length
        return first_instant(self.zone, start + length)

    def _periods(self, component: Any) -> Iterator[Span]:
        found = component.get("FREEBUSY", [])
        for periods in found if isinstance(found, list) else [found]:
            if str(getattr(periods, "params", {}).get("FBTYPE", "BUSY")).upper() == "FREE":
                continue
            for period in getattr(periods, "dts", [periods]):
                start, end = period.dt if hasattr(period, "dt") else (period.start, period.end)
                first = self.instant(start)
                last = first + end if isinstance(end, timedelta) else self.instant(end)
                if first < self.end and last > self.start:
                    yield first, last


def _is_free(event: Any) -> bool:
    said = {name: str(event.get(name, "")).upper() for name in ("TRANSP", "STATUS", "X-MICROSOFT-CDO-BUSYSTATUS")}
    is_free = said["X-MICROSOFT-CDO-BUSYSTATUS"] == "FREE" and said["TRANSP"] != "OPAQUE"
    return said["TRANSP"] == "TRANSPARENT" or said["STATUS"] == "CANCELLED" or is_free


def _length(event: Any) -> timedelta:
    begin = event["DTSTART"].dt
    if "DTEND" in event:
        end = event["DTEND"].dt
        if isinstance(begin, datetime) and isinstance(end, datetime) and begin.tzinfo and end.tzinfo:
            return end.astimezone(UTC) - begin.astimezone(UTC)
        return timedelta(end - begin) if isinstance(end - begin, int) else end - begin
    if "DURATION" in event:
        length: timedelta = event["DURATION"].dt
        return length
    return timedelta() if isinstance(begin, datetime) else timedelta(days=1)


def _values(event: Any, name: str) -> Iterator[Any]:
    found = event.get(name, [])
    for one in found if isinstance(found, list) else [found]:
        yield from (value.dt for value in one.dts)


def _merged(spans: Iterable[Span]) -> list[Span]:
    merged: list[Span] = []
    for start, end in sorted(spans):
        if merged and start <= merged[-1][1]:
            merged[-1] = merged[-1][0], max(merged[-1][1], end)
        else:
            merged.append((start, end))
    return merged


def main(seconds: str, zone: str, start: str, end: str) -> None:
    """Read a calendar from the standard input and write its spans, in seconds since 1970."""
    try:
        import resource

        resource.setrlimit(resource.RLIMIT_CPU, (int(seconds), int(seconds)))
        resource.setrlimit(resource.RLIMIT_AS, (BYTES, BYTES))
    except ImportError:  # Windows
        pass
    busy = read_busy(sys.stdin.buffer.read(), zone, datetime.fromisoformat(start), datetime.fromisoformat(end))
    json.dump({"spans": [[one.timestamp() for one in span] for span in busy.spans], "left_out": busy.left_out}, sys.stdout)


if __name__ == "__main__":
    main(*sys.argv[1:])
