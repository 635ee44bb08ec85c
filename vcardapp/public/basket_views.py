"""Basket and checkout: kept by the server, worked by plain forms; the one cookie comes with the first thing laid in."""

from __future__ import annotations

import uuid
from http import HTTPStatus
from typing import Any

from flask import Response, jsonify, redirect, render_template, request, url_for
from flask_babel import get_locale, gettext

from vcardapp import cookie
from vcardapp.accounts.limits import limiter
from vcardapp.cards.models import Card
from vcardapp.public import bp, shop_page
from vcardapp.public.basket_forms import asked_choices, asked_details, asked_quantities, asked_seen
from vcardapp.public.same_site import from_this_site
from vcardapp.public.shop_views import find_open_shop, find_shown, private, product_page, shop_context
from vcardapp.store import baskets, catalogue, ordering, orders, service, words
from vcardapp.store.models import Order, Shop
from vcardapp.store.options import BadOptions
from vcardapp.store.ordering import Details, Incomplete, OrderChanged
from vcardapp.store.pricing import Change, PricedBasket


def asked_token() -> str:
    """Return the token of the browser's basket, "" while it has none."""
    return cookie.part("basket").partition(".")[0][:64]


def asked_key() -> str:
    """Return the key of the browser's last checkout, "" while it has been to none."""
    return cookie.part("basket").partition(".")[2][:64]


def last_order(shop: Shop) -> tuple[Order, str] | None:
    """Return the order that the browser's last checkout became, and its token: who lost the connection finds it here."""
    key = asked_key()
    token = ordering.token_for(shop.id, key) if key else ""
    order = orders.find_order(token) if token else None
    return (order, token) if order else None


@bp.post("/<slug:slug>/store/add")
@from_this_site
@limiter.limit("120/minute")
def add_to_basket(slug: str) -> Any:
    """Lay a product with its choices in; scripts get told how full the basket is, others are led to it."""
    card, shop = find_open_shop(slug)
    product = find_shown(card, _id_of(request.form.get("product", "")))
    chosen = asked_choices(request.form)
    quantity = asked_quantities(request.form).get("quantity", 1)
    token = asked_token() or baskets.new_token()
    try:
        basket = baskets.add_to_basket(shop, token, product.id, chosen, quantity)
    except BadOptions as bad:
        problem = words.of_bad_options(bad)
        return _not_added(product_page(card, shop, product, chosen=chosen, wanted=quantity, problem=problem, group=bad.group))
    except baskets.NotOffered:
        problem = gettext("%(name)s is sold out.", name=product.name)
        return _not_added(product_page(card, shop, product, chosen=chosen, wanted=quantity, problem=problem))
    except baskets.BasketFull:
        problem = gettext("The basket is full. Please order what is in it first.")
        return _not_added(product_page(card, shop, product, chosen=chosen, wanted=quantity, problem=problem))
    pieces, kept = sum(line.quantity for line in basket.lines), f"{token}.{asked_key()}".rstrip(".")
    if request.accept_mimetypes.best == "application/json":
        return _with_cookie(jsonify(pieces=pieces, said=gettext("%(name)s is in your basket.", name=product.name)), kept)
    address = url_for("public.basket", slug=slug, added=str(product.id))
    return _with_cookie(redirect(address, HTTPStatus.SEE_OTHER), kept)


@bp.get("/<slug:slug>/store/basket")
def basket(slug: str) -> Any:
    card, shop = find_open_shop(slug)
    return private(_basket_page(card, shop))


@bp.post("/<slug:slug>/store/basket")
@from_this_site
@limiter.limit("120/minute")
def change_basket(slug: str) -> Any:
    """Set the quantities that were typed; a button may take one line out, or go on to the checkout."""
    card, shop = find_open_shop(slug)
    token, wanted = asked_token(), asked_quantities(request.form)
    removed = request.form.get("remove", "")
    undo: dict[str, Any] = {}
    found = baskets.find_basket(shop, token)
    if found is None:
        return redirect(url_for("public.basket", slug=slug), HTTPStatus.SEE_OTHER)
    line = next((line for line in found.lines if line.key == removed), None)
    if line:
        wanted[line.key] = 0
        undo = {"removed": line.product_id, "choice": list(line.chosen), "n": line.quantity}
    baskets.set_quantities(shop, token, wanted)
    endpoint = "public.checkout" if "checkout" in request.form and not line else "public.basket"
    return redirect(url_for(endpoint, slug=slug, **undo), HTTPStatus.SEE_OTHER)


@bp.get("/<slug:slug>/store/checkout")
def checkout(slug: str) -> Any:
    card, shop = find_open_shop(slug)
    found = baskets.find_basket(shop, asked_token())
    priced = baskets.price(shop, found)
    if found is None or not priced.lines or any(line.problem for line in priced.lines):
        return redirect(url_for("public.basket", slug=slug), HTTPStatus.SEE_OTHER)
    html = _checkout_page(card, shop, Details(delivery_id=_first_way(shop, priced)))
    return _with_cookie(private(html), f"{asked_token()}.{found.key}")


@bp.post("/<slug:slug>/store/checkout")
@from_this_site
@limiter.limit("20/minute;200/hour")
def place_order(slug: str) -> Any:
    """Place the order once: the key of the basket, which only this browser was told, names it."""
    card, shop = find_open_shop(slug)
    details = asked_details(request.form, shop, str(get_locale() or "en"))
    if "fix" in request.form:
        return _fixed(card, shop, details)
    key, seen = request.form.get("key", "")[:64], asked_seen(request.form, details)
    try:
        placed = ordering.place_order(shop, asked_token(), key, details, seen)
    except Incomplete as incomplete:
        html = _checkout_page(card, shop, details, missing=incomplete.fields)
        return private(html, HTTPStatus.UNPROCESSABLE_ENTITY)
    except OrderChanged as changed:
        if not changed.basket.lines:
            return private(_basket_page(card, shop, changed.changes), HTTPStatus.CONFLICT)
        return private(_checkout_page(card, shop, details, changes=changed.changes), HTTPStatus.CONFLICT)
    return redirect(url_for("public.order", token=placed.token), HTTPStatus.SEE_OTHER)


def _fixed(card: Card, shop: Shop, details: Details) -> Any:
    """Mend one line of the basket from the checkout; what was typed there stays."""
    key, _, number = request.form["fix"].partition(":")
    if baskets.find_basket(shop, asked_token()):
        baskets.set_quantities(shop, asked_token(), {key: int(number)} if number.isdecimal() and len(number) < 4 else {})
    found = baskets.find_basket(shop, asked_token())
    if found is None or not found.lines:
        return redirect(url_for("public.basket", slug=card.slug), HTTPStatus.SEE_OTHER)
    return private(_checkout_page(card, shop, details))


def _basket_page(card: Card, shop: Shop, changes: tuple[Change, ...] = ()) -> str:
    """Draw the basket: what is wrong with a line stands beside it, all else above."""
    priced = baskets.price(shop, baskets.find_basket(shop, asked_token()))
    context = shop_context(card, shop)
    ids = (_id_of(line.product_id) for line in priced.lines)
    return render_template(
        "store/basket.html",
        priced=priced,
        products={str(one.id): one for one in filter(None, (catalogue.find_product(card, each) for each in ids))},
        sentences=_sentences(shop, card, changes),
        beside=_beside(shop, card, priced, ()),
        state=shop_page.state_in_words(context["opening"], card),
        added=_named(card, request.args.get("added", "")),
        removed=_named(card, request.args.get("removed", "")),
        last=last_order(shop),
        **context,
    )


def _beside(shop: Shop, card: Card, priced: PricedBasket, changes: tuple[Change, ...]) -> dict[str, list[str]]:
    """Return what has to be said about each line, by its key."""
    found: dict[str, list[str]] = {}
    for line in priced.lines:
        said = [line.problem] if line.problem else [change for change in changes if change.line == line.key]
        if not said and line.was is not None:
            said = [Change("price", line.key, line.name, before=line.was, after=line.unit)]
        found[line.key] = _sentences(shop, card, tuple(said))
    return found


def _checkout_page(
    card: Card, shop: Shop, details: Details, *, missing: dict[str, str] | None = None, changes: tuple[Change, ...] = ()
) -> str:
    found = baskets.find_basket(shop, asked_token())
    priced = baskets.price(shop, found, details.delivery_id, details.area_id)
    context = shop_context(card, shop)
    return render_template(
        "store/checkout.html",
        priced=priced,
        key=found.key if found else "",
        seen=ordering.seen(priced, context["opening"], shop.currency).replace(f"fee:{priced.fee}", "").strip(),
        details=details,
        missing=missing or {},
        sentences=_sentences(shop, card, tuple(change for change in changes if not change.line)),
        beside=_beside(shop, card, priced, changes),
        state=shop_page.state_in_words(context["opening"], card),
        way_name=words.of_delivery,
        is_asked=lambda field: ordering.is_asked(shop, priced, field),
        is_required=lambda field: ordering.is_required(shop, priced, field),
        longest=ordering.LONGEST,
        **context,
    )


def _sentences(shop: Shop, card: Card, changes: tuple[Change, ...]) -> list[str]:
    zone = service.zone_of(card)
    return list(dict.fromkeys(words.of_change(change, shop, str(get_locale() or "en"), zone) for change in changes))


def _first_way(shop: Shop, priced: PricedBasket) -> str:
    """Return the way of delivery that is chosen from the start: the first whose minimum is reached."""
    ways = shop.offered_deliveries
    reached = [way for way in ways if way.areas or way.minimum <= priced.subtotal]
    return (reached or ways)[0].id if ways else ""


def _named(card: Card, product_id: str) -> str:
    """Return the name of a product that the address names, "" if it is none that visitors see."""
    found = catalogue.find_product(card, _id_of(product_id)) if product_id else None
    return found.name if found and not found.hidden else ""


def _id_of(text: str) -> uuid.UUID:
    try:
        return uuid.UUID(text)
    except ValueError:
        return uuid.UUID(int=0)


def _not_added(html: str) -> Response:
    return private(html, HTTPStatus.UNPROCESSABLE_ENTITY)


def _with_cookie(response: Any, value: str) -> Any:
    """Keep the token of the basket and, behind a dot, the key of the last checkout in the one cookie."""
    cookie.keep("basket", value)
    response.headers["Cache-Control"] = "no-store"
    return response
