"""Notes every change to what a card's page shows, in the transaction that makes it, and reads what others noted."""

from __future__ import annotations

import uuid
from datetime import timedelta
from typing import Any

import sqlalchemy as sa
from flask import current_app, has_app_context
from sqlalchemy import event
from sqlalchemy.engine import Engine
from sqlalchemy.orm import Session

from vcardapp.cards.models import Card
from vcardapp.db import db, now
from vcardapp.domains.models import Domain
from vcardapp.public.models import PageChange

KEPT = timedelta(hours=1)
OVERLAP = 60.0  # seconds in which a change with a lower number may still appear: numbers are given before the commit
NOTED = "changed_cards"
READERS = {"ready_pages", "hosts"}


@event.listens_for(Session, "before_flush")
def _note(session: Session, _context: Any, _objects: Any) -> None:
    noted: set[uuid.UUID] = session.info.setdefault(NOTED, set())
    changed = [*session.new, *(row for row in session.dirty if session.is_modified(row)), *session.deleted]
    fresh = {card for row in changed for card in _cards_of(row)} - noted
    session.add_all(PageChange(card_id=card) for card in fresh)
    noted |= fresh


@event.listens_for(Session, "after_commit")
def _look_at_once(session: Session) -> None:
    if session.info.pop(NOTED, None) and has_app_context():
        for name in READERS & current_app.extensions.keys():
            current_app.extensions[name].look_soon()


@event.listens_for(Session, "after_soft_rollback")
def _forget(session: Session, _previous: Any) -> None:
    session.info.pop(NOTED, None)


def _cards_of(row: Any) -> set[uuid.UUID]:
    """Return the cards whose pages show this row; every model of a later feature that has a `card_id` counts.

    A domain notes itself, for those who look up hosts, and its owner where it is in the address of all their cards.
    """
    if isinstance(row, Domain):
        return {row.id, row.card_id or row.owner_id} if row.id else set()
    name = "id" if isinstance(row, Card) else "card_id"
    if isinstance(row, PageChange) or not hasattr(row, name):
        return set()
    history = sa.inspect(row).attrs[name].history  # a code that now leads elsewhere changes two pages
    return {card for card in (getattr(row, name), *history.deleted) if isinstance(card, uuid.UUID)}


def sweep() -> None:
    """Remove what every worker has read long ago."""
    db.session.execute(sa.delete(PageChange).where(PageChange.changed_at < now() - KEPT))
    db.session.commit()


class ChangeReader:
    """Which cards changed since the last look, each change told once."""

    def __init__(self, engine: Engine) -> None:
        self.engine = engine
        self.floor: int | None = None
        self.seen: dict[int, float] = {}  # number -> when it was read

    def read(self, moment: float) -> set[uuid.UUID]:
        """Return the cards changed since the last call; `moment` is in seconds of any steady clock."""
        with self.engine.connect() as connection:
            if self.floor is None:
                self.floor = connection.scalar(sa.select(sa.func.max(PageChange.id))) or 0
                self.floor = max(0, self.floor - 1000)
            query = sa.select(PageChange.id, PageChange.card_id).where(PageChange.id > self.floor)
            changes = [(number, card) for number, card in connection.execute(query) if number not in self.seen]
        self.seen.update((number, moment) for number, _ in changes)
        for number in [number for number, read in self.seen.items() if moment - read > OVERLAP]:
            del self.seen[number]
            self.floor = max(self.floor, number)
        return {card for _, card in changes}
