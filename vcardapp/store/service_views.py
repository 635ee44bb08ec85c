"""The seller's pages of services."""

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
from vcardapp.store.catalogue_forms import ServiceForm
from vcardapp.store.catalogue_views import take_pictures, told
from vcardapp.store.form_rows import named, pressed
from vcardapp.store.models import Service, Shop
from vcardapp.store.owner_fields import price_in
from vcardapp.store.owner_views import Answer, bp, own_shop, page
from vcardapp.web import or_404


@bp.get("/cards/<uuid:card_id>/store/services")
@sign_in_required
def services(card_id: uuid.UUID) -> Answer:
    card, shop = own_shop(card_id)
    return page("services", card, shop, services=catalogue.services_of(card, hidden=True))


@bp.route("/cards/<uuid:card_id>/store/services/new", methods=["GET", "POST"])
@sign_in_required
@limiter.limit("600/hour", methods=["POST"])
def new_service(card_id: uuid.UUID) -> Answer:
    card, shop = own_shop(card_id)
    return _save(card, shop, None)


@bp.route("/cards/<uuid:card_id>/store/services/<uuid:service_id>", methods=["GET", "POST"])
@sign_in_required
@limiter.limit("600/hour", methods=["POST"])
def service(card_id: uuid.UUID, service_id: uuid.UUID) -> Answer:
    card, shop = own_shop(card_id)
    return _save(card, shop, or_404(catalogue.find_service(card, service_id)))


@bp.post("/cards/<uuid:card_id>/store/services/arrange")
@sign_in_required
def arrange_services(card_id: uuid.UUID) -> Answer:
    return arranged(card_id, Service, "shop.services")


@bp.route("/cards/<uuid:card_id>/store/services/<uuid:service_id>/delete", methods=["GET", "POST"])
@sign_in_required
def delete_service(card_id: uuid.UUID, service_id: uuid.UUID) -> Answer:
    card, shop = own_shop(card_id)
    return deleted(card, shop, or_404(catalogue.find_service(card, service_id)), "shop.services")


def _save(card: Card, shop: Shop, found: Service | None) -> Answer:
    if request.method == "GET":
        return _page(card, shop, found, ServiceForm.of(found, shop) if found else ServiceForm())
    form = ServiceForm(named(request.form))
    price_in(form, shop)
    refused = take_pictures(form)
    action = request.form.get("action", "save")
    again = pressed(form, action)
    if again is not None:
        return _page(card, shop, found, again, refused=refused)
    if found and action != "force" and request.form.get("revision") != catalogue_saving.revision_of(found):
        return _page(card, shop, found, form, refused=refused, conflict=True), 409
    stored = _stored(card, found, form) if _is_right(form) and not refused else None
    if stored is None:
        return _page(card, shop, found, form, refused=refused), 422
    flash(_("%(name)s is saved.", name=stored.name), "success")
    return redirect(url_for("shop.services", card_id=card.id, _anchor=f"item-{stored.id}"), 303)


def _is_right(form: ServiceForm) -> bool:
    is_right = form.validate()
    if form.price_kind.data != "on request" and not form.price.data:
        form.price.errors = [_("Please type a price, or choose “Price on request”.")]
    if form.action.data == "link" and not form.link.data:
        form.link.errors = [_("Please type the address that the button opens.")]
    return is_right and not form.errors


def _stored(card: Card, found: Service | None, form: ServiceForm) -> Service | None:
    ids = media.find_files(current_owner(), [one for one in form.pictures.data if one])
    values = {**form.values(), "file_id": next(iter(ids), None)}
    try:
        return catalogue_saving.save_service(card, found, values, key=id_of(request.form.get("key", "")) or uuid.uuid4())
    except catalogue.TooMany:
        form.name.errors = [_("There is no room for more in this list.")]
    except BadValue as bad:
        told(form, bad)
    return None


def _page(card: Card, shop: Shop, found: Service | None, form: ServiceForm, **more: Any) -> str:
    price_in(form, shop)
    blank = ServiceForm()
    blank.pictures.append_entry()
    return page(
        "service",
        card,
        shop,
        service=found,
        form=form,
        blank=blank,
        files=media.find_files(current_owner(), [one for one in form.pictures.data if one]),
        key=request.form.get("key") or str(uuid.uuid4()),
        revision=catalogue_saving.revision_of(found),
        **{"conflict": False, "refused": [], **more},
    )
