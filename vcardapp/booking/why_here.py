"""Why a time of a type is not offered with a person: asked of what is stored."""

from __future__ import annotations

from datetime import datetime, timedelta

from vcardapp.booking.free import taken
from vcardapp.booking.models import AppointmentType, Host
from vcardapp.booking.opening_rules import rules_of, zone_name
from vcardapp.booking.slots import reach
from vcardapp.booking.why import Reason, why_not
from vcardapp.cards.models import Card
from vcardapp.db import now


def why_not_offered(card: Card, kind: AppointmentType, host: Host, start: datetime) -> Reason | None:
    """Return the first reason for which a time is not offered, None if it is."""
    rules, zone = rules_of(card, kind, host), zone_name(card, host)
    bookings, busy = taken(card, kind, host, *reach(rules, zone, start, start + timedelta(minutes=1)))
    return why_not(rules, zone, start, bookings, busy, now())
