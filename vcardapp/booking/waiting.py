"""The waiting list: who waits, and places that become free, offered in order and kept for a while."""

from __future__ import annotations

import uuid
from collections.abc import Callable, Iterable
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING

import sqlalchemy as sa

from vcardapp.booking import letters
from vcardapp.booking.days import instants_of
from vcardapp.booking.fairness import fairest_host
from vcardapp.booking.free import free_times, hosts_of, shown_types
from vcardapp.booking.links import hash_of, token_of
from vcardapp.booking.models import Appointment, AppointmentType, Host, Waiting
from vcardapp.booking.opening_rules import zone_name
from vcardapp.booking.places import place_of, put, take_turn
from vcardapp.booking.post import tell_host, tell_visitor, tell_waiting
from vcardapp.cards.models import Card
from vcardapp.db import db

if TYPE_CHECKING:
    from vcardapp.booking.service import Visitor

LONGEST_WAIT = timedelta(days=62)  # from the first to the last date
MOST = 500  # who may wait on a card at once


class OfferOver(Exception):
    """The place was not taken in time, or is not offered any more."""


class ListFull(Exception):
    """More people wait on this card than can hope for a place."""


class NoEmail(Exception):
    """Whoever waits needs an e-mail address to be told."""


def wait(
    card: Card, kind: AppointmentType, first: date, last: date, visitor: Visitor, host: Host | None = None
) -> Waiting:
    """Put somebody on the list for a place between two dates, of the host's; raise NoEmail, ListFull.

    Each address waits once a type: whoever asks again is mailed the link to what they asked for first, and nothing changes,
    since anybody can type an address.
    """
    if not visitor.email:
        raise NoEmail
    moment = take_turn(card)
    open_ones = sa.select(Waiting).where(Waiting.type_id == kind.id, Waiting.state.in_(("waiting", "offered")))
    found = db.session.scalar(open_ones.where(sa.func.lower(Waiting.email) == visitor.email.lower()))
    if found:
        tell_waiting(found, letters.waiting)
        db.session.commit()
        return found
    if len(waiting_on(card)) >= MOST:
        db.session.rollback()
        raise ListFull
    entry = Waiting(
        id=uuid.uuid4(), card_id=card.id, type=kind, email=visitor.email, name=visitor.name, phone=visitor.phone,
        host_id=host.id if host else None, visitor_zone=visitor.zone, language=visitor.language, first_day=first,
        last_day=min(last, first + LONGEST_WAIT),
    )  # fmt: skip
    entry.token_hash = hash_of(token_of("waiting", entry.id))
    db.session.add(entry)
    tell_waiting(entry, letters.waiting)
    offer_places(card, moment)
    db.session.commit()
    return entry


def find_waiting(token: str) -> Waiting | None:
    """Find somebody who waits by their link."""
    return db.session.scalar(sa.select(Waiting).where(Waiting.token_hash == hash_of(token)))


def waiting_on(card: Card) -> list[Waiting]:
    """List who waits on a card, in order."""
    query = sa.select(Waiting).where(Waiting.card_id == card.id, Waiting.state.in_(("waiting", "offered")))
    return list(db.session.scalars(query.order_by(Waiting.created_at)))


def take_offer(entry: Waiting) -> Appointment:
    """Take the place that is offered; taking it twice changes nothing; raise OfferOver."""
    moment = take_turn(db.session.get_one(Card, entry.card_id))
    offer = entry.offer
    if entry.state == "taken" and offer:
        db.session.rollback()
        return offer
    is_open = db.session.get_one(Card, entry.card_id).is_public
    if not is_open or entry.state != "offered" or offer is None or offer.state != "held" or _is_past(offer, moment):
        db.session.rollback()
        raise OfferOver
    entry.state, offer.settled_at = "taken", moment
    if entry.type.needs_approval:
        offer.state, offer.lapses_at = "pending", min(offer.starts_at, moment + timedelta(minutes=entry.type.approval_minutes))
    else:
        offer.state, offer.lapses_at, offer.confirmed_at = "confirmed", None, moment
    is_pending = offer.state == "pending"
    tell_visitor(offer, letters.requested if is_pending else letters.booked)
    tell_host(offer, letters.host_requested if is_pending else letters.host_booked)
    db.session.commit()
    return offer


def _is_past(offer: Appointment, moment: datetime) -> bool:
    return not offer.lapses_at or offer.lapses_at <= moment


def leave(entry: Waiting) -> None:
    """Leave the list; a place that was offered goes to the next."""
    card = db.session.get_one(Card, entry.card_id)
    moment = take_turn(card)
    if entry.state in ("waiting", "offered"):
        entry.state = "left"
        if entry.offer and entry.offer.state == "held":
            entry.offer.state, entry.offer.lapses_at, entry.offer.ended_at = "lapsed", None, moment
        db.session.flush()
        offer_places(card, moment)
    db.session.commit()


def note_lapsed(offer: Appointment) -> None:
    """Note that nobody took an offered place in time: whoever had the offer has had their turn; the caller commits."""
    for entry in db.session.scalars(sa.select(Waiting).where(Waiting.offer_id == offer.id, Waiting.state == "offered")):
        entry.state = "over"


def offer_places(card: Card, moment: datetime) -> int:
    """Offer what is free to those who wait, in order, and return how many got an offer; the caller commits.

    The place is kept by an appointment in the state held, so that the database keeps others out.
    """
    if not card.is_public:
        return 0
    query = sa.select(Waiting).where(Waiting.card_id == card.id, Waiting.state == "waiting")
    shown = {kind.id for kind in shown_types(card)}
    return sum(_offer(card, entry, moment) for entry in db.session.scalars(query.order_by(Waiting.created_at, Waiting.id))
               if entry.type_id in shown)  # fmt: skip


def sweep() -> None:
    """Offer what became free in other ways, such as longer hours, and end what has had its time. Runs each hour."""
    those = sa.select(Waiting.card_id).where(Waiting.state == "waiting")
    at_each(db.session.scalars(those.order_by(Waiting.created_at)), _sweep_card)


def at_each(card_ids: Iterable[uuid.UUID], do: Callable[[Card], int]) -> int:
    """Do something at each card and return the sum; what fails at one keeps no other waiting, and is raised at the end."""
    count, problems = 0, []
    for card_id in dict.fromkeys(card_ids):
        try:
            count += do(db.session.get_one(Card, card_id))
        except Exception as problem:
            db.session.rollback()
            problems.append(problem)
    if problems:
        raise problems[0]
    return count


def _sweep_card(card: Card) -> int:
    moment = take_turn(card)
    yesterday = moment.date() - timedelta(days=1)
    over = sa.select(Waiting).where(Waiting.card_id == card.id, Waiting.state == "waiting", Waiting.last_day < yesterday)
    for entry in db.session.scalars(over):
        entry.state = "over"
    offered = offer_places(card, moment)
    db.session.commit()
    return offered


def _offer(card: Card, entry: Waiting, moment: datetime) -> bool:
    kind = entry.type
    hosts = [host for host in hosts_of(kind) if entry.host_id in (None, host.id)]
    if not hosts:
        return False
    start, end = instants_of(entry.first_day, entry.last_day, zone_name(card, hosts[0]))
    wished = hosts[0] if entry.host_id else None
    free = free_times(card, kind, max(start, moment), end, wished, moment=moment)
    if not free:
        return False
    host = fairest_host([one for one in hosts if one.id in free[0].hosts], free[0].start)
    offer = Appointment(
        id=uuid.uuid4(), card_id=card.id, type=kind, state="held", name=entry.name, email=entry.email, phone=entry.phone,
        visitor_zone=entry.visitor_zone, language=entry.language, place=place_of(card, kind),
        lapses_at=min(free[0].start, moment + timedelta(minutes=kind.offer_minutes)),
    )  # fmt: skip
    offer.token_hash = hash_of(token_of("appointment", offer.id))
    put(offer, card, kind, host, free[0].start)
    entry.offer, entry.state = offer, "offered"
    tell_waiting(entry, letters.offered)
    return True
