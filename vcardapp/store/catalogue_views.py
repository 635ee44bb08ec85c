"""The seller's pages of products and categories."""

from __future__ import annotations

import uuid
from typing import Any

from flask import flash, redirect, request, url_for
from flask_babel import gettext as _

from vcardapp.accounts.limits import limiter
from vcardapp.accounts.owner import current_owner
from vcardapp.accounts.sessions import sign_in_required
from vcardapp.cards.models import Card
from vcardapp.media import service as media
from vcardapp.store import catalogue, catalogue_saving
from vcardapp.store.arranging import arranged, deleted, id_of
from vcardapp.store.catalogue_checks import BadValue
from vcardapp.store.catalogue_forms import CategoryForm, ProductForm, ServiceForm
from vcardapp.store.form_rows import named, pressed
from vcardapp.store.models import Category, Product, Shop
from vcardapp.store.owner_fields import price_in
from vcardapp.store.owner_views import Answer, bp, number_of, own_shop, page
from vcardapp.web import or_404

PAGE = 100


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


def told(form: Any, bad: BadValue) -> None:
    """Put what cannot be stored beside its field."""
    field = form[bad.field if bad.field in form else "name"]
    field.errors = [_(bad.reason, **bad.values)]


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
    listed = enumerate(catalogue.products_of(card, hidden=True))
    place = next((place for place, one in listed if one.id == stored.id), 0)
    number = place // PAGE + 1 if place >= PAGE else None
    return redirect(url_for("shop.products", card_id=card.id, page=number, _anchor=f"item-{stored.id}"), 303)


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
