"""The hours that a person, a type, or everybody (dates only) has of their own: read, set, copied."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

import sqlalchemy as sa

from vcardapp.booking.models import AppointmentType, BookingHours, Host
from vcardapp.booking.opening_rules import Range
from vcardapp.booking.places import take_turn
from vcardapp.cards.models import Card
from vcardapp.db import db

Whose = Host | AppointmentType | None  # None: everybody on the card


@dataclass(frozen=True, slots=True)
class DateHours:
    """A date with ranges of its own; none: closed."""

    day: date
    ranges: tuple[Range, ...] = ()
    note: str = ""


def week_of(card: Card, whose: Whose) -> tuple[tuple[Range, ...], ...]:
    """Return seven tuples of (start, end) in minutes, Monday first; an end not after its start is on the next day."""
    rows = db.session.scalars(_rows(card, whose).where(BookingHours.weekday.is_not(None))).all()
    return tuple(tuple((row.start or 0, row.end or 0) for row in rows if row.weekday == day) for day in range(7))


def set_week(card: Card, whose: Host | AppointmentType, week: Sequence[Sequence[Range]]) -> None:
    """Set the weekly hours of a person or a type, and have them count from now on."""
    _forget(card, whose, BookingHours.weekday.is_not(None))
    for day, ranges in enumerate(week[:7]):
        db.session.add_all(_row(card, whose, weekday=day, start=start, end=end) for start, end in ranges)
    whose.own_hours = True
    db.session.commit()


def dates_of(card: Card, whose: Whose, first: date | None = None, last: date | None = None) -> list[DateHours]:
    """List the dates with hours of their own, in order, perhaps between two dates."""
    found: dict[date, DateHours] = {}
    for row in db.session.scalars(_rows(card, whose).where(BookingHours.date.is_not(None))):
        day = row.date
        if day and (first is None or day >= first) and (last is None or day <= last):
            ranges = found[day].ranges if day in found else ()
            more = ((row.start, row.end),) if row.start is not None and row.end is not None else ()
            found[day] = DateHours(day, ranges + more, row.note)
    return [found[day] for day in sorted(found)]


def set_dates(card: Card, whose: Whose, days: Sequence[date], ranges: Sequence[Range] = (), note: str = "") -> None:
    """Give dates these ranges in place of what they had; without ranges they are closed."""
    _forget(card, whose, BookingHours.date.in_(list(days)))
    for day in set(days):
        pairs: Sequence[tuple[int | None, int | None]] = list(ranges) or [(None, None)]
        for start, end in pairs:
            db.session.add(_row(card, whose, date=day, note=note, start=start, end=end))
    db.session.commit()


def forget_dates(card: Card, whose: Whose, days: Sequence[date]) -> None:
    """Let dates have the hours of their weekday again."""
    _forget(card, whose, BookingHours.date.in_(list(days)))
    db.session.commit()


def _rows(card: Card, whose: Whose) -> sa.Select[BookingHours]:
    return sa.select(BookingHours).where(*_of(card, whose)).order_by(BookingHours.date, BookingHours.start)


def _of(card: Card, whose: Whose) -> tuple[sa.ColumnElement[bool], ...]:
    host_id = whose.id if isinstance(whose, Host) else None
    type_id = whose.id if isinstance(whose, AppointmentType) else None
    return BookingHours.card_id == card.id, BookingHours.host_id == host_id, BookingHours.type_id == type_id


def _row(card: Card, whose: Whose, **values: object) -> BookingHours:
    host_id = whose.id if isinstance(whose, Host) else None
    type_id = whose.id if isinstance(whose, AppointmentType) else None
    return BookingHours(card_id=card.id, host_id=host_id, type_id=type_id, **values)


def _forget(card: Card, whose: Whose, which: sa.ColumnElement[bool]) -> None:
    """Remove what was set, as the first of a transaction: of two clicks at once the second removes what the first set."""
    take_turn(card)
    for row in db.session.scalars(_rows(card, whose).where(which)).all():
        db.session.delete(row)
    db.session.flush()
