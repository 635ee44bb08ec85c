"""When a place is open, by its own clock."""

from __future__ import annotations

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

from tests.cases import each
from vcardapp.cards.content import Hours, Span, SpecialDay
from vcardapp.cards.hours import has_hours, opening_at

LONDON = ZoneInfo("Europe/London")
WORK = (Span("09:00", "12:00"), Span("13:00", "17:00"))
WEEK = Hours((WORK, WORK, WORK, WORK, (Span("18:00", "02:00"),), (), ()))


def at(text: str, zone: ZoneInfo = LONDON) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=zone).astimezone(UTC)


@each(
    ("now", "is_open", "change"),
    [
        ("2026-06-01T08:59", False, "2026-06-01T09:00"),
        ("2026-06-01T09:00", True, "2026-06-01T12:00"),
        ("2026-06-01T12:00", False, "2026-06-01T13:00"),
        ("2026-06-01T17:00", False, "2026-06-02T09:00"),
        ("2026-06-05T23:30", True, "2026-06-06T02:00"),
        ("2026-06-06T01:59", True, "2026-06-06T02:00"),
        ("2026-06-06T02:00", False, "2026-06-08T09:00"),
    ],
)
def test_open_and_closed_follow_the_week(now: str, is_open: bool, change: str) -> None:
    opening = opening_at(WEEK, at(now), LONDON)
    assert (opening.is_open, opening.change) == (is_open, at(change))


def test_an_exception_stands_before_the_week() -> None:
    hours = Hours(WEEK.week, (SpecialDay("2026-06-01"), SpecialDay("2026-06-02", (Span("10:00", "11:00"),))))
    opening = opening_at(hours, at("2026-06-01T10:00"), LONDON)
    assert (opening.is_open, opening.change) == (False, at("2026-06-02T10:00"))


def test_a_place_that_never_closes_has_no_change() -> None:
    for span in (Span("00:00", "24:00"), Span("00:00", "00:00"), Span("08:00", "08:00")):
        opening = opening_at(Hours(((span,),) * 7), at("2026-06-01T10:00"), LONDON)
        assert (opening.is_open, opening.change) == (True, None)


def test_a_place_that_never_opens_has_no_change() -> None:
    opening = opening_at(Hours(), at("2026-06-01T10:00"), LONDON)
    assert (opening.is_open, opening.change) == (False, None)
    assert not has_hours(Hours())


def test_midnight_does_not_part_two_days_that_touch() -> None:
    hours = Hours(((Span("20:00", "24:00"),), (Span("00:00", "03:00"),), (), (), (), (), ()))
    assert opening_at(hours, at("2026-06-01T21:00"), LONDON).change == at("2026-06-02T03:00")


def test_the_night_of_the_time_change_counts_real_hours() -> None:
    hours = Hours(((), (), (), (), (), (Span("22:00", "06:00"),), ()))
    opening = opening_at(hours, at("2026-10-24T23:00"), LONDON)
    assert opening.change is not None
    assert (opening.change - at("2026-10-24T22:00")).total_seconds() == 9 * 3600


def test_what_cannot_be_read_is_left_out() -> None:
    broken = Hours(((Span("9", "5"), Span("", "10:00"), Span("29:00", "30:00")),) * 7, (SpecialDay("2026-13-40"),))
    assert not has_hours(broken)
    assert not opening_at(broken, at("2026-06-01T10:00"), LONDON).is_open
