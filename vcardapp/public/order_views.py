"""An order's own page, opened by its token alone: number, the one link to WhatsApp, state, ways to pay, cancelling."""

from __future__ import annotations

from contextlib import suppress
from http import HTTPStatus
from typing import Any

from flask import redirect, render_template, url_for
from flask_babel import get_locale, gettext
from markupsafe import Markup
from werkzeug.wrappers import Response as BaseResponse

from vcardapp.accounts.limits import limiter
from vcardapp.cards import qr
from vcardapp.domains.service import address_base
from vcardapp.i18n import N_
from vcardapp.public import bp, shop_page
from vcardapp.public.card_views import check_owner
from vcardapp.public.same_site import without_token
from vcardapp.public.shop_views import private, shop_context
from vcardapp.store import messages, orders, payments, service, states, whatsapp, words
from vcardapp.store.models import Order
from vcardapp.web import or_404

STATES = {
    "prepared": N_("Waiting for the shop"),
    "accepted": N_("The shop has accepted it"),
    "ready": N_("Ready or on its way"),
    "completed": N_("Completed"),
    "declined": N_("The shop cannot take it"),
    "cancelled": N_("Cancelled"),
    "lapsed": N_("Not answered in time"),
}


def find_order(token: str) -> Order:
    """Return the order with this token; at somebody's domain only one of theirs."""
    found = or_404(orders.find_order(token))
    check_owner(service.card_of(found.shop))
    return found


@bp.get("/o/<token>")
@limiter.limit("120/minute")
def order(token: str) -> Any:
    found = find_order(token)
    card, shop = service.card_of(found.shop), found.shop
    link = address_base(card) + url_for("public.order", token=token)
    message = messages.message_of(found, card, link)
    language = str(get_locale() or "en")
    context = shop_context(card, shop)
    html = render_template(
        "store/order.html",
        order=found,
        token=token,
        message=message.text,
        ways={
            "app": whatsapp.wa_address(shop.whatsapp_digits, message),
            "other": whatsapp.api_address(shop.whatsapp_digits, message),
            "web": whatsapp.web_address(shop.whatsapp_digits, message),
        } if shop.whatsapp_digits else None,
        state=STATES[found.state],
        link=link,
        code=Markup(qr.inline_svg(link, gettext("QR code that opens this page"))),  # noqa: S704 - our own drawing
        pay_codes=_pay_codes(found),
        pay_text=payments.instructions_of(shop),
        sum=lambda amount: messages.sum_of(found, amount, language),
        way=words.of_kind(found.delivery_kind),
        wanted_for=shop_page.moment_in_words(found.wanted_for, card) if found.wanted_for else "",
        **{name: value for name, value in context.items() if name != "sum"},
    )  # fmt: skip
    return _guarded(private(html))


@bp.post("/o/<token>/cancel")
@without_token
@limiter.limit("20/minute")
def cancel_order(token: str) -> Any:
    """Take an order back while nobody has answered it; the token is the secret that a form needs."""
    with suppress(orders.NotPossible):  # its page says how it stands
        orders.change_state(find_order(token), "cancelled", states.BUYER)
    return _guarded(redirect(url_for("public.order", token=token), HTTPStatus.SEE_OTHER))


@bp.post("/o/<token>/paid")
@without_token
@limiter.limit("20/minute")
def claim_paid(token: str) -> Any:
    """Note that the buyer says to have paid."""
    orders.claim_paid(find_order(token))
    return _guarded(redirect(url_for("public.order", token=token), HTTPStatus.SEE_OTHER))


def _pay_codes(order: Order) -> list[tuple[payments.PayCode, Markup]]:
    """Return the codes to pay with, each with its drawing."""
    found = payments.codes_for(order)
    return [(one, Markup(qr.inline_svg(one.payload, one.title, level="M"))) for one in found]  # noqa: S704 - our own drawing


def _guarded(response: BaseResponse) -> BaseResponse:
    """Keep the address, which is the key, from other sites, caches and search engines."""
    response.headers["Referrer-Policy"] = "no-referrer"
    response.headers["Cache-Control"] = "no-store"
    response.headers["X-Robots-Tag"] = "noindex"
    return response
