"""Slots under a visitor's dates, and for several people at once."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

from tests.booking.timetables import LONG_AGO, at, rules, shown
from vcardapp.booking.days import by_date, differ, instants_of, is_repeated, known_zone
from vcardapp.booking.people import Load, anyones, fairest
from vcardapp.booking.rules import Slot
from vcardapp.booking.slots import free_slots


def test_28_auckland_seen_from_los_angeles() -> None:
    visitor = "America/Los_Angeles"
    start, end = instants_of(date(2026, 6, 9), date(2026, 6, 9), visitor)
    found = free_slots(rules("08:00-09:00", days=[2]), "Pacific/Auckland", start, end, [], [], LONG_AGO)
    days = by_date(found, visitor)
    assert list(days) == [date(2026, 6, 9)]
    assert shown(days[date(2026, 6, 9)], visitor, "%a %H:%M") == ["Tue 13:00"]


def test_40_a_zone_that_is_not_known_is_the_hosts() -> None:
    for unknown in ("Mars/Olympus", "", "../../etc/passwd", "Europe/Vienna\0", "/etc/localtime", "Europe", "x" * 5000):
        assert known_zone(unknown, "Europe/Vienna") == "Europe/Vienna"
    assert known_zone("Asia/Tokyo", "Europe/Vienna") == "Asia/Tokyo"


def test_a_date_without_midnight_still_has_its_hours() -> None:
    start, end = instants_of(date(2027, 4, 30), date(2027, 4, 30), "Africa/Cairo")
    assert (start, end) == (at("2027-04-29 22:00"), at("2027-04-30 21:00"))
    start, end = instants_of(date(2011, 12, 30), date(2011, 12, 30), "Pacific/Apia")
    assert start == end


def test_the_ends_of_the_calendar_are_empty() -> None:
    for day in (date.min, date.max):
        start, end = instants_of(day, day, "Pacific/Auckland")
        assert free_slots(rules("08:00-09:00"), "Pacific/Auckland", start, end, [], [], LONG_AGO) == []


def test_the_two_readings_of_a_repeated_hour_are_told_apart() -> None:
    new_york = "America/New_York"
    hours = [datetime(2027, 11, 7, 4, tzinfo=UTC) + timedelta(hours=n) for n in range(4)]
    assert [is_repeated(time, new_york) for time in hours] == [False, True, True, False]
    assert not is_repeated(datetime(2027, 3, 14, 7, tzinfo=UTC), new_york)


def test_zones_differ_only_where_their_clocks_do() -> None:
    winter, summer = at("2026-01-10 12:00"), at("2026-07-10 12:00")
    assert not differ("Europe/Vienna", "Europe/Berlin", [winter, summer])
    assert not differ("Europe/London", "Africa/Abidjan", [winter])
    assert differ("Europe/London", "Africa/Abidjan", [winter, summer])


def test_anyone_is_free_when_somebody_is() -> None:
    nine, ten = (Slot(at(f"2026-06-01 {hour}:00"), at(f"2026-06-01 {hour + 1}:00")) for hour in (9 + 1, 10 + 1))
    found = anyones({"ada": [ten], "ben": [nine, ten._replace(seats=3)]})
    assert list(found.items()) == [(nine, ["ben"]), (ten._replace(seats=3), ["ada", "ben"])]


def test_appointments_go_round_fairly() -> None:
    now = at("2026-06-01 00:00")
    assert fairest([], {}) is None
    assert fairest(["ada", "ben"], {"ada": Load(60, now)}) == "ben"
    assert fairest(["ada", "ben"], {"ada": Load(60, now), "ben": Load(60, now - timedelta(days=1))}) == "ben"
    loads = {name: Load() for name in ("ada", "ben", "cem")}
    order = []
    for turn in range(9):
        chosen = fairest(loads, loads)
        assert chosen
        loads[chosen] = Load(loads[chosen].minutes + 30, now + timedelta(minutes=turn))
        order.append(chosen)
    assert order == ["ada", "ben", "cem"] * 3
