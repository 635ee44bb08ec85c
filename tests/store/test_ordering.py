"""Placing an order: once, at the shop's prices, as the buyer saw it; what has changed is said, and the basket stays."""

from __future__ import annotations

import dataclasses
import re
import secrets
from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import unquote

import pytest
import sqlalchemy as sa
import time_machine
from flask import Flask
from flask.testing import FlaskClient

from tests import factories
from tests.cases import each
from tests.store.cast import PICK_UP, SIZES, TOPPINGS, TOWN, bakery, bread, details, filled, order, seen
from vcardapp.accounts.models import User
from vcardapp.cards.content import Hours
from vcardapp.db import db
from vcardapp.mail import Mail
from vcardapp.public.models import PageChange
from vcardapp.store import baskets, catalogue, ordering, orders, service, states, stock
from vcardapp.store.delivery import Delivery
from vcardapp.store.messages import message_of
from vcardapp.store.models import Basket, Order, Product, Shop
from vcardapp.store.options import BadOptions
from vcardapp.store.order_files import orders_csv
from vcardapp.store.ordering import Incomplete, OrderChanged, Placed, place_order
from vcardapp.store.whatsapp import wa_address


def place(shop: Shop, token: str, **said: Any) -> Placed:
    basket = baskets.find_basket(shop, token)
    assert basket
    asked = details(**said)
    return place_order(shop, token, basket.key, asked, seen(shop, token, asked))


def changes(shop: Shop, token: str, saw: str, **said: Any) -> list[str]:
    basket = baskets.find_basket(shop, token)
    assert basket
    lines = basket.lines
    with pytest.raises(OrderChanged) as changed:
        place_order(shop, token, basket.key, details(**said), saw)
    after = baskets.find_basket(shop, token)
    assert after
    assert after.lines == lines
    assert count(Order) == 0
    assert count(Mail) == 0
    return [change.sort for change in changed.value.changes]


def count(model: type[Any]) -> int:
    return db.session.scalar(sa.select(sa.func.count()).select_from(model)) or 0


def test_an_order_keeps_names_and_prices_as_they_were(app: Flask, alice: User) -> None:
    card, shop = bakery(alice)
    cake = bread(card, name="Apple cake", price=2000, options=(SIZES, TOPPINGS))
    placed = order(shop, (bread(card), 2), (cake, 1, "whole", "cream"), delivery_id="town", area_id="centre",
                   address="Gartenweg 4\n2nd floor", note="please\nring twice")  # fmt: skip
    catalogue.change_product(cake, name="Another", price=1)
    kept = orders.find_order(placed.token)
    assert kept
    assert [(line.name, line.details, line.unit, line.quantity) for line in kept.lines] == [
        ("Rye bread", (), 490, 2), ("Apple cake", ("Whole", "Cream"), 3350, 1)
    ]  # fmt: skip
    assert (kept.subtotal, kept.fee, kept.total, kept.currency, kept.exponent) == (4330, 350, 4680, "EUR", 2)
    assert (kept.delivery_kind, kept.delivery_name, kept.area_name) == ("delivery", "Bicycle", "Town centre")
    assert (kept.state, [(one.by, one.old, one.new) for one in kept.history]) == ("prepared", [("buyer", "", "prepared")])
    assert re.fullmatch("[0-9A-HJKMNP-TV-Z]{3}-[0-9A-HJKMNP-TV-Z]{3}", kept.number)
    assert re.fullmatch("[A-Za-z0-9_-]{22}", placed.token)
    basket = db.session.scalars(sa.select(Basket)).one()
    assert basket.lines == ()


def test_the_same_basket_is_ordered_once_however_often_it_is_sent(app: Flask, alice: User) -> None:
    card, shop = bakery(alice)
    token, basket = filled(shop, (bread(card), 1))
    key, saw = basket.key, seen(shop, token, details())
    placed = [place_order(shop, token, key, details(), saw) for _ in range(3)]
    placed.append(place_order(shop, secrets.token_urlsafe(16), key, details(), ""))  # the cookie is lost, the page is not
    assert {one.order.id for one in placed} == {placed[0].order.id}
    assert {one.token for one in placed} == {placed[0].token}
    assert [one.is_new for one in placed] == [True, False, False, False]
    assert (count(Order), count(Mail)) == (1, 1)
    assert db.session.scalars(sa.select(Basket)).first().key != key  # type: ignore[union-attr]


def test_an_old_page_does_not_order_the_next_basket(app: Flask, alice: User) -> None:
    card, shop = bakery(alice)
    rye = bread(card)
    token, basket = filled(shop, (rye, 1))
    saw = seen(shop, token, details())
    filled(shop, (rye, 4), token=token)
    with pytest.raises(OrderChanged) as changed:
        place_order(shop, token, "f" * 32, details(), saw)
    assert [change.sort for change in changed.value.changes] == ["another"]
    assert changes(shop, token, saw) == ["basket"]


def test_prices_and_stock_that_changed_meanwhile_are_said(app: Flask, alice: User) -> None:
    card, shop = bakery(alice)
    rye = bread(card, stock_kind="counted", stock=5)
    token, _basket = filled(shop, (rye, 3))
    saw = seen(shop, token, details())
    catalogue.change_product(rye, price=520)
    assert changes(shop, token, saw) == ["price"]
    catalogue.change_product(rye, price=490, stock=2)
    assert changes(shop, token, saw) == ["too few"]
    catalogue.change_product(rye, stock_kind="sold out")
    assert changes(shop, token, saw) == ["sold out"]
    catalogue.hide(rye)
    assert changes(shop, token, saw) == ["gone"]
    catalogue.hide(rye, hidden=False)
    catalogue.change_product(rye, stock_kind="off", options=(SIZES,))
    assert changes(shop, token, saw) == ["options"]
    catalogue.change_product(rye, options=())
    service.change_shop(shop, is_open=False)
    assert changes(shop, token, saw) == ["closed"]
    service.change_shop(shop, is_open=True)
    assert place(shop, token).order.total == 1470


def test_delivery_that_changed_meanwhile_is_said(app: Flask, alice: User) -> None:
    card, shop = bakery(alice)
    token, _basket = filled(shop, (bread(card), 3))
    said = {"delivery_id": "town", "area_id": "centre", "address": "Gartenweg 4"}
    saw = seen(shop, token, details(**said))
    dearer = dataclasses.replace(TOWN, areas=(dataclasses.replace(TOWN.areas[0], fee=400),))
    service.change_shop(shop, deliveries=(PICK_UP, dearer))
    assert changes(shop, token, saw, **said) == ["fee"]
    service.change_shop(shop, deliveries=(PICK_UP, dataclasses.replace(TOWN, minimum=2000)))
    assert changes(shop, token, saw, **said) == ["below minimum"]
    assert changes(shop, token, saw, **{**said, "area_id": "moon"}) == ["no area"]
    assert changes(shop, token, saw, **{**said, "delivery_id": "pickup "}) == ["no delivery"]


def test_another_way_is_never_taken_in_place_of_one_that_is_gone(app: Flask, alice: User) -> None:
    free = Delivery("van", "delivery", "Van", needs_address=True)
    card, shop = bakery(alice, deliveries=(PICK_UP, free))
    token, _ = filled(shop, (bread(card), 1))
    said = {"delivery_id": "van", "address": "Gartenweg 4"}
    saw = seen(shop, token, details(**said))
    for left in ((PICK_UP,), (PICK_UP, dataclasses.replace(free, is_off=True))):
        service.change_shop(shop, deliveries=left)
        assert changes(shop, token, saw, **said) == ["no delivery"]
    service.change_shop(shop, deliveries=(dataclasses.replace(free, is_off=True),))
    assert changes(shop, token, saw, **said) == ["closed"]


def test_the_same_figures_in_another_currency_are_looked_at_again(app: Flask, alice: User) -> None:
    card, shop = bakery(alice)
    token, _ = filled(shop, (bread(card), 1))
    saw = f"{seen(shop, token, details())} in:EUR"
    service.change_shop(shop, currency="GBP")
    assert changes(shop, token, saw) == ["basket"]


def test_while_it_is_closed_an_order_is_for_the_next_opening(app: Flask, alice: User) -> None:
    hours = Hours((factories.WORKDAY,) * 5 + ((), ()))
    with time_machine.travel(datetime(2030, 1, 4, 18, tzinfo=UTC), tick=True):  # a Friday evening
        card, shop = bakery(alice, own_hours=hours)
        token, _basket = filled(shop, (bread(card), 1))
        opening = service.opening_of(shop, card, datetime.now(UTC))
        monday = datetime(2030, 1, 7, 9, tzinfo=UTC)
        assert (opening.is_open, opening.takes_orders, opening.opens_at) == (False, True, monday)
        open_page = baskets.price(shop, baskets.find_basket(shop, token)).seen()
        assert changes(shop, token, open_page) == ["hours"]
        service.change_shop(shop, takes_ahead=False)
        assert changes(shop, token, open_page) == ["closed"]
        service.change_shop(shop, takes_ahead=True)
        assert place(shop, token).order.wanted_for == monday


def test_what_is_needed_has_to_be_said(app: Flask, alice: User) -> None:
    card, shop = bakery(alice, asks={"name": "required", "phone": "required", "email": "off", "note": "optional"})
    token, basket = filled(shop, (bread(card), 3))

    def missing(**said: Any) -> dict[str, str]:
        asked = details(**said)
        with pytest.raises(Incomplete) as incomplete:
            place_order(shop, token, basket.key, asked, seen(shop, token, asked))
        return incomplete.value.fields

    assert missing(name=" ", phone="") == {"name": "missing", "phone": "missing"}
    assert missing(phone="abc") == {"phone": "no number"}
    assert missing(delivery_id="town", area_id="centre") == {"address": "missing"}
    assert missing(note="x" * 501) == {"note": "too long"}
    assert (count(Order), count(Mail)) == (0, 0)
    kept = place(shop, token, email="not@asked.for", address="nobody asked", table="7").order
    assert (kept.email, kept.address, kept.table) == ("", "", "")


def test_stock_is_taken_given_back_and_never_below_nothing(app: Flask, alice: User) -> None:
    card, shop = bakery(alice)
    rye = bread(card, stock_kind="counted", stock=3)
    first = order(shop, (rye, 2)).order
    assert db.session.get_one(Product, rye.id).left == 1
    token, _basket = filled(shop, (rye, 9))
    assert baskets.price(shop, baskets.find_basket(shop, token)).pieces == 1  # no more could be laid in
    second = place(shop, token).order
    assert rye.is_sold_out
    orders.change_state(first, "declined")
    assert db.session.get_one(Product, rye.id).left == 2
    orders.change_state(second, "lapsed", states.SERVER)
    third = order(shop, (rye, 3)).order
    with pytest.raises(stock.SoldOut):
        orders.change_state(second, "accepted")
    assert db.session.get_one(Order, second.id).state == "lapsed"
    orders.change_state(third, "cancelled", states.BUYER)
    orders.change_state(second, "accepted")
    assert db.session.get_one(Product, rye.id).left == 2


def test_the_page_is_drawn_anew_once_few_are_left(app: Flask, alice: User) -> None:
    card, shop = bakery(alice)
    rye, oats = bread(card, stock_kind="counted", stock=500), bread(card, name="Oats", stock_kind="counted", stock=1)
    db.session.execute(sa.delete(PageChange))
    db.session.commit()
    order(shop, (rye, 1))
    assert count(PageChange) == 0
    order(shop, (oats, 1))
    assert db.session.scalars(sa.select(PageChange.card_id)).all() == [card.id]


@each("old", states.ARROWS)
@each("new", states.ARROWS)
@each("by", [states.BUYER, states.SELLER, states.SERVER])
def test_only_the_arrows_of_the_table_can_be_taken(old: str, new: str, by: str) -> None:
    table = {
        "prepared": {"accepted", "declined", "cancelled", "lapsed"}, "accepted": {"ready", "completed", "cancelled"},
        "ready": {"completed", "cancelled"}, "lapsed": {"accepted"},
    }  # fmt: skip
    who = {("prepared", "cancelled"): states.BUYER, ("prepared", "lapsed"): states.SERVER}.get((old, new), states.SELLER)
    assert states.may(old, new, by) == (new in table.get(old, ()) and by == who)


def test_each_step_is_noted_and_others_are_refused(app: Flask, alice: User) -> None:
    card, shop = bakery(alice)
    placed = order(shop, (bread(card), 1)).order
    mark = orders.mark_of(shop)
    for new in ("accepted", "ready", "completed"):
        orders.change_state(placed, new)
    with pytest.raises(orders.NotPossible) as refused:
        orders.change_state(placed, "declined")
    assert refused.value.state == "completed"
    kept = orders.find_order_of(shop, placed.id)
    assert kept
    assert [(one.by, one.new) for one in kept.history] == [
        ("buyer", "prepared"), ("seller", "accepted"), ("seller", "ready"), ("seller", "completed")
    ]  # fmt: skip
    assert orders.mark_of(shop) != mark
    assert orders.counts_of(shop) == {"completed": 1}


def test_the_seller_is_told_once_and_answers_without_signing_in(app: Flask, alice: User, bob: User) -> None:
    card, shop = bakery(alice)
    placed = order(shop, (bread(card), 2)).order
    mail = db.session.scalars(sa.select(Mail)).one()
    assert (mail.recipient, placed.number in mail.subject) == ("alice@example.org", True)
    assert "2 x Rye bread: 9.80" in mail.text
    signed = re.search(r"http://localhost/o/answer/(\S+)", mail.text)[1]  # type: ignore[index]
    found = orders.find_by_answer(signed)
    assert found
    assert found.id == placed.id
    for forged in ("", signed[:-1], f"{placed.id.hex}.x.y", placed.number):
        assert orders.find_by_answer(forged) is None
    with time_machine.travel(datetime.now(UTC) + timedelta(days=31)):
        assert orders.find_by_answer(signed) is None
    orders.change_state(found, "cancelled", states.BUYER)
    assert count(Mail) == 2


def test_orders_are_found_by_token_alone_and_listed_for_their_shop(app: Flask, alice: User, bob: User) -> None:
    card, shop = bakery(alice)
    other_card, other = bakery(bob, "other")
    rye = bread(card)
    placed = [order(shop, (rye, 1), name=name) for name in ("Mara 100%", "Noor_x", "Ōe")]
    theirs = order(other, (bread(other_card), 1))
    assert orders.find_order(theirs.order.number) is None
    assert orders.find_order("") is None
    assert orders.find_order_of(shop, theirs.order.id) is None
    assert [one.id for one in orders.orders_of(shop)] == [one.order.id for one in reversed(placed)]
    assert [one.name for one in orders.orders_of(shop, orders.Wanted(text="100%"))] == ["Mara 100%"]
    assert [one.name for one in orders.orders_of(shop, orders.Wanted(text="noor_"))] == ["Noor_x"]
    assert orders.count_of(shop, orders.Wanted(text=placed[2].order.number)) == 1
    assert orders.count_of(shop, orders.Wanted(state="accepted")) == 0
    assert [one.id for one in orders.orders_of(shop, page=2, size=2)] == [placed[0].order.id]
    orders.mark_paid(placed[0].order)
    assert orders.count_of(shop, orders.Wanted(unpaid=True)) == 2


def test_orders_that_nobody_answers_lapse(app: Flask, alice: User) -> None:
    from vcardapp.store import sweeps

    card, shop = bakery(alice, lapse_hours=3)
    rye = bread(card, stock_kind="counted", stock=4)
    waiting, answered = order(shop, (rye, 1)).order, order(shop, (rye, 1)).order
    orders.change_state(answered, "accepted")
    sweeps.sweep()
    assert orders.counts_of(shop) == {"prepared": 1, "accepted": 1}
    with time_machine.travel(datetime.now(UTC) + timedelta(hours=4)):
        sweeps.sweep()
    assert db.session.get_one(Order, waiting.id).state == "lapsed"
    assert db.session.get_one(Product, rye.id, populate_existing=True).stock == 3


def test_the_shop_goes_with_its_owner_and_with_its_card(app: Flask, alice: User, bob: User) -> None:
    from vcardapp.accounts.service import delete_account

    card, shop = bakery(alice)
    order(shop, (bread(card), 1))
    kept_card, kept = bakery(bob, "kept")
    order(kept, (bread(kept_card), 1))
    delete_account(alice)
    assert [shop.card_id for shop in db.session.scalars(sa.select(Shop))] == [kept_card.id]
    assert (count(Product), count(Order)) == (1, 1)


@pytest.mark.parametrize(("chosen", "fault"), [((), "required"), (("small", "whole"), "too many"), (("small", "x"), "unknown")])
def test_what_cannot_be_chosen_is_not_laid_in(app: Flask, alice: User, chosen: tuple[str, ...], fault: str) -> None:
    card, shop = bakery(alice)
    cake = bread(card, options=(SIZES,))
    with pytest.raises(BadOptions) as bad:
        baskets.add_to_basket(shop, "token", cake.id, chosen)
    assert bad.value.fault == fault
    assert count(Basket) == 0


def test_a_basket_is_of_one_browser_and_one_shop(app: Flask, alice: User, bob: User) -> None:
    card, shop = bakery(alice)
    other_card, other = bakery(bob, "other")
    token, basket = filled(shop, (bread(card), 2))
    assert baskets.find_basket(other, token) is None
    assert baskets.find_basket(shop, "another") is None
    assert baskets.find_basket(shop, None) is None
    with pytest.raises(baskets.NotOffered):
        baskets.add_to_basket(shop, token, bread(other_card).id)
    assert token not in basket.token_hash
    key = basket.lines[0].key
    baskets.set_quantities(shop, token, {key: 5, "other": 7})
    assert [line.quantity for line in baskets.find_basket(shop, token).lines] == [5]  # type: ignore[union-attr]
    baskets.set_quantities(shop, token, {key: 0})
    assert baskets.find_basket(shop, token).lines == ()  # type: ignore[union-attr]


def test_numbers_are_not_counted_up(app: Flask, alice: User) -> None:
    card, shop = bakery(alice)
    rye = bread(card)
    numbers = [order(shop, (rye, 1)).order.number for _ in range(5)]
    assert len(set(numbers)) == 5
    assert numbers != sorted(numbers) or numbers[0][:3] != numbers[-1][:3]
    assert ordering.token_for(shop.id, "a") != ordering.token_for(shop.id, "b")


def test_a_number_that_is_taken_is_drawn_anew(app: Flask, alice: User, monkeypatch: pytest.MonkeyPatch) -> None:
    card, shop = bakery(alice)
    rye = bread(card, stock_kind="counted", stock=9)
    drawn = iter("000000" * 3 + "111111")
    monkeypatch.setattr("vcardapp.cards.codes.secrets.choice", lambda _alphabet: next(drawn))
    numbers = [order(shop, (rye, 1)).order.number for _ in range(2)]
    assert numbers == ["000-000", "111-111"]
    assert db.session.get_one(Product, rye.id).stock == 7
    assert (count(Order), count(Mail)) == (2, 2)
    assert next(drawn, None) is None


FORGED = {
    "price": "1", "total": "1", "subtotal": "0", "fee": "-500", "unit": "1", "quantity": "-3", "currency": "JPY", "exponent": "0",
    "line": "1", "id": "1", "state": "completed", "paid_at": "2030-01-01", "number": "AAA-AAA", "discount": "100",
}  # fmt: skip


def test_nothing_that_a_browser_posts_changes_a_total(app: Flask, alice: User, client: FlaskClient) -> None:
    card, shop = bakery(alice)
    rye = bread(card)
    said = {"delivery": "town:0", "area-town": "centre:0", "name": "Mara", "address-town": "Gartenweg 4"}
    client.post("/bakery/store/add", data={**FORGED, "product": str(rye.id), "quantity": "3"})
    basket = db.session.scalars(sa.select(Basket)).one()
    key, line = basket.key, basket.lines[0].key
    for saw in ("", f"{line}:1:3", f"{line}:0:3 fee:0", f"{line}:490:3"):
        answer = client.post("/bakery/store/checkout", data={**FORGED, **said, "key": key, "seen": saw})
        assert answer.status_code == 409
        assert count(Order) == 0
    forged = {**FORGED, **said, "key": key, "seen": f"{line}:490:3", "area-town": "centre:350"}
    answer = client.post("/bakery/store/checkout", data=forged)
    assert answer.status_code == 303
    placed = db.session.scalars(sa.select(Order)).one()
    assert (placed.subtotal, placed.fee, placed.total, placed.currency, placed.state) == (1470, 350, 1820, "EUR", "prepared")
    assert (placed.number != "AAA-AAA", placed.paid_at) == (True, None)


@pytest.mark.parametrize(
    "mean",
    ["a\0b", "\ud83d", "\u202egnp.exe", "*_~`%s{0}{n}", "=cmd()\r\n\tx", "'; DROP TABLE orders; --", "👩🏽‍🚀" * 8, "क्ष" * 20],
)
def test_whatever_a_buyer_types_is_kept_harmless_and_sent_whole(app: Flask, alice: User, mean: str) -> None:
    card, shop = bakery(alice, header=mean[:200], footer=mean[:200], title=mean[:120])
    rye = bread(card, name=f"Rye {mean}"[:120], options=(dataclasses.replace(TOPPINGS, name=f"x{mean}"[:60]),))
    placed = order(shop, (rye, 3, "nuts"), name=mean[:80], note=mean * 3, delivery_id="town", area_id="centre",
                   address=mean).order  # fmt: skip
    kept = orders.find_order_of(shop, placed.id)
    assert kept
    for text in (kept.name, kept.note, kept.address, kept.lines[0].name):
        assert not any(char in text for char in "\0\ud83d\u202e\r\t")
    link = f"http://localhost/o/{'a' * 22}"
    message = message_of(kept, card, link)
    address = wa_address(shop.whatsapp_digits, message)
    assert len(address) <= 2000
    assert unquote(address, errors="strict").endswith(link)
    assert kept.number in unquote(address)
    assert not re.search(r"^[=+@-]", orders_csv([kept]).split("\r\n")[1].split('","')[4])
