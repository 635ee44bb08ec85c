"""Busy times read from calendars as Google, Outlook, Apple and Nextcloud write them."""

from __future__ import annotations

import time
from datetime import UTC, datetime, timedelta

import pytest

from vcardapp.booking import feeds
from vcardapp.booking.feeds import MOST_SPANS, NotACalendar, Span, read_apart, read_busy

START, END = datetime(2026, 6, 1, tzinfo=UTC), datetime(2026, 7, 1, tzinfo=UTC)
OWN_ZONE = """BEGIN:VTIMEZONE
TZID:Our own
BEGIN:STANDARD
DTSTART:16010101T030000
TZOFFSETFROM:+0500
TZOFFSETTO:+0330
RRULE:FREQ=YEARLY;BYDAY=-1SU;BYMONTH=10
END:STANDARD
BEGIN:DAYLIGHT
DTSTART:16010101T020000
TZOFFSETFROM:+0330
TZOFFSETTO:+0500
RRULE:FREQ=YEARLY;BYDAY=-1SU;BYMONTH=3
END:DAYLIGHT
END:VTIMEZONE
"""


def calendar(*events: str, head: str = "") -> bytes:
    body = "".join(f"BEGIN:VEVENT\nUID:{number}\n{event.strip()}\nEND:VEVENT\n" if "UID:" not in event
                   else f"BEGIN:VEVENT\n{event.strip()}\nEND:VEVENT\n" for number, event in enumerate(events))  # fmt: skip
    return f"BEGIN:VCALENDAR\nVERSION:2.0\nPRODID:-//x//y//EN\n{head}{body}END:VCALENDAR\n".replace("\n", "\r\n").encode()


def june(*events: str, zone: str = "UTC", head: str = "") -> list[str]:
    """Return the busy spans of June 2026 as texts."""
    busy = read_busy(calendar(*events, head=head), zone, START, END)
    assert busy.left_out == 0
    return [f"{start:%d %H:%M}-{end:%d %H:%M}" for start, end in busy.spans]


def test_30_a_plain_event_is_busy() -> None:
    assert june("DTSTART:20260602T140000Z\nDTEND:20260602T143000Z") == ["02 14:00-02 14:30"]
    assert june("DTSTART:20260602T140000Z\nDURATION:PT45M") == ["02 14:00-02 14:45"]
    assert june("DTSTART:20260602T140000Z") == []  # takes no time


def test_31_whole_days_are_the_hosts_dates() -> None:
    whole = "DTSTART;VALUE=DATE:20260605\nDTEND;VALUE=DATE:20260606"
    assert june(whole, zone="America/New_York") == ["05 04:00-06 04:00"]
    assert june(whole, zone="Asia/Tokyo") == ["04 15:00-05 15:00"]
    assert june("DTSTART;VALUE=DATE:20260605") == ["05 00:00-06 00:00"]
    named = june(whole, zone="America/New_York", head="X-WR-TIMEZONE:Asia/Tokyo\n")
    assert named == ["05 04:00-06 04:00"]


def test_38_the_whole_list() -> None:
    """EXDATE, a moved and a cancelled occurrence, transparent and cancelled events, Outlook's own names of zones."""
    assert june(
        """UID:series
DTSTART;TZID=W. Europe Standard Time:20260525T090000
DTEND;TZID=W. Europe Standard Time:20260525T100000
RRULE:FREQ=WEEKLY;BYDAY=MO
EXDATE;TZID=W. Europe Standard Time:20260608T090000""",
        """UID:series
RECURRENCE-ID;TZID=W. Europe Standard Time:20260615T090000
DTSTART;TZID=W. Europe Standard Time:20260616T140000
DTEND;TZID=W. Europe Standard Time:20260616T150000""",
        """UID:series
RECURRENCE-ID;TZID=W. Europe Standard Time:20260622T090000
STATUS:CANCELLED
DTSTART;TZID=W. Europe Standard Time:20260622T090000
DTEND;TZID=W. Europe Standard Time:20260622T100000""",
        "DTSTART:20260603T100000Z\nDTEND:20260603T110000Z\nTRANSP:TRANSPARENT",
        "DTSTART:20260603T120000Z\nDTEND:20260603T130000Z\nSTATUS:CANCELLED",
        "DTSTART:20260603T140000Z\nDTEND:20260603T150000Z\nX-MICROSOFT-CDO-BUSYSTATUS:FREE",
    ) == ["01 07:00-01 08:00", "16 12:00-16 13:00", "29 07:00-29 08:00"]


def test_a_series_keeps_its_wall_time_over_a_change_of_clocks() -> None:
    data = calendar("DTSTART;TZID=America/New_York:20260301T090000\nDURATION:PT1H\nRRULE:FREQ=WEEKLY;COUNT=3")
    spans = read_busy(data, "UTC", datetime(2026, 3, 1, tzinfo=UTC), datetime(2026, 4, 1, tzinfo=UTC)).spans
    assert [f"{start:%d %H:%M}" for start, _ in spans] == ["01 14:00", "08 13:00", "15 13:00"]


@pytest.mark.parametrize(
    ("until", "count"), [("20260603T070000Z", 3), ("20260603T065959Z", 2), ("20260603", 3), ("20260603T090000", 3)]
)
def test_until_counts_the_last_time(until: str, count: int) -> None:
    rule = f"RRULE:FREQ=DAILY;UNTIL={until}"
    assert len(june(f"DTSTART;TZID=Europe/Vienna:20260601T090000\nDURATION:PT1H\n{rule}")) == count


def test_repeated_whole_days() -> None:
    event = "DTSTART;VALUE=DATE:20260105\nRRULE:FREQ=WEEKLY;UNTIL=20260615\nEXDATE;VALUE=DATE:20260608"
    assert june(event, zone="Europe/Vienna") == ["31 22:00-01 22:00", "14 22:00-15 22:00"]


def test_a_date_taken_out_of_a_series_with_times() -> None:
    event = "DTSTART:20260601T090000Z\nDURATION:PT1H\nRRULE:FREQ=DAILY;COUNT=3\nEXDATE;VALUE=DATE:20260602"
    assert june(event) == ["01 09:00-01 10:00", "03 09:00-03 10:00"]


def test_more_dates_and_periods() -> None:
    event = "DTSTART:20260601T090000Z\nDURATION:PT1H\nRDATE:20260602T090000Z,20260603T090000Z"
    assert june(event) == ["01 09:00-01 10:00", "02 09:00-02 10:00", "03 09:00-03 10:00"]
    period = "DTSTART:20260601T090000Z\nDURATION:PT1H\nRDATE;VALUE=PERIOD:20260604T090000Z/PT2H"
    assert june(period) == ["01 09:00-01 10:00", "04 09:00-04 11:00"]


@pytest.mark.parametrize(
    ("tzid", "expected"),
    [
        ("Europe/Vienna", "07:00"), ("W. Europe Standard Time", "07:00"), ("Eastern Standard Time", "13:00"),
        ('"Europe/Vienna"', "07:00"), ("India Standard Time", "03:30"), ("Arabian Standard Time", "05:00"),
        ("/freeassociation.sourceforge.net/Europe/Vienna", "07:00"), ("No Such Zone", "00:00"),
    ],
)  # fmt: skip
def test_names_of_zones(tzid: str, expected: str) -> None:
    busy = june(f"DTSTART;TZID={tzid}:20260602T090000\nDURATION:PT1H", zone="Asia/Tokyo")
    assert busy == [f"02 {expected}-02 {int(expected[:2]) + 1:02}{expected[2:]}"]


def test_a_zone_of_the_files_own() -> None:
    event = "DTSTART;TZID=Our own:20260602T090000\nDURATION:PT1H\nRRULE:FREQ=DAILY;COUNT=2"
    assert june(event, head=OWN_ZONE) == ["02 04:00-02 05:00", "03 04:00-03 05:00"]


def test_floating_times_are_the_hosts_or_the_files() -> None:
    event = "DTSTART:20260602T090000\nDURATION:PT1H"
    assert june(event, zone="Europe/Vienna") == ["02 07:00-02 08:00"]
    assert june(event, zone="Europe/Vienna", head="X-WR-TIMEZONE:Asia/Tokyo\n") == ["02 00:00-02 01:00"]


def test_free_busy_lists() -> None:
    data = calendar().replace(b"END:VCALENDAR", (
        b"BEGIN:VFREEBUSY\r\nUID:1\r\nFREEBUSY:20260602T090000Z/PT1H,20260603T090000Z/20260603T100000Z\r\n"
        b"FREEBUSY;FBTYPE=FREE:20260604T090000Z/PT1H\r\nEND:VFREEBUSY\r\nEND:VCALENDAR"))  # fmt: skip
    spans = read_busy(data, "UTC", START, END).spans
    assert [f"{start:%d %H:%M}-{end:%H:%M}" for start, end in spans] == ["02 09:00-10:00", "03 09:00-10:00"]


def test_overlapping_events_are_one_span() -> None:
    first, second = "DTSTART:20260602T090000Z\nDURATION:PT2H", "DTSTART:20260602T100000Z\nDURATION:PT2H"
    assert june(first, second, "DTSTART:20260602T120000Z\nDURATION:PT1H") == ["02 09:00-02 13:00"]


def test_what_cannot_be_read_is_counted_and_the_rest_is_read() -> None:
    good = "DTSTART:20260602T090000Z\nDURATION:PT1H"
    bad = ["DTSTART:nonsense\nDURATION:PT1H", "SUMMARY:no start", "DTSTART:20260602T090000Z\nRRULE:FREQ=SECONDLY\nDURATION:PT1S",
           "DTSTART:20000101T090000Z\nDURATION:PT1S\nRRULE:FREQ=MINUTELY"]  # fmt: skip
    busy = read_busy(calendar(*bad, good), "UTC", START, END)
    assert busy.spans[0][0] == datetime(2026, 6, 2, 9, tzinfo=UTC)
    assert busy.spans[0][1] >= datetime(2026, 6, 2, 10, tzinfo=UTC)
    assert busy.left_out == 4


@pytest.mark.parametrize("data", [b"", b"<html>", b"BEGIN:VCARD\r\nEND:VCARD\r\n", b"\xff\xfe\x00", b"BEGIN:VCALENDAR"])
def test_what_is_no_calendar_is_refused(data: bytes) -> None:
    with pytest.raises(NotACalendar):
        read_busy(data, "UTC", START, END)
    with pytest.raises(NotACalendar):
        read_apart(data, "UTC", START, END)


def test_a_file_that_would_take_for_ever_is_given_up(monkeypatch: pytest.MonkeyPatch) -> None:
    """Its rules never match; the process that reads it is stopped."""
    monkeypatch.setattr(feeds, "SECONDS", 1)
    rule = "DTSTART:20260101T000000Z\nDURATION:PT1S\nRRULE:FREQ=SECONDLY;BYMONTH=2;BYMONTHDAY=30"
    began = time.monotonic()
    with pytest.raises(NotACalendar):
        read_apart(calendar(rule, rule, rule), "UTC", START, END)
    assert time.monotonic() - began < 15


def test_many_times_are_bounded() -> None:
    rule = "DTSTART:20260601T000000Z\nDURATION:PT1S\nRRULE:FREQ=MINUTELY;INTERVAL=2"
    busy = read_busy(calendar(rule, rule), "UTC", START, END)
    assert len(busy.spans) <= MOST_SPANS


def test_read_apart_says_the_same() -> None:
    data = calendar("DTSTART;TZID=Europe/Vienna:20260602T090000\nDURATION:PT1H\nRRULE:FREQ=DAILY;COUNT=3", "DTSTART:x")
    here, there = read_busy(data, "UTC", START, END), read_apart(data, "UTC", START, END)
    assert here == there
    spans: list[Span] = here.spans
    assert [end - start for start, end in spans] == [timedelta(hours=1)] * 3
    assert here.left_out == 1
