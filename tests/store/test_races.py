"""Eight buyers and the last piece: exactly one gets it; eight times the same order: it is there once."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
import sqlalchemy as sa
from flask import Flask

from tests.store.buyers import BUYERS, ROUNDS, Buyers, Visit, buyers
from tests.store.cast import bakery, bread, details, filled, seen
from vcardapp.accounts.models import User
from vcardapp.db import db
from vcardapp.mail import Mail
from vcardapp.store import baskets, catalogue
from vcardapp.store.models import Basket, Order, Product, Shop


def visit(shop: Shop, product: Product, quantity: int = 1) -> Visit:
    token, basket = filled(shop, (product, quantity))
    asked = details()
    return Visit(shop.id, token, basket.key, asked, seen(shop, token, asked))


def count(model: type[Order | Mail]) -> int:
    return db.session.scalar(sa.select(sa.func.count()).select_from(model)) or 0


@pytest.fixture
def crowd(app: Flask) -> Iterator[Buyers]:
    with buyers(app) as made:
        yield made


def test_eight_buyers_and_the_last_piece(app: Flask, alice: User, crowd: Buyers) -> None:
    card, shop = bakery(alice)
    last, rye = bread(card, stock_kind="counted", stock=1), bread(card, stock_kind="counted", stock=10**6)
    for number in range(1, ROUNDS + 1):  # of eight baskets exactly one becomes an order
        catalogue.change_product(last, stock=1)
        outcomes = crowd.order([visit(shop, last) for _ in range(BUYERS)])
        db.session.rollback()
        assert sorted(outcomes)[1:] == ["sold out"] * (BUYERS - 1), outcomes
        assert count(Order) == count(Mail) == number
        assert db.session.get_one(Product, last.id).stock == 0
    catalogue.change_product(last, stock=10)
    outcomes = crowd.order([visit(shop, last, 3) for _ in range(BUYERS)])
    db.session.rollback()
    assert sorted(outcome for outcome in outcomes if "-" not in outcome) == ["too few"] * (BUYERS - 3)
    assert db.session.get_one(Product, last.id).stock == 1
    before = count(Order)
    for number in range(1, ROUNDS + 1):  # one basket, sent eight times, is one order, one mail, and taken once
        same = visit(shop, rye, 2)
        outcomes = crowd.order([same] * BUYERS)
        db.session.rollback()
        assert len(set(outcomes)) == 1, outcomes
        assert count(Order) == count(Mail) == before + number
        assert db.session.get_one(Product, rye.id).stock == 10**6 - 2 * number
        basket = baskets.find_basket(shop, same.token)
        assert isinstance(basket, Basket)
        assert basket.lines == ()
