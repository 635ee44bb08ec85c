"""What an owner sets up: booking on a card, people, types of appointments, blocked times."""

from __future__ import annotations

import re
import unicodedata
import uuid
from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.exc import IntegrityError

from vcardapp.booking.free import hosts_of
from vcardapp.booking.links import hash_of, token_of
from vcardapp.booking.models import (
    Appointment,
    AppointmentMail,
    AppointmentType,
    BlockedTime,
    BookingPage,
    Host,
    ImportedCalendar,
    TypeHost,
    Waiting,
)
from vcardapp.booking.opening_rules import content_of
from vcardapp.cards.models import Card
from vcardapp.cards.service import going_with
from vcardapp.db import db, now
from vcardapp.mail import Mail

MOST_HOSTS = 50
MOST_TYPES = 100
WINDOW_DAYS = 60


class TooMany(Exception):
    """A card has as many people or types as it may have."""


def find_page(card: Card) -> BookingPage | None:
    """Find the booking of a card; None until its owner begins with it."""
    return db.session.get(BookingPage, card.id)


def card_of(row: Appointment | Waiting) -> Card:
    """Return the card on which somebody booked or waits."""
    return db.session.get_one(Card, row.card_id)


def begin_booking(card: Card) -> BookingPage:
    """Begin booking on a card with one person, who has the card's name, hours and zone; doing it again changes nothing."""
    if page := find_page(card):
        return page
    page = BookingPage(card_id=card.id)
    db.session.add(page)
    _new_host(card, content_of(card).display_name)
    try:
        db.session.commit()
    except IntegrityError:  # a double click
        db.session.rollback()
    return db.session.get_one(BookingPage, card.id)


def change_page(page: BookingPage, **values: Any) -> None:
    """Open or close booking, say something above it; `values` are columns of BookingPage."""
    _set(page, values)
    db.session.commit()


def hosts_on(card: Card) -> list[Host]:
    """List the people of a card in their order."""
    query = sa.select(Host).where(Host.card_id == card.id, Host.removed_at.is_(None))
    return list(db.session.scalars(query.order_by(Host.position, Host.created_at, Host.id)))


def find_host(card: Card, host_id: uuid.UUID) -> Host | None:
    """Find one of the people of a card."""
    return db.session.scalar(sa.select(Host).where(Host.id == host_id, Host.card_id == card.id, Host.removed_at.is_(None)))


def add_host(card: Card, name: str, **values: Any) -> Host:
    """Add a person to a card; raise TooMany."""
    if len(hosts_on(card)) >= MOST_HOSTS:
        raise TooMany
    host = _new_host(card, name)
    _set(host, values)
    db.session.commit()
    return host


def change_host(host: Host, **values: Any) -> None:
    """Change columns of a person: name, email, picture, time_zone, own_hours, position."""
    _set(host, values)
    db.session.commit()


def remove_host(host: Host) -> None:
    """Take a person out of booking; their appointments stay."""
    host.removed_at = now()
    db.session.execute(sa.delete(TypeHost).where(TypeHost.host_id == host.id))
    db.session.execute(sa.delete(ImportedCalendar).where(ImportedCalendar.host_id == host.id))
    db.session.commit()


def types_on(card: Card) -> list[AppointmentType]:
    """List all types of a card, hidden ones too, in their order."""
    query = sa.select(AppointmentType).where(AppointmentType.card_id == card.id, AppointmentType.removed_at.is_(None))
    return list(db.session.scalars(query.order_by(AppointmentType.position, AppointmentType.created_at)))


def find_type(card: Card, type_id: uuid.UUID) -> AppointmentType | None:
    """Find one of the types of a card."""
    query = sa.select(AppointmentType).where(AppointmentType.id == type_id, AppointmentType.card_id == card.id)
    return db.session.scalar(query.where(AppointmentType.removed_at.is_(None)))


def find_shown_type(card: Card, key: str) -> AppointmentType | None:
    """Find what visitors can book by the word in its address."""
    query = sa.select(AppointmentType).where(AppointmentType.card_id == card.id, AppointmentType.key == key)
    query = query.join(BookingPage, BookingPage.card_id == AppointmentType.card_id).where(BookingPage.is_open)
    return db.session.scalar(query.where(AppointmentType.removed_at.is_(None), AppointmentType.is_shown))


def add_type(card: Card, name: str, hosts: Sequence[Host] | None = None, **values: Any) -> AppointmentType:
    """Add a type that these people offer (None: all of the card); `values` are its other columns; raise TooMany.

    It can be booked for the next WINDOW_DAYS, unless `window_days` says otherwise: None is without end.
    """
    existing = types_on(card)
    if len(existing) >= MOST_TYPES:
        raise TooMany
    taken = set(db.session.scalars(sa.select(AppointmentType.key).where(AppointmentType.card_id == card.id)))
    kind = AppointmentType(card_id=card.id, name=name, key=_free_key(name, taken), position=len(existing))
    _set(kind, {"window_days": WINDOW_DAYS, **values})
    db.session.add(kind)
    db.session.flush()
    _offer_by(kind, hosts_on(card) if hosts is None else hosts)
    db.session.commit()
    return kind


def change_type(kind: AppointmentType, hosts: Collection[Host] | None = None, **values: Any) -> None:
    """Change columns of a type, and who offers it; appointments that are made keep their time."""
    _set(kind, values)
    if hosts is not None:
        _offer_by(kind, hosts)
    db.session.commit()


def remove_type(kind: AppointmentType) -> None:
    """Take a type out of booking; its appointments stay."""
    kind.removed_at, kind.key = now(), f"{kind.key[:20]}-{kind.id.hex}"
    db.session.commit()


def arrange_types(card: Card, order: Sequence[uuid.UUID]) -> None:
    """Put the types of a card in this order; those not named come last."""
    places = {type_id: place for place, type_id in enumerate(order)}
    for kind in types_on(card):
        kind.position = places.get(kind.id, len(places))
    db.session.commit()


def block_time(card: Card, host: Host | None, start: datetime, end: datetime, note: str = "") -> BlockedTime:
    """Keep a time free, of one person or of all; appointments that are made stay."""
    blocked = BlockedTime(card_id=card.id, host_id=host.id if host else None, starts_at=start, ends_at=end, note=note)
    db.session.add(blocked)
    db.session.commit()
    return blocked


def find_blocked(card: Card, blocked_id: uuid.UUID) -> BlockedTime | None:
    """Find one of the blocked times of a card."""
    return db.session.scalar(sa.select(BlockedTime).where(BlockedTime.id == blocked_id, BlockedTime.card_id == card.id))


def unblock(blocked: BlockedTime) -> None:
    """Let a blocked time be booked again."""
    db.session.delete(blocked)
    db.session.commit()


def sweep() -> None:
    """Forget all bookings of cards that are erased: nobody can read them any more. Runs each hour."""
    _forget(sa.select(Card.id).where(Card.erased_at.is_not(None)))


def forget_bookings_of(user_id: uuid.UUID) -> None:
    """Remove what can be booked with a person who leaves, and all that was."""
    _forget(going_with(user_id))


def _forget(cards: sa.Select[uuid.UUID]) -> None:
    told = sa.select(AppointmentMail.mail_id).join(Appointment, Appointment.id == AppointmentMail.appointment_id)
    db.session.execute(sa.delete(Mail).where(Mail.id.in_(told.where(Appointment.card_id.in_(cards)))))
    for model in (Appointment, AppointmentType, Host, BookingPage):
        db.session.execute(sa.delete(model).where(model.card_id.in_(cards)))
    db.session.commit()


def _new_host(card: Card, name: str) -> Host:
    host = Host(id=uuid.uuid4(), card_id=card.id, name=name, position=len(hosts_on(card)))
    host.feed_hash = hash_of(token_of("feed", host.id))
    db.session.add(host)
    return host


def _offer_by(kind: AppointmentType, hosts: Collection[Host]) -> None:
    wished, present = {host.id for host in hosts}, {host.id for host in hosts_of(kind)}
    gone = sa.delete(TypeHost).where(TypeHost.type_id == kind.id, TypeHost.host_id.in_(present - wished))
    db.session.execute(gone)
    db.session.add_all(TypeHost(type_id=kind.id, host_id=host_id) for host_id in wished - present)


def _set(row: Any, values: dict[str, Any]) -> None:
    columns = sa.inspect(type(row)).columns
    for name, value in values.items():
        if name not in columns or name in ("id", "card_id", "key"):
            raise ValueError(name)
        setattr(row, name, value)


def _free_key(name: str, taken: Collection[str]) -> str:
    plain = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode().lower()
    bare = re.sub(r"[^a-z0-9]+", "-", plain).strip("-")[:40] or "appointment"
    numbers = ("", *(f"-{number}" for number in range(2, len(taken) + 3)))
    return next(bare + number for number in numbers if bare + number not in taken)
