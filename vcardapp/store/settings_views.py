"""The seller's pages of settings: a list with each one's state in words, and a short form for each."""

from __future__ import annotations

import uuid
from typing import Any

from babel.dates import get_day_names
from flask import flash, redirect, request, url_for
from flask_babel import get_locale, ngettext
from flask_babel import gettext as _

from vcardapp.accounts.sessions import sign_in_required
from vcardapp.cards.hours import has_hours
from vcardapp.cards.models import Card
from vcardapp.store import messages, money, orders, payments, service, settings_forms, words
from vcardapp.store.form_rows import named, pressed
from vcardapp.store.models import Shop
from vcardapp.store.numbers import ShopNumber, read_shop_number
from vcardapp.store.owner_fields import price_in
from vcardapp.store.owner_views import Answer, bp, own_shop, page


@bp.get("/cards/<uuid:card_id>/store/settings")
@sign_in_required
def settings(card_id: uuid.UUID) -> Answer:
    card, shop = own_shop(card_id)
    return page("settings", card, shop, states=_states(card, shop))


@bp.route("/cards/<uuid:card_id>/store/settings/basics", methods=["GET", "POST"])
@sign_in_required
def basics(card_id: uuid.UUID) -> Answer:
    card, shop = own_shop(card_id)
    names = ("is_open", "title", "whatsapp", "currency", "shows_decimals")
    form = settings_forms.BasicsForm(named(request.form), data={name: getattr(shop, name) for name in names})
    form.offer(card.draft.country)
    if request.method == "POST" and form.validate():
        return _kept(card, shop, **form.data)
    number = _number(form.whatsapp.data or "", card)
    return page("basics", card, shop, form=form, number=number), 422 if form.errors else 200


@bp.route("/cards/<uuid:card_id>/store/settings/delivery", methods=["GET", "POST"])
@sign_in_required
def delivery(card_id: uuid.UUID) -> Answer:
    card, shop = own_shop(card_id)
    kind = settings_forms.DeliveriesForm
    form = kind(named(request.form)) if request.method == "POST" else kind.of(shop)
    price_in(form, shop)
    if request.method == "POST":
        again = pressed(form, request.form.get("action", "save"))
        if again is not None:
            form = again
        elif form.validate():
            return _kept(card, shop, deliveries=form.deliveries())
    blank = settings_forms.DeliveriesForm()
    blank.ways.append_entry()
    blank.ways[0].form.areas.append_entry()
    return page("delivery", card, shop, form=form, blank=blank), 422 if form.errors else 200


@bp.route("/cards/<uuid:card_id>/store/settings/hours", methods=["GET", "POST"])
@sign_in_required
def hours(card_id: uuid.UUID) -> Answer:
    card, shop = own_shop(card_id)
    of_card = (card.live or card.draft).visible().hours
    kind = settings_forms.HoursForm
    form = kind(named(request.form)) if request.method == "POST" else kind.of(shop, of_card)
    if request.method == "POST":
        again = pressed(form, request.form.get("action", "save"))
        if again is not None:
            form = again
        elif form.validate():
            return _kept(card, shop, own_hours=form.hours(), takes_ahead=form.takes_ahead.data)
    blank = settings_forms.HoursForm()
    blank.exceptions.append_entry()
    language = str(get_locale() or "en")
    days = [(get_day_names("abbreviated", locale=language)[day], get_day_names("wide", locale=language)[day]) for day in range(7)]
    shown = {"has_hours": has_hours(of_card), "zone": service.zone_of(card)}
    return page("hours", card, shop, form=form, blank=blank, days=days, **shown), 422 if form.errors else 200


@bp.route("/cards/<uuid:card_id>/store/settings/checkout", methods=["GET", "POST"])
@sign_in_required
def checkout(card_id: uuid.UUID) -> Answer:
    card, shop = own_shop(card_id)
    known = {**shop.asks, "order_email": shop.order_email, "lapse_hours": str(shop.lapse_hours)}
    form = settings_forms.CheckoutForm(named(request.form), data=known)
    if request.method == "POST" and form.validate():
        asks = {name: form[name].data for name in settings_forms.ASK_LABELS}
        lapse_hours = form.lapse_hours.number or 0
        return _kept(card, shop, asks=asks, order_email=form.order_email.data, lapse_hours=lapse_hours)
    return page("checkout", card, shop, form=form), 422 if form.errors else 200


@bp.route("/cards/<uuid:card_id>/store/settings/message", methods=["GET", "POST"])
@sign_in_required
def message(card_id: uuid.UUID) -> Answer:
    card, shop = own_shop(card_id)
    names = ("language", "header", "footer")
    form = settings_forms.MessageForm(named(request.form), data={name: getattr(shop, name) for name in names}).offer()
    if request.method == "POST" and form.validate():
        return _kept(card, shop, **form.data)
    newest = next(iter(orders.orders_of(shop, size=1)), None)
    example = messages.message_of(newest, card, "https://…").text if newest else ""
    return page("message", card, shop, form=form, example_message=example), 422 if form.errors else 200


@bp.route("/cards/<uuid:card_id>/store/settings/pay", methods=["GET", "POST"])
@sign_in_required
def pay(card_id: uuid.UUID) -> Answer:
    card, shop = own_shop(card_id)
    known = {f"{kind}_{field}": text for kind, account in shop.pay.items() for field, text in account.items()}
    form = settings_forms.pay_form(shop.currency)(named(request.form), data={**known, "words": payments.instructions_of(shop)})
    if request.method == "POST" and form.validate():
        accounts = settings_forms.accounts_in(form, shop.currency)
        if not form.errors:
            typed = (*payments.kinds_for(shop.currency), "text")
            kept = {kind: account for kind, account in shop.pay.items() if kind not in typed}
            return _kept(card, shop, pay={**kept, **accounts})
    kinds = [(kind, payments.TITLES[kind], list(settings_forms.PAY_LABELS[kind])) for kind in payments.kinds_for(shop.currency)]
    return page("pay", card, shop, form=form, kinds=kinds), 422 if form.errors else 200


def _kept(card: Card, shop: Shop, **values: Any) -> Answer:
    service.change_shop(shop, **values)
    flash(_("Saved."), "success")
    return redirect(url_for("shop.settings", card_id=card.id), 303)


def _number(typed: str, card: Card) -> ShopNumber | None:
    return read_shop_number(typed, card.draft.country) if typed else None


def _states(card: Card, shop: Shop) -> list[tuple[str, str, str]]:
    """Return the settings, each with its address and its state in a line."""
    number = _number(shop.whatsapp, card)
    asked = [str(settings_forms.ASK_LABELS[name]) for name in settings_forms.ASK_LABELS if shop.asks.get(name) != "off"]
    kinds = [_(payments.TITLES[kind]) for kind in payments.kinds_for(shop.currency) if any(shop.pay.get(kind, {}).values())]
    paying = kinds + ([_("in your words")] if payments.instructions_of(shop) else [])
    ways = [words.of_delivery(way) for way in shop.offered_deliveries]
    language = money.locale_of(shop.language).get_display_name(str(get_locale() or "en")) or shop.language
    hours_state = _("Hours of its own") if shop.own_hours else _("The card’s opening hours")
    if shop.own_hours is None and not has_hours((card.live or card.draft).visible().hours):
        hours_state = _("Always open")
    lapse = ngettext("lapses after %(num)d hour", "lapses after %(num)d hours", shop.lapse_hours) if shop.lapse_hours else ""
    comma = _(", ")
    number_state = number.shown if number else _("No WhatsApp number yet")
    return [
        (_("Name, number, currency"), "shop.basics", comma.join((number_state, shop.currency))),
        (_("Ways of delivery"), "shop.delivery", comma.join(ways) or _("None yet: nobody can order")),
        (_("Hours"), "shop.hours", hours_state),
        (_("Checkout"), "shop.checkout", comma.join(filter(None, (*asked, lapse)))),
        (_("Message"), "shop.message", language),
        (_("Paying"), "shop.pay", comma.join(paying) or _("As you agree with the buyer")),
    ]
