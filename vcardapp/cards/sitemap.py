"""Which cards search engines are told of: in parts, so that a million of them fit (sitemaps.org: 50,000 a file)."""

from __future__ import annotations

from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import load_only

from vcardapp.cards.models import Card
from vcardapp.db import db

ABOUT = 5_000  # cards of a part; their ids are random, so that parts are about equal
IDS = 2**128


def parts_of_sitemap() -> int:
    """Return how many parts there are."""
    count = db.session.scalar(sa.select(sa.func.count()).select_from(Card).where(Card.is_public)) or 0
    return max(1, -(-count // ABOUT))


def listed_cards(part: int, parts: int) -> list[Card]:
    """Return the public cards of one part, less those that their owners keep out."""
    first, behind = UUID(int=IDS * part // parts), IDS * (part + 1) // parts
    return _listed(Card.id >= first, Card.id <= UUID(int=behind - 1))


def listed_cards_of(owner_id: UUID) -> list[Card]:
    """Return one person's public cards, less those that are kept out."""
    return _listed(Card.owner_id == owner_id)


def _listed(*which: sa.ColumnElement[bool]) -> list[Card]:
    columns = load_only(Card.slug, Card.owner_id, Card.published_at, Card.live)
    cards = db.session.scalars(sa.select(Card).where(Card.is_public, *which).order_by(Card.id).options(columns))
    return [card for card in cards if card.live and not card.live.unlisted]
