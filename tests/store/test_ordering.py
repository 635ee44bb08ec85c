"""Placing an order: once, at the shop's prices, as the buyer saw it."""

from __future__ import annotations

from flask import Flask

from tests.store.cast import bakery, bread, order
from vcardapp.accounts.models import User


def test_an_order_keeps_names_and_prices_as_they_were(app: Flask, alice: User) -> None:
    card, shop = bakery(alice)
    rye = bread(card)
    placed = order(shop, (rye, 2))
    assert (placed.order.subtotal, placed.order.fee, placed.order.total) == (980, 0, 980)
