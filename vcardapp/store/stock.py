"""Pieces in stock: taken by orders, given back. The count is changed by the database, so two can never take the last one."""

from __future__ import annotations

import uuid
from collections.abc import Iterable
from typing import cast

import sqlalchemy as sa

from vcardapp.db import db, now
from vcardapp.store.models import FEW, OrderLine, Product


class SoldOut(Exception):
    """There are not as many pieces left; `product_id` says of what."""

    def __init__(self, product_id: uuid.UUID) -> None:
        super().__init__(str(product_id))
        self.product_id = product_id


def take(lines: Iterable[OrderLine]) -> None:
    """Take the pieces of all lines whose products are counted, in one order for all, without committing; raise SoldOut."""
    for line in _in_order(lines):
        counted = (Product.id == line.product_id, Product.stock_kind == "counted")
        statement = sa.update(Product).where(*counted, Product.stock >= line.quantity)
        left = _change(statement.values(stock=Product.stock - line.quantity))
        if left is not None:
            line.held = line.quantity
            _note(line.product_id, left)
        elif db.session.scalar(sa.select(sa.func.count()).where(*counted)):
            raise SoldOut(cast("uuid.UUID", line.product_id))


def give_back(lines: Iterable[OrderLine]) -> None:
    """Give back what the lines hold, without committing; what is no longer counted needs nothing."""
    for line in _in_order(lines):
        if line.held:
            statement = sa.update(Product).where(Product.id == line.product_id, Product.stock_kind == "counted")
            left = _change(statement.values(stock=Product.stock + line.held))
            if left is not None:
                _note(line.product_id, left - line.held)
            line.held = 0


def _in_order(lines: Iterable[OrderLine]) -> list[OrderLine]:
    """Return them by product, so that two orders never wait for each other."""
    return sorted((line for line in lines if line.product_id), key=lambda line: str(line.product_id))


def _change(statement: sa.Update) -> int | None:
    """Return how many pieces there are now, None where nothing could be changed."""
    returning = statement.returning(Product.stock).execution_options(synchronize_session=False)
    return db.session.scalar(returning)


def _note(product_id: uuid.UUID | None, pieces: int) -> None:
    """Have the card's pages drawn anew where they tell how many are left, or did so a moment ago."""
    product = db.session.get(Product, product_id) if product_id and pieces <= FEW else None
    if product:
        product.changed_at = now()
