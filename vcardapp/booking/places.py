"""Puts an appointment into its slot: whose turn it is, which seat is free, where it takes place."""

from __future__ import annotations

import uuid
from datetime import datetime, timedelta

import sqlalchemy as sa

from vcardapp import db as database
from vcardapp.booking.models import BLOCKING, Appointment, AppointmentType, BookingPage, Host
from vcardapp.booking.opening_rules import content_of, zone_name
from vcardapp.cards.models import Card
from vcardapp.db import db, now

SLOTS = uuid.UUID("6b1e8f4e-3f0a-4b6c-9d55-3c1a3f6f0c11")  # the name space of slots (RFC 9562 §5.5)


def take_turn(card: Card) -> datetime:
    """Begin a transaction in which nobody else books on this card, and return the moment."""
    database.take_turn(sa.select(BookingPage.card_id).where(BookingPage.card_id == card.id))
    return now()


def put(appointment: Appointment, card: Card, kind: AppointmentType, host: Host, start: datetime) -> None:
    """Give an appointment its time, buffers and seat; IntegrityError where another one stands there."""
    moment = start + kind.length
    group = uuid.uuid5(SLOTS, f"{kind.id} {host.id} {start.isoformat()}")
    if appointment.group_key != group:
        appointment.group_key, appointment.seat = group, _free_seat(group)
    appointment.host, appointment.zone = host, zone_name(card, host)
    appointment.starts_at, appointment.ends_at = start, moment
    appointment.blocked_from = start - timedelta(minutes=kind.before_minutes)
    appointment.blocked_until = moment + timedelta(minutes=kind.after_minutes)
    appointment.seats = kind.seats
    db.session.add(appointment)
    db.session.flush()


def place_of(card: Card, kind: AppointmentType, theirs: str = "") -> str:
    """Return where an appointment takes place, in one line: what the type says, the visitor's, or the card's address."""
    if kind.place_sort == "visitor":
        return theirs
    if kind.place_sort == "address" and not kind.place:
        address = next((one for one in content_of(card).addresses if not one.hidden), None)
        parts = (address.street, address.code, address.city, address.country) if address else ()
        return ", ".join(" ".join(part.split()) for part in parts if part)
    return kind.place


def _free_seat(group: uuid.UUID) -> int:
    query = sa.select(Appointment.seat).where(Appointment.group_key == group, Appointment.state.in_(BLOCKING))
    taken = set(db.session.scalars(query))
    return next(seat for seat in range(1, len(taken) + 2) if seat not in taken)
