"""The shop of a card and the page of each of its products: ready pages, as nothing on them is about the visitor."""

from __future__ import annotations

import uuid
from http import HTTPStatus
from typing import Any

from flask import Response, abort, render_template, request

from vcardapp.cards.models import Card
from vcardapp.db import now
from vcardapp.public import answers, bp, names, ready, shop_page
from vcardapp.public.booking_page import bookable_services
from vcardapp.public.card_views import find_public_card, shown_card
from vcardapp.store import catalogue, service
from vcardapp.store.models import Product, Shop
from vcardapp.store.money import exponent_of
from vcardapp.web import or_404


def find_open_shop(slug: str) -> tuple[Card, Shop]:
    """Return a card that is public and its shop; answer 404 where it has none."""
    card = find_public_card(slug)
    return card, or_404(service.find_shop(card))


def shop_context(card: Card, shop: Shop) -> dict[str, Any]:
    """Return what all pages of a shop draw."""
    return {
        **shown_card(card),
        "shop": shop,
        "title": service.title_of(shop, card),
        "opening": service.opening_of(shop, card, now()),
        "size_of": names.size_of,
        "digits": exponent_of(shop.currency),
        "sum": lambda amount: shop_page.sum_in(shop, amount),
    }


@bp.get("/<slug:slug>/store")
def shop(slug: str) -> Any:
    card, found = find_open_shop(slug)
    wanted = request.args.get("q", "").strip()[:80]
    shelves = shop_page.shelves_of(found, card, wanted)
    context = shop_context(card, found)
    books = bookable_services(card, card.slug or "")
    offers = shop_page.offers_of(found, card, context["card"], books) if not wanted else []
    if not (shelves or offers or wanted):
        abort(HTTPStatus.NOT_FOUND)
    count = sum(len(shelf.goods) for shelf in shelves)
    state = shop_page.state_in_words(context["opening"], card)
    html = render_template(
        "store/shop.html", shelves=shelves, offers=offers, wanted=wanted, count=count, many=shop_page.MANY, state=state, **context
    )
    return ready.offer(answers.page(html), card, context["opening"].until)


@bp.get("/<slug:slug>/store/<uuid:product_id>")
def product(slug: str, product_id: uuid.UUID) -> Any:
    card, found = find_open_shop(slug)
    html = product_page(card, found, find_shown(card, product_id))
    return ready.offer(answers.page(html), card, service.opening_of(found, card, now()).until)


def find_shown(card: Card, product_id: uuid.UUID) -> Product:
    """Return a product that visitors see, or answer 404."""
    found = or_404(catalogue.find_product(card, product_id))
    if found.hidden:
        abort(HTTPStatus.NOT_FOUND)
    return found


def product_page(card: Card, shop: Shop, product: Product, **tried: Any) -> str:
    """Draw the page of a product, with what was `tried` in vain: chosen, wanted (pieces), problem, group."""
    context = shop_context(card, shop)
    state = shop_page.state_in_words(context["opening"], card)
    goods = shop_page.goods_of(shop, product)
    tried = {"chosen": (), "wanted": 1, "problem": "", "group": "", **tried}
    return render_template("store/product.html", goods=goods, product=product, state=state, **tried, **context)


def private(html: str, status: HTTPStatus = HTTPStatus.OK) -> Response:
    """Answer with a page that is about this visitor alone."""
    response = Response(html, status)
    response.headers["Cache-Control"] = "no-store"
    response.headers["X-Robots-Tag"] = "noindex"
    return response
