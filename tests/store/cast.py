"""What tests of the store do again and again: a bakery with a few goods, and somebody who buys there."""

from __future__ import annotations

import secrets
from typing import Any

from tests import factories
from vcardapp.accounts.models import User
from vcardapp.cards.models import Card
from vcardapp.db import now
from vcardapp.store import baskets, catalogue, ordering, service
from vcardapp.store.delivery import Area, Delivery
from vcardapp.store.models import Basket, Product, Shop
from vcardapp.store.options import Choice, OptionGroup
from vcardapp.store.ordering import Details, Placed

SIZES = OptionGroup("size", "Size", (Choice("small", "Small"), Choice("whole", "Whole", 1200)), required=True)
TOPPINGS = OptionGroup("top", "Toppings", (Choice("cream", "Cream", 150), Choice("nuts", "Nuts", 80)), most=2)
PICK_UP = Delivery("pickup", "pick-up")
TOWN = Delivery(
    "town", "delivery", "Bicycle", fee=350, free_from=5000, minimum=1000, needs_address=True,
    areas=(Area("centre", "Town centre", 350), Area("hills", "Hills", 600, None, 2500)),
)  # fmt: skip


def bakery(person: User, slug: str = "bakery", **over: Any) -> tuple[Card, Shop]:
    """A published card with a shop that takes orders in euros at any hour."""
    card = factories.published_card(person, slug, display_name="Lindenhof Bakery", country="DE", language="en")
    shop = service.open_shop(card)
    values: dict[str, Any] = {"whatsapp": "+49 151 23456789", "deliveries": (PICK_UP, TOWN), "currency": "EUR"}
    service.change_shop(shop, **{**values, **over})
    return card, shop


def bread(card: Card, **over: Any) -> Product:
    return catalogue.add_product(card, **{"name": "Rye bread", "price": 490, **over})


def filled(shop: Shop, *goods: tuple[Any, ...], token: str = "") -> tuple[str, Basket]:
    """A browser's token and its basket with products, each with a quantity and perhaps choices."""
    token = token or secrets.token_urlsafe(16)
    for product, quantity, *chosen in goods:
        baskets.add_to_basket(shop, token, product.id, tuple(chosen), quantity)
    basket = baskets.find_basket(shop, token)
    assert basket is not None
    return token, basket


def seen(shop: Shop, token: str, details: Details) -> str:
    """What the checkout page shows now."""
    priced = baskets.price(shop, baskets.find_basket(shop, token), details.delivery_id, details.area_id)
    return ordering.seen(priced, service.opening_of(shop, service.card_of(shop), now()))


def details(**over: Any) -> Details:
    return Details(**{"delivery_id": "pickup", "name": "Mara Vogel", "phone": "0151 98765432", **over})


def order(shop: Shop, *goods: tuple[Any, ...], **over: Any) -> Placed:
    """An order as it comes of a visit."""
    token, basket = filled(shop, *goods)
    said = details(**over)
    return ordering.place_order(shop, token, basket.key, said, seen(shop, token, said))
