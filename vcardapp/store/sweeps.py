"""What goes by itself or with its owner: old baskets, shops of erased cards, orders that nobody answered."""

from __future__ import annotations

import uuid
from datetime import timedelta

import sqlalchemy as sa

from vcardapp.cards.models import Card
from vcardapp.cards.service import going_with
from vcardapp.db import db, now
from vcardapp.store import orders
from vcardapp.store.models import Basket, Category, Order, Product, Service, Shop

BASKETS_KEPT = timedelta(days=30)


def sweep() -> None:
    """Remove old baskets and the shops of erased cards; let orders lapse that nobody answered."""
    db.session.execute(sa.delete(Basket).where(Basket.changed_at < now() - BASKETS_KEPT))
    db.session.commit()
    _forget(sa.select(Card.id).where(Card.erased_at.is_not(None)))
    orders.lapse_old()


def forget_shops_of(user_id: uuid.UUID) -> None:
    """Remove the shops of a person who leaves, with all their orders."""
    _forget(going_with(user_id))


def _forget(cards: sa.Select[uuid.UUID]) -> None:
    shops = sa.select(Shop.id).where(Shop.card_id.in_(cards))
    db.session.execute(sa.delete(Order).where(Order.shop_id.in_(shops)))
    for model in (Shop, Product, Category, Service):
        db.session.execute(sa.delete(model).where(model.card_id.in_(cards)))
    db.session.commit()
