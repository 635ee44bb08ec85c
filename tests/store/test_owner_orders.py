"""The seller's pages of orders and settings: the arrows as buttons, the answer from a mail, the list that keeps itself true."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from flask import Flask
from flask.testing import FlaskClient

from tests.store.cast import TOWN, bakery, bread, order
from vcardapp.accounts.models import User
from vcardapp.cards.content import Span
from vcardapp.db import db
from vcardapp.store import catalogue, orders, service
from vcardapp.store.answer_links import answer_token
from vcardapp.store.models import Order, Shop

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)  # what is stored is tried on both elsewhere
SignIn = Callable[[User], FlaskClient]
ARROWS = {
    "prepared": ["accepted", "declined"],
    "accepted": ["ready", "completed", "cancelled"],
    "ready": ["completed", "cancelled"],
    "lapsed": ["accepted"],
    "completed": [],
    "declined": [],
    "cancelled": [],
}


@pytest.fixture
def shop(app: Flask, alice: User) -> Shop:
    return bakery(alice)[1]


def path_of(shop: Shop) -> str:
    return f"/cards/{shop.card_id}/store"


def state_of(placed: Order) -> str:
    db.session.expire_all()
    return db.session.get_one(Order, placed.id).state


def test_an_orders_page_offers_its_arrows_and_no_others(shop: Shop, alice: User, sign_in: SignIn) -> None:
    placed = order(shop, (bread(service.card_of(shop)), 1)).order
    browser, path = sign_in(alice), f"{path_of(shop)}/orders/{placed.id}"
    for state, arrows in ARROWS.items():
        put(placed, state)
        assert re.findall(r'name="state" value="(\w+)"', browser.get(path).text) == arrows, state
        for wished in (*ARROWS, "lost", ""):
            put(placed, state)
            assert browser.post(f"{path}/state", data={"state": wished}).status_code == 303
            assert state_of(placed) == (wished if wished in arrows else state)


def put(placed: Order, state: str) -> None:
    placed.state = state
    db.session.commit()


def test_declining_gives_the_stock_back_and_twice_is_once(shop: Shop, alice: User, sign_in: SignIn) -> None:
    card = service.card_of(shop)
    rye = bread(card, stock_kind="counted", stock=5)
    placed = order(shop, (rye, 2)).order
    browser = sign_in(alice)
    for _ in range(2):
        browser.post(f"{path_of(shop)}/orders/{placed.id}/state", data={"state": "declined"})
    db.session.expire_all()
    assert state_of(placed) == "declined"
    assert rye.stock == 5


def test_a_link_in_a_mail_answers_one_order_without_signing_in(shop: Shop, client: FlaskClient) -> None:
    rye = bread(service.card_of(shop))
    first, second = (order(shop, (rye, 1)).order for _ in range(2))
    path = f"/o/answer/{answer_token(first.id)}"
    page = client.get(path)
    assert first.number in page.text
    assert page.headers["Referrer-Policy"] == "no-referrer"
    assert page.headers["Cache-Control"] == "no-store"
    assert client.head(path).status_code == 200
    assert (state_of(first), state_of(second)) == ("prepared", "prepared")
    for _ in range(2):
        assert client.post(path, data={"state": "accepted"}).status_code == 303
    client.post(path, data={"state": "completed"})
    assert (state_of(first), state_of(second)) == ("accepted", "prepared")
    assert "name=\"state\"" not in client.get(path).text
    assert client.get(path[:-9] + ("a" if path[-9] != "a" else "b") + path[-8:]).status_code == 404
    assert client.post("/o/answer/none", data={"state": "accepted"}).status_code == 404


def test_the_list_is_searched_filtered_and_taken_along(shop: Shop, alice: User, bob: User, sign_in: SignIn) -> None:
    rye = bread(service.card_of(shop))
    mara = order(shop, (rye, 1)).order
    tom = order(shop, (rye, 2), name="=Tom", phone="0151 11112222").order
    orders.change_state(tom, "accepted")
    browser, path = sign_in(alice), path_of(shop)
    whole = browser.get(f"{path}/orders").text
    assert mara.number in whole
    assert tom.number in whole
    by_phone = "since=2000-01-01&q=0151+1111"
    for query, found in (("state=accepted", tom), ("q=mara", mara), (f"q={tom.number}", tom), (by_phone, tom)):
        page = browser.get(f"{path}/orders?{query}").text
        assert found.number in page
        assert (mara if found is tom else tom).number not in page
    assert "No order is like this." in browser.get(f"{path}/orders?until=2000-01-01").text
    assert browser.get(f"{path}/orders?since=x&until=9999-12-31&page=-1&state=lost").status_code == 200
    table = browser.get(f"{path}/orders.csv?state=accepted")
    assert mara.number not in table.text
    assert "'=Tom" in table.text
    assert sign_in(bob).get(f"{path}/orders/{tom.id}").status_code == 404


def test_the_list_knows_when_it_is_old(shop: Shop, alice: User, sign_in: SignIn) -> None:
    browser, path = sign_in(alice), f"{path_of(shop)}/orders"
    shown = re.findall(r'data-mark="([^"]*)"', browser.get(path).text)
    news = browser.get(f"{path}/news").json
    assert news == {"mark": shown[0], "waiting": 0}
    placed = order(shop, (bread(service.card_of(shop)), 1)).order
    newer = browser.get(f"{path}/news").json
    assert newer["waiting"] == 1
    assert newer["mark"] != news["mark"]
    orders.change_state(placed, "accepted")
    assert browser.get(f"{path}/news").json["mark"] != newer["mark"]


def test_paying_is_noted_and_its_code_goes(shop: Shop, alice: User, sign_in: SignIn) -> None:
    service.change_shop(shop, pay={"epc": {"name": "Lindenhof", "iban": "DE89 3704 0044 0532 0130 00", "bic": ""}})
    placed = order(shop, (bread(service.card_of(shop)), 1)).order
    browser, path = sign_in(alice), f"{path_of(shop)}/orders/{placed.id}"
    assert '<div class="order-code"><svg' in browser.get(path).text
    browser.post(f"{path}/paid", data={"paid": "yes"})
    page = browser.get(path).text
    assert "order-code" not in page
    browser.post(f"{path}/paid", data={"paid": "no"})
    assert "The money is here" in browser.get(path).text


def test_settings_are_kept_with_prices_as_they_are_written(shop: Shop, alice: User, sign_in: SignIn) -> None:
    browser, path = sign_in(alice), f"{path_of(shop)}/settings"
    sent = {"ways-0-kind": "delivery", "ways-0-name": "Bicycle", "ways-0-minimum": "10", "ways-0-needs_address": "y",
            "ways-0-areas-0-name": "Centre", "ways-0-areas-0-fee": "3,50", "ways-0-areas-0-free_from": "50"}  # fmt: skip
    wrong = browser.post(f"{path}/delivery", data={**sent, "ways-0-areas-0-fee": "much"})
    assert wrong.status_code == 422
    assert 'value="much"' in wrong.text
    assert browser.post(f"{path}/delivery", data=sent).status_code == 303
    db.session.expire_all()
    [way] = shop.deliveries
    assert (way.kind, way.minimum, way.needs_address) == ("delivery", 1000, True)
    assert (way.areas[0].fee, way.areas[0].free_from) == (350, 5000)
    assert 'value="3.50"' in browser.get(f"{path}/delivery?lang=en").text
    assert 'value="3,50"' in browser.get(f"{path}/delivery?lang=es").text

    hours = {"whose": "own", "takes_ahead": "y", "week-0-spans-0-start": "09:00", "week-0-spans-0-end": ""}
    assert browser.post(f"{path}/hours", data=hours).status_code == 422
    assert browser.post(f"{path}/hours", data={**hours, "week-0-spans-0-end": "18:00"}).status_code == 303
    db.session.expire_all()
    assert shop.own_hours is not None
    assert shop.own_hours.week[0] == (Span("09:00", "18:00"),)

    basics = {"is_open": "y", "whatsapp": "+54 11 2345-6789", "currency": "EUR"}
    assert browser.post(f"{path}/basics", data={**basics, "whatsapp": "call me"}).status_code == 422
    assert browser.post(f"{path}/basics", data=basics).status_code == 303
    page = browser.get(f"{path}/basics").text
    assert 'href="https://wa.me/541123456789"' in page
    assert "Parece un teléfono fijo de Argentina." in page


def test_an_account_that_cannot_be_paid_is_refused_beside_its_field(shop: Shop, alice: User, sign_in: SignIn) -> None:
    browser, path = sign_in(alice), f"{path_of(shop)}/settings/pay"
    answer = browser.post(path, data={"epc_name": "Lindenhof", "epc_iban": "DE89 3704 0044 0532 0130 01", "words": "Cash"})
    assert answer.status_code == 422
    assert 'id="epc_iban-error"' in answer.text
    assert "0130 01" in answer.text
    good = {"epc_name": "Lindenhof", "epc_iban": "DE89 3704 0044 0532 0130 00", "words": "Cash"}
    assert browser.post(path, data=good).status_code == 303
    db.session.expire_all()
    assert shop.pay["epc"]["name"] == "Lindenhof"
    assert shop.pay["text"] == {"text": "Cash"}


def test_the_currency_changes_and_the_figures_stay(shop: Shop, alice: User, sign_in: SignIn) -> None:
    card = service.card_of(shop)
    bread(card, price=1250)
    service.change_shop(shop, deliveries=(TOWN,))
    browser, path = sign_in(alice), path_of(shop)
    answer = browser.post(f"{path}/settings/basics", data={"is_open": "y", "whatsapp": "", "currency": "KWD"})
    assert answer.status_code == 303
    db.session.expire_all()
    assert catalogue.products_of(card)[0].price == 12500
    assert "12.500" in browser.get(path).text
