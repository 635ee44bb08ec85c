"""The shop of a card: its settings, whether it is open, which of its pictures are seen."""

from __future__ import annotations

import uuid
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

import sqlalchemy as sa
from babel.numbers import get_territory_currencies
from sqlalchemy.exc import IntegrityError

from vcardapp.cards.file_text import printable
from vcardapp.cards.hours import has_hours, opening_at
from vcardapp.cards.models import Card
from vcardapp.db import db
from vcardapp.store import money
from vcardapp.store.delivery import Delivery
from vcardapp.store.message_words import WORDS
from vcardapp.store.models import Product, ProductPicture, Service, Shop
from vcardapp.store.numbers import read_shop_number

MAY_CHANGE = {
    "is_open", "title", "currency", "shows_decimals", "whatsapp", "language", "header", "footer", "deliveries", "own_hours",
    "takes_ahead", "asks", "pay", "order_email", "lapse_hours",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class ShopOpening:
    """Whether orders are taken now, and for when; `until` is when this may be another."""

    is_open: bool
    takes_orders: bool
    opens_at: datetime | None = None  # while closed: when it opens next, and for when an order is
    until: datetime | None = None


def find_shop(card: Card) -> Shop | None:
    """Find the shop of a card."""
    return db.session.scalar(sa.select(Shop).where(Shop.card_id == card.id))


def card_of(shop: Shop) -> Card:
    """Return the card that a shop belongs to."""
    return db.session.get_one(Card, shop.card_id)


def open_shop(card: Card) -> Shop:
    """Return the shop of a card; the first time it is made with what the card knows: currency, number, language."""
    shop = find_shop(card)
    if shop is None:
        content = card.draft
        shop = Shop(card_id=card.id, currency=_currency_of(content.country), language=_language_of(content.language))
        shop.whatsapp = next((link.handle for link in content.links if link.network == "whatsapp"), "")
        number = read_shop_number(shop.whatsapp, content.country)
        shop.whatsapp_digits = number.digits if number else ""
        shop.deliveries = (Delivery("pickup", "pick-up"),)
        db.session.add(shop)
        try:
            db.session.commit()
        except IntegrityError:  # another window was first
            db.session.rollback()
            return open_shop(card)
    return shop


def change_shop(shop: Shop, **values: Any) -> Shop:
    """Change settings (names of MAY_CHANGE); `whatsapp` is read by the card's country, prices follow another currency.

    In another currency the figures stay: 12.50 becomes 12.500 dinar, and 13 yen.
    """
    unknown = values.keys() - MAY_CHANGE
    if unknown:
        raise TypeError(f"no settings of a shop: {unknown}")
    if values.get("currency", shop.currency) != shop.currency:
        _change_exponent(shop, money.exponent_of(values["currency"]) - money.exponent_of(shop.currency))
    for name, value in values.items():
        setattr(shop, name, printable(value) if isinstance(value, str) else value)
    if "whatsapp" in values:
        number = read_shop_number(shop.whatsapp, card_of(shop).draft.country)
        shop.whatsapp_digits = number.digits if number else ""
    db.session.commit()
    return shop


def opening_of(shop: Shop, card: Card, at: datetime) -> ShopOpening:
    """Return whether a shop takes orders: by its own hours or the card's; one without hours is always open.

    Without any way of delivery nobody can order.
    """
    if not shop.is_open or not shop.offered_deliveries:
        return ShopOpening(False, False)
    content = (card.live or card.draft).visible() if shop.own_hours is None else (card.live or card.draft)
    hours = shop.own_hours or content.hours
    zone = zone_of(card)
    if not has_hours(hours) or zone is None:
        return ShopOpening(True, True)
    opening = opening_at(hours, at, zone)
    if opening.is_open:
        return ShopOpening(True, True, None, opening.change)
    return ShopOpening(False, shop.takes_ahead and opening.change is not None, opening.change, opening.change)


def title_of(shop: Shop, card: Card) -> str:
    """Return the name of a shop: its own, or the card's."""
    content = card.live or card.draft
    return shop.title or content.display_name


def zone_of(card: Card) -> ZoneInfo | None:
    """Return by whose clock a card's hours are."""
    name = (card.live or card.draft).time_zone
    try:
        return ZoneInfo(name) if name else None
    except (KeyError, ValueError, OSError):
        return None


def cards_showing(file_id: str) -> Collection[uuid.UUID]:
    """Return the public cards on which a picture is seen now."""
    of_products = sa.select(Product.card_id).join(ProductPicture, ProductPicture.product_id == Product.id)
    of_products = of_products.where(ProductPicture.file_id == file_id, Product.hidden.is_(False))
    of_services = sa.select(Service.card_id).where(Service.file_id == file_id, Service.hidden.is_(False))
    ids = sa.union(of_products, of_services).subquery()
    return list(db.session.scalars(sa.select(Card.id).where(Card.id.in_(sa.select(ids)), Card.is_public)))


def _change_exponent(shop: Shop, more: int) -> None:
    for product in db.session.scalars(sa.select(Product).where(Product.card_id == shop.card_id)):
        product.price = _scaled(product.price, more)
        product.compare_at = None if product.compare_at is None else _scaled(product.compare_at, more)
        product.options = tuple(group.scaled(more) for group in product.options)
    for service in db.session.scalars(sa.select(Service).where(Service.card_id == shop.card_id)):
        service.price = None if service.price is None else _scaled(service.price, more)
    shop.deliveries = tuple(way.scaled(more) for way in shop.deliveries)


def _scaled(amount: int, more: int) -> int:
    return min(money.MOST, money.scaled(amount, more))


def _currency_of(country: str) -> str:
    found = get_territory_currencies(country) if country else []
    return next((currency for currency in found if currency in money.CURRENCIES), "EUR")


def _language_of(language: str) -> str:
    short = language.split("-")[0].lower()
    return short if short in WORDS else "en"
