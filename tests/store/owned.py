"""What addresses of a shop can name, made on first use: a product, a service, an order and the link to answer it."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from typing import Any

import sqlalchemy as sa

from tests.store import cast
from vcardapp.cards.models import Card
from vcardapp.db import db
from vcardapp.store import catalogue, service
from vcardapp.store.answer_links import answer_token
from vcardapp.store.models import Order, Shop


def product_of(card: Card) -> uuid.UUID:
    found = catalogue.products_of(card, hidden=True) or [cast.bread(card)]
    return found[0].id


def service_of(card: Card) -> uuid.UUID:
    found = catalogue.services_of(card, hidden=True) or [catalogue.add_service(card, name="Lesson", price=2500)]
    return found[0].id


def order_of(card: Card) -> uuid.UUID:
    shop = service.open_shop(card)
    found = db.session.scalar(sa.select(Order.id).where(Order.shop_id == shop.id).limit(1))
    return found or _placed(card, shop)


def token_of_new_order(card: Card) -> str:
    """Place another order and return the token of its page."""
    shop, product = service.open_shop(card), catalogue.find_product(card, product_of(card))
    return cast.order(shop, (product, 1)).token


def named_by(card: Card) -> dict[str, Callable[[], Any]]:
    """What makes the values for addresses, by the names of their parts."""
    return {
        "product_id": lambda: product_of(card),
        "service_id": lambda: service_of(card),
        "order_id": lambda: order_of(card),
        "signed": lambda: answer_token(order_of(card)),
    }


def _placed(card: Card, shop: Shop) -> uuid.UUID:
    was = shop.deliveries, shop.own_hours
    service.change_shop(shop, deliveries=(cast.PICK_UP,))
    placed = cast.order(shop, (cast.bread(card, name="Roll"), 1)).order.id
    service.change_shop(shop, deliveries=was[0])
    return placed
