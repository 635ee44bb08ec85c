"""Who is asked when the visitor does not mind: from what is stored."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from datetime import datetime, timedelta

import sqlalchemy as sa

from vcardapp.booking.models import BLOCKING, Appointment, Host
from vcardapp.booking.people import NEVER, Load, fairest
from vcardapp.db import db

AROUND = timedelta(days=7)  # on each side of the time: what somebody has on


def fairest_host(hosts: Sequence[Host], start: datetime) -> Host:
    """Return who of those who are free is booked; `hosts` is in order and not empty."""
    minutes: dict[uuid.UUID, int] = {}
    last: dict[uuid.UUID, datetime] = {}
    if len(hosts) > 1:
        query = sa.select(Appointment.host_id, Appointment.starts_at, Appointment.ends_at, Appointment.created_at).where(
            Appointment.host_id.in_([host.id for host in hosts]),
            Appointment.state.in_(BLOCKING),
            Appointment.ends_at > start - AROUND,
            Appointment.starts_at < start + AROUND,
        )
        for host_id, begins, ends, made in db.session.execute(query):
            minutes[host_id] = minutes.get(host_id, 0) + int((ends - begins).total_seconds()) // 60
            last[host_id] = max(last.get(host_id, NEVER), made)
    loads = {host.id: Load(minutes.get(host.id, 0), last.get(host.id, NEVER)) for host in hosts}
    chosen = fairest([host.id for host in hosts], loads)
    return next(host for host in hosts if host.id == chosen)
