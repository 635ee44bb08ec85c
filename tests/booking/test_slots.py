"""Free slots: the cases of the reference, each under its number."""

from __future__ import annotations

import doctest
from collections.abc import Iterable
from datetime import UTC, date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from vcardapp.booking import slots as module
from vcardapp.booking.slots import Booking, Busy, Hours, Override, Rules, Slot, free_slots, reach

DAILY = range(7)
LONG_AGO = datetime(2000, 1, 1, tzinfo=UTC)


def at(text: str, zone: str = "UTC") -> datetime:
    """Return an instant from local time such as "2026-03-08 13:00"; of two readings the first."""
    return datetime.fromisoformat(text).replace(tzinfo=ZoneInfo(zone)).astimezone(UTC)


def minutes(text: str) -> tuple[int, int]:
    """Return the minutes of "09:00-17:00"."""
    start, end = (int(hour) * 60 + int(minute) for hour, minute in (time.split(":") for time in text.split("-")))
    return start, end


def rules(*ranges: str, days: Iterable[int] = DAILY, duration: int = 60, **more: Any) -> Rules:
    """Return rules open on the days at the ranges, such as "09:00-17:00"."""
    hours = [(day, *minutes(text)) for day in days for text in ranges]
    return Rules(duration=duration, hours=hours, **more)  # type: ignore[arg-type]


def free(
    one: Rules,
    zone: str,
    start: str,
    end: str | None = None,
    *,
    bookings: Iterable[Any] = (),
    busy: Iterable[Any] = (),
    now: datetime = LONG_AGO,
) -> list[Slot]:
    """Return the free slots of the host's dates from start to end, the last included."""
    first, last = date.fromisoformat(start), date.fromisoformat(end or start)
    low = at(f"{first} 00:00", zone)
    high = at(f"{last + timedelta(days=1)} 00:00", zone)
    return free_slots(one, zone, low, high, list(bookings), list(busy), now)


def shown(slots: Iterable[Slot], zone: str = "UTC", form: str = "%H:%M") -> list[str]:
    """Return the starts as a clock in the zone shows them."""
    return [slot.start.astimezone(ZoneInfo(zone)).strftime(form) for slot in slots]


def test_01_hours_are_the_wall_clocks_on_the_day_that_clocks_go_forward() -> None:
    found = free(rules("13:00-18:00"), "America/New_York", "2026-03-08")
    assert shown(found) == ["17:00", "18:00", "19:00", "20:00", "21:00"]
    assert found[-1].end == at("2026-03-08 22:00")


@pytest.mark.parametrize(
    ("zone", "hours", "day", "expected"),
    [
        ("America/Chicago", "15:00-16:00", "2025-03-09", "20:00"),  # 2
        ("America/New_York", "09:00-10:00", "2023-11-06", "14:00"),  # 3
        ("America/Chicago", "07:30-08:30", "2022-11-01", "12:30"),  # 4
        ("America/Chicago", "07:30-08:30", "2022-11-08", "13:30"),
    ],
)
def test_02_to_04_offsets_are_those_of_the_date(zone: str, hours: str, day: str, expected: str) -> None:
    assert shown(free(rules(hours), zone, day)) == [expected]


def test_05_a_skipped_hour_holds_no_slot() -> None:
    assert shown(free(rules("00:00-05:00"), "America/New_York", "2027-03-14")) == ["05:00", "06:00", "07:00", "08:00"]


def test_06_a_start_in_the_gap_moves_to_its_end_and_an_opening_inside_it_vanishes() -> None:
    new_york = "America/New_York"
    assert shown(free(rules("02:30-04:00", duration=30), new_york, "2027-03-14")) == ["07:00", "07:30"]
    assert free(rules("02:00-03:00", duration=30), new_york, "2027-03-14") == []


def test_07_a_repeated_hour_holds_two_slots() -> None:
    found = free(rules("00:00-04:00"), "America/New_York", "2027-11-07")
    assert shown(found) == ["04:00", "05:00", "06:00", "07:00", "08:00"]
    assert shown(found, "America/New_York", "%H:%M %Z")[1:3] == ["01:00 EDT", "01:00 EST"]


def test_08_a_change_of_half_an_hour() -> None:
    assert len(free(rules("00:00-05:00", duration=30), "Australia/Lord_Howe", "2026-10-04")) == 9


def test_09_zones_at_a_quarter_of_an_hour() -> None:
    assert shown(free(rules("10:00-12:00"), "Asia/Kathmandu", "2026-06-10")) == ["04:15", "05:15"]
    chatham = free(rules("10:00-12:00"), "Pacific/Chatham", "2026-06-10")
    assert shown(chatham, form="%d %H:%M") == ["09 21:15", "09 22:15"]


def test_10_a_date_that_does_not_exist() -> None:
    found = free(rules("09:00-10:00"), "Pacific/Apia", "2011-12-29", "2011-12-31")
    assert shown(found, "Pacific/Apia", "%d") == ["29", "31"]
    assert found[1].start - found[0].start == timedelta(hours=24)


def test_11_ramadan_in_casablanca() -> None:
    found = free(rules("09:00-10:00", days=[0]), "Africa/Casablanca", "2026-02-09", "2026-03-23")
    assert shown(found) == ["08:00", *["09:00"] * 5, "08:00"]


def test_12_a_day_without_midnight() -> None:
    found = free(rules("00:00-03:00"), "Africa/Cairo", "2027-04-30")
    assert shown(found) == ["22:00", "23:00"]
    assert shown(found, "Africa/Cairo") == ["01:00", "02:00"]


def test_13_hours_past_midnight() -> None:
    friday = free(rules("22:00-02:00", days=[4]), "Europe/Vienna", "2026-06-05", "2026-06-06")
    assert shown(friday, "Europe/Vienna") == ["22:00", "23:00", "00:00", "01:00"]
    late = free(rules("22:30-02:00", days=[4], interval=30), "Europe/Vienna", "2026-06-05", "2026-06-06")
    assert shown(late, "Europe/Vienna") == ["22:30", "23:00", "23:30", "00:00", "00:30", "01:00"]


def test_14_the_last_minute_of_the_day() -> None:
    assert shown(free(rules("22:00-24:00", days=[2]), "UTC", "2026-06-03")) == ["22:00", "23:00"]
    vienna = free(rules("19:00-23:59", days=[2]), "Europe/Vienna", "2026-01-07")
    assert shown(vienna) == ["18:00", "19:00", "20:00", "21:00"]


def test_15_a_night_in_which_clocks_go_forward() -> None:
    assert len(free(rules("22:00-04:00", days=[5]), "America/New_York", "2027-03-13", "2027-03-14")) == 5


def test_16_a_window_of_one_day_before_the_leap_day() -> None:
    found = free(
        rules("09:00-10:00", window_days=1), "UTC", "2028-02-28", "2028-03-02", now=at("2028-02-28 10:00")
    )
    assert shown(found, form="%m-%d") == ["02-29"]


def test_17_notice_is_elapsed_time() -> None:
    found = free(
        rules("00:00-24:00", notice=24 * 60), "America/New_York", "2027-03-13", "2027-03-15",
        now=at("2027-03-13 12:00", "America/New_York"),
    )  # fmt: skip
    assert shown(found, "America/New_York", "%a %H:%M %Z")[0] == "Sun 13:00 EDT"


def test_18_what_is_past_or_too_soon() -> None:
    now = at("2026-06-01 11:59:59")
    today = free(rules("00:00-24:00"), "UTC", "2026-06-01", now=now)
    assert (len(today), shown(today)[0]) == (12, "12:00")
    tomorrow = free(rules("00:00-24:00", notice=25 * 60), "UTC", "2026-06-01", "2026-06-02", now=now)
    assert (len(tomorrow), shown(tomorrow, form="%d %H:%M")[0]) == (11, "02 13:00")
    assert shown(free(rules("12:00-13:00"), "UTC", "2026-06-01", now=at("2026-06-01 12:00"))) == ["12:00"]


def test_21_a_slot_of_three_seats_takes_three() -> None:
    group = rules("10:00-12:00", seats=3)
    one = Booking(at("2026-06-01 10:00"), at("2026-06-01 11:00"))
    for taken, left in ((0, 3), (1, 2), (2, 1)):
        found = free(group, "UTC", "2026-06-01", bookings=[one] * taken)
        assert [(slot.start.hour, slot.seats) for slot in found] == [(10, left), (11, 3)]
    assert shown(free(group, "UTC", "2026-06-01", bookings=[one] * 3)) == ["11:00"]
    assert shown(free(group, "UTC", "2026-06-01", bookings=[one._replace(seats=3)])) == ["11:00"]


def test_29_the_limit_per_day_counts_the_hosts_dates() -> None:
    visitor = "Pacific/Pago_Pago"  # 11 hours behind, its dates cut through the host's
    booked = Booking(at("2026-06-02 09:00", "Europe/Vienna"), at("2026-06-02 10:00", "Europe/Vienna"))
    found = free_slots(
        rules("09:00-17:00", limit_per_day=1), "Europe/Vienna", at("2026-06-01 00:00", visitor),
        at("2026-06-03 00:00", visitor), [booked], [], LONG_AGO,
    )  # fmt: skip
    assert {slot.start.astimezone(ZoneInfo("Europe/Vienna")).day for slot in found} == {1, 3}


def test_30_busy_in_the_middle_of_a_slot() -> None:
    busy = [Busy(at("2026-06-01 14:00"), at("2026-06-01 14:30"))]
    assert shown(free(rules("13:00-17:00"), "UTC", "2026-06-01", busy=busy)) == ["13:00", "15:00", "16:00"]


def test_31_a_whole_day_busy_blocks_the_hosts_date_only() -> None:
    zone = "America/New_York"
    busy = [(at("2027-07-05 00:00", zone), at("2027-07-06 00:00", zone))]
    found = free(rules("00:00-24:00"), zone, "2027-07-04", "2027-07-06", busy=busy)
    assert {day: shown(found, zone, "%d").count(day) for day in ("04", "05", "06")} == {"04": 24, "05": 0, "06": 24}


def test_32_a_closed_day_wins_over_the_shift_before_it() -> None:
    night = rules("22:00-02:00", days=[4], overrides=[Override(date(2026, 6, 6))])
    assert shown(free(night, "Europe/Vienna", "2026-06-05", "2026-06-07"), "Europe/Vienna") == ["22:00", "23:00"]


def test_33_overlapping_hours_are_one_opening() -> None:
    found = free(rules("06:00-10:00", "08:00-10:00", duration=90), "UTC", "2026-06-01")
    assert shown(found) == ["06:00", "07:30"]


@pytest.mark.parametrize(("now", "first"), [("2026-06-01 00:00", "01"), ("2026-06-01 23:59", "02")])
def test_34_a_window_counts_from_the_hosts_date(now: str, first: str) -> None:
    zone = "Pacific/Auckland"
    found = free(rules("00:00-24:00", window_days=2), zone, "2026-05-30", "2026-06-07", now=at(now, zone))
    days = shown(found, zone, "%d")
    assert (days[0], days[-1], shown(found, zone)[-1]) == (first, "03", "23:00")


def test_39_bookings_keep_their_instants_when_the_host_changes_zone() -> None:
    booked = Booking(at("2026-06-01 10:00", "Europe/Vienna"), at("2026-06-01 11:00", "Europe/Vienna"))
    lisbon = free(rules("08:00-12:00"), "Europe/Lisbon", "2026-06-01", bookings=[booked])
    assert shown(lisbon, "Europe/Lisbon") == ["08:00", "10:00", "11:00"]


def test_the_example_in_the_documentation() -> None:
    assert doctest.testmod(module).failed == 0


def test_all_that_reach_names_is_all_that_matters() -> None:
    low, high = reach(rules("09:00-17:00", before=15, after=45), "UTC", at("2026-06-01 00:00"), at("2026-06-02 00:00"))
    assert low <= at("2026-05-31 00:00") - timedelta(minutes=15)
    assert high >= at("2026-06-03 00:00") + timedelta(minutes=105)


def test_one_opening_has_one_grid_also_where_hours_touch() -> None:
    assert shown(free(rules("09:00-10:30", "10:30-12:00"), "UTC", "2026-06-01")) == ["09:00", "10:00", "11:00"]
    night = rules("23:00-24:00", days=[0], duration=90)
    across = Rules(duration=90, hours=(*night.hours, Hours(1, 0, 30)))
    assert free(night, "UTC", "2026-06-01", "2026-06-02") == []
    assert shown(free(across, "UTC", "2026-06-01", "2026-06-02")) == ["23:00"]


def test_where_a_range_is_asked_from_moves_nothing() -> None:
    long = Rules(duration=50, hours=tuple(Hours(day, 0, 1440) for day in range(6)))  # one opening of six days
    whole = free(long, "Europe/Vienna", "2026-06-01", "2026-06-06")
    assert [slot for day in range(1, 7) for slot in free(long, "Europe/Vienna", f"2026-06-0{day}")] == whole
    assert {slot.start - whole[0].start for slot in whole} == {n * timedelta(minutes=50) for n in range(len(whole))}


def test_hours_without_a_pause_count_anew_each_day() -> None:
    always = rules("00:00-24:00", duration=50)
    for day in ("2026-06-01", "2026-06-02"):
        found = free(always, "Europe/Vienna", day)
        assert (len(found), shown(found, "Europe/Vienna")[-1]) == (29, "23:20")


def test_an_appointment_may_last_for_days() -> None:
    weekend = Rules(duration=3 * 1440, hours=tuple(Hours(day, 0, 1440) for day in range(6)))
    found = free(weekend, "Europe/Vienna", "2026-06-01", "2026-06-07")
    assert shown(found, "Europe/Vienna", "%a %H:%M") == ["Mon 00:00", "Thu 00:00"]


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


def test_time_that_lasts_no_time_is_in_nobodys_way() -> None:
    nothing = Busy(at("2026-06-01 10:30"), at("2026-06-01 10:30"))
    backwards = Busy(at("2026-06-01 11:30"), at("2026-06-01 10:00"))
    assert len(free(rules("10:00-13:00"), "UTC", "2026-06-01", busy=[nothing, backwards])) == 3
