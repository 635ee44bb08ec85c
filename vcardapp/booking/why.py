"""Why a time is not offered, and whether a visitor may still cancel or move."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta
from enum import Enum
from zoneinfo import ZoneInfo

from vcardapp.booking.openings import openings, zone_of
from vcardapp.booking.rules import Booking, Busy, Rules, instant
from vcardapp.booking.slots import Calendar
from vcardapp.i18n import N_


class Reason(Enum):
    """What keeps a time from being offered; the value is a sentence for the host."""

    CLOSED = N_("That date is closed.")
    HOURS = N_("It is outside the hours.")
    LENGTH = N_("The appointment would not end within the hours.")
    GRID = N_("Appointments do not start at that minute.")
    PAST = N_("It is over.")
    NOTICE = N_("It is too soon: the minimum notice has begun.")
    WINDOW = N_("That date cannot be booked yet, or no longer.")
    LIMIT = N_("That date has as many appointments as it may have.")
    BOOKED = N_("There is an appointment at that time.")
    FULL = N_("All places are taken.")
    BUSY = N_("An imported calendar is busy at that time.")
    BUFFER = N_("The free time before or after an appointment would be cut short.")


def why_not(
    rules: Rules,
    time_zone: str,
    time: datetime,
    bookings: Iterable[Booking | tuple[datetime, datetime, int, int, int]],
    busy: Iterable[Busy | tuple[datetime, datetime]],
    now: datetime,
) -> Reason | None:
    """Return the first reason for which no slot starts at `time`, None if one does; arguments as for `free_slots`.

    >>> from datetime import UTC
    >>> monday = datetime(2026, 6, 1, 8, tzinfo=UTC)
    >>> why_not(Rules(duration=60, hours=[(0, 480, 720)]), "UTC", monday, [], [(monday, monday.replace(minute=5))], monday)
    <Reason.BUSY: 'An imported calendar is busy at that time.'>
    """
    zone, time, now = zone_of(time_zone), instant(time), instant(now)
    own = [one._replace(start=instant(one.start), end=instant(one.end)) for one in (Booking(*row) for row in bookings)]
    imported = [Busy(instant(start), instant(end)) for start, end in busy]
    calendar = Calendar(rules, zone, own, imported, now)
    day = time.astimezone(zone).date()
    if reason := _outside(rules, zone, time):
        return reason
    if time < now:
        return Reason.PAST
    if time < now + timedelta(minutes=rules.notice):
        return Reason.NOTICE
    if not calendar.first <= day <= calendar.last:
        return Reason.WINDOW
    if calendar.is_full(day, time):
        return Reason.LIMIT
    return None if calendar.seats_left(time) else _taken(rules, time, own, imported)


def may_cancel(rules: Rules, start: datetime, now: datetime) -> bool:
    """True while a visitor may cancel an appointment that begins at `start`: at least `cancel_notice` minutes before."""
    return instant(start) >= instant(now) + timedelta(minutes=rules.cancel_notice)


def may_move(rules: Rules, start: datetime, moves: int, now: datetime) -> bool:
    """True while a visitor may move an appointment that begins at `start` and was moved `moves` times already."""
    is_allowed = rules.most_moves is None or moves < rules.most_moves
    return is_allowed and instant(start) >= instant(now) + timedelta(minutes=rules.move_notice)


def _outside(rules: Rules, zone: ZoneInfo, time: datetime) -> Reason | None:
    """Return what the hours have against a start at `time`."""
    for opening in openings(rules, zone, time, time + timedelta.resolution):
        if opening.anchor <= time < opening.until:
            if time + timedelta(minutes=rules.duration) > opening.end:
                return Reason.LENGTH
            return Reason.GRID if (time - opening.anchor) % timedelta(minutes=rules.step) else None
    ranges = [one.ranges for one in rules.overrides if one.day == time.astimezone(zone).date()]
    return Reason.CLOSED if ranges and not any(ranges) else Reason.HOURS


def _taken(rules: Rules, start: datetime, bookings: Iterable[Booking], busy: Iterable[Busy]) -> Reason:
    """Return what is in the way of an appointment at `start` when something is."""
    slot = start, start + timedelta(minutes=rules.duration)
    same = [one for one in bookings if one.same_type and (one.start, one.end) == slot]
    if rules.seats > 1 and sum(max(1, one.seats) for one in same) >= rules.seats:
        return Reason.FULL
    if same and rules.seats == 1 or _overlaps(slot, [(one.start, one.end) for one in bookings if one not in same]):
        return Reason.BOOKED
    return Reason.BUSY if _overlaps(slot, busy) else Reason.BUFFER


def _overlaps(slot: tuple[datetime, datetime], spans: Iterable[tuple[datetime, datetime]]) -> bool:
    return any(max(slot[0], start) < min(slot[1], end) for start, end in spans)
