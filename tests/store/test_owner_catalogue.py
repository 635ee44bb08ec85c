"""The seller's pages of products, services and categories: what is typed is kept, once, and by its owner alone."""

from __future__ import annotations

import io
import re
from collections.abc import Callable
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from PIL import Image

from tests import factories
from tests.store.cast import SIZES, bakery, bread
from vcardapp.accounts.models import User
from vcardapp.cards.models import Card
from vcardapp.db import db
from vcardapp.store import catalogue, catalogue_views, service
from vcardapp.store.models import Product

SignIn = Callable[[User], FlaskClient]
PLAIN = {"name": "Rye bread", "price": "4,90", "stock_kind": "off", "action": "save"}


@pytest.fixture
def shop(app: Flask, alice: User, sign_in: SignIn) -> tuple[FlaskClient, Card, str]:
    card, _shop = bakery(alice)
    return sign_in(alice), card, f"/cards/{card.id}/store"


def photo(colour: str = "teal") -> tuple[io.BytesIO, str]:
    file = io.BytesIO()
    Image.new("RGB", (64, 48), colour).save(file, "PNG")
    return io.BytesIO(file.getvalue()), f"{colour}.png"


def hidden_of(page: str) -> dict[str, str]:
    return dict(re.findall(r'<input type="hidden" name="(key|revision|had)" value="([^"]*)"', page))


def products(card: Card) -> list[Product]:
    db.session.expire_all()
    return catalogue.products_of(card, hidden=True)


def test_an_empty_shop_asks_for_a_name_a_price_and_a_photo(shop: tuple[FlaskClient, Card, str]) -> None:
    browser, card, path = shop
    page = browser.get(path).text
    assert "What do you sell?" in page
    at_first = page.split('<details class="disclosure shop-more"')[0].split("shop-form")[1]
    asked = re.findall(r'<(?:input|textarea|select) [^>]*name="(\w+)"', re.sub("(?s)<template>.*?</template>", "", at_first))
    assert [name for name in asked if name not in ("csrf_token", "key", "revision", "had")] == ["name", "price", "photos"]
    answer = browser.post(f"{path}/products/new", data={**hidden_of(page), **PLAIN, "photos": photo()})
    assert answer.status_code == 303
    [rye] = products(card)
    assert (rye.name, rye.price, len(rye.files)) == ("Rye bread", 490, 1)
    assert "Rye bread" in browser.get(answer.location).text


def test_a_new_product_sent_twice_is_one(shop: tuple[FlaskClient, Card, str]) -> None:
    browser, card, path = shop
    sent = {**hidden_of(browser.get(f"{path}/products/new").text), **PLAIN}
    assert [browser.post(f"{path}/products/new", data=sent).status_code for _ in range(2)] == [303, 303]
    assert len(products(card)) == 1


def test_what_is_wrong_stands_beside_its_field_and_nothing_is_lost(shop: tuple[FlaskClient, Card, str]) -> None:
    browser, card, path = shop
    sent = {
        **PLAIN, "name": "", "price": "4,90,1", "text": "Slowly risen", "options-0-name": "Size", "stock": "many",
        "stock_kind": "counted", "options-0-choices-0-name": "Whole", "options-0-choices-0-difference": "+?", "photos": photo(),
    }  # fmt: skip
    answer = browser.post(f"{path}/products/new", data=sent)
    assert answer.status_code == 422
    for typed in ("4,90,1", "Slowly risen", "many", 'value="Size"', 'value="Whole"', 'value="+?"', "teal.png"):
        assert typed in answer.text
    for field in ("name", "price", "stock", "options-0-choices-0-difference"):
        assert f'id="{field}-error"' in answer.text
    assert not products(card)


def test_options_categories_and_stock_are_kept(shop: tuple[FlaskClient, Card, str]) -> None:
    browser, card, path = shop
    sent = {
        **PLAIN, "new_category": "Breads", "compare_at": "6", "stock_kind": "counted", "stock": "١٢", "most": "5",
        "options-0-name": "Size", "options-0-required": "y", "options-0-most": "1", "options-0-choices-0-name": "Half",
        "options-0-choices-0-difference": "-2", "options-0-choices-1-name": "Whole", "options-0-choices-1-sold_out": "y",
    }  # fmt: skip
    assert browser.post(f"{path}/products/new", data=sent).status_code == 303
    [rye] = products(card)
    assert (rye.compare_at, rye.stock, rye.most, rye.stock_kind) == (600, 12, 5, "counted")
    assert [one.name for one in catalogue.categories_of(card)] == ["Breads"]
    [size] = rye.options
    assert (size.name, size.required, [(one.name, one.difference, one.sold_out) for one in size.choices]) == (
        "Size", True, [("Half", -200, False), ("Whole", 0, True)],
    )  # fmt: skip
    page = browser.get(f"{path}/products/{rye.id}").text
    kept = {**hidden_of(page), **sent, "new_category": "", "options-0-choices-1-name": "A whole one"}
    for number, choice in enumerate(size.choices):
        kept[f"options-0-choices-{number}-id"] = choice.id
    assert browser.post(f"{path}/products/{rye.id}", data=kept).status_code == 303
    [rye] = products(card)
    assert [one.id for one in rye.options[0].choices] == [one.id for one in size.choices]
    assert rye.options[0].choices[1].name == "A whole one"


def test_rows_are_added_moved_and_removed_without_script(shop: tuple[FlaskClient, Card, str]) -> None:
    browser, card, path = shop
    typed = {**PLAIN, "options-0-name": "Size", "options-1-name": "Topping"}
    for action, is_there in (("up:options:0", False), ("add:options-0-choices", True)):
        page = browser.post(f"{path}/products/new", data={**typed, "action": action}).text
        assert ('name="options-0-choices-1-name"' in page) is is_there
    page = browser.post(f"{path}/products/new", data={**typed, "action": "up:options:1"}).text
    assert page.index('value="Topping"') < page.index('value="Size"')
    page = browser.post(f"{path}/products/new", data={**typed, "action": "remove:options:0"}).text
    assert 'value="Size"' not in page
    assert 'value="Topping"' in page
    assert not products(card)


def test_orders_that_came_meanwhile_keep_the_stock_right(shop: tuple[FlaskClient, Card, str]) -> None:
    browser, card, path = shop
    rye = bread(card, stock_kind="counted", stock=10)
    sent = {**hidden_of(browser.get(f"{path}/products/{rye.id}").text), **PLAIN, "stock_kind": "counted", "stock": "10"}
    catalogue.change_product(rye, stock=7)
    assert browser.post(f"{path}/products/{rye.id}", data={**sent, "name": "Rye"}).status_code == 303
    assert [(one.name, one.stock) for one in products(card)] == [("Rye", 7)]


def test_the_second_of_two_windows_is_told(shop: tuple[FlaskClient, Card, str]) -> None:
    browser, card, path = shop
    rye = bread(card)
    sent = {**hidden_of(browser.get(f"{path}/products/{rye.id}").text), **PLAIN}
    assert browser.post(f"{path}/products/{rye.id}", data={**sent, "name": "First"}).status_code == 303
    answer = browser.post(f"{path}/products/{rye.id}", data={**sent, "name": "Second"})
    assert answer.status_code == 409
    assert 'value="Second"' in answer.text
    assert products(card)[0].name == "First"
    again = {**sent, **hidden_of(answer.text), "name": "Second", "action": "force"}
    assert browser.post(f"{path}/products/{rye.id}", data=again).status_code == 303
    assert products(card)[0].name == "Second"


def test_products_are_moved_hidden_copied_and_deleted(shop: tuple[FlaskClient, Card, str]) -> None:
    browser, card, path = shop
    rye, cake, tea = bread(card), bread(card, name="Cake", options=(SIZES,)), bread(card, name="Tea")

    def press(**sent: Any) -> int:
        return browser.post(f"{path}/products/arrange", data=sent).status_code

    assert press(action=f"up:{tea.id}") == 303
    assert [one.name for one in products(card)] == ["Rye bread", "Tea", "Cake"]
    assert press(ids=[str(one.id) for one in (cake, tea, rye)]) == 204
    assert [one.name for one in products(card)] == ["Cake", "Tea", "Rye bread"]
    assert press(action=f"hide:{tea.id}") == press(action=f"copy:{cake.id}") == 303
    assert [(one.name, one.hidden) for one in products(card)] == [
        ("Cake", False), ("Cake (copy)", True), ("Tea", True), ("Rye bread", False),
    ]  # fmt: skip
    assert products(card)[1].options == (SIZES,)
    for nonsense in ("", "up:", "up:1", "fly:" + str(rye.id), f"up:{card.id}"):
        assert press(action=nonsense) == 303
    assert "for ever" in browser.get(f"{path}/products/{tea.id}/delete").text
    assert browser.post(f"{path}/products/{tea.id}/delete").status_code == 303
    assert [one.name for one in products(card)] == ["Cake", "Cake (copy)", "Rye bread"]


def test_rows_of_one_page_change_places_among_themselves(
    shop: tuple[FlaskClient, Card, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    browser, card, path = shop
    made = [bread(card, name=f"Bread {number}") for number in range(5)]
    monkeypatch.setattr(catalogue_views, "PAGE", 2)
    page = browser.get(f"{path}?page=2").text
    assert [f"Bread {number}</bdi>" in page for number in range(5)] == [False, False, True, True, False]
    ids = [str(made[3].id), str(made[2].id), str(card.id), "x"]
    assert browser.post(f"{path}/products/arrange", data={"ids": ids}).status_code == 204
    assert [one.name[-1] for one in products(card)] == ["0", "1", "3", "2", "4"]
    assert "Bread 4" in browser.get(f"{path}?page=99").text
    answer = browser.post(f"{path}/products/new", data=PLAIN)
    assert "Rye bread" in browser.get(answer.location).text


def test_a_service_has_a_price_or_says_that_it_is_asked_for(shop: tuple[FlaskClient, Card, str]) -> None:
    browser, card, path = shop
    sent = {"name": "Lesson", "price": "", "price_kind": "from", "action": "link", "link": "", "minutes": "soon"}
    answer = browser.post(f"{path}/services/new", data=sent)
    assert answer.status_code == 422
    assert all(f'id="{field}-error"' in answer.text for field in ("price", "minutes"))
    good = {**sent, "price": "25", "minutes": "45", "link": "https://example.org/book", "photos": photo()}
    assert browser.post(f"{path}/services/new", data=good).status_code == 303
    asked = {"name": "Advice", "price": "25", "price_kind": "on request", "action": "none"}
    assert browser.post(f"{path}/services/new", data=asked).status_code == 303
    lesson, advice = catalogue.services_of(card)
    assert (lesson.price, lesson.price_kind, lesson.minutes, lesson.action) == (2500, "from", 45, "link")
    assert lesson.file is not None
    assert (advice.price, advice.price_kind) == (None, "on request")
    page = browser.get(f"{path}/services").text
    assert "From €25.00" in page
    assert "Price on request" in page


def test_only_ones_own_pictures_can_be_shown(shop: tuple[FlaskClient, Card, str], bob: User, sign_in: SignIn) -> None:
    browser, card, path = shop
    assert browser.post(f"{path}/products/new", data={**PLAIN, "photos": photo()}).status_code == 303
    [picture] = products(card)[0].files
    own = factories.published_card(bob, "bob")
    bobs = sign_in(bob)
    answer = bobs.post(f"/cards/{own.id}/store/products/new", data={**PLAIN, "pictures-0": picture.id})
    assert answer.status_code == 303
    assert service.find_shop(own)
    assert products(own)[0].files == []
    assert bobs.get(f"{path}/products/{products(card)[0].id}").status_code == 404


def test_a_catalogue_goes_out_and_comes_back_through_the_page(shop: tuple[FlaskClient, Card, str]) -> None:
    browser, card, path = shop
    bread(card, options=(SIZES,))
    bread(card, name="=1+1", price=150)
    table = browser.get(f"{path}/products.csv")
    assert table.mimetype == "text/csv"
    assert "attachment" in table.headers["Content-Disposition"]
    changed = table.text.replace("Rye bread", "Rye loaf") + ",Cake,Sweets,,27.50\r\n,Broken,,,ask me\r\n"
    page = browser.post(f"{path}/import", data={"file": (io.BytesIO(changed.encode()), "a.csv"), "action": "look"}).text
    assert "This would happen" in page
    assert [one.name for one in products(card)] == ["Rye bread", "=1+1"]
    [kept] = re.findall(r'name="kept" value="([^"]*)"', page)
    page = browser.post(f"{path}/import", data={"kept": kept, "action": "take"}).text
    assert "This is done" in page
    assert "1 left out" in page
    found = products(card)
    assert [(one.name, one.price) for one in found] == [("Rye loaf", 490), ("=1+1", 150), ("Cake", 2750)]
    assert found[0].options == (SIZES,)
    for nothing in ({}, {"kept": "&&&"}, {"file": (io.BytesIO(b"\x89PNG\r\n\x1a\n\x00\xff"), "a.csv")}):
        assert browser.post(f"{path}/import", data=nothing).status_code == 422
