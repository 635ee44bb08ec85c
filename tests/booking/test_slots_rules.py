"""Free slots: one rule after the other, and what is refused."""

from __future__ import annotations

import doctest
from datetime import UTC, date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from tests.booking.timetables import LONG_AGO, at, free, rules, shown
from vcardapp.booking import slots as module
from vcardapp.booking.slots import Booking, Busy, Hours, Override, Rules, Slot, free_slots, reach


def test_one_opening_has_one_grid_also_where_hours_touch() -> None:
    assert shown(free(rules("09:00-10:30", "10:30-12:00"), "UTC", "2026-06-01")) == ["09:00", "10:00", "11:00"]
    night = rules("23:00-24:00", days=[0], duration=90)
    across = Rules(duration=90, hours=(*night.hours, Hours(1, 0, 30)))
    assert free(night, "UTC", "2026-06-01", "2026-06-02") == []
    assert shown(free(across, "UTC", "2026-06-01", "2026-06-02")) == ["23:00"]


def test_where_a_range_is_asked_from_moves_nothing() -> None:
    week = [*(Hours(day, 0, 1440) for day in range(6)), Hours(6, 0, 120), Hours(6, 180, 1440)]
    long = Rules(duration=50, hours=tuple(week))  # from Sunday 03:00 to Sunday 02:00 without a pause
    whole = free(long, "Europe/Vienna", "2026-06-01", "2026-06-06")
    assert [slot for day in range(1, 7) for slot in free(long, "Europe/Vienna", f"2026-06-0{day}")] == whole
    sunday = at("2026-05-31 03:00", "Europe/Vienna")
    assert {(slot.start - sunday) % timedelta(minutes=50) for slot in whole} == {timedelta(0)}


def test_hours_without_a_pause_count_anew_each_day() -> None:
    always = rules("00:00-24:00", duration=50)
    for day in ("2026-06-01", "2026-06-02"):
        found = free(always, "Europe/Vienna", day)
        assert (len(found), shown(found, "Europe/Vienna")[-1]) == (29, "23:20")


def test_an_appointment_may_last_for_days() -> None:
    retreat = Rules(duration=5 * 1440, interval=1440, hours=tuple(Hours(day, 0, 1440) for day in range(6)))
    found = free(retreat, "Europe/Vienna", "2026-06-01", "2026-06-07")
    assert shown(found, "Europe/Vienna", "%a %H:%M") == ["Mon 00:00", "Tue 00:00"]
    assert [slot for day in range(1, 8) for slot in free(retreat, "Europe/Vienna", f"2026-06-0{day}")] == found


def test_a_slot_belongs_to_the_range_in_which_it_starts() -> None:
    day, hour = at("2026-06-01 00:00"), timedelta(hours=1)
    asked = [(10 * hour, 11 * hour), (10 * hour + timedelta.resolution, 11 * hour), (10 * hour, 10 * hour), (11 * hour, 9 * hour)]
    found = [free_slots(rules("09:00-17:00"), "UTC", day + low, day + high, [], [], LONG_AGO) for low, high in asked]
    assert [shown(slots) for slots in found] == [["10:00"], [], [], []]
    ends = datetime.min.replace(tzinfo=UTC), datetime.max.replace(tzinfo=UTC)
    assert free_slots(rules("09:00-17:00"), "Asia/Tokyo", ends[0], ends[0], [], [], LONG_AGO) == []
    assert free_slots(rules("09:00-17:00"), "Asia/Tokyo", ends[1] - hour, ends[1], [], [], LONG_AGO) == []


def test_any_zone_is_fine_for_an_instant_and_no_zone_is_refused() -> None:
    one, tokyo = rules("09:00-12:00"), ZoneInfo("Asia/Tokyo")
    day = datetime(2026, 6, 1, tzinfo=tokyo), datetime(2026, 6, 2, tzinfo=tokyo)
    taken = [(datetime(2026, 6, 1, 10, tzinfo=tokyo), datetime(2026, 6, 1, 11, tzinfo=tokyo), 0, 0, 1)]
    found = free_slots(one, "Asia/Tokyo", *day, taken, [], LONG_AGO.astimezone(tokyo))
    assert [slot.start for slot in found] == [at("2026-06-01 00:00"), at("2026-06-01 02:00")]
    assert all(slot.start.tzinfo is UTC and slot.end.tzinfo is UTC for slot in found)
    good: list[Any] = [*day, [], [], LONG_AGO]
    naive = datetime(2026, 6, 1, 10)
    for place, bad in enumerate([naive, naive, [(naive, *taken[0][1:])], [(day[0], naive)], naive]):
        with pytest.raises(ValueError, match="needs its zone"):
            free_slots(one, "Asia/Tokyo", *good[:place], bad, *good[place + 1 :])
    with pytest.raises(ValueError, match="no such time zone"):
        free_slots(one, "Mars/Olympus", *good)


@pytest.mark.parametrize(
    "wrong",
    [
        {"duration": 0}, {"interval": 0}, {"seats": 0}, {"before": -1}, {"after": -1}, {"notice": -1}, {"window_days": -1},
        {"limit_per_day": -1}, {"duration": 10**9}, {"hours": [(7, 0, 60)]}, {"hours": [(0, 0, 1441)]},
        {"overrides": [(date(2026, 6, 1), [(-1, 60)])]}, {"overrides": [(datetime(2026, 6, 1), [])]},
    ],
)  # fmt: skip
def test_rules_that_make_no_sense_are_refused(wrong: dict[str, Any]) -> None:
    with pytest.raises(ValueError, match=next(iter(wrong)).removesuffix("s")):
        Rules(**{"duration": 60} | wrong)


def test_buffers_add_up_between_appointments_and_not_towards_imported_time() -> None:
    one = rules("08:00-18:00", duration=30, interval=15, before=15, after=30)
    booked = [Booking(at("2026-06-01 09:00"), at("2026-06-01 09:30"), 15, 30)]
    assert shown(free(one, "UTC", "2026-06-01", bookings=booked))[:2] == ["10:15", "10:30"]
    late = [booked[0]._replace(start=at("2026-06-01 11:00"), end=at("2026-06-01 11:30"))]
    assert shown(free(one, "UTC", "2026-06-01", bookings=booked + late))[0] == "12:15"  # 75 minutes do not fit between
    busy = [Busy(at("2026-06-01 09:00"), at("2026-06-01 09:30"))]
    assert shown(free(one, "UTC", "2026-06-01", busy=busy))[:2] == ["08:00", "09:45"]


def test_a_booking_outside_the_asked_range_reaches_in_with_its_buffers() -> None:
    before = Booking(at("2026-05-31 22:00"), at("2026-05-31 23:30"), 0, 90)
    after = Booking(at("2026-06-02 01:00"), at("2026-06-02 02:00"), 90, 0)
    found = free(rules("00:00-24:00"), "UTC", "2026-06-01", bookings=[before, after])
    assert (shown(found)[0], shown(found)[-1]) == ("01:00", "22:00")


def test_appointments_of_another_type_block_and_neither_share_nor_count() -> None:
    other = Booking(at("2026-06-01 10:00"), at("2026-06-01 11:00"), same_type=False)
    found = free(rules("10:00-13:00", seats=3, limit_per_day=1), "UTC", "2026-06-01", bookings=[other])
    assert shown(found) == ["11:00", "12:00"]


def test_a_group_that_has_begun_fills_up_though_the_day_is_full() -> None:
    group = Booking(at("2026-06-01 10:00"), at("2026-06-01 11:00"))
    found = free(rules("10:00-13:00", seats=3, limit_per_day=1), "UTC", "2026-06-01", bookings=[group, group])
    assert found == [Slot(group.start, group.end, 1)]


def test_an_override_replaces_the_weekday_and_several_add_up() -> None:
    sunday, monday = date(2026, 6, 7), date(2026, 6, 8)
    overrides = [Override(sunday, ((600, 660),)), Override(monday), Override(sunday, ((900, 960),))]
    found = free(rules("09:00-12:00", days=range(5), overrides=overrides), "Europe/Vienna", "2026-06-07", "2026-06-09")
    assert shown(found, "Europe/Vienna", "%a %H") == ["Sun 10", "Sun 15", "Tue 09", "Tue 10", "Tue 11"]


def test_an_interval_need_not_be_the_length() -> None:
    assert shown(free(rules("09:00-11:00", interval=45), "UTC", "2026-06-01")) == ["09:00", "09:45"]
    assert shown(free(rules("09:00-11:00", duration=20, interval=60), "UTC", "2026-06-01")) == ["09:00", "10:00"]


@pytest.mark.parametrize("busy", [("10:30", "10:30"), ("11:30", "10:00")])
def test_time_that_lasts_no_time_is_in_nobodys_way(busy: tuple[str, str]) -> None:
    span = Busy(*(at(f"2026-06-01 {time}") for time in busy))
    assert len(free(rules("10:00-13:00"), "UTC", "2026-06-01", busy=[span])) == 3



def test_the_example_in_the_documentation() -> None:
    assert doctest.testmod(module).failed == 0


def test_all_that_reach_names_is_all_that_matters() -> None:
    low, high = reach(rules("09:00-17:00", before=15, after=45), "UTC", at("2026-06-01 00:00"), at("2026-06-02 00:00"))
    assert low <= at("2026-05-31 00:00") - timedelta(minutes=15)
    assert high >= at("2026-06-03 00:00") + timedelta(minutes=105)
