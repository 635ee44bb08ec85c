"""Placing an order: once for each basket, at the shop's own prices, with the stock taken, in one transaction."""

from __future__ import annotations

import hashlib
import hmac
import secrets
import uuid
from base64 import urlsafe_b64encode
from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.exc import IntegrityError

from vcardapp.cards import codes
from vcardapp.cards.file_text import one_line, printable
from vcardapp.cards.phones import read_phone
from vcardapp.db import db, now, take_turn
from vcardapp.store import baskets, money, notices, stock
from vcardapp.store.models import Basket, Order, OrderChange, OrderLine, Shop
from vcardapp.store.pricing import Change, PricedBasket, changes_since
from vcardapp.store.service import ShopOpening, card_of, opening_of
from vcardapp.web import settings

LONGEST = {"name": 80, "phone": 40, "email": 255, "address": 300, "table": 20, "note": 500}
TRIES = 3


@dataclass(frozen=True, slots=True)
class Details:
    """What a buyer says at the checkout. Names of products, prices and sums are not among it."""

    delivery_id: str = ""
    area_id: str = ""
    name: str = ""
    phone: str = ""
    email: str = ""
    address: str = ""
    table: str = ""
    note: str = ""
    language: str = "en"


@dataclass(frozen=True, slots=True)
class Placed:
    """An order with the token of its page; `is_new` is False where it had been placed before."""

    order: Order
    token: str
    is_new: bool


class OrderChanged(Exception):
    """The order cannot be placed as it was seen: what has changed, and how the basket stands now. Nothing was stored."""

    def __init__(self, changes: tuple[Change, ...], basket: PricedBasket) -> None:
        super().__init__(", ".join(change.sort for change in changes))
        self.changes = changes
        self.basket = basket


class Incomplete(Exception):
    """These details are missing or too long: field -> "missing", "too long" or "no number"."""

    def __init__(self, fields: dict[str, str]) -> None:
        super().__init__(", ".join(fields))
        self.fields = fields


def seen(basket: PricedBasket, opening: ShopOpening, currency: str = "") -> str:
    """Return what a checkout page shows of prices, their currency and times, for its form: what place_order compares with."""
    opens = "" if opening.is_open or opening.opens_at is None else f" opens:{int(opening.opens_at.timestamp())}"
    return basket.seen() + opens + (f" in:{currency}" if currency else "")


def place_order(shop: Shop, token: str, key: str, details: Details, seen: str) -> Placed:
    """Place what is in the browser's basket; raise OrderChanged or Incomplete, and then nothing is stored.

    `key` is the basket's own (Basket.key): however often it comes, however many tabs send it, there is one order, and each
    gets its token. The basket is empty afterwards.
    """
    shop_id = shop.id
    for _ in range(TRIES):
        try:
            return _place(shop_id, token, key, details, seen)
        except IntegrityError:  # the same key, or the same number, in another request
            db.session.rollback()
    raise RuntimeError("no order number is free")


def _place(shop_id: uuid.UUID, token: str, key: str, details: Details, seen: str) -> Placed:
    order_token = token_for(shop_id, key)
    mine = sa.select(Basket).where(Basket.shop_id == shop_id, Basket.token_hash == baskets.hash_of(token))
    take_turn(mine)
    before = db.session.scalar(sa.select(Order).where(Order.token_hash == baskets.hash_of(order_token)))
    if before is not None:
        db.session.commit()
        return Placed(before, order_token, is_new=False)
    shop = db.session.get_one(Shop, shop_id)
    card = card_of(shop)  # held, or it would be read again and again
    basket = db.session.scalar(mine)
    opening = opening_of(shop, card, now())
    priced = baskets.price(shop, basket, details.delivery_id, details.area_id)
    changes = _changes(shop, basket, key, priced, opening, seen)
    if changes or basket is None:
        db.session.rollback()
        raise OrderChanged(changes or (Change("empty"),), priced)
    wrong = missing(shop, priced, details)
    if wrong:
        db.session.rollback()
        raise Incomplete(wrong)
    order = _order(shop, priced, details, opening)
    order.token_hash = baskets.hash_of(order_token)
    try:
        stock.take(order.lines)
    except stock.SoldOut as gone:  # between our look and now, which only PostgreSQL allows
        db.session.rollback()
        again = baskets.price(shop, baskets.find_basket(shop, token), details.delivery_id, details.area_id)
        line = next((line for line in again.lines if line.product_id == str(gone.product_id)), None)
        sold_out = Change("sold out", line.key if line else "", line.name if line else "", after=0)
        raise OrderChanged(changes_since(seen, again) or (sold_out,), again) from None
    basket.lines, basket.key, basket.changed_at = (), secrets.token_hex(16), now()
    db.session.add(order)
    db.session.flush()
    notices.tell_seller(order)
    db.session.commit()
    return Placed(order, order_token, is_new=True)


def token_for(shop_id: uuid.UUID, key: str) -> str:
    """Return the token of the order that a basket's key becomes: 128 bits that only this server can tell, 22 characters.

    Where the secret key was changed since it became one, that order's.
    """
    told = f"order {shop_id} {key}".encode()
    digests = [hmac.new(one.encode(), told, hashlib.sha256).digest()[:16] for one in reversed(settings().signing_keys)]
    tokens = [urlsafe_b64encode(digest).rstrip(b"=").decode() for digest in digests]
    placed = sa.select(Order.token_hash).where(Order.token_hash.in_([baskets.hash_of(token) for token in tokens[1:]]))
    known = set(db.session.scalars(placed)) if tokens[1:] else set()
    return next((token for token in tokens[1:] if baskets.hash_of(token) in known), tokens[0])


def missing(shop: Shop, priced: PricedBasket, details: Details) -> dict[str, str]:
    """Return which details this shop and this way of delivery still need: field -> what is wrong."""
    found = {}
    for field, longest in LONGEST.items():
        typed = getattr(details, field)
        if len(typed) > longest:
            found[field] = "too long"
        elif not typed.strip() and is_required(shop, priced, field):
            found[field] = "missing"
    if details.phone.strip() and "phone" not in found and read_phone(details.phone, card_of(shop).draft.country) is None:
        found["phone"] = "no number"
    if "email" not in found and details.email.strip() and "@" not in details.email.strip()[1:-1]:
        found["email"] = "no address"
    return found


def is_required(shop: Shop, priced: PricedBasket, field: str) -> bool:
    """True if a detail has to be said for an order by the chosen way."""
    if field == "address":
        return priced.delivery is not None and priced.delivery.needs_address
    if field == "table":
        return priced.delivery is not None and priced.delivery.kind == "table"
    return shop.asks.get(field) == "required"


def is_asked(shop: Shop, priced: PricedBasket, field: str) -> bool:
    """True if a detail is asked for at all."""
    return shop.asks.get(field, "off") != "off" or is_required(shop, priced, field)


def _changes(
    shop: Shop, basket: Basket | None, key: str, priced: PricedBasket, opening: ShopOpening, seen: str
) -> tuple[Change, ...]:
    if basket is None or not basket.lines or not secrets.compare_digest(basket.key.encode(), key.encode()):
        return (Change("empty"),) if basket is None or not basket.lines else (Change("another"),)
    found = list(changes_since(seen, priced))
    if not opening.takes_orders:
        found.append(Change("closed", opens_at=opening.opens_at))
    elif not opening.is_open and f"opens:{_stamp(opening.opens_at)}" not in seen.split():
        found.append(Change("hours", opens_at=opening.opens_at))
    if any(part.startswith("in:") and part != f"in:{shop.currency}" for part in seen.split()):
        found.append(Change("basket"))
    if opening.takes_orders and priced.delivery is None:
        found.append(Change("no delivery"))
    return tuple(found)


def _stamp(moment: datetime | None) -> int:
    return int(moment.timestamp()) if moment else 0


def _order(shop: Shop, priced: PricedBasket, details: Details, opening: ShopOpening) -> Order:
    order = Order(id=uuid.uuid4(), shop_id=shop.id, number=_new_number(), currency=shop.currency)
    order.exponent = money.exponent_of(shop.currency)
    order.state, order.subtotal, order.fee, order.total = "prepared", priced.subtotal, priced.fee, priced.total
    if priced.delivery:
        order.delivery_kind, order.delivery_name = priced.delivery.kind, priced.delivery.name[:40]
        order.area_name = priced.area.name[:40] if priced.area else ""
    for field in ("name", "phone", "email", "table"):
        setattr(order, field, one_line(getattr(details, field)) if is_asked(shop, priced, field) else "")
    for field in ("address", "note"):
        setattr(order, field, printable(getattr(details, field)) if is_asked(shop, priced, field) else "")
    order.language, order.wanted_for = details.language[:16], None if opening.is_open else opening.opens_at
    order.created_at = order.changed_at = now()
    order.lines = [
        OrderLine(
            position=position, product_id=uuid.UUID(line.product_id), name=line.name, choices=[list(one) for one in line.choices],
            unit=line.unit, quantity=line.quantity, held=0,
        )
        for position, line in enumerate(priced.lines)
    ]  # fmt: skip
    order.history = [OrderChange(at=order.created_at, by="buyer", old="", new="prepared")]
    return order


def _new_number() -> str:
    """Return six characters of Crockford base32, not in any order; that a shop has each once, its table makes sure."""
    code = codes.new_code()
    return f"{code[:3]}-{code[3:]}"
