"""The seller's pages of orders: the list, one order, the table for bookkeeping, and the answer from a link in a mail."""

from __future__ import annotations

import uuid
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from flask import flash, jsonify, make_response, redirect, render_template, request, url_for
from flask_babel import get_locale
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from vcardapp.accounts.limits import limiter
from vcardapp.accounts.sessions import sign_in_required
from vcardapp.cards.models import Card
from vcardapp.cards.qr import svg
from vcardapp.db import now
from vcardapp.store import messages, order_files, orders, payments, service, states, stock
from vcardapp.store.models import Order
from vcardapp.store.orders import PAGE, Wanted
from vcardapp.store.owner_views import Answer, bp, delivery_of, moment_of, number_of, own_shop, page
from vcardapp.web import or_404

VERBS = {"accepted": "accept", "declined": "decline", "ready": "ready", "completed": "complete", "cancelled": "cancel"}
MOST_EXPORTED = 10_000


@bp.get("/cards/<uuid:card_id>/store/orders", endpoint="orders")
@sign_in_required
def list_orders(card_id: uuid.UUID) -> Answer:
    card, shop = own_shop(card_id)
    wanted, sought = _wanted(card)
    total = orders.count_of(shop, wanted)
    pages = max(1, -(-total // PAGE))
    number = min(pages, max(1, request.args.get("page", 1, number_of)))
    return page(
        "orders",
        card,
        shop,
        orders=orders.orders_of(shop, wanted, page=number),
        total=total,
        number=number,
        pages=pages,
        sought=sought,
        counts=orders.counts_of(shop),
        words=states.WORDS,
        mark=orders.mark_of(shop),
        today=_day(card, now()),
    )


@bp.get("/cards/<uuid:card_id>/store/orders/news")
@sign_in_required
def orders_news(card_id: uuid.UUID) -> Answer:
    """Tell script whether the list on its page is still true."""
    _card, shop = own_shop(card_id)
    return jsonify(mark=orders.mark_of(shop), waiting=orders.counts_of(shop).get("prepared", 0))


@bp.get("/cards/<uuid:card_id>/store/orders.csv")
@sign_in_required
@limiter.limit("60/hour")
def export_orders(card_id: uuid.UUID) -> Answer:
    card, shop = own_shop(card_id)
    wanted, _sought = _wanted(card)
    found = orders.orders_of(shop, wanted, size=MOST_EXPORTED)
    return as_file(order_files.orders_csv(found, service.zone_of(card)), f"orders-{_day(card, now()).isoformat()}.csv")


@bp.get("/cards/<uuid:card_id>/store/orders/<uuid:order_id>")
@sign_in_required
def order(card_id: uuid.UUID, order_id: uuid.UUID) -> Answer:
    card, shop = own_shop(card_id)
    found = or_404(orders.find_order_of(shop, order_id))
    codes = [(code, svg(code.payload).decode()) for code in payments.codes_for(found)]
    text = messages.message_of(found, card, "").text.strip()
    return page("order", card, shop, order=found, words=states.WORDS, verbs=VERBS, codes=codes, text=text)


@bp.post("/cards/<uuid:card_id>/store/orders/<uuid:order_id>/state")
@sign_in_required
def answer_order(card_id: uuid.UUID, order_id: uuid.UUID) -> Answer:
    _card, shop = own_shop(card_id)
    found = or_404(orders.find_order_of(shop, order_id))
    _answer(found, request.form.get("state", ""))
    if request.form.get("back") == "list":
        return redirect(url_for("shop.orders", card_id=card_id, _anchor=f"order-{order_id}"), 303)
    return redirect(url_for("shop.order", card_id=card_id, order_id=order_id), 303)


@bp.post("/cards/<uuid:card_id>/store/orders/<uuid:order_id>/paid")
@sign_in_required
def pay_order(card_id: uuid.UUID, order_id: uuid.UUID) -> Answer:
    _card, shop = own_shop(card_id)
    found = or_404(orders.find_order_of(shop, order_id))
    orders.mark_paid(found, paid=request.form.get("paid") == "yes")
    return redirect(url_for("shop.order", card_id=card_id, order_id=order_id), 303)


@bp.route("/o/answer/<signed>", methods=["GET", "POST"])
@limiter.limit("60/hour", methods=["POST"])
def answer_by_link(signed: str) -> Answer:
    """Let the reader of the seller's mail accept or decline; looking, as mail scanners do, changes nothing."""
    found = or_404(orders.find_by_answer(signed))
    if request.method == "POST":
        if (wished := request.form.get("state", "")) in ("accepted", "declined"):
            _answer(found, wished)
        response: Response = redirect(url_for("shop.answer_by_link", signed=signed), 303)
        return _private(response)
    card = service.card_of(found.shop)
    text = render_template(
        "store/owner/answer.html",
        order=found,
        shop_title=service.title_of(found.shop, card),
        words=states.WORDS,
        sum_in=lambda order, amount: messages.sum_of(order, amount, str(get_locale() or "en")),
        moment=lambda at, form="medium": moment_of(card, at, form),
        delivery_of=delivery_of,
        card=card,
    )
    return _private(make_response(text))


def as_file(text: str, name: str) -> Response:
    """Answer with a table to be kept."""
    response = make_response(text)
    response.headers["Content-Type"] = "text/csv; charset=utf-8"
    response.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return response


def _answer(order: Order, wished: str) -> None:
    if order.state == wished or wished not in states.WORDS:
        return  # pressed twice
    try:
        orders.change_state(order, wished)
    except orders.NotPossible as problem:
        state = _(states.WORDS[problem.state])
        flash(_("That is not possible any more. The order is now: %(state)s.", state=state), "warning")
    except stock.SoldOut:
        flash(_("There are not enough pieces left for this order. Change the stock first, or call the buyer."), "warning")


def _wanted(card: Card) -> tuple[Wanted, dict[str, str]]:
    """Return which orders are looked for, and how it was typed."""
    names = ("state", "q", "since", "until", "unpaid")
    sought = {name: " ".join(request.args.get(name, "").replace("\0", " ").split())[:100] for name in names}
    if sought["state"] not in states.WORDS:
        sought["state"] = ""
    since, until = _date(sought["since"]), _date(sought["until"])
    wanted = Wanted(
        state=sought["state"],
        text=sought["q"],
        since=_midnight(card, since) if since else None,
        until=_midnight(card, until + timedelta(days=1)) if until and until < date.max else None,
        unpaid=bool(sought["unpaid"]),
    )
    return wanted, sought


def _date(text: str) -> date | None:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None


def _midnight(card: Card, day: date) -> datetime:
    return datetime.combine(day, time(), service.zone_of(card) or ZoneInfo("UTC"))


def _day(card: Card, at: datetime) -> date:
    return at.astimezone(service.zone_of(card) or ZoneInfo("UTC")).date()


def _private(response: Response) -> Response:
    response.headers["Cache-Control"] = "no-store"
    response.headers["Referrer-Policy"] = "no-referrer"
    response.headers["X-Robots-Tag"] = "noindex"
    return response
