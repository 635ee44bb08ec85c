"""Which cards search engines are told of: in parts, so that a million of them fit (sitemaps.org: 50,000 a file)."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

import sqlalchemy as sa

from vcardapp.cards.models import Card
from vcardapp.db import db

ABOUT = 5_000  # cards of a part; their ids are random, so that parts are about equal
IDS = 2**128
PUBLIC = (Card.live.is_not(None), Card.paused_at.is_(None), Card.deleted_at.is_(None))


def parts_of_sitemap() -> int:
    """Return how many parts there are."""
    count = db.session.scalar(sa.select(sa.func.count()).select_from(Card).where(*PUBLIC)) or 0
    return max(1, -(-count // ABOUT))


def listed_cards(part: int, parts: int) -> list[tuple[str, datetime]]:
    """Return address and last change of the public cards of one part, less those that their owners keep out."""
    first, behind = UUID(int=IDS * part // parts), IDS * (part + 1) // parts
    query = sa.select(Card.slug, Card.published_at, Card.live).where(*PUBLIC, Card.id >= first, Card.id <= UUID(int=behind - 1))
    rows = db.session.execute(query.order_by(Card.id))
    return [(slug, changed) for slug, changed, live in rows if slug and changed and live and not live.unlisted]
