"""Why a time is not offered; until when a visitor may cancel or move."""

from __future__ import annotations

import doctest
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given, settings

from tests.booking.slot_oracle import Oracle
from tests.booking.test_slots_oracle import cases
from tests.cases import FULL
from vcardapp.booking import why as module
from vcardapp.booking.rules import Booking, Busy, Override, Rules
from vcardapp.booking.slots import free_slots
from vcardapp.booking.why import Reason, may_cancel, may_move, why_not

MONDAY = datetime(2026, 6, 1, tzinfo=UTC)
NINE_TO_FIVE = [(day, 540, 1020) for day in range(5)]
EARLY = MONDAY - timedelta(days=2)


def hour(time: float, days: int = 0) -> datetime:
    return MONDAY + timedelta(days=days, hours=time)


def rules(**more: Any) -> Rules:
    return Rules(**{"duration": 60, "hours": NINE_TO_FIVE} | more)


def own(start: float, end: float, *more: int) -> Booking:
    return Booking(hour(start), hour(end), *more)


@pytest.mark.parametrize(
    ("expected", "one", "time", "bookings", "busy", "now"),
    [
        (None, rules(), 10, [], [], EARLY),
        (Reason.CLOSED, rules(overrides=[Override(date(2026, 6, 1))]), 10, [], [], EARLY),
        (Reason.HOURS, rules(), 8, [], [], EARLY),
        (Reason.HOURS, rules(), 17, [], [], EARLY),
        (Reason.HOURS, rules(overrides=[(date(2026, 6, 1), [(900, 1020)])]), 10, [], [], EARLY),
        (Reason.LENGTH, rules(interval=30), 16.5, [], [], EARLY),
        (Reason.GRID, rules(), 10.25, [], [], EARLY),
        (Reason.PAST, rules(notice=60), 10, [], [], hour(10.01)),
        (None, rules(), 10, [], [], hour(10)),
        (Reason.NOTICE, rules(notice=120), 10, [], [], hour(8.01)),
        (None, rules(notice=120), 10, [], [], hour(8)),
        (Reason.WINDOW, rules(window_days=1), 10, [], [], EARLY),
        (Reason.WINDOW, rules(window_start=date(2026, 6, 2)), 10, [], [], EARLY),
        (Reason.WINDOW, rules(window_end=date(2026, 5, 31)), 10, [], [], EARLY),
        (Reason.LIMIT, rules(limit_per_day=1), 10, [own(14, 15)], [], EARLY),
        (Reason.BOOKED, rules(), 10, [own(10.5, 11.5)], [], EARLY),
        (Reason.BOOKED, rules(), 10, [own(10, 11)], [], EARLY),
        (Reason.BOOKED, rules(seats=3), 10, [own(10.5, 11.5)], [], EARLY),
        (Reason.FULL, rules(seats=3), 10, [own(10, 11, 0, 0, 3)], [], EARLY),
        (Reason.BUSY, rules(), 10, [], [Busy(hour(9), hour(10.1))], EARLY),
        (None, rules(), 10, [], [Busy(hour(9), hour(10)), Busy(hour(10.5), hour(10.5))], EARLY),
        (Reason.BUFFER, rules(before=15), 10, [], [Busy(hour(9), hour(10))], EARLY),
        (Reason.BUFFER, rules(after=15), 10, [own(11.5, 12.5, 16)], [], EARLY),
        (None, rules(after=15), 10, [own(11.5, 12.5, 15)], [], EARLY),
    ],
)
def test_each_rule_has_its_reason(
    expected: Reason | None, one: Rules, time: float, bookings: list[Booking], busy: list[Busy], now: datetime
) -> None:
    assert why_not(one, "UTC", hour(time), bookings, busy, now) is expected
    offered = [slot.start for slot in free_slots(one, "UTC", hour(0), hour(24), bookings, busy, now)]
    assert (hour(time) in offered) == (expected is None)


@settings(max_examples=1000 if FULL else 25, deadline=None)
@given(cases())
def test_a_time_is_offered_or_there_is_a_reason(case: tuple[Oracle, list[Booking], list[Busy], datetime]) -> None:
    oracle, bookings, busy, now = case
    rules, name, start, end = oracle.rules, oracle.zone.key, oracle.low, oracle.high
    found = {slot.start for slot in free_slots(rules, name, start, end, bookings, busy, now)}
    asked = {*oracle.starts, *(start + n * (end - start) / 5 for n in range(5))}
    for time in sorted(time for time in asked if start <= time < end):
        reason = why_not(rules, name, time, bookings, busy, now)
        assert (reason is None) == (time in found)
        assert (reason in (Reason.CLOSED, Reason.HOURS, Reason.LENGTH, Reason.GRID)) == (time not in oracle.starts)


def test_visitors_cancel_and_move_until_the_cut_off_and_not_too_often() -> None:
    strict = rules(cancel_notice=60, move_notice=120, most_moves=2)
    assert may_cancel(strict, hour(10), hour(9))
    assert not may_cancel(strict, hour(10), hour(9) + timedelta(seconds=1))
    assert may_move(strict, hour(10), 1, hour(8))
    assert not may_move(strict, hour(10), 2, hour(8))
    assert not may_move(strict, hour(10), 0, hour(8.1))
    assert may_move(rules(), hour(10), 99, hour(10))
    assert not may_cancel(rules(), hour(10), hour(10.1))


def test_the_example_in_the_documentation() -> None:
    assert doctest.testmod(module).failed == 0
