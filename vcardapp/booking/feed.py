"""A person's private feed: the calendar at /cal/<token>.ics."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, replace
from datetime import timedelta

import sqlalchemy as sa

from vcardapp.booking.invitation import write_feed
from vcardapp.booking.links import hash_of, token_of
from vcardapp.booking.models import Appointment, Host
from vcardapp.booking.post import event_of
from vcardapp.db import db, now

PAST = timedelta(days=90)
SHOWN = ("pending", "confirmed", "missed", "cancelled")  # cancelled ones say so for a while


@dataclass(frozen=True, slots=True)
class Feed:
    data: bytes
    etag: str


def feed_path(host: Host) -> str:
    """Return the path of a person's feed; whoever knows it reads their appointments."""
    return f"/cal/{token_of('feed', host.id, host.feed_number, stored=host.feed_hash)}.ics"


def renew_feed(host: Host) -> None:
    """Give a feed a new address; the old one stops working."""
    host.feed_number += 1
    host.feed_hash = hash_of(token_of("feed", host.id, host.feed_number))
    db.session.commit()


def find_feed(token: str) -> Host | None:
    """Find the person whose feed has this token."""
    return db.session.scalar(sa.select(Host).where(Host.feed_hash == hash_of(token), Host.removed_at.is_(None)))


def feed_of(host: Host) -> Feed:
    """Return a person's calendar; the same appointments give the same bytes and the same ETag."""
    query = sa.select(Appointment).where(Appointment.host_id == host.id, Appointment.state.in_(SHOWN))
    query = query.where(Appointment.ends_at > now() - PAST).order_by(Appointment.starts_at, Appointment.id)
    rows = db.session.scalars(query.options(sa.orm.joinedload(Appointment.type))).all()
    events = [replace(event_of(row, for_host=True), stamp=row.ended_at or row.settled_at) for row in rows]
    data = write_feed(events, host.name)
    return Feed(data, hashlib.sha256(data).hexdigest()[:32])
