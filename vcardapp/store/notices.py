"""Mails to the seller about orders, put into the outbox with the change that they tell of."""

from __future__ import annotations

from flask_babel import force_locale
from flask_babel import gettext as _

from vcardapp.accounts.models import User
from vcardapp.cards.models import Card
from vcardapp.db import db
from vcardapp.mail import queue_mail
from vcardapp.store.answer_links import answer_token
from vcardapp.store.messages import message_of
from vcardapp.store.models import Order
from vcardapp.store.service import card_of
from vcardapp.web import absolute, settings


def tell_seller(order: Order) -> None:
    """Queue the mail about a new order, with its link to accept or decline without signing in; the caller commits."""
    recipient, card, language = _seller(order)
    if not recipient:
        return
    answer = absolute(f"/o/answer/{answer_token(order.id)}")
    message = message_of(order, card, absolute(f"/cards/{card.id}/store/orders/{order.id}")).text
    with force_locale(language):
        subject = _("New order %(number)s", number=order.number)
        text = _(
            "There is a new order. It is stored; whether the buyer also sent it by WhatsApp, only WhatsApp knows.\n\n"
            "Accept or decline it here, no password needed:\n%(answer)s\n\n%(order)s",
            answer=answer,
            order=message,
        )
        queue_mail(recipient, subject, text)


def tell_seller_of_cancelling(order: Order) -> None:
    """Queue the mail about an order that its buyer has taken back; the caller commits."""
    recipient, card, language = _seller(order)
    if not recipient:
        return
    link = absolute(f"/cards/{card.id}/store/orders/{order.id}")
    with force_locale(language):
        subject = _("Order %(number)s was cancelled", number=order.number)
        text = _("The buyer has cancelled order %(number)s.\n\n%(link)s", number=order.number, link=link)
        queue_mail(recipient, subject, text)


def _seller(order: Order) -> tuple[str, Card, str]:
    """Return who is told, the card, and the language of the mail."""
    shop = order.shop
    card = card_of(shop)
    owner = db.session.get(User, card.owner_id) if card.owner_id else None
    return shop.order_email or (owner.email if owner else ""), card, (owner.language if owner else "") or settings().language
