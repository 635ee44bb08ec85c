"""Baskets: what a browser has laid in, kept on the server; the browser's cookie holds nothing but a random token."""

from __future__ import annotations

import hashlib
import secrets
import uuid
from dataclasses import replace

import sqlalchemy as sa
from sqlalchemy.exc import IntegrityError

from vcardapp.db import db, now, take_turn
from vcardapp.store import options
from vcardapp.store.models import Basket, Product, Shop
from vcardapp.store.pricing import MOST_LINES, MOST_PIECES, BasketLine, Goods, PricedBasket, merged, price_basket


class BasketFull(Exception):
    """A basket holds no more lines."""


class NotOffered(Exception):
    """The shop does not have this product, or not any more."""


def new_token() -> str:
    """Return a token for a browser without a basket: 128 random bits."""
    return secrets.token_urlsafe(16)


def hash_of(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()


def find_basket(shop: Shop, token: str | None) -> Basket | None:
    """Find the basket that a browser has at a shop."""
    query = sa.select(Basket).where(Basket.shop_id == shop.id, Basket.token_hash == hash_of(token or ""))
    return db.session.scalar(query) if token else None


def add_to_basket(shop: Shop, token: str, product_id: uuid.UUID, chosen: tuple[str, ...] = (), quantity: int = 1) -> Basket:
    """Lay pieces of a product with its choices into the basket; raise NotOffered, BadOptions or BasketFull.

    As many as the stock has or one order may hold are laid in, however many were asked for.
    """
    product = db.session.get(Product, product_id)
    if product is None or product.card_id != shop.card_id or product.hidden:
        raise NotOffered
    price = options.unit_price(product.price, options.taken(product.options, chosen))
    line = BasketLine(str(product_id), tuple(sorted(set(chosen))), max(1, min(quantity, MOST_PIECES)), price)
    most = product.most if product.left is None else min(product.left, product.most)
    if most == 0:
        raise NotOffered
    basket = _locked(shop, token)
    others = sum(one.quantity for one in basket.lines if one.product_id == line.product_id and one.key != line.key)
    lines = merged([*basket.lines, line])
    if len(lines) > MOST_LINES:
        db.session.rollback()
        raise BasketFull
    room = max(1, most - others)
    basket.lines = tuple(replace(one, quantity=min(one.quantity, room)) if one.key == line.key else one for one in lines)
    return _kept(basket)


def set_quantities(shop: Shop, token: str, quantities: dict[str, int]) -> Basket:
    """Set how many pieces lines (by their keys) have; 0 takes a line out, lines that are not named stay as they are."""
    basket = _locked(shop, token)
    wanted = [replace(line, quantity=min(quantities.get(line.key, line.quantity), MOST_PIECES)) for line in basket.lines]
    basket.lines = tuple(line for line in wanted if line.quantity > 0)
    return _kept(basket)


def empty(shop: Shop, token: str) -> None:
    """Forget a basket."""
    db.session.execute(sa.delete(Basket).where(Basket.shop_id == shop.id, Basket.token_hash == hash_of(token)))
    db.session.commit()


def price(shop: Shop, basket: Basket | None, delivery_id: str = "", area_id: str = "") -> PricedBasket:
    """Price a basket by the catalogue as it stands; a shop with one way of delivery needs none to be named."""
    offered = shop.offered_deliveries
    delivery = shop.delivery(delivery_id) if delivery_id else offered[0] if len(offered) == 1 else None
    lines = basket.lines if basket else ()
    return price_basket(lines, goods_of(shop, lines), delivery, area_id)


def goods_of(shop: Shop, lines: tuple[BasketLine, ...]) -> dict[str, Goods]:
    """Return the products of a basket that visitors see now, by their ids."""
    ids = {uuid.UUID(line.product_id) for line in lines}
    query = sa.select(Product).where(Product.id.in_(ids), Product.card_id == shop.card_id, Product.hidden.is_(False))
    found = db.session.scalars(query.execution_options(populate_existing=True)) if ids else ()
    return {str(product.id): product for product in found}


def _locked(shop: Shop, token: str) -> Basket:
    """Return the browser's basket, made if need be, with no other request changing it until the commit."""
    shop_id = shop.id
    mine = sa.select(Basket).where(Basket.shop_id == shop_id, Basket.token_hash == hash_of(token))
    if db.session.scalar(mine) is None:
        db.session.add(Basket(shop_id=shop_id, token_hash=hash_of(token), lines=(), key=secrets.token_hex(16)))
        try:
            db.session.commit()
        except IntegrityError:  # another tab was quicker
            db.session.rollback()
    take_turn(mine)
    return db.session.scalars(mine.execution_options(populate_existing=True)).one()


def _kept(basket: Basket) -> Basket:
    basket.changed_at = now()
    db.session.commit()
    return basket
