"""What the lists of the seller's pages share: rows are moved, hidden, copied and deleted."""

from __future__ import annotations

import uuid
from collections.abc import Sequence

from flask import flash, redirect, request, url_for
from flask_babel import gettext as _

from vcardapp.cards.models import Card
from vcardapp.store import catalogue
from vcardapp.store.models import Category, Product, Service, Shop
from vcardapp.store.owner_views import Answer, own_shop, page

MOST_MOVED = 500
Arranged = type[Product] | type[Service] | type[Category]


def arranged(card_id: uuid.UUID, kind: Arranged, back: str) -> Answer:
    """Do what a button of a list says ("up:<id>", "hide:<id>"), or take the order that script sends, and go back to the list."""
    card, _shop = own_shop(card_id)
    if ids := request.form.getlist("ids"):
        _reorder(card, kind, [found for one in ids[:MOST_MOVED] if (found := id_of(one))])
        return "", 204
    verb, _colon, name = request.form.get("action", "").partition(":")
    item_id = id_of(name)
    item = _find(card, kind, item_id) if item_id else None
    if item is not None:
        _do(item, verb)
    q, category, number = (request.form.get(name) or None for name in ("q", "category", "page"))
    anchor = f"item-{item_id}" if item else None
    return redirect(url_for(back, card_id=card.id, q=q, category=category, page=number, _anchor=anchor), 303)


def _reorder(card: Card, kind: Arranged, ids: list[uuid.UUID]) -> None:
    """Give those of a page, or of a category, their new order in the places that they have among all."""
    known = [one.id for one in _all(card, kind)]
    places = {one: place for place, one in enumerate(known)}
    moved = list(dict.fromkeys(one for one in ids if one in places))
    for place, one in zip(sorted(places[one] for one in moved), moved, strict=True):
        known[place] = one
    catalogue.put_in_order(card, kind, known)


def _do(item: Product | Service | Category, verb: str) -> None:
    if verb in ("up", "down"):
        catalogue.move(item, -1 if verb == "up" else 1)
    elif verb == "remove" and isinstance(item, Category):
        catalogue.remove(item)
        flash(_("The category is removed. Its products are still there."), "success")
    elif isinstance(item, Category):
        return
    elif verb in ("hide", "show"):
        catalogue.hide(item, hidden=verb == "hide")
    elif verb == "copy":
        name = _("%(name)s (copy)", name=item.name[:100])
        try:
            if isinstance(item, Product):
                catalogue.duplicate_product(item, name)
            else:
                catalogue.duplicate_service(item, name)
            flash(_("The copy is hidden until you show it."), "success")
        except catalogue.TooMany:
            flash(_("There is no room for more in this list."), "warning")


def deleted(card: Card, shop: Shop, item: Product | Service, back: str) -> Answer:
    """Ask once more, then remove."""
    if request.method == "POST":
        name = item.name
        catalogue.remove(item)
        flash(_("%(name)s is deleted. Orders keep what they say about it.", name=name), "success")
        return redirect(url_for(back, card_id=card.id), 303)
    return page("delete", card, shop, item=item, back=back)


def id_of(text: str) -> uuid.UUID | None:
    try:
        return uuid.UUID(text)
    except ValueError:
        return None


def _all(card: Card, kind: Arranged) -> Sequence[Product | Service | Category]:
    if kind is Product:
        return catalogue.products_of(card, hidden=True)
    return catalogue.services_of(card, hidden=True) if kind is Service else catalogue.categories_of(card)


def _find(card: Card, kind: Arranged, item_id: uuid.UUID) -> Product | Service | Category | None:
    if kind is Product:
        return catalogue.find_product(card, item_id)
    return catalogue.find_service(card, item_id) if kind is Service else catalogue.find_category(card, item_id)
