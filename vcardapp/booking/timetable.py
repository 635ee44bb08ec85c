"""The owner's calendar as it stands on a page: columns of days or people, with what takes their time."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import sqlalchemy as sa

from vcardapp.booking import agenda
from vcardapp.booking.days import instants_of
from vcardapp.booking.lanes import lanes_of
from vcardapp.booking.models import Appointment, BlockedTime, BusyTime, Host, ImportedCalendar
from vcardapp.cards.models import Card
from vcardapp.db import db

DAY = 24 * 60
ROW = 15  # minutes
LEAST = 30  # minutes that an entry is high, so that it can be read and tapped
SHOWN = (8 * 60, 18 * 60)  # of a day, more where there is more
MOST = 1000  # entries of a page


@dataclass(slots=True)
class Entry:
    """Something that takes time: an appointment, a time blocked by hand, or one of an imported calendar."""

    sort: str  # appointment, blocked, busy
    start: datetime
    end: datetime
    row: Appointment | BlockedTime | None = None
    host: Host | None = None
    source: str = ""  # the imported calendar's name
    first: int = 0  # minute of the column's day
    last: int = 0
    lane: int = 0
    lanes: int = 1


@dataclass(slots=True)
class Column:
    day: date
    host: Host | None = None
    entries: list[Entry] = field(default_factory=list)


def entries_of(card: Card, first: date, last: date, zone: str, host: Host | None = None, *, ended: bool = False) -> list[Entry]:
    """List what takes time on these dates of a zone, in order."""
    span = instants_of(first, last, zone)
    found = [
        Entry("appointment", one.starts_at, one.ends_at, one, one.host)
        for one in agenda.appointments_between(card, *span, host, with_ended=ended)
    ]
    found += [Entry("blocked", one.starts_at, one.ends_at, one) for one in agenda.blocked_between(card, *span, host)]
    found += _imported(card, *span, host)
    return sorted(found, key=lambda one: (one.start, one.end))[:MOST]


def days_of(entries: Iterable[Entry], first: date, last: date, zone: str) -> list[Column]:
    """Put entries under their dates, one column a date; what runs past midnight stands on both."""
    columns = [Column(first + timedelta(days=number)) for number in range((last - first).days + 1)]
    return [_placed(column, entries, zone) for column in columns]


def people_of(entries: Sequence[Entry], day: date, hosts: Sequence[Host], zone: str) -> list[Column]:
    """Put entries of one date under their people; what is everybody's stands with each."""
    columns = []
    for host in hosts:
        theirs = [one for one in entries if _host_id(one) in (None, host.id)]
        columns.append(_placed(Column(day, host), theirs, zone))
    return columns


def hours_shown(columns: Iterable[Column]) -> tuple[int, int]:
    """Return the first and the last full hour, in minutes, that hold all entries but those of whole days."""
    entries = [one for column in columns for one in column.entries if one.last - one.first < DAY]
    low = min([SHOWN[0], *(one.first // 60 * 60 for one in entries)])
    high = max([SHOWN[1], *(-(-one.last // 60) * 60 for one in entries)])
    return low, min(high, DAY)


def _placed(column: Column, entries: Iterable[Entry], zone: str) -> Column:
    start, end = instants_of(column.day, column.day, zone)
    here = [one for one in entries if one.start < end and one.end > start]
    for one in here:
        first = 0 if one.start <= start else _minute(one.start, zone)
        last = DAY if one.end >= end else _minute(one.end, zone)
        copy = Entry(one.sort, one.start, one.end, one.row, one.host, one.source, first, max(last, first + 1))
        column.entries.append(copy)
    spans = [(one.first // ROW * ROW, max(one.last, one.first + LEAST)) for one in column.entries]
    for entry, (lane, lanes) in zip(column.entries, lanes_of(spans), strict=True):
        entry.lane, entry.lanes = lane, lanes
    return column


def _imported(card: Card, start: datetime, end: datetime, host: Host | None) -> list[Entry]:
    query = sa.select(BusyTime.starts_at, BusyTime.ends_at, ImportedCalendar.name, Host)
    query = query.join(ImportedCalendar, ImportedCalendar.id == BusyTime.calendar_id)
    query = query.join(Host, Host.id == ImportedCalendar.host_id)
    query = query.where(ImportedCalendar.card_id == card.id, BusyTime.starts_at < end, BusyTime.ends_at > start)
    if host:
        query = query.where(Host.id == host.id)
    return [Entry("busy", first, last, None, owner, name) for first, last, name, owner in db.session.execute(query.limit(MOST))]


def _host_id(entry: Entry) -> object:
    return entry.host.id if entry.host else entry.row.host_id if entry.row else None


def _minute(moment: datetime, zone: str) -> int:
    wall = moment.astimezone(ZoneInfo(zone))
    return wall.hour * 60 + wall.minute
