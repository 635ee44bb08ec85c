"""Orders once they are placed: found, listed, answered, cancelled, paid, lapsed."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

import sqlalchemy as sa
from sqlalchemy.orm import joinedload, selectinload

from vcardapp.db import db, now, take_turn
from vcardapp.store import notices, states, stock
from vcardapp.store.answer_links import read_answer
from vcardapp.store.baskets import hash_of
from vcardapp.store.models import Order, OrderChange, Shop

PAGE = 50


class NotPossible(Exception):
    """From its present state (`state`) an order cannot come to the one wished for."""

    def __init__(self, state: str) -> None:
        super().__init__(state)
        self.state = state


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which orders are looked for; empty means any."""

    state: str = ""
    text: str = ""  # in number, name, phone, e-mail, address, note
    since: datetime | None = None
    until: datetime | None = None  # not included
    unpaid: bool = False


def find_order(token: str) -> Order | None:
    """Find an order by the token of its page."""
    return db.session.scalar(_whole().where(Order.token_hash == hash_of(token)))


def find_order_of(shop: Shop, order_id: uuid.UUID) -> Order | None:
    """Find one of a shop's orders."""
    return db.session.scalar(_whole().where(Order.id == order_id, Order.shop_id == shop.id))


def orders_of(shop: Shop, wanted: Wanted = Wanted(), *, page: int = 1, size: int = PAGE) -> list[Order]:  # noqa: B008 - frozen
    """List a shop's orders, the newest first, `size` on each page from 1 on."""
    query = _whole().where(*_conditions(shop, wanted)).order_by(Order.created_at.desc(), Order.id)
    return list(db.session.scalars(query.limit(size).offset((max(1, page) - 1) * size)))


def count_of(shop: Shop, wanted: Wanted = Wanted()) -> int:  # noqa: B008
    """Return how many orders there are of those."""
    return db.session.scalar(sa.select(sa.func.count()).select_from(Order).where(*_conditions(shop, wanted))) or 0


def counts_of(shop: Shop) -> dict[str, int]:
    """Return how many orders are in each state, those with none left out."""
    query = sa.select(Order.state, sa.func.count()).where(Order.shop_id == shop.id).group_by(Order.state)
    return {state: count for state, count in db.session.execute(query)}


def mark_of(shop: Shop) -> str:
    """Return a text that changes with every new order and every change of one, for lists that keep themselves up to date."""
    query = sa.select(sa.func.count(), sa.func.max(Order.changed_at)).where(Order.shop_id == shop.id)
    count, last = db.session.execute(query).one()
    return f"{count}-{last.timestamp():.6f}" if last else "0"


def change_state(order: Order, new: str, by: str = states.SELLER) -> Order:
    """Take an order to another state (`states`), note who did; raise NotPossible or stock.SoldOut, then nothing has changed.

    What it held is given back when it is declined, cancelled or lapses, and taken anew when a lapsed one is accepted.
    """
    order = _locked(order)
    old = order.state
    if not states.may(old, new, by):
        db.session.rollback()
        raise NotPossible(old)
    try:
        if new in states.GIVES_BACK:
            stock.give_back(order.lines)
        elif old in states.GIVES_BACK:
            stock.take(order.lines)
    except stock.SoldOut:
        db.session.rollback()
        raise
    order.state, order.changed_at = new, now()
    order.history.append(OrderChange(at=order.changed_at, by=by, old=old, new=new))
    if by == states.BUYER:
        notices.tell_seller_of_cancelling(order)
    db.session.commit()
    return order


def mark_paid(order: Order, *, paid: bool = True) -> None:
    """Note that the seller has the money, or has it not."""
    order.paid_at = (order.paid_at or now()) if paid else None
    order.changed_at = now()
    db.session.commit()


def claim_paid(order: Order) -> None:
    """Note that the buyer says to have paid: a claim, once."""
    if order.claimed_paid_at is None:
        order.claimed_paid_at = order.changed_at = now()
        db.session.commit()


def find_by_answer(token: str) -> Order | None:
    """Find the order that a link in the seller's mail is about; None for a forged link or one one too old."""
    order_id = read_answer(token)
    return db.session.scalar(_whole().where(Order.id == order_id)) if order_id else None


def lapse_old() -> None:
    """Let prepared orders lapse that nobody answered in the hours that their shop sets."""
    for shop in db.session.scalars(sa.select(Shop).where(Shop.lapse_hours > 0)).all():
        end = now() - timedelta(hours=shop.lapse_hours)
        waited_for = sa.func.coalesce(Order.wanted_for, Order.created_at)
        query = sa.select(Order).where(Order.shop_id == shop.id, Order.state == "prepared", waited_for < end)
        for order in db.session.scalars(query).all():
            try:
                change_state(order, "lapsed", states.SERVER)
            except NotPossible:  # answered in this very moment
                continue


def _locked(order: Order) -> Order:
    order_id = order.id
    take_turn(sa.select(Order).where(Order.id == order_id))
    return db.session.scalars(_whole().where(Order.id == order_id).execution_options(populate_existing=True)).one()


def _whole() -> sa.Select[Order]:
    return sa.select(Order).options(selectinload(Order.lines), selectinload(Order.history), joinedload(Order.shop))


def _conditions(shop: Shop, wanted: Wanted) -> Sequence[sa.ColumnElement[bool]]:
    found: list[sa.ColumnElement[bool]] = [Order.shop_id == shop.id]
    if wanted.state:
        found.append(Order.state == wanted.state)
    if wanted.since:
        found.append(Order.created_at >= wanted.since)
    if wanted.until:
        found.append(Order.created_at < wanted.until)
    if wanted.unpaid:
        found.append(Order.paid_at.is_(None))
    for word in wanted.text.split()[:6]:
        places = (Order.number, Order.name, Order.phone, Order.email, Order.address, Order.note)
        found.append(sa.or_(*(place.icontains(word, autoescape=True) for place in places)))
    return found
