"""The message of an order: what WhatsApp is opened with, in the shop's language."""

from __future__ import annotations

from zoneinfo import ZoneInfo

from babel.dates import format_datetime

from vcardapp.cards.models import Card
from vcardapp.cards.phones import read_phone
from vcardapp.store import money
from vcardapp.store.message_words import Words, words_for
from vcardapp.store.models import Order, Shop
from vcardapp.store.service import title_of, zone_of
from vcardapp.store.whatsapp import Message, MessageLine


def message_of(order: Order, card: Card, link: str) -> Message:
    """Return what an order says; `link` is the absolute address of the order's own page. Sums as they were then."""
    shop = order.shop
    words = words_for(shop.language)
    has_more = order.fee > 0
    return Message(
        words=words,
        number=order.number,
        shop=title_of(shop, card),
        lines=tuple(MessageLine(line.quantity, line.name, line.details, _sum(order, line.total)) for line in order.lines),
        subtotal=_sum(order, order.subtotal) if has_more else "",
        delivery=delivery_words(order, words),
        fee=_sum(order, order.fee) if has_more else words.free if order.delivery_kind == "delivery" else "",
        total=f"{_sum(order, order.total)} {order.currency}",
        name=order.name,
        phone=_dialled(order.phone, card),
        email=order.email,
        address=order.address,
        note=order.note,
        wanted_for=_moment(order, card, shop.language),
        header=shop.header,
        footer=shop.footer,
        link=link,
    )


def delivery_words(order: Order, words: Words) -> str:
    """Return how an order comes to its buyer: "Delivery, town centre", "At the table 7"."""
    of_kind = {"pick-up": words.pick_up, "delivery": words.delivery, "table": words.table}
    name = order.delivery_name or of_kind.get(order.delivery_kind, "")
    return words.comma.join(filter(None, (f"{name} {order.table}".strip(), order.area_name)))


def sums_of(shop: Shop, amount: int, language: str) -> str:
    """Return an amount in the shop's currency as readers of a language write it."""
    return money.shown(amount, shop.currency, language, decimals=shop.shows_decimals)


def sum_of(order: Order, amount: int, language: str) -> str:
    """Return an amount of an order, in the currency it was placed in."""
    decimals = order.shop.shows_decimals
    return money.shown(amount, order.currency, language, decimals=decimals, exponent=order.exponent)


def _sum(order: Order, amount: int) -> str:
    shop = order.shop
    number = money.number(amount, order.currency, shop.language, decimals=shop.shows_decimals, exponent=order.exponent)
    return money.for_message(number)


def _dialled(typed: str, card: Card) -> str:
    """Return a phone number without a plus, which some phones show as a space: 00 and the digits."""
    phone = read_phone(typed, (card.live or card.draft).country) if typed else None
    return phone.shown.replace("+", "00") if phone else typed.replace("+", "00")


def _moment(order: Order, card: Card, language: str) -> str:
    if order.wanted_for is None:
        return ""
    zone = zone_of(card) or ZoneInfo("UTC")
    return money.for_message(format_datetime(order.wanted_for, "EEE d MMM, HH:mm", tzinfo=zone, locale=money.locale_of(language)))
