"""Basket, checkout and the order's own page, as a browser without scripts goes through them."""

from __future__ import annotations

import re
from html import unescape
from urllib.parse import unquote

import pytest
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from tests.accounts.cast import mails_to
from tests.cases import FULL
from tests.conftest import DATABASES, SERVERS
from tests.store.cast import SIZES, TOPPINGS, bakery, bread
from vcardapp.accounts.models import User
from vcardapp.cards import service as cards
from vcardapp.db import db
from vcardapp.store import catalogue, orders, service
from vcardapp.store.models import Order, Product

ALL = FULL or SERVERS
pytestmark = pytest.mark.parametrize("database_url", DATABASES if ALL else ["postgresql"], indirect=True)
BUYER = {"name": "Mara Vogel", "phone": "0151 98765432", "note": "Ring twice"}


def add(browser: FlaskClient, product: Product, *chosen: str, quantity: int = 1, **headers: str) -> TestResponse:
    data = {"product": str(product.id), "quantity": str(quantity), "choice-x": list(chosen)}
    return browser.post("/bakery/store/add", data=data, headers=headers)


def fields(page: str, form: str = "") -> dict[str, str]:
    """What a browser would send of the hidden fields and the numbers on a page."""
    found = re.findall(r'<input[^>]*?name="([^"]+)"[^>]*?value="([^"]*)"', page)
    return {name: unescape(value) for name, value in found if name not in ("delivery", "choice", "product", "quantity")}


def checkout(browser: FlaskClient, delivery: str = "pickup:0", **over: str) -> TestResponse:
    page = browser.get("/bakery/store/checkout")
    assert page.status_code == 200
    return browser.post("/bakery/store/checkout", data={**fields(page.text), "delivery": delivery, **BUYER, **over})


def placed(answer: TestResponse) -> Order:
    assert answer.status_code == 303, answer.text
    found = orders.find_order(answer.location.removeprefix("/o/"))
    assert found
    return found


def test_a_cookie_comes_with_the_first_thing_laid_in(client: FlaskClient, alice: User) -> None:
    card, _ = bakery(alice)
    rye = bread(card)
    for path in ("/bakery", "/bakery/store", f"/bakery/store/{rye.id}", "/bakery/store/basket", "/bakery/store/checkout"):
        assert "Set-Cookie" not in client.get(path).headers, path
    cookies = add(client, rye).headers.getlist("Set-Cookie")
    assert len(cookies) == 1
    assert re.match(r"session=basket=[\w-]{22}; Expires=[^;]+; Max-Age=2592000; HttpOnly; Path=/; SameSite=Lax$", cookies[0])
    assert "Rye bread" in client.get("/bakery/store/basket").text


def test_other_sites_cannot_fill_a_basket(client: FlaskClient, alice: User) -> None:
    card, _ = bakery(alice)
    rye = bread(card)
    evil = [{"Origin": "https://evil.example"}, {"Origin": "null"}]
    evil += [{"Sec-Fetch-Site": "cross-site"}, {"Sec-Fetch-Site": "same-site"}]
    assert [add(client, rye, **headers).status_code for headers in evil] == [400] * 4
    ours = [{"Origin": "http://localhost"}, {"Sec-Fetch-Site": "same-origin", "Origin": "null"}, {}]
    assert [add(client, rye, **headers).status_code for headers in ours] == [303] * 3


def test_choices_that_are_missing_are_asked_for_and_nothing_is_lost(client: FlaskClient, alice: User) -> None:
    card, _ = bakery(alice)
    cake = bread(card, name="Cake", options=(SIZES, TOPPINGS))
    answer = add(client, cake, "cream", quantity=3)
    assert answer.status_code == 422
    assert "Please choose: Size." in answer.text
    assert re.search(r'value="cream"[^>]* checked', answer.text)
    assert 'value="3"' in answer.text
    assert add(client, cake, "whole", "cream", quantity=3).status_code == 303
    page = client.get("/bakery/store/basket").text
    assert "Cream" in page
    assert "€55.20" in page


def test_scripts_are_told_how_full_the_basket_is(client: FlaskClient, alice: User) -> None:
    card, _ = bakery(alice)
    add(client, bread(card), quantity=2)
    answer = add(client, bread(card, name="Roll"), Accept="application/json")
    assert answer.json == {"pieces": 3, "said": "Roll is in your basket."}


def test_quantities_change_and_what_was_taken_out_comes_back(client: FlaskClient, alice: User) -> None:
    card, _ = bakery(alice)
    cake = bread(card, name="Cake", options=(SIZES,))
    add(client, cake, "whole", quantity=2)
    page = client.get("/bakery/store/basket").text
    (key,) = (name for name, value in fields(page).items() if value == "2")
    client.post("/bakery/store/basket", data={key: "4"})
    assert "€67.60" in client.get("/bakery/store/basket").text
    gone = client.post("/bakery/store/basket", data={key: "4", "remove": key})
    page = client.get(gone.location).text
    assert "Cake was taken out." in page
    assert "Your basket is empty." in page
    undo = page[page.index("was taken out") :]
    names = re.findall(r'name="(product|choice|quantity)" value="([^"]+)"', undo)
    assert client.post("/bakery/store/add", data=dict(names)).status_code == 303
    page = client.get("/bakery/store/basket").text
    assert 'value="4"' in page
    assert "Whole" in page


def test_an_order_goes_the_whole_way(client: FlaskClient, alice: User) -> None:
    card, shop = bakery(alice)
    add(client, bread(card), quantity=3)
    answer = checkout(client, "town:0", **{"area-town": "centre:350", "address-town": "Gartenweg 4", "phone": ""})
    order = placed(answer)
    assert (order.subtotal, order.fee, order.total, order.name, order.address) == (1470, 350, 1820, "Mara Vogel", "Gartenweg 4")
    assert len(mails_to("alice@example.org")) == 1
    page = client.get(answer.location)
    assert page.headers["Cache-Control"] == "no-store"
    assert page.headers["Referrer-Policy"] == "no-referrer"
    assert page.headers["X-Robots-Tag"] == "noindex"
    links = set(re.findall(r'href="(https://wa\.me/[^"]+)"', page.text))
    assert len(links) == 1
    address = unescape(links.pop())
    assert address.startswith("https://wa.me/4915123456789?text=")
    assert "+" not in address
    text = unquote(address.partition("text=")[2])
    assert text.startswith(f"*New order {order.number}*\nLindenhof Bakery\n\n3 x Rye bread: 14.70\n")
    assert "*Total: 18.20 EUR*" in text
    assert text.endswith(f"http://localhost{answer.location}")
    assert unescape(page.text).count(text) == 1  # to copy by hand
    assert "It is sent when you press Send in WhatsApp" in page.text
    for other in ("/o/" + "x" * 22, f"/o/{order.number}", f"/o/{order.id}"):
        assert client.get(other).status_code == 404


def test_the_same_form_again_is_the_same_order(app: Flask, client: FlaskClient, alice: User) -> None:
    card, _ = bakery(alice)
    rye = bread(card)
    add(client, rye)
    page = client.get("/bakery/store/checkout").text
    data = {**fields(page), "delivery": "pickup:0", **BUYER}
    first = client.post("/bakery/store/checkout", data=data)
    again = [client.post("/bakery/store/checkout", data=data).location for _ in range(2)]
    without_cookie = app.test_client().post("/bakery/store/checkout", data=data)
    assert {first.location, *again, without_cookie.location} == {first.location}
    assert len(mails_to("alice@example.org")) == 1
    assert client.get("/bakery/store/checkout").location == "/bakery/store/basket"  # Back leads to an empty basket
    assert f'href="{first.location}"' in client.get("/bakery/store/basket").text
    assert first.location not in app.test_client().get("/bakery/store/basket").text
    add(client, rye)
    assert checkout(client).location != first.location


def test_what_is_missing_is_said_beside_its_field_and_the_rest_stays(client: FlaskClient, alice: User) -> None:
    card, _ = bakery(alice)
    add(client, bread(card), quantity=3)
    wrong = {"area-town": "centre:350", "address-town": "", "name": "", "phone": "no number", "note": "kept <note>"}
    answer = checkout(client, "town:0", **wrong)
    assert answer.status_code == 422
    assert re.search(r'id="name-error">Please fill this in', answer.text)
    assert re.search(r'id="phone-error">This is no phone number', answer.text)
    assert re.search(r'id="address-town-error">Please fill this in', answer.text)
    assert "kept &lt;note&gt;" in answer.text
    assert 'value="no number"' in answer.text
    assert re.search(r'value="centre:350"[^>]* selected', answer.text)


def test_a_price_that_changed_meanwhile_is_shown_and_then_ordered(client: FlaskClient, alice: User) -> None:
    card, _ = bakery(alice)
    rye = bread(card)
    add(client, rye, quantity=2)
    page = client.get("/bakery/store/checkout").text
    data = {**fields(page), "delivery": "pickup:0", **BUYER, "total": "1"}
    catalogue.change_product(rye, price=510)
    answer = client.post("/bakery/store/checkout", data=data)
    assert answer.status_code == 409
    assert "Rye bread now costs €5.10 instead of €4.90." in unescape(answer.text)
    assert 'value="Mara Vogel"' in answer.text
    assert mails_to("alice@example.org") == []
    order = placed(client.post("/bakery/store/checkout", data={**data, **fields(answer.text)}))
    assert order.total == 1020


@pytest.mark.parametrize(("stock", "said", "button", "total"), [
    (2, "Only 2 pieces of Rye bread are left.", ":2", 980 + 300), (0, "Rye bread is sold out.", ":0", 300),
])  # fmt: skip
def test_what_sold_out_meanwhile_is_mended_without_typing_again(
    client: FlaskClient, alice: User, stock: int, said: str, button: str, total: int
) -> None:
    card, _ = bakery(alice)
    rye, roll = bread(card), bread(card, name="Roll", price=300)
    add(client, rye, quantity=3)
    add(client, roll)
    page = client.get("/bakery/store/checkout").text
    data = {**fields(page), "delivery": "pickup:0", **BUYER}
    catalogue.change_product(rye, stock_kind="counted", stock=stock)
    answer = client.post("/bakery/store/checkout", data=data)
    assert answer.status_code == 409
    assert said in unescape(answer.text)
    assert mails_to("alice@example.org") == []
    (fix,) = (value for value in re.findall(r'name="fix" value="([^"]+)"', answer.text) if value.endswith(button))
    mended = client.post("/bakery/store/checkout", data={**data, "fix": fix})
    assert mended.status_code == 200
    assert 'value="Mara Vogel"' in mended.text
    assert placed(client.post("/bakery/store/checkout", data={**data, **fields(mended.text)})).total == total


def test_a_minimum_that_is_not_reached_is_said(client: FlaskClient, alice: User) -> None:
    card, _ = bakery(alice)
    add(client, bread(card))
    answer = checkout(client, "town:0", **{"area-town": "hills:600", "address-town": "Here"})
    assert answer.status_code == 409
    assert "the goods have to cost €25.00 or more" in unescape(answer.text)
    assert "Please choose where your order goes." in checkout(client, "town:0", **{"area-town": "", "address-town": "x"}).text


def test_an_order_is_taken_back_while_it_waits(client: FlaskClient, alice: User) -> None:
    card, _ = bakery(alice)
    rye = bread(card, stock_kind="counted", stock=5)
    add(client, rye, quantity=2)
    path = checkout(client).location
    assert catalogue.find_product(card, rye.id).left == 3  # type: ignore[union-attr]
    assert "Cancel this order" in client.get(path).text
    answer = client.post(f"{path}/cancel")
    assert (answer.status_code, answer.location) == (303, path)
    page = client.get(path).text
    assert "Cancelled" in page
    assert "Cancel this order" not in page
    db.session.expire_all()
    assert catalogue.find_product(card, rye.id).left == 5  # type: ignore[union-attr]


def test_an_answered_order_says_so_and_is_not_taken_back(client: FlaskClient, alice: User) -> None:
    card, _ = bakery(alice)
    add(client, bread(card))
    path = checkout(client).location
    order = orders.find_order(path.removeprefix("/o/"))
    assert order
    orders.change_state(order, "accepted")
    client.post(f"{path}/cancel")
    page = client.get(path).text
    assert "The shop has accepted it" in page
    assert "Cancel this order" not in page


def test_codes_to_pay_with_stand_on_the_orders_page(client: FlaskClient, alice: User) -> None:
    card, shop = bakery(alice)
    account = {"name": "Lindenhof", "iban": "DE89370400440532013000", "bic": ""}
    service.change_shop(shop, pay={"epc": account, "text": {"text": "Cash, too"}})
    add(client, bread(card))
    path = checkout(client).location
    page = client.get(path).text
    assert "Bank transfer (SEPA)" in page
    assert "Cash, too" in page
    client.post(f"{path}/paid")
    assert "You told the shop that you have paid." in client.get(path).text


def test_a_form_of_the_cards_old_address_still_works(client: FlaskClient, alice: User) -> None:
    card, _ = bakery(alice)
    rye = bread(card)
    card.draft_slug = "bakery-lindenhof"
    cards.publish_card(card, frozenset())
    data = {"product": str(rye.id)}
    answer = client.post("/bakery/store/add", data=data)
    assert (answer.status_code, answer.location) == (308, "/bakery-lindenhof/store/add")  # a browser posts it again
    assert client.post(answer.location, data=data).status_code == 303
    assert client.get("/bakery/store/basket").status_code == 301


def test_the_name_of_a_hidden_product_is_told_to_nobody(client: FlaskClient, alice: User) -> None:
    card, _ = bakery(alice)
    secret = bread(card, name="Secret cake", hidden=True)
    for name in ("added", "removed"):
        assert "Secret cake" not in client.get(f"/bakery/store/basket?{name}={secret.id}").text
    add(client, bread(card))
    assert "Secret cake" not in client.get(f"/bakery/store/basket?added={secret.id}").text
