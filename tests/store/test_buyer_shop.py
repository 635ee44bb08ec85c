"""The shop of a card as visitors see it: what is offered, at what price, and found how."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from html import unescape

import brotli
import pytest
from flask import Flask
from flask.testing import FlaskClient

from tests import factories
from tests.cases import FULL
from tests.conftest import DATABASES, SERVERS
from tests.dns_server import NameServer
from tests.domains.cast import NAME, verified
from tests.store.cast import SIZES, TOPPINGS, bakery, bread
from vcardapp.accounts.models import User
from vcardapp.cards import service as cards
from vcardapp.cards.content import Hours, Span
from vcardapp.db import db
from vcardapp.public.shop_page import least_price
from vcardapp.store import catalogue, service
from vcardapp.store.models import Product
from vcardapp.store.options import Choice, OptionGroup

ALL = FULL or SERVERS
pytestmark = pytest.mark.parametrize("database_url", DATABASES if ALL else ["sqlite"], indirect=True)
QUESTION = "Hello%2C%20I%20have%20a%20question%20about%3A%20"


def text_of(client: FlaskClient, path: str, **headers: str) -> str:
    answer = client.get(path, headers=headers)
    assert answer.status_code == 200, path
    return unescape(answer.text)


def test_a_shop_shows_what_is_offered_by_category(client: FlaskClient, alice: User) -> None:
    card, _ = bakery(alice)
    cakes = catalogue.add_category(card, "Cakes")
    catalogue.add_category(card, "Nothing in it")
    bread(card)
    bread(card, name="Apple cake", price=1500, compare_at=1800, category_id=cakes.id)
    bread(card, name="Secret", hidden=True)
    bread(card, name="Last loaf", stock_kind="sold out")
    bread(card, name="Roll", stock_kind="counted", stock=3)
    page = text_of(client, "/bakery/store")
    assert page.index("Apple cake") < page.index("Rye bread") < page.index("Last loaf")
    assert "Nothing in it" not in page
    assert "Secret" not in page
    assert "€15.00" in page
    assert "€18.00" in page
    assert "Only 3 left" in page
    assert page.count("Sold out") == 1


@pytest.mark.parametrize(("groups", "least"), [
    ((), (490, False)),
    ((TOPPINGS,), (490, False)),
    ((SIZES,), (490, True)),
    ((OptionGroup("s", "Size", (Choice("a", "A", 100), Choice("b", "B", 100)), required=True),), (590, False)),
    ((OptionGroup("s", "Size", (Choice("a", "A", 100, sold_out=True), Choice("b", "B", 300)), required=True),), (790, False)),
    ((OptionGroup("s", "Size", (Choice("a", "A", -900), Choice("b", "B")), required=True),), (0, True)),
])  # fmt: skip
def test_the_least_price_counts_what_has_to_be_chosen(
    app: Flask, alice: User, groups: tuple[OptionGroup, ...], least: tuple[int, bool]
) -> None:
    card, _ = bakery(alice)
    assert least_price(bread(card, options=groups)) == least


def test_a_search_works_without_script_and_in_any_script(client: FlaskClient, alice: User) -> None:
    card, _ = bakery(alice)
    for number in range(20):
        bread(card, name=f"Roll {number}", text="with SESAME" if number % 2 else "")
    bread(card, name="خبز الشعير")
    assert text_of(client, "/bakery/store?q=sesame+roll").count('class="good"') == 10
    assert text_of(client, "/bakery/store?q=خبز").count('class="good"') == 1
    page = text_of(client, "/bakery/store?q=<b>marmalade")
    assert "Nothing found." in page
    assert "<b>marmalade" not in client.get("/bakery/store?q=<b>marmalade").text


def test_a_shop_of_500_products_stays_one_light_page(client: FlaskClient, alice: User) -> None:
    card, _ = bakery(alice)
    shelves = [catalogue.add_category(card, f"Shelf {number}") for number in range(10)]
    for number in range(500):
        shelf = shelves[number // 50].id
        db.session.add(Product(card_id=card.id, name=f"Loaf {number}", price=number, position=number, category_id=shelf))
    db.session.commit()
    page = text_of(client, "/bakery/store")
    assert page.count('class="good"') == 500
    assert page.count('href="#c-') == page.count('<section class="shelf" id="c-') == 10
    assert len(brotli.compress(page.encode(), quality=9)) < 60_000
    assert text_of(client, "/bakery/store?q=loaf+33").count('class="good"') == 14  # 33, 133, 233, 433, 330 to 339
    assert "See all 500 products" in text_of(client, "/bakery")


def test_services_have_the_button_that_their_owner_chose(client: FlaskClient, alice: User) -> None:
    card, _ = bakery(alice)
    catalogue.add_service(card, name="Tasting & talk", price=1200, price_kind="from", minutes=90)
    catalogue.add_service(card, name="Course", action="call", price_kind="on request")
    catalogue.add_service(card, name="Recipes", action="link", link="https://recipes.example.org/")
    catalogue.add_service(card, name="Quiet one", action="none")
    for path in ("/bakery", "/bakery/store"):
        page = text_of(client, path)
        assert f'href="https://wa.me/4915123456789?text={QUESTION}Tasting%20%26%20talk"' in page
        assert 'href="tel:' in page
        assert 'href="https://recipes.example.org/"' in page
        assert "from €12.00" in page
        assert "1 hr 30 mins" in page or "1 hr 30 min" in page
        assert "Price on request" in page
        assert "Quiet one" in page


def test_a_card_shows_a_few_products_and_only_where_it_sells(client: FlaskClient, alice: User) -> None:
    card, _ = bakery(alice)
    factories.published_card(alice, "plain")
    plain = text_of(client, "/plain")
    assert "goods" not in plain
    assert client.get("/plain/store").status_code == client.get("/bakery/store").status_code == 404
    for number in range(7):
        bread(card, name=f"Roll {number}", stock_kind="sold out" if number == 0 else "off")
    page = text_of(client, "/bakery")
    assert [number for number in range(7) if f"Roll {number}" in page] == [1, 2, 3, 4]
    assert "See all 7 products" in page
    cards.pause_card(card)
    assert client.get("/bakery/store").status_code == 404


def test_a_product_page_asks_for_its_choices(client: FlaskClient, alice: User) -> None:
    card, _ = bakery(alice)
    cake = bread(card, name="Apple cake", text="Line one\nLine two", options=(SIZES, TOPPINGS))
    page = text_of(client, f"/bakery/store/{cake.id}")
    assert page.count('<input type="radio"') == page.count('<input type="checkbox"') == 2
    assert "+€12.00" in page
    assert client.get(f"/bakery/store/{card.id}").status_code == 404
    catalogue.hide(cake)
    assert client.get(f"/bakery/store/{cake.id}").status_code == 404
    other, _ = bakery(alice, "other")
    assert client.get(f"/bakery/store/{bread(other).id}").status_code == 404


def test_pages_of_a_shop_set_no_cookie_and_are_kept_until_something_changes(
    make_app: Callable[..., Flask], name_server: NameServer
) -> None:
    app = make_app(ready_megabytes=4)
    with app.app_context():
        card, _ = bakery(factories.alice())
        rye, pages = bread(card, stock_kind="counted", stock=2), app.extensions["ready_pages"].pages
        client = app.test_client()
        for path in ("/bakery/store", f"/bakery/store/{rye.id}"):
            first = client.get(path)
            assert "Set-Cookie" not in first.headers
            assert "csrf" not in first.text
            assert any(key[0] == path for key in pages)
            assert client.get(path).data == first.data
        catalogue.change_product(rye, price=555)
        assert "€5.55" in client.get("/bakery/store").text
        assert "€5.55" in client.get(f"/bakery/store/{rye.id}").text


def test_a_closed_shop_says_when_orders_are_taken(client: FlaskClient, alice: User) -> None:
    card, shop = bakery(alice)
    rye = bread(card)
    tomorrow = (datetime.now(UTC) + timedelta(days=1)).weekday()
    week = tuple((Span("09:00", "17:00"),) if day == tomorrow else () for day in range(7))
    card.draft = card.live = factories.content(display_name="Lindenhof Bakery", time_zone="UTC")
    db.session.commit()
    service.change_shop(shop, own_hours=Hours(week))
    assert "Closed now. You can order for tomorrow, 09:00." in text_of(client, "/bakery/store", **{"Accept-Language": "en-GB"})
    service.change_shop(shop, takes_ahead=False)
    page = text_of(client, f"/bakery/store/{rye.id}", **{"Accept-Language": "en-GB"})
    assert "Orders are taken again tomorrow, 09:00." in page
    assert "Add to basket" not in page
    service.change_shop(shop, is_open=False)
    assert "takes no orders" in text_of(client, "/bakery/store")


def test_a_shop_is_found_at_its_owners_domain(app: Flask, name_server: NameServer, alice: User, bob: User) -> None:
    card, _ = bakery(alice)
    rye = bread(card)
    others, _ = bakery(bob, "others")
    bread(others)
    verified(name_server, alice, card=card)
    browser, here = app.test_client(), f"https://{NAME}"
    assert browser.get("/bakery/store", base_url=here).status_code == 200
    assert browser.get("/others/store", base_url=here).status_code == 404
    answer = browser.post("/bakery/store/add", data={"product": str(rye.id)}, base_url=here)
    assert (answer.status_code, answer.location.split("?")[0]) == (303, "/bakery/store/basket")
    assert "Rye bread" in browser.get("/bakery/store/basket", base_url=here).text
