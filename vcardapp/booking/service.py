"""Booking, confirming, moving, cancelling: each one transaction, in which those who book on one card take turns."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

import sqlalchemy as sa
from sqlalchemy.exc import IntegrityError

from vcardapp.booking import letters, waiting
from vcardapp.booking.fairness import fairest_host
from vcardapp.booking.free import FreeTime, free_times, hosts_of, shown_types
from vcardapp.booking.links import hash_of, token_of
from vcardapp.booking.models import BLOCKING, Appointment, AppointmentType, BookingPage, Host
from vcardapp.booking.opening_rules import rules_of, zone_name
from vcardapp.booking.places import place_of, put, take_turn
from vcardapp.booking.post import tell_host, tell_visitor
from vcardapp.booking.rules import Rules
from vcardapp.booking.why import may_cancel, may_move
from vcardapp.cards.models import Card
from vcardapp.db import db, now

VISITOR, OWNER = "visitor", "owner"
NEAR = timedelta(days=14)  # where a visitor who came too late looks for another time


@dataclass(frozen=True, slots=True)
class Visitor:
    """Who books, as typed; `zone` and `language` are those of their browser."""

    name: str
    email: str = ""
    phone: str = ""
    zone: str = ""
    language: str = ""
    place: str = ""  # theirs, where a type is at the visitor's
    answers: Sequence[tuple[str, str]] = ()  # question and answer


class SlotGone(Exception):
    """Somebody else has this time, or it is not offered any more; `times` is what is left around it."""

    def __init__(self, times: list[FreeTime]) -> None:
        super().__init__()
        self.times = times


class TooLate(Exception):
    """The visitor may not cancel or move it any more."""


class Settled(Exception):
    """It is decided already: over, past, or not waiting for an answer."""


def find_appointment(token: str) -> Appointment | None:
    """Find an appointment by its visitor's link."""
    return db.session.scalar(sa.select(Appointment).where(Appointment.token_hash == hash_of(token)))


def book(
    card: Card, kind: AppointmentType, start: datetime, visitor: Visitor, host: Host | None = None, *, form_token: str = ""
) -> Appointment:
    """Book a time, with one person or with whoever is free and has least on; raise SlotGone.

    The same form sent again (`form_token`, any text of at most 64 characters) gives the same appointment and no mail.
    """
    moment = _begin(card)
    if form_token and (made := _made_by(card, form_token)):
        db.session.rollback()
        return made
    offered = card.is_public and kind.id in {one.id for one in shown_types(card)}
    free = free_times(card, kind, start, start + timedelta.resolution, host, moment=moment) if offered else []
    if not free:
        raise _gone(card, kind, start, host)
    chosen = fairest_host([one for one in hosts_of(kind) if one.id in free[0].hosts], start)
    appointment = _new(card, kind, chosen, visitor, made_by=VISITOR, form_token=form_token or None)
    if kind.needs_approval:
        appointment.state, appointment.lapses_at = "pending", _answer_by(kind, start, moment)
    _put_or_gone(appointment, card, kind, chosen, start)
    tell_visitor(appointment, letters.requested if kind.needs_approval else letters.booked)
    tell_host(appointment, letters.host_requested if kind.needs_approval else letters.host_booked)
    db.session.commit()
    return appointment


def book_by_hand(
    card: Card, kind: AppointmentType, host: Host, start: datetime, visitor: Visitor, *, note: str = ""
) -> Appointment:
    """Book as the owner, at any time that no other appointment of this person takes; raise SlotGone."""
    _begin(card)
    appointment = _new(card, kind, host, visitor, made_by=OWNER, note=note)
    _put_or_gone(appointment, card, kind, host, start)
    tell_visitor(appointment, letters.booked)
    db.session.commit()
    return appointment


def confirm(appointment: Appointment) -> None:
    """Say yes to a request; saying it again changes nothing; raise Settled."""
    card, moment = _begin_with(appointment)
    if appointment.state == "confirmed":
        db.session.rollback()
        return
    if appointment.state != "pending":
        raise _settled()
    appointment.state, appointment.lapses_at = "confirmed", None
    appointment.confirmed_at, appointment.settled_at = appointment.confirmed_at or moment, moment
    tell_visitor(appointment, letters.booked)
    db.session.commit()


def decline(appointment: Appointment, reason: str = "") -> None:
    """Say no to a request; raise Settled."""
    card, moment = _begin_with(appointment)
    if appointment.state != "pending":
        raise _settled()
    _end(appointment, "declined", OWNER, reason, moment)
    tell_visitor(appointment, letters.declined)
    waiting.offer_places(card, moment)
    db.session.commit()


def visitor_may_cancel(appointment: Appointment, moment: datetime | None = None) -> bool:
    """True while the visitor's link still cancels."""
    moment = moment or now()
    return _can_change(appointment, moment) and may_cancel(_rules(appointment), appointment.starts_at, moment)


def visitor_may_move(appointment: Appointment, moment: datetime | None = None) -> bool:
    """True while the visitor's link still moves, and anybody can book there."""
    moment = moment or now()
    rules, page = _rules(appointment), db.session.get(BookingPage, appointment.card_id)
    if not (page and page.is_open and db.session.get_one(Card, appointment.card_id).is_public):
        return False
    if appointment.host.removed_at or appointment.type.removed_at:
        return False
    return _can_change(appointment, moment) and may_move(rules, appointment.starts_at, appointment.moves, moment)


def cancel(appointment: Appointment, by: str, reason: str = "") -> None:
    """Cancel as the visitor or the owner; a cancelled one stays as it is; raise TooLate (visitors) or Settled."""
    card, moment = _begin_with(appointment)
    if appointment.state == "cancelled":
        db.session.rollback()
        return
    if not _can_change(appointment, moment) and not (by == OWNER and appointment.state in BLOCKING):
        raise _settled()
    if by == VISITOR and not visitor_may_cancel(appointment, moment):
        raise _too_late()
    _end(appointment, "cancelled", by, reason, moment)
    tell_visitor(appointment, letters.cancelled)
    if by == VISITOR:
        tell_host(appointment, letters.host_cancelled)
    waiting.offer_places(card, moment)
    db.session.commit()


def times_to_move(appointment: Appointment, start: datetime, end: datetime) -> list[FreeTime]:
    """Return the times to which a visitor can move, with the same person, the own time included."""
    card = db.session.get_one(Card, appointment.card_id)
    return free_times(card, appointment.type, start, end, appointment.host, moving=appointment)


def move(appointment: Appointment, start: datetime, by: str, host: Host | None = None) -> None:
    """Give an appointment another time, or as the owner another person; raise SlotGone, TooLate or Settled.

    The old place is free only once the new one is taken; moving to the own time changes nothing. Visitors get times that
    are offered, owners any that no other appointment takes.
    """
    card, moment = _begin_with(appointment)
    host, kind, before = host or appointment.host, appointment.type, appointment.starts_at
    if appointment.starts_at == start and host.id == appointment.host_id:
        db.session.rollback()
        return
    if not _can_change(appointment, moment):
        raise _settled()
    if by == VISITOR:
        if not visitor_may_move(appointment, moment):
            raise _too_late()
        span = start, start + timedelta.resolution
        if not free_times(card, kind, *span, host, moving=appointment, moment=moment):
            raise _gone(card, kind, start, host, appointment)
        appointment.moves += 1
        if kind.needs_approval:
            appointment.state, appointment.lapses_at = "pending", _answer_by(kind, start, moment)
    appointment.sequence += 1
    appointment.settled_at = moment
    _put_or_gone(appointment, card, kind, host, start)
    is_pending = appointment.state == "pending"
    tell_visitor(appointment, letters.requested if is_pending else letters.moved, before=before)
    if by == VISITOR:
        tell_host(appointment, letters.host_requested if is_pending else letters.host_moved, before=before)
    waiting.offer_places(card, moment)
    db.session.commit()


def mark_missed(appointment: Appointment, missed: bool = True) -> None:
    """Note that the visitor did not come, or did after all; raise Settled for one that has not begun or is over."""
    _card, moment = _begin_with(appointment)
    if appointment.starts_at > moment or appointment.state not in ("confirmed", "missed"):
        raise _settled()
    appointment.state = "missed" if missed else "confirmed"
    db.session.commit()


def lapse_due() -> int:
    """Let requests lapse that nobody answered, and offers that nobody took; return how many. Runs each minute."""
    due = sa.select(Appointment.card_id).where(Appointment.state.in_(("pending", "held")), Appointment.lapses_at <= now())
    return waiting.at_each(db.session.scalars(due), _lapse_at)


def _lapse_at(card: Card) -> int:
    moment = take_turn(card)
    count = _lapse(card, moment)
    waiting.offer_places(card, moment)
    db.session.commit()
    return count


def _begin(card: Card) -> datetime:
    """Begin the transaction of somebody who books here: what has lapsed meanwhile is in nobody's way."""
    moment = take_turn(card)
    _lapse(card, moment)
    return moment


def _begin_with(appointment: Appointment) -> tuple[Card, datetime]:
    card = db.session.get_one(Card, appointment.card_id)
    return card, _begin(card)


def _lapse(card: Card, moment: datetime) -> int:
    due = sa.select(Appointment).where(Appointment.card_id == card.id, Appointment.state.in_(("pending", "held")))
    rows = db.session.scalars(due.where(Appointment.lapses_at <= moment)).all()
    for row in rows:
        was_held = row.state == "held"
        _end(row, "lapsed", "", "", moment)
        if was_held:
            waiting.note_lapsed(row)
        else:
            tell_visitor(row, letters.lapsed)
            tell_host(row, letters.host_lapsed)
    db.session.flush()
    return len(rows)


def _new(card: Card, kind: AppointmentType, host: Host, visitor: Visitor, **more: object) -> Appointment:
    made = Appointment(
        id=uuid.uuid4(),
        card_id=card.id,
        type=kind,
        state="confirmed",
        zone=zone_name(card, host),
        name=visitor.name,
        email=visitor.email,
        phone=visitor.phone,
        visitor_zone=visitor.zone,
        language=visitor.language,
        place=place_of(card, kind, visitor.place),
        answers=[{"question": question, "answer": answer} for question, answer in visitor.answers],
        **more,
    )
    made.token_hash = hash_of(token_of("appointment", made.id))
    return made


def _put_or_gone(appointment: Appointment, card: Card, kind: AppointmentType, host: Host, start: datetime) -> None:
    """Put it there; where the database refuses it, everything is as it was, and SlotGone is raised."""
    if appointment.state == "confirmed" and not appointment.confirmed_at:
        appointment.confirmed_at = now()
    try:
        put(appointment, card, kind, host, start.astimezone(UTC))
    except IntegrityError:
        raise _gone(card, kind, start, host) from None


def _gone(
    card: Card, kind: AppointmentType, start: datetime, host: Host | None, moving: Appointment | None = None
) -> SlotGone:
    db.session.rollback()
    first = max(now(), start - timedelta(days=1))
    return SlotGone(free_times(card, kind, first, first + NEAR, host, moving=moving))


def _end(appointment: Appointment, state: str, by: str, reason: str, moment: datetime) -> None:
    appointment.state, appointment.ended_by, appointment.reason = state, by, reason
    appointment.ended_at, appointment.lapses_at = moment, None
    appointment.sequence += 1
    db.session.flush()


def _made_by(card: Card, form_token: str) -> Appointment | None:
    query = sa.select(Appointment).where(Appointment.card_id == card.id, Appointment.form_token == form_token)
    return db.session.scalar(query)


def _answer_by(kind: AppointmentType, start: datetime, moment: datetime) -> datetime:
    return min(start, moment + timedelta(minutes=kind.approval_minutes))


def _can_change(appointment: Appointment, moment: datetime) -> bool:
    return appointment.state in ("pending", "confirmed") and appointment.starts_at > moment


def _rules(appointment: Appointment) -> Rules:
    return rules_of(db.session.get_one(Card, appointment.card_id), appointment.type, appointment.host)


def _settled() -> Settled:
    db.session.rollback()
    return Settled()


def _too_late() -> TooLate:
    db.session.rollback()
    return TooLate()
