"""Cards that an admin takes from the public, what their owners answer, and how they come back."""

from __future__ import annotations

import uuid
from typing import Any, cast

import sqlalchemy as sa

from vcardapp.cards.models import Card, TakeDown
from vcardapp.db import db, now

LONGEST_ANSWER = 2000  # characters


def take_down(card: Card, reason: str, report_id: uuid.UUID | None = None) -> bool:
    """Take a card from the public, everywhere it is shown, until it is restored; False if it is down. The caller commits."""
    moment = now()
    is_up = Card.id == card.id, Card.taken_down_at.is_(None)
    is_mine = _changed(sa.update(Card).where(*is_up).values(taken_down_at=moment))  # of two at once one is first
    if is_mine:
        db.session.add(TakeDown(card_id=card.id, reason=reason, report_id=report_id, at=moment))
    return is_mine


def restore(card: Card) -> bool:
    """Give a card back to its owner as it was, published or not; False if it is not down. The caller commits."""
    is_down = Card.id == card.id, Card.taken_down_at.is_not(None)
    is_mine = _changed(sa.update(Card).where(*is_down).values(taken_down_at=None))
    ended = sa.update(TakeDown).where(TakeDown.card_id == card.id, TakeDown.restored_at.is_(None))
    db.session.execute(ended.values(restored_at=now()))
    return is_mine


def find_take_down(card: Card) -> TakeDown | None:
    """Return why a card is down now, None where it is not."""
    return take_downs_of(card)[0] if card.taken_down_at else None


def take_downs_of(card: Card) -> list[TakeDown]:
    """List each time that a card was taken down, the last first."""
    query = sa.select(TakeDown).where(TakeDown.card_id == card.id)
    return list(db.session.scalars(query.order_by(TakeDown.at.desc(), TakeDown.id)))


def reasons_for(cards: list[Card]) -> dict[uuid.UUID, str]:
    """Return for each card that is down why it is, by one look-up."""
    down = [card.id for card in cards if card.taken_down_at]
    query = sa.select(TakeDown.card_id, TakeDown.reason).where(TakeDown.card_id.in_(down), TakeDown.restored_at.is_(None))
    return {card_id: reason for card_id, reason in db.session.execute(query.order_by(TakeDown.at))} if down else {}


def answer(card: Card, text: str) -> bool:
    """Keep what the owner says to the reason; False if the card is not down."""
    taken = find_take_down(card)
    if taken:
        taken.answer, taken.answered_at = text[:LONGEST_ANSWER], now()
        db.session.commit()
    return taken is not None


def _changed(update: sa.Update) -> bool:
    return cast("sa.CursorResult[Any]", db.session.execute(update)).rowcount == 1
