"""A card on which appointments can be booked, and who books."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import sqlalchemy as sa

from tests import factories
from vcardapp.accounts.models import User
from vcardapp.booking import set_up, week
from vcardapp.booking.models import AppointmentType, Host
from vcardapp.booking.service import Visitor
from vcardapp.cards.content import Hours, Span
from vcardapp.cards.models import Card
from vcardapp.db import db
from vcardapp.mail import Mail

NOW = datetime(2026, 6, 1, 6, 0, tzinfo=UTC)  # a Monday
MONDAY = NOW.replace(hour=0)
NINE_TO_FIVE = ((540, 1020),)


def at(hour: int, minute: int = 0, day: int = 0) -> datetime:
    """Return a moment of that Monday, or of a later day, in UTC."""
    return MONDAY + timedelta(days=day, hours=hour, minutes=minute)


def practice(owner: User, zone: str = "UTC", slug: str = "ada", **over: Any) -> Card:
    """A published card, open Monday to Friday 9 to 17, with booking and one person."""
    week_ = ((Span("09:00", "17:00"),),) * 5 + ((), ())
    card = factories.published_card(owner, slug, time_zone=zone, hours=Hours(week_), **over)
    set_up.begin_booking(card)
    return card


def first_host(card: Card) -> Host:
    return set_up.hosts_on(card)[0]


def kind_of(card: Card, name: str = "Consultation", **over: Any) -> AppointmentType:
    return set_up.add_type(card, name, **{"minutes": 60, "notice_minutes": 0, "window_days": None, **over})


def zoe(**over: Any) -> Visitor:
    values: dict[str, Any] = {"name": "Zoë", "email": "zoe@example.org", "zone": "UTC", "language": "en"}
    return Visitor(**{**values, **over})


def second_host(card: Card, name: str = "Grace", **over: Any) -> Host:
    host = set_up.add_host(card, name, **over)
    week.set_week(card, host, [NINE_TO_FIVE] * 5)
    return host


def letters_to(address: str) -> list[Mail]:
    """List the mails to somebody, the first first."""
    query = sa.select(Mail).where(Mail.recipient == address).order_by(Mail.created_at, Mail.id)
    return list(db.session.scalars(query))
