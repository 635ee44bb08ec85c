"""The seller's pages: what all of them share. They stand in catalogue_views, settings_views and order_views."""

from __future__ import annotations

import uuid
from typing import Any

from babel.dates import format_datetime
from flask import Blueprint, render_template
from flask_babel import get_locale
from werkzeug.wrappers import Response

from vcardapp.accounts.owner import current_owner
from vcardapp.cards import service as cards
from vcardapp.cards.models import Card
from vcardapp.db import now
from vcardapp.domains.service import address_base
from vcardapp.store import messages, money, orders, service, words
from vcardapp.store.models import Order, Shop
from vcardapp.store.typed_prices import price_text
from vcardapp.web import or_404

Answer = str | Response | tuple[str | Response, int]
WAYS = {
    "products": ("products", "product", "categories", "delete", "import"),
    "services": ("services", "service"),
    "orders": ("orders", "order"),
}
bp = Blueprint("shop", __name__)


def own_shop(card_id: uuid.UUID) -> tuple[Card, Shop]:
    """Return the asking owner's card with its shop, made the first time, or answer 404."""
    card = or_404(cards.find_card(current_owner(), card_id))
    return card, service.open_shop(card)


def page(template: str, card: Card, shop: Shop, **values: Any) -> str:
    """Draw a page of the seller in its frame: the shop's name, whether it takes orders, the four ways."""
    return render_template(
        f"store/owner/{template}.html",
        card=card,
        shop=shop,
        way=next((way for way, templates in WAYS.items() if template in templates), "settings"),
        currency=money.currency_name(shop.currency, _language()),
        example=price_text(1250, shop.currency, _language()),
        opening=service.opening_of(shop, card, now()),
        shop_title=service.title_of(shop, card),
        shop_address=f"{address_base(card)}/{card.slug}/store" if card.is_public else "",
        waiting=orders.counts_of(shop).get("prepared", 0),
        sum_of=lambda amount: messages.sums_of(shop, amount, _language()),
        sum_in=lambda order, amount: messages.sum_of(order, amount, _language()),
        moment=lambda at, form="medium": moment_of(card, at, form),
        delivery_word=words.of_delivery,
        delivery_of=delivery_of,
        notes={},
        **values,
    )


def moment_of(card: Card, at: Any, form: str = "medium") -> str:
    """Return a moment by the card's clock, in the reader's words."""
    return format_datetime(at, form, tzinfo=service.zone_of(card), locale=money.locale_of(_language()))


def delivery_of(order: Order) -> str:
    """Return how an order comes to its buyer: a way, a place."""
    name = order.delivery_name or words.of_kind(order.delivery_kind)
    return " · ".join(filter(None, (name, order.area_name, order.table)))


def number_of(text: str) -> int:
    """Return the number of a page of a list."""
    return int(text) if text.isascii() and text.isdecimal() and len(text) < len("1000000") else 1


def _language() -> str:
    return str(get_locale() or "en")
