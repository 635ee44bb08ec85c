"""Links of a card for one occasion each: `/<slug>?e=<key>` says where people met."""

from __future__ import annotations

from datetime import date

import sqlalchemy as sa
from sqlalchemy.exc import IntegrityError

from vcardapp.cards.models import Card, CardEvent
from vcardapp.cards.slugs import key_of, propose_slug
from vcardapp.db import db, now

LONGEST_KEY = 30
MOST_EVENTS = 200  # of a card


class TooManyEvents(Exception):
    """This card has as many event links as a card may have."""


def events_of(card: Card) -> list[CardEvent]:
    """List a card's events, the newest first."""
    query = sa.select(CardEvent).where(CardEvent.card_id == card.id)
    return list(db.session.scalars(query.order_by(CardEvent.created_at.desc(), CardEvent.key)))


def find_event(card: Card, key: str) -> CardEvent | None:
    """Find the event behind the key of a link, unless it is over; any text may be asked for."""
    key = key_of(key[: LONGEST_KEY * 2])
    if not key or len(key) > LONGEST_KEY or not key.isprintable():
        return None
    query = sa.select(CardEvent).where(CardEvent.card_id == card.id, CardEvent.key == key, CardEvent.ended_at.is_(None))
    return db.session.scalar(query)


def add_event(card: Card, title: str, place: str = "", held_on: date | None = None) -> CardEvent:
    """Make a link for an event, its key from the title; raise TooManyEvents."""
    events = events_of(card)
    if len(events) >= MOST_EVENTS:
        raise TooManyEvents
    event = CardEvent(
        card_id=card.id, key=_free_key(title, {event.key for event in events}), title=title, place=place, held_on=held_on
    )
    db.session.add(event)
    try:
        db.session.commit()
    except IntegrityError:  # a double click: the key has just been taken
        db.session.rollback()
        return add_event(card, title, place, held_on)
    return event


def same_event(card: Card, event: CardEvent) -> CardEvent | None:
    """Return the event of this card that says the same as one of another card, added if need be; None if it has too many."""
    said = (event.title, event.place, event.held_on, event.ended_at)
    for own in events_of(card):
        if (own.title, own.place, own.held_on, own.ended_at) == said:
            return own
    try:
        made = add_event(card, event.title, event.place, event.held_on)
    except TooManyEvents:
        return None
    made.ended_at = event.ended_at
    return made


def end_event(card: Card, key: str) -> None:
    """Let a link lead to the plain card from now on."""
    if event := _event(card, key):
        event.ended_at = now()
    db.session.commit()


def resume_event(card: Card, key: str) -> None:
    """Let a link say again where people met."""
    if event := _event(card, key):
        event.ended_at = None
    db.session.commit()


def remove_event(card: Card, key: str) -> None:
    """Forget an event; its link, and the codes that name it, lead to the plain card."""
    if event := _event(card, key):
        db.session.delete(event)
    db.session.commit()


def _event(card: Card, key: str) -> CardEvent | None:
    if not key.isprintable():
        return None
    return db.session.scalar(sa.select(CardEvent).where(CardEvent.card_id == card.id, CardEvent.key == key))


def _free_key(title: str, taken: set[str]) -> str:
    base = key_of(propose_slug(title, LONGEST_KEY)) or "event"
    key, number = base, 1
    while key in taken:
        number += 1
        key = f"{base[: LONGEST_KEY - 4].rstrip('-')}-{number}"
    return key
