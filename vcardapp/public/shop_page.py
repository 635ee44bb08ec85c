"""What a visitor sees of a shop: services and products with their prices in the visitor's words."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from babel.dates import format_skeleton, format_time
from babel.units import format_unit
from flask import url_for
from flask_babel import get_locale, gettext

from vcardapp.cards.models import Card
from vcardapp.cards.uris import safe_url
from vcardapp.db import now
from vcardapp.public import names
from vcardapp.public.page import CardPage
from vcardapp.public.visitor import visitor_locale
from vcardapp.store import catalogue, service
from vcardapp.store.messages import sums_of
from vcardapp.store.models import Product, Service, Shop
from vcardapp.store.service import ShopOpening
from vcardapp.store.whatsapp import quoted

ON_THE_CARD = 4  # products that the card's own page shows
MANY = 12  # products from which a search is offered
Books = Mapping[uuid.UUID | None, str]


@dataclass(frozen=True, slots=True)
class Goods:
    """A product as a list shows it."""

    id: uuid.UUID
    name: str
    product: Product
    price: str
    before: str  # the price that is struck through
    is_from: bool  # some choices that have to be made cost more
    words: str  # what a search looks into
    note: str  # where there are no pictures: how the text begins

    @property
    def initial(self) -> str:
        return names.initial_of(self.name)

    @property
    def has_choices(self) -> bool:
        return bool(self.product.options)


@dataclass(frozen=True, slots=True)
class Shelf:
    """The products of a category; the last one, without a name, holds what has none."""

    key: str
    name: str
    goods: tuple[Goods, ...]

    @property
    def has_pictures(self) -> bool:
        return any(one.product.pictures for one in self.goods)


@dataclass(frozen=True, slots=True)
class Offer:
    """A service with the words of its one button."""

    service: Service
    name: str
    price: str
    lasts: str
    action: str  # "" where there is none
    href: str
    icon: str
    rel: str


@dataclass(frozen=True, slots=True)
class ShopSection:
    """What the card's own page shows of its shop."""

    path: str
    goods: tuple[Goods, ...]
    offers: tuple[Offer, ...]
    count: int

    @property
    def has_pictures(self) -> bool:
        return any(one.product.pictures for one in self.goods)


def section_of(card: Card, page: CardPage, books: Books) -> ShopSection | None:
    """Return what a card's page shows of its shop, None where it has none."""
    shop = service.find_shop(card)
    if shop is None:
        return None
    found = catalogue.products_of(card, limit=4 * ON_THE_CARD)
    goods = tuple(goods_of(shop, one) for one in sorted(found, key=lambda one: one.is_sold_out)[:ON_THE_CARD])
    offers = tuple(offers_of(shop, card, page, books))
    path = "" if page.is_preview else url_for("public.shop", slug=page.slug)
    return ShopSection(path, goods, offers, catalogue.count_products(card)) if goods or offers else None


def goods_of(shop: Shop, product: Product) -> Goods:
    """Return a product with its prices as the visitor writes them."""
    least, is_from = least_price(product)
    before = sum_in(shop, product.compare_at) if product.is_reduced and product.compare_at else ""
    words = f"{product.name} {product.text}".casefold()
    note = names.shown(product.text)[:120]
    return Goods(product.id, names.shown(product.name), product, sum_in(shop, least), before, is_from, words, note)


def least_price(product: Product) -> tuple[int, bool]:
    """Return what one piece costs at least, in minor units, and whether other choices that have to be made cost more."""
    least, is_from = product.price, False
    for group in product.options:
        differences = [choice.difference for choice in group.choices if not choice.sold_out]
        if group.required and differences:
            least += min(differences)
            is_from = is_from or max(differences) > min(differences)
    return max(0, least), is_from


def sum_in(shop: Shop, amount: int) -> str:
    """Return an amount as the visitor writes it."""
    return sums_of(shop, amount, str(visitor_locale(get_locale())))


def shelves_of(shop: Shop, card: Card, text: str = "") -> list[Shelf]:
    """Return the products by category, those only that a search finds; empty categories are left out."""
    by_category: dict[uuid.UUID | None, list[Goods]] = {}
    for product in catalogue.products_of(card, text=text):
        by_category.setdefault(product.category_id, []).append(goods_of(shop, product))
    named = [(str(number + 1), category.name, category.id) for number, category in enumerate(catalogue.categories_of(card))]
    found = [Shelf(key, names.shown(name), tuple(by_category.pop(each))) for key, name, each in named if each in by_category]
    rest = tuple(one for goods in by_category.values() for one in goods)
    return [*found, Shelf("more", "", rest)] if rest else found


def offers_of(shop: Shop, card: Card, page: CardPage, books: Books) -> list[Offer]:
    """Return the services, each with where its button leads; `books` says where each is booked, under None any."""
    return [offer_of(shop, page, one, books) for one in catalogue.services_of(card)]


def offer_of(shop: Shop, page: CardPage, offered: Service, books: Books) -> Offer:
    """Return a service with where its button leads; one that leads nowhere has none."""
    name = names.shown(offered.name)
    action = "book" if offered.id in books else offered.action
    said = {
        "whatsapp": (gettext("Ask by WhatsApp"), _ask(shop, name), "brand-whatsapp", "noopener"),
        "book": (gettext("Book"), books.get(offered.id, books.get(None, "")), "calendar-event", ""),
        "call": (gettext("Call"), page.call.href if page.call else "", "phone", ""),
        "link": (gettext("Open"), safe_url(offered.link) or "" if offered.link else "", "external-link", "noopener nofollow"),
    }
    words, href, icon, rel = said.get(action, ("", "", "", ""))
    return Offer(offered, name, _price_of(shop, offered), lasting(offered.minutes), words if href else "", href, icon, rel)


def lasting(minutes: int | None) -> str:
    """Return "45 min", "1 hr 30 min" in the visitor's language."""
    if not minutes:
        return ""
    locale = visitor_locale(get_locale())
    hours, rest = divmod(minutes, 60)
    parts = [format_unit(hours, "duration-hour", "short", locale=locale)] if hours else []
    return " ".join([*parts, *([format_unit(rest, "duration-minute", "short", locale=locale)] if rest else [])])


def state_in_words(opening: ShopOpening, card: Card) -> str:
    """Return what a buyer has to know of the hours now, "" while all is as usual."""
    if opening.is_open:
        return ""
    if not opening.takes_orders:
        if opening.opens_at is None:
            return str(gettext("This shop takes no orders at the moment."))
        return str(gettext("Closed now. Orders are taken again %(moment)s.", moment=moment_in_words(opening.opens_at, card)))
    if opening.opens_at is None:
        return str(gettext("Closed now."))
    return str(gettext("Closed now. You can order for %(moment)s.", moment=moment_in_words(opening.opens_at, card)))


def moment_in_words(moment: datetime, card: Card) -> str:
    """Return "today, 17:00", "tomorrow, 08:00" or "Mon 3 June, 08:00" by the shop's clock."""
    locale, zone = visitor_locale(get_locale()), service.zone_of(card)
    here = moment.astimezone(zone)
    clock = format_time(here, "short", tzinfo=zone, locale=locale)
    days = (here.date() - now().astimezone(zone).date()).days
    if days == 0:
        return str(gettext("today, %(time)s", time=clock))
    if days == 1:
        return str(gettext("tomorrow, %(time)s", time=clock))
    day = format_skeleton("MMMEd", here, tzinfo=zone, locale=locale)
    return str(gettext("%(day)s, %(time)s", day=day, time=clock))


def _price_of(shop: Shop, offered: Service) -> str:
    if offered.price_kind == "on request":
        return str(gettext("Price on request"))
    if offered.price is None:
        return ""
    price = sum_in(shop, offered.price)
    return str(gettext("from %(price)s", price=price)) if offered.price_kind == "from" else price


def _ask(shop: Shop, name: str) -> str:
    if not shop.whatsapp_digits:
        return ""
    return f"https://wa.me/{shop.whatsapp_digits}?text={quoted(gettext('Hello, I have a question about: %(name)s', name=name))}"
