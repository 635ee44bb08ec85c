"""The seller's pages of products and categories."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from typing import Any

from flask import flash, redirect, request, url_for
from flask_babel import gettext as _

from vcardapp.accounts.limits import limiter
from vcardapp.accounts.owner import current_owner
from vcardapp.accounts.sessions import sign_in_required
from vcardapp.cards.models import Card
from vcardapp.media import service as media
from vcardapp.store import catalogue, catalogue_saving
from vcardapp.store.catalogue_checks import BadValue
from vcardapp.store.catalogue_forms import CategoryForm, ProductForm, ServiceForm
from vcardapp.store.form_rows import named, pressed
from vcardapp.store.models import Category, Product, Service, Shop
from vcardapp.store.owner_fields import price_in
from vcardapp.store.owner_views import Answer, bp, number_of, own_shop, page
from vcardapp.web import or_404

PAGE = 100
MOST_MOVED = 500
Arranged = type[Product] | type[Service] | type[Category]


@bp.get("/cards/<uuid:card_id>/store")
@sign_in_required
def products(card_id: uuid.UUID) -> Answer:
    card, shop = own_shop(card_id)
    sought = " ".join(request.args.get("q", "").split())[:100]
    categories = catalogue.categories_of(card)
    chosen = next((one for one in categories if str(one.id) == request.args.get("category")), None)
    found = catalogue.products_of(card, hidden=True, category=chosen, text=sought)
    if not found and not sought and not chosen:
        return _product_page(card, shop, None, _product_form(card, shop, ProductForm()), is_first=True)
    pages = max(1, -(-len(found) // PAGE))
    number = min(pages, max(1, request.args.get("page", 1, number_of)))
    start = (number - 1) * PAGE
    values = {"categories": categories, "chosen": chosen, "sought": sought, "total": len(found), "start": start}
    return page("products", card, shop, products=found[start : start + PAGE], number=number, pages=pages, **values)


@bp.route("/cards/<uuid:card_id>/store/products/new", methods=["GET", "POST"])
@sign_in_required
@limiter.limit("600/hour", methods=["POST"])
def new_product(card_id: uuid.UUID) -> Answer:
    card, shop = own_shop(card_id)
    return _save_product(card, shop, None)


@bp.route("/cards/<uuid:card_id>/store/products/<uuid:product_id>", methods=["GET", "POST"])
@sign_in_required
@limiter.limit("600/hour", methods=["POST"])
def product(card_id: uuid.UUID, product_id: uuid.UUID) -> Answer:
    card, shop = own_shop(card_id)
    return _save_product(card, shop, or_404(catalogue.find_product(card, product_id)))


@bp.post("/cards/<uuid:card_id>/store/products/arrange")
@sign_in_required
def arrange_products(card_id: uuid.UUID) -> Answer:
    return arranged(card_id, Product, "shop.products")


@bp.route("/cards/<uuid:card_id>/store/products/<uuid:product_id>/delete", methods=["GET", "POST"])
@sign_in_required
def delete_product(card_id: uuid.UUID, product_id: uuid.UUID) -> Answer:
    card, shop = own_shop(card_id)
    return deleted(card, shop, or_404(catalogue.find_product(card, product_id)), "shop.products")


@bp.route("/cards/<uuid:card_id>/store/categories", methods=["GET", "POST"])
@sign_in_required
@limiter.limit("600/hour", methods=["POST"])
def categories(card_id: uuid.UUID) -> Answer:
    card, shop = own_shop(card_id)
    form = CategoryForm(named(request.form))
    if request.method == "POST" and form.validate():
        try:
            catalogue.add_category(card, form.name.data or "")
        except catalogue.TooMany:
            form.name.errors = [_("A shop can have at most %(num)d categories.", num=catalogue.MOST_CATEGORIES)]
        except BadValue as bad:
            form.name.errors = [_(bad.reason, **bad.values)]
        else:
            return redirect(url_for("shop.categories", card_id=card.id), 303)
    listed = [(one, len(catalogue.products_of(card, hidden=True, category=one))) for one in catalogue.categories_of(card)]
    return page("categories", card, shop, form=form, categories=listed), 422 if form.errors else 200


@bp.post("/cards/<uuid:card_id>/store/categories/arrange")
@sign_in_required
def arrange_categories(card_id: uuid.UUID) -> Answer:
    card, _shop = own_shop(card_id)
    for category in catalogue.categories_of(card):
        name = request.form.get(f"name-{category.id}", "")
        if name and name != category.name:
            try:
                catalogue.rename_category(category, name)
            except BadValue as bad:
                flash(f"{category.name}: {_(bad.reason, **bad.values)}", "warning")
    return arranged(card_id, Category, "shop.categories")


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


def take_pictures(form: ProductForm | ServiceForm) -> list[str]:
    """Store the pictures that came with a form and put them into it; return what is wrong with those that were not taken."""
    wrong = []
    for file in request.files.getlist("photos"):
        if not file.filename:
            continue
        try:
            taken = media.add_file(current_owner(), file.stream, file.filename, "picture")
        except media.FileRefused as refused:
            wrong.append(_("%(file)s: %(reason)s", file=file.filename[:100], reason=_(refused.reason)))
        except media.AccountFull:
            wrong.append(_("There is no room left in your account. Remove some pictures or papers first."))
        else:
            rows = form.pictures
            if isinstance(form, ServiceForm):
                rows.entries.clear()
            if taken.id not in rows.data and len(rows.entries) < (rows.max_entries or 1):
                rows.append_entry(taken.id)
    return wrong


def id_of(text: str) -> uuid.UUID | None:
    try:
        return uuid.UUID(text)
    except ValueError:
        return None


def told(form: Any, bad: BadValue) -> None:
    """Put what cannot be stored beside its field."""
    field = form[bad.field if bad.field in form else "name"]
    field.errors = [_(bad.reason, **bad.values)]


def _all(card: Card, kind: Arranged) -> Sequence[Product | Service | Category]:
    if kind is Product:
        return catalogue.products_of(card, hidden=True)
    return catalogue.services_of(card, hidden=True) if kind is Service else catalogue.categories_of(card)


def _find(card: Card, kind: Arranged, item_id: uuid.UUID) -> Product | Service | Category | None:
    if kind is Product:
        return catalogue.find_product(card, item_id)
    return catalogue.find_service(card, item_id) if kind is Service else catalogue.find_category(card, item_id)


def _product_form(card: Card, shop: Shop, form: ProductForm) -> ProductForm:
    price_in(form, shop)
    return form.offer(catalogue.categories_of(card))


def _save_product(card: Card, shop: Shop, product: Product | None) -> Answer:
    if request.method == "GET":
        form = ProductForm.of(product, shop) if product else ProductForm()
        return _product_page(card, shop, product, _product_form(card, shop, form))
    form = _product_form(card, shop, ProductForm(named(request.form)))
    refused = take_pictures(form)
    action = request.form.get("action", "save")
    again = pressed(form, action)
    if again is not None:
        return _product_page(card, shop, product, _product_form(card, shop, again), refused=refused, used=action)
    if product and action != "force" and request.form.get("revision") != catalogue_saving.revision_of(product):
        return _product_page(card, shop, product, form, refused=refused, conflict=True), 409
    stored = _stored(card, product, form) if form.validate() and not refused else None
    if stored is None:
        return _product_page(card, shop, product, form, refused=refused), 422
    flash(_("%(name)s is saved.", name=stored.name), "success")
    if action == "another":
        return redirect(url_for("shop.new_product", card_id=card.id), 303)
    return redirect(url_for("shop.products", card_id=card.id, _anchor=f"item-{stored.id}"), 303)


def _stored(card: Card, product: Product | None, form: ProductForm) -> Product | None:
    values = form.values()
    category = catalogue.find_category(card, wished) if (wished := id_of(form.category.data or "")) else None
    values["category_id"] = category.id if category else None
    if product and form.stock.data == request.form.get("had"):
        del values["stock"]  # orders may have taken some since
    pictures = [one for one in form.pictures.data if one in media.find_files(current_owner(), form.pictures.data)]
    key = id_of(request.form.get("key", "")) or uuid.uuid4()
    try:
        return catalogue_saving.save_product(
            card, product, values, pictures, key=key, category=form.new_category.data or ""
        )
    except catalogue.TooMany:
        form.name.errors = [_("There is no room for more in this list.")]
    except BadValue as bad:
        told(form, bad)
    return None


def _product_page(card: Card, shop: Shop, product: Product | None, form: ProductForm, **more: Any) -> str:
    blank = ProductForm()
    blank.options.append_entry()
    blank.pictures.append_entry()
    shown = {"is_first": False, "conflict": False, "refused": [], "used": "", **more}
    return page(
        "product",
        card,
        shop,
        product=product,
        form=form,
        blank=blank,
        files=media.find_files(current_owner(), [one for one in form.pictures.data if one]),
        key=request.form.get("key") or str(uuid.uuid4()),
        had=request.form.get("had") or str(product.stock if product else ""),
        revision=catalogue_saving.revision_of(product),
        **shown,
    )
