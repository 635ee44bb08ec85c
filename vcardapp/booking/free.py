"""Free times of what is stored: of a type with one person or with whoever is free, and the next ones of a card."""

from __future__ import annotations

import uuid
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import NamedTuple
from zoneinfo import ZoneInfo

import sqlalchemy as sa

from vcardapp.booking.models import (
    BLOCKING,
    Appointment,
    AppointmentType,
    BlockedTime,
    BookingPage,
    BusyTime,
    Host,
    ImportedCalendar,
    TypeHost,
)
from vcardapp.booking.opening_rules import rules_of, zone_name
from vcardapp.booking.people import anyones
from vcardapp.booking.rules import Booking, Busy
from vcardapp.booking.slots import free_slots, reach
from vcardapp.cards.models import Card
from vcardapp.db import db, now

LOOK_AHEAD = (timedelta(days=8), timedelta(days=62))  # for the next free times: first near, then farther


class FreeTime(NamedTuple):
    """A start that can be booked, how many places are left, and with whom."""

    start: datetime
    end: datetime
    seats: int
    hosts: tuple[uuid.UUID, ...]


@dataclass(frozen=True, slots=True)
class NextTime:
    kind: AppointmentType
    host: Host  # whose clock it is shown by
    start: datetime
    zone: str


@dataclass(frozen=True, slots=True)
class NextTimes:
    """What a card's page shows, and the moment from which it may be otherwise though nothing was stored."""

    times: tuple[NextTime, ...]
    until: datetime


def hosts_of(kind: AppointmentType) -> list[Host]:
    """List the people with whom a type can be booked, in their order."""
    query = sa.select(Host).join(TypeHost, TypeHost.host_id == Host.id)
    query = query.where(TypeHost.type_id == kind.id, Host.removed_at.is_(None))
    return list(db.session.scalars(query.order_by(Host.position, Host.created_at, Host.id)))


def shown_types(card: Card) -> list[AppointmentType]:
    """List what visitors can book on a card, in its order; nothing while booking is closed."""
    page = db.session.get(BookingPage, card.id)
    if page is None or not page.is_open:
        return []
    query = sa.select(AppointmentType).where(AppointmentType.card_id == card.id, AppointmentType.removed_at.is_(None))
    query = query.where(AppointmentType.is_shown)
    return list(db.session.scalars(query.order_by(AppointmentType.position, AppointmentType.created_at)))


def free_times(
    card: Card,
    kind: AppointmentType,
    start: datetime,
    end: datetime,
    host: Host | None = None,
    *,
    moving: Appointment | None = None,
    moment: datetime | None = None,
) -> list[FreeTime]:
    """Return the times that start in [start, end), with one person or with any; `moving` does not stand in its own way."""
    slots_of = {}
    for one in [host] if host else hosts_of(kind):
        rules, zone = rules_of(card, kind, one), zone_name(card, one)
        bookings, busy = taken(card, kind, one, *reach(rules, zone, start, end), moving=moving, moment=moment)
        slots_of[one.id] = free_slots(rules, zone, start, end, bookings, busy, moment or now())
    return [FreeTime(*slot, tuple(people)) for slot, people in anyones(slots_of).items()]


def taken(
    card: Card,
    kind: AppointmentType,
    host: Host,
    low: datetime,
    high: datetime,
    *,
    moving: Appointment | None = None,
    moment: datetime | None = None,
) -> tuple[list[Booking], list[Busy]]:
    """Return what takes a person's time in a span: appointments that block, and times blocked by hand or elsewhere."""
    query = sa.select(
        Appointment.starts_at,
        Appointment.ends_at,
        Appointment.blocked_from,
        Appointment.blocked_until,
        Appointment.type_id,
    ).where(
        Appointment.host_id == host.id,
        Appointment.state.in_(BLOCKING),
        sa.or_(Appointment.lapses_at.is_(None), Appointment.lapses_at > (moment or now())),
        Appointment.blocked_until > low,
        Appointment.blocked_from < high,
    )
    if moving:
        query = query.where(Appointment.id != moving.id)
    bookings = [
        Booking(start, end, _minutes(start - first), _minutes(last - end), 1, type_id == kind.id)
        for start, end, first, last, type_id in db.session.execute(query)
    ]
    return bookings, [Busy(*row) for row in [*_blocked(card, host, low, high), *_imported(host, low, high)]]


def next_times(card: Card, most: int = 3, moment: datetime | None = None) -> NextTimes:
    """Return the next free times of a card, over all its types, one for each start."""
    moment = moment or now()
    times: dict[tuple[datetime, uuid.UUID], NextTime] = {}
    ends = []
    for kind in shown_types(card):
        hosts = {host.id: host for host in hosts_of(kind)}
        found = _first_times(card, kind, moment, most) if hosts else []
        for one in found:
            host = hosts[one.hosts[0]]
            times[one.start, kind.id] = NextTime(kind, host, one.start, zone_name(card, host))
        ends += [found[0].start - timedelta(minutes=kind.notice_minutes)] if found else []
        ends += [] if len(found) == most else [_midnight(card, host, moment) for host in hosts.values()]
    shown = sorted(times.values(), key=lambda one: one.start)[:most]
    return NextTimes(tuple(shown), min([moment + timedelta(days=1), *(end + timedelta(seconds=1) for end in ends)]))


def _first_times(card: Card, kind: AppointmentType, moment: datetime, most: int) -> list[FreeTime]:
    found: list[FreeTime] = []
    for ahead in LOOK_AHEAD:
        found = free_times(card, kind, moment, moment + ahead, moment=moment)[:most]
        if len(found) == most:
            break
    return found


def _midnight(card: Card, host: Host, moment: datetime) -> datetime:
    """Return when the next date begins for a person: the window moves on."""
    here = moment.astimezone(ZoneInfo(zone_name(card, host)))
    return (here + timedelta(days=1)).replace(hour=0, minute=0, second=0, microsecond=0)


def _blocked(card: Card, host: Host, low: datetime, high: datetime) -> Iterable[tuple[datetime, datetime]]:
    query = sa.select(BlockedTime.starts_at, BlockedTime.ends_at).where(
        BlockedTime.card_id == card.id,
        sa.or_(BlockedTime.host_id == host.id, BlockedTime.host_id.is_(None)),
        BlockedTime.ends_at > low,
        BlockedTime.starts_at < high,
    )
    return [(start, end) for start, end in db.session.execute(query)]


def _imported(host: Host, low: datetime, high: datetime) -> Iterable[tuple[datetime, datetime]]:
    query = sa.select(BusyTime.starts_at, BusyTime.ends_at).join(ImportedCalendar)
    query = query.where(ImportedCalendar.host_id == host.id, BusyTime.ends_at > low, BusyTime.starts_at < high)
    return [(start, end) for start, end in db.session.execute(query)]


def _minutes(span: timedelta) -> int:
    return int(span.total_seconds()) // 60

