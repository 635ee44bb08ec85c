"""Free slots against a slow oracle, around the changes of clocks in many zones."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

from hypothesis import given, settings
from hypothesis import strategies as st

from tests.booking.slot_oracle import Oracle
from tests.cases import FULL
from vcardapp.booking.rules import Booking, Busy, Rules
from vcardapp.booking.slots import free_slots, reach

DAY = timedelta(days=1)

CHANGES = [  # dates, by the host's calendar, around which the clock does something
    ("UTC", "2026-06-01"),
    ("Europe/Vienna", "2026-03-29"), ("Europe/Vienna", "2026-10-25"),
    ("America/New_York", "2027-03-14"), ("America/New_York", "2027-11-07"),
    ("Australia/Lord_Howe", "2026-10-04"), ("Australia/Lord_Howe", "2027-04-04"),  # half an hour
    ("Asia/Kathmandu", "1986-01-01"),  # a quarter, at midnight
    ("Pacific/Chatham", "2027-04-04"),
    ("Africa/Casablanca", "2026-02-15"), ("Africa/Casablanca", "2026-03-22"),  # back for Ramadan
    ("Africa/El_Aaiun", "2031-01-05"),
    ("America/St_Johns", "2010-03-14"), ("America/St_Johns", "2010-11-07"),  # at 00:01
    ("America/St_Johns", "1988-04-03"), ("America/St_Johns", "1988-10-30"),  # two hours
    ("Pacific/Apia", "2011-12-30"), ("Pacific/Fakaofo", "2011-12-30"),  # a date that does not exist
    ("Pacific/Kwajalein", "1993-08-21"), ("Pacific/Kiritimati", "1994-12-31"),
    ("Africa/Cairo", "2027-04-30"), ("Africa/Cairo", "2026-10-30"),
    ("Asia/Beirut", "2027-03-28"), ("Asia/Beirut", "2026-10-25"),
    ("America/Asuncion", "2023-10-01"), ("America/Asuncion", "2024-03-24"),
    ("America/Sao_Paulo", "2018-11-04"), ("America/Sao_Paulo", "2018-02-18"),
    ("America/Havana", "2026-03-08"), ("America/Havana", "2026-11-01"),
    ("Asia/Tehran", "2022-03-22"), ("Asia/Tehran", "2021-09-22"),
    ("Europe/Dublin", "2026-03-29"), ("Europe/Dublin", "2026-10-25"), ("Europe/Dublin", "1971-10-31"),
    ("Antarctica/Troll", "2026-03-29"), ("Antarctica/Troll", "2026-10-25"),  # two hours
    ("Antarctica/Casey", "2020-10-04"),  # three hours, at 00:01
    ("Atlantic/Azores", "2026-03-29"), ("Atlantic/Azores", "2026-10-25"),
    ("America/Nuuk", "2023-03-26"), ("America/Nuuk", "2024-03-31"), ("America/Nuuk", "2026-10-25"),
    ("America/Caracas", "2007-12-09"), ("America/Caracas", "2016-05-01"),
    ("Asia/Pyongyang", "2015-08-15"), ("Asia/Pyongyang", "2018-05-05"),
    ("Europe/Moscow", "2014-10-26"), ("Asia/Amman", "2022-10-28"), ("Asia/Gaza", "2026-03-28"),
    ("America/Metlakatla", "2015-11-01"), ("Africa/Juba", "2021-02-01"), ("Pacific/Norfolk", "2019-10-06"),
]  # fmt: skip

MINUTES = st.one_of(st.sampled_from(range(0, 1441, 30)), st.integers(0, 1440))
LENGTHS = st.sampled_from([5, 15, 20, 30, 45, 50, 60, 90, 120, 240, 1440, 1500, 4320])
BUFFERS = st.sampled_from([0, 0, 5, 10, 30, 60])
FEW = {"max_size": 4}


@st.composite
def cases(draw: st.DrawFn) -> tuple[Oracle, list[Booking], list[Busy], datetime]:
    """Make a host's rules, an asked range and a calendar around a change of the clock."""
    name, text = draw(st.sampled_from(CHANGES))
    change = date.fromisoformat(text)
    near = st.integers(-3, 3).map(lambda n: change + n * DAY)
    ranges = st.tuples(MINUTES, MINUTES)
    weekly = st.lists(st.tuples(st.integers(0, 6), MINUTES, MINUTES), min_size=1, max_size=8)
    daily = st.lists(ranges, min_size=1, max_size=2).map(lambda rs: [(day, a, b) for day in range(7) for a, b in rs])
    nearly = [(day, 0, 1440) for day in range(6)]  # one opening of six days
    always = st.sampled_from([nearly, [*nearly, (6, 0, 1440)], [(day, 600, 600) for day in range(7)]])
    middle = datetime(change.year, change.month, change.day, tzinfo=UTC)
    moment = st.integers(-3 * 1440, 3 * 1440).map(lambda n: middle + timedelta(minutes=n))
    rules = Rules(
        duration=draw(LENGTHS),
        hours=draw(st.one_of(weekly, daily, always)),  # type: ignore[arg-type]
        overrides=draw(st.lists(st.tuples(near, st.lists(ranges, max_size=2)), max_size=3)),  # type: ignore[arg-type]
        before=draw(BUFFERS),
        after=draw(BUFFERS),
        notice=draw(st.sampled_from([0, 0, 60, 1440, 2000])),
        window_days=draw(st.sampled_from([None, None, 0, 1, 3])),
        window_start=draw(st.one_of(st.none(), st.none(), near)),
        window_end=draw(st.one_of(st.none(), st.none(), near)),
        interval=draw(st.one_of(st.none(), st.sampled_from([7, 15, 30, 60, 100]))),
        limit_per_day=draw(st.sampled_from([None, None, 0, 1, 2])),
        seats=draw(st.sampled_from([1, 1, 2, 3])),
    )
    start, end = sorted((draw(moment), draw(moment)))
    oracle = Oracle(rules, ZoneInfo(name), start, end)
    bookings = [
        Booking(at, at + timedelta(minutes=length), before, after, seats, same)
        for at, length, before, after, seats, same in draw(
            st.lists(st.tuples(moment, LENGTHS, BUFFERS, BUFFERS, st.integers(1, 2), st.booleans()), **FEW)
        )
    ]
    if oracle.starts:  # bookings of the grid's own slots, where seats are shared
        for at, seats in draw(st.lists(st.tuples(st.sampled_from(oracle.starts), st.integers(1, 2)), **FEW)):
            bookings.append(Booking(at, at + timedelta(minutes=rules.duration), rules.before, rules.after, seats))
    busy = [
        Busy(at, at + timedelta(seconds=length))
        for at, length in draw(st.lists(st.tuples(moment, st.integers(1, 90_000)), **FEW))
    ]
    now = draw(st.one_of(st.just(middle - 30 * DAY), moment.map(lambda at: at + timedelta(seconds=1))))
    return oracle, bookings, busy, now


@settings(max_examples=1500 if FULL else 30, deadline=None)
@given(cases())
def test_free_slots_are_those_that_a_walk_along_every_minute_finds(
    case: tuple[Oracle, list[Booking], list[Busy], datetime],
) -> None:
    oracle, bookings, busy, now = case
    rules, name, start, end = oracle.rules, oracle.zone.key, oracle.low, oracle.high
    found = free_slots(rules, name, start, end, bookings, busy, now)
    assert [slot.start for slot in found] == oracle.slots(bookings, busy, now)
    assert all(slot.end - slot.start == timedelta(minutes=rules.duration) and slot.seats >= 1 for slot in found)
    low, high = reach(rules, name, start, end)
    near = [
        one
        for one in bookings
        if one.start - timedelta(minutes=one.before) < high and one.end + timedelta(minutes=one.after) > low
    ]
    assert free_slots(rules, name, start, end, near, [one for one in busy if one.start < high and one.end > low], now) == found
    middle = start + (end - start) / 2
    halves = [free_slots(rules, name, a, b, bookings, busy, now) for a, b in ((start, middle), (middle, end))]
    assert halves[0] + halves[1] == found
