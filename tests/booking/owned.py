"""What addresses of booking can name, made on first use: a type, a person, an appointment."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import sqlalchemy as sa

from tests.booking import cast
from vcardapp.booking import service, set_up, waiting
from vcardapp.booking.links import token_of
from vcardapp.booking.models import Appointment, AppointmentType
from vcardapp.cards.models import Card
from vcardapp.db import db, now


def host_of(card: Card) -> uuid.UUID:
    set_up.begin_booking(card)
    return cast.first_host(card).id


def type_of(card: Card) -> AppointmentType:
    set_up.begin_booking(card)
    return next(iter(set_up.types_on(card)), None) or cast.kind_of(card)


def appointment_of(card: Card) -> uuid.UUID:
    found = db.session.scalar(sa.select(Appointment.id).where(Appointment.card_id == card.id).limit(1))
    return found or _booked(card)


def named_by(card: Card) -> dict[str, Callable[[], Any]]:
    """What makes the values for addresses, by the names of their parts."""
    return {
        "type_key": lambda: type_of(card).key,
        "type_id": lambda: type_of(card).id,
        "host_id": lambda: host_of(card),
        "appointment_id": lambda: appointment_of(card),
    }


def token_for(endpoint: str, card: Card) -> str:
    """Return the token of an appointment, or of somebody who waits, "" for addresses of other things."""
    if endpoint in ("public.waiting_place", "public.take_place", "public.leave_waiting"):
        kind, today = type_of(card), now().date()
        return token_of("waiting", waiting.wait(card, kind, today, today, cast.zoe(email=f"{uuid.uuid4().hex}@example.org")).id)
    is_one = endpoint.startswith("public.") and endpoint.endswith(("appointment", "appointment_file", "choose_move"))
    return token_of("appointment", _booked(card)) if is_one else ""


def _booked(card: Card) -> uuid.UUID:
    kind = type_of(card)
    count = db.session.scalar(sa.select(sa.func.count()).select_from(Appointment).where(Appointment.card_id == card.id)) or 0
    start = (now() + timedelta(days=2, hours=2 * count)).replace(minute=0, second=0, microsecond=0)
    return service.book_by_hand(card, kind, cast.first_host(card), start, cast.zoe(email="")).id
