"""Free slots: the cases of the reference, each under its number."""

from __future__ import annotations

from datetime import date, timedelta
from zoneinfo import ZoneInfo

import pytest

from tests.booking.timetables import LONG_AGO, at, free, rules, shown
from vcardapp.booking.slots import Booking, Busy, Override, free_slots


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
