"""Wall-clock times become instants at every kind of change that a clock in the world has made since 1972."""

from __future__ import annotations

from bisect import bisect_left
from datetime import UTC, date, datetime, time, timedelta
from itertools import accumulate
from zoneinfo import ZoneInfo, available_timezones

from tests.cases import FULL
from vcardapp.booking.openings import first_instant, last_instant

MINUTE, DAY, WEEK = timedelta(minutes=1), timedelta(days=1), timedelta(days=7)
BEGIN, END = datetime(1972, 1, 10, tzinfo=UTC), datetime(2038, 1, 1, tzinfo=UTC)  # Monrovia has whole minutes since


def changes(zone: ZoneInfo) -> list[datetime]:
    """Return the weeks in which the zone's offset changes."""
    weeks = [BEGIN + n * WEEK for n in range((END - BEGIN) // WEEK)]
    return [at for at in weeks if at.astimezone(zone).utcoffset() != (at + WEEK).astimezone(zone).utcoffset()]


def moment(zone: ZoneInfo, at: datetime) -> datetime:
    """Return when the offset changes in the week after `at`."""
    low, high, old = 0, WEEK // MINUTE, at.astimezone(zone).utcoffset()
    return at + MINUTE * bisect_left(range(low, high), True, key=lambda n: (at + n * MINUTE).astimezone(zone).utcoffset() != old)


def kinds() -> dict[tuple[time, timedelta], tuple[ZoneInfo, datetime]]:
    """Return one change of each kind: what the clock showed and how far it went."""
    found: dict[tuple[time, timedelta], tuple[ZoneInfo, datetime]] = {}
    names = sorted(available_timezones())
    for name in names if FULL else names[::12]:
        zone = ZoneInfo(name)
        for at in changes(zone):
            change = moment(zone, at)
            old = (change - MINUTE).astimezone(zone).replace(tzinfo=None) + MINUTE
            found.setdefault((old.time(), change.astimezone(zone).replace(tzinfo=None) - old), (zone, change))
    return found


def test_a_start_is_the_first_minute_that_shows_it_an_end_the_last_and_both_the_next_where_none_does() -> None:
    tried = kinds()
    assert len(tried) > (60 if FULL else 15)
    for zone, change in tried.values():
        first = change - 3 * DAY
        walls = [(first + n * MINUTE).astimezone(zone).replace(tzinfo=None) for n in range(6 * 1440)]
        highest = list(accumulate(walls, max))
        last = {wall: first + n * MINUTE for n, wall in enumerate(walls)}
        day = change.astimezone(zone).date() - DAY
        for minute in (*range(0, 2880, 30), *range(1, 2880, 97), 2880):
            wall = datetime.combine(day, time()) + minute * MINUTE
            shown = first_instant(zone, day, minute), last_instant(zone, day, minute)
            begin = first + bisect_left(highest, wall) * MINUTE
            assert shown == (begin, last.get(wall, begin)), (zone.key, wall)


def test_a_date_begins_when_its_clock_shows_it_first() -> None:
    assert first_instant(ZoneInfo("America/Havana"), date(2026, 11, 1)) == datetime(2026, 11, 1, 4, tzinfo=UTC)
    assert first_instant(ZoneInfo("Asia/Beirut"), date(2027, 3, 28)) == datetime(2027, 3, 27, 22, tzinfo=UTC)
