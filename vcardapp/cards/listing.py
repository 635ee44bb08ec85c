"""My cards page by page: an import can make a thousand of them."""

from __future__ import annotations

from dataclasses import dataclass

import sqlalchemy as sa

from vcardapp.accounts.owner import Owner
from vcardapp.cards.models import Card
from vcardapp.cards.service import owned_by
from vcardapp.cards.slugs import key_of
from vcardapp.db import db

PAGE = 50  # cards
LONGEST_SOUGHT = 100  # characters


@dataclass(frozen=True, slots=True)
class CardList:
    cards: list[Card]
    page: int  # from 1
    pages: int
    found: int  # cards on all pages
    total: int  # cards of the owner


def list_cards(owner: Owner, sought: str = "", page: int = 1) -> CardList:
    """Return one page of the owner's cards, the last changed first; of those with every word of `sought` in name or company.

    Words are compared by Python: databases fold the letters of English only.
    """
    draft = sa.type_coerce(Card.draft, sa.JSON)
    names = (draft["display_name"].as_string(), draft["company"].as_string())
    query = sa.select(Card.id, *names).where(owned_by(owner), Card.deleted_at.is_(None))
    rows = db.session.execute(query.order_by(Card.changed_at.desc(), Card.id)).all()
    words = [key_of(word) for word in sought[:LONGEST_SOUGHT].split()]
    found = [card_id for card_id, *texts in rows if _holds(texts, words)]
    pages = max(1, -(-len(found) // PAGE))
    page = min(max(1, page), pages)
    wanted = found[(page - 1) * PAGE : page * PAGE]
    cards = {card.id: card for card in db.session.scalars(sa.select(Card).where(Card.id.in_(wanted)))}
    return CardList([cards[card_id] for card_id in wanted if card_id in cards], page, pages, len(found), len(rows))


def _holds(texts: list[str | None], words: list[str]) -> bool:
    if not words:
        return True
    text = key_of(" ".join(filter(None, texts)))
    return all(word in text for word in words)
