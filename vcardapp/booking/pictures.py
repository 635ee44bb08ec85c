"""On which public cards visitors see the picture of a type."""

from __future__ import annotations

import uuid
from collections.abc import Collection

import sqlalchemy as sa

from vcardapp.booking.models import AppointmentType, BookingPage
from vcardapp.cards.models import Card
from vcardapp.db import db


def cards_showing(file_id: str) -> Collection[uuid.UUID]:
    """Return the public cards on which a picture is seen now."""
    query = sa.select(Card.id).join(AppointmentType, AppointmentType.card_id == Card.id)
    query = query.join(BookingPage, BookingPage.card_id == Card.id).where(BookingPage.is_open)
    query = query.where(AppointmentType.picture == file_id, AppointmentType.is_shown, AppointmentType.removed_at.is_(None))
    return list(db.session.scalars(query.where(Card.is_public)))
