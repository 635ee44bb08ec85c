"""What is stored of a type, a person and the card's hours becomes the Rules that slots.py goes by."""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Sequence
from datetime import date

import sqlalchemy as sa

from vcardapp.booking.days import known_zone
from vcardapp.booking.models import AppointmentType, BookingHours, Host
from vcardapp.booking.rules import DAY, Hours, Override, Rules
from vcardapp.cards.content import Content
from vcardapp.cards.hours import Times, day_of, times_of
from vcardapp.cards.models import Card
from vcardapp.db import db

Range = tuple[int, int]


def content_of(card: Card) -> Content:
    """Return what visitors see of a card, or its draft while they see nothing."""
    return card.live or card.draft


def zone_name(card: Card, host: Host | None = None) -> str:
    """Return the IANA name of a person's time zone, or of the card's where none is named."""
    return known_zone(host.time_zone if host else "", content_of(card).time_zone, "UTC")


def rules_of(card: Card, kind: AppointmentType, host: Host) -> Rules:
    """Return the rules of a type with a person.

    The type's own hours stand for the card's, and lie within a person's own. On a date the type's exception goes before
    the person's, that before everybody's, that before the card's; where the card is closed, so is booking.
    """
    week, dates = _hours_of(card, kind, host)
    return Rules(
        duration=kind.minutes,
        hours=tuple(Hours(day, start, end) for day, ranges in enumerate(week) for start, end in ranges),
        overrides=tuple(Override(day, tuple(ranges)) for day, ranges in dates.items()),
        before=kind.before_minutes,
        after=kind.after_minutes,
        notice=kind.notice_minutes,
        window_days=kind.window_days,
        window_start=kind.window_from,
        window_end=kind.window_until,
        interval=kind.interval_minutes,
        limit_per_day=kind.per_day,
        seats=kind.seats,
        approval=kind.needs_approval,
        cancel_notice=kind.cancel_minutes,
        move_notice=kind.move_minutes,
        most_moves=kind.most_moves,
    )


class _Own:
    """The stored hours of one person, one type, or everybody."""

    def __init__(self, rows: Iterable[BookingHours]) -> None:
        self.week: list[list[Range]] = [[] for _ in range(7)]
        self.dates: dict[date, list[Range]] = {}
        for row in rows:
            ranges = self.dates.setdefault(row.date, []) if row.date else self.week[row.weekday or 0]
            if row.start is not None and row.end is not None:
                ranges.append((row.start, row.end))

    def on(self, day: date) -> list[Range]:
        return self.dates.get(day, self.week[day.weekday()])


def _hours_of(card: Card, kind: AppointmentType, host: Host) -> tuple[list[list[Range]], dict[date, list[Range]]]:
    everybody, own_of_host, own_of_type = _stored(card.id, host.id, kind.id)
    opening = content_of(card).hours
    shown = _Own(())
    for weekday, spans in enumerate(opening.week[:7]):
        shown.week[weekday] = _minutes(times_of(spans))
    shown.dates = {day: _minutes(times_of(one.spans)) for one in opening.exceptions if (day := day_of(one))}

    sources = ([own_of_type] if kind.own_hours else []) + ([own_of_host] if host.own_hours else []) or [shown]
    week = [_common([source.week[day] for source in sources]) for day in range(7)]
    dates: dict[date, list[Range]] = {}
    if shown not in sources:
        dates = {day: [] for day, ranges in shown.dates.items() if not ranges}
    dates |= {day: _common([one.on(day) for one in sources]) for source in sources[::-1] for day in source.dates}
    if own_of_host not in sources:
        dates |= own_of_host.dates
    for day, ranges in everybody.dates.items():
        if not any(day in source.dates for source in sources if source is not shown):
            dates[day] = ranges
    return week, dates


def _stored(card_id: uuid.UUID, host_id: uuid.UUID, type_id: uuid.UUID) -> tuple[_Own, _Own, _Own]:
    query = sa.select(BookingHours).where(BookingHours.card_id == card_id)
    rows = db.session.scalars(query.order_by(BookingHours.start)).all()
    return (
        _Own(row for row in rows if row.host_id is None and row.type_id is None),
        _Own(row for row in rows if row.host_id == host_id),
        _Own(row for row in rows if row.type_id == type_id),
    )


def _minutes(times: Sequence[Times]) -> list[Range]:
    return [(one.start.hour * 60 + one.start.minute, one.end.hour * 60 + one.end.minute or DAY) for one in times]


def _common(many: list[list[Range]]) -> list[Range]:
    """Return the ranges of one date that all have."""
    common = many[0]
    for ranges in many[1:]:
        pairs = [(max(a, c), min(_until(a, b), _until(c, d))) for a, b in common for c, d in ranges]
        common = [(start, end if end <= DAY else end - DAY) for start, end in pairs if start < end]
    return common


def _until(start: int, end: int) -> int:
    return end if end > start else end + DAY
